"""The sessions that a backend started, watched and stopped, as its traffic tells them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from golive.traffic.calls import ALREADY_STOPPED, GET_SESSION, LIST_SESSIONS, START, STOP, Call, results_in, text_in


@dataclass(frozen=True, slots=True)
class Read:
    """One look at a session, alone or in a list. `active` is None where the answer does not tell."""

    call: Call
    active: bool | None = None
    settled: bool = False

    @property
    def alone(self) -> bool:
        return self.call.operation == GET_SESSION


@dataclass(slots=True)
class Charge:
    """One session of one user. `start` is None where its answer was lost, or it was started before the record."""

    user: str
    id: str
    begun: float
    start: Call | None = None
    reads: list[Read] = field(default_factory=list)
    stops: list[Call] = field(default_factory=list)

    @property
    def stopped(self) -> Call | None:
        """The first stop that was accepted, or answered with already_stopped."""
        return next((stop for stop in self.stops if is_stopped(stop)), None)

    @property
    def over(self) -> Read | None:
        """The first read that shows it as no longer active."""
        return next((read for read in self.reads if read.active is False), None)

    @property
    def settled(self) -> Read | None:
        """The first read that shows it as final: inactive, with its end, its energy and its cost."""
        return next((read for read in self.reads if read.settled), None)


def seen_going_on(charges: Iterable[Charge]) -> tuple[Charge, ...]:
    """Those that were started, stopped or shown as active: of any other only the receipt was read, which says nothing
    of how it was watched."""
    return tuple(one for one in charges if one.start or one.stops or any(read.active for read in one.reads))


def is_stopped(stop: Call) -> bool:
    return stop.accepted or stop.error_type == ALREADY_STOPPED


def charges_of(calls: Iterable[Call]) -> tuple[Charge, ...]:
    """All sessions, in the order in which they were first seen."""
    found: dict[tuple[str, str], Charge] = {}
    of_user: dict[str, list[Charge]] = {}

    def charge(user: str, session: str, begun: float) -> Charge:
        if (user, session) not in found:
            found[user, session] = Charge(user, session, begun)
            of_user.setdefault(user, []).append(found[user, session])
        return found[user, session]

    for call in calls:
        user, session = call.user, call.session
        if user is None or call.redirected:
            continue
        if call.operation == LIST_SESSIONS:
            told = {id_: one for one in results_in(call.answer) if (id_ := text_in(one, "id"))} if call.accepted else {}
            for id_, one in told.items():
                if one.get("is_active") is True:  # of the others some are history, from before the record
                    charge(user, id_, call.ended)
            for known in of_user.get(user, ()):
                known.reads.append(_read(call, told.get(known.id)))
        elif session is None:
            continue
        elif call.operation == START:
            charge(user, session, call.ended).start = call
        elif call.operation == GET_SESSION:
            told_one = call.answer if call.accepted else None
            charge(user, session, call.at).reads.append(_read(call, told_one))
        elif call.operation == STOP:
            charge(user, session, call.at).stops.append(call)
    return tuple(found.values())


def _read(call: Call, told: Any) -> Read:
    if not isinstance(told, dict):
        return Read(call)
    active = told.get("is_active")
    if not isinstance(active, bool):
        return Read(call)
    whole = told.get("end_time") is not None and told.get("consumed_energy") is not None
    return Read(call, active, settled=not active and whole and _has_costs(told.get("session_cost")))


def _has_costs(costs: Any) -> bool:
    """Whether a cost stands there: before the CDR there may be their names alone."""
    return isinstance(costs, dict) and any(cost is not None for name, cost in costs.items() if name != "currency")
