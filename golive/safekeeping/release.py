"""Stop what a journal says may be open, and remove the users that it says are still there."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from golive.clock import Clock
from golive.connect import ConnectClient, same_evse
from golive.connect.errors import AlreadyStopped, NotFound, Unreachable
from golive.politeness.asking import cleaning_up
from golive.safekeeping.journal import Begun, Told

AT_ONCE: Final = 8
"""Sessions that are stopped at the same time, or users that are removed."""
CUT_OFF_S: Final = 0.25
"""Between two tries while the target cannot be reached, for the first `HASTE_S` seconds."""
HASTE_S: Final = 20.0
OPEN_S: Final = (0.25, 0.5, 1.0, 2.0)
"""Between two tries while a session is open, or may still begin; the last one from then on."""
USERS_S: Final = (1.0, 2.0, 5.0, 10.0)
"""Between two tries while users are left, who wait for their CDR."""


_UNKNOWN_USERS: Final = "users whose creation was not answered, if any"


class Notes(Protocol):
    """Where it is written down that something is done: the journal."""

    def closed(self, number: int) -> None: ...

    def made(self, user_id: str, external_id: str) -> None: ...

    def unmade(self, external_id: str) -> None: ...

    def removed(self, user_id: str) -> None: ...


@dataclass(frozen=True)
class Released:
    """What was done, and what could not be."""

    stopped: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]


class Release:
    """Goes on until nothing is left to do, or `until_s` seconds are over; with users alone for no longer than
    `users_s`, but one try. A network that is cut off for a while is waited for. A start without an answer is looked for
    among its user's sessions for as long as one may still show up.

    `clients` are more and more patient with an answer: the first round asks the first of them, and so on. A user whose
    session has not ended yet is waited for, unless `at_once` leaves it to the API what to do with one.
    """

    def __init__(
        self,
        told: Told,
        clients: Sequence[ConnectClient],
        clock: Clock,
        notes: Notes,
        *,
        until_s: float,
        users_s: float,
        at_once: bool = False,
    ) -> None:
        self._told = told
        self._clients = clients
        self._clock = clock
        self._notes = notes
        self._began = clock.monotonic()
        self._until_s = until_s
        self._users_s = min(users_s, until_s)
        self._at_once = at_once
        self._round = 0
        self._searched = not told.header.user_prefix
        self._stopped: list[str] = []
        self._removed: list[str] = []
        self._cut_off = False
        self._why: dict[str, str] = {}

    def run(self) -> Released:
        """Stop first, remove then: a user who is charging cannot be removed."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while True:
                self._cut_off = False
                list(pool.map(self._settle, list(self._told.begun.values())))
                if not self._told.header.keep_users and not self._told.begun:
                    self._search()
                    list(pool.map(self._remove, list(self._told.users)))
                if self._is_done() or self._is_over():
                    return Released(tuple(self._stopped), tuple(self._removed), self._left())
                self._clock.sleep(self._pause())
                self._round += 1

    @property
    def _client(self) -> ConnectClient:
        return self._clients[min(self._round, len(self._clients) - 1)]

    # -- sessions --------------------------------------------------------------------------------------------

    def _settle(self, begun: Begun) -> None:
        try:
            found = stop(self._client, begun, whole_user=begun.user_id in self._told.made)
        except Exception as fault:  # whatever it is: the others are still to be stopped
            self._cut_off = self._cut_off or _is_cut_off(fault)
            self._why[_name(begun)] = str(fault)
            return
        self._why.pop(_name(begun), None)
        self._stopped += found
        if found or begun.session_id or not self._may_show_up(begun):
            del self._told.begun[begun.number]
            self._notes.closed(begun.number)

    def _may_show_up(self, begun: Begun) -> bool:
        """By the time of day as well: a journal that is found days later tells of nothing that is on its way."""
        patience_s = self._told.header.patience_s
        is_old = begun.refused or self._clock.now().timestamp() - begun.at >= patience_s
        return not is_old and self._clock.monotonic() - self._began < patience_s

    # -- users -----------------------------------------------------------------------------------------------

    @cleaning_up()
    def _search(self) -> None:
        """A user whose creation was not answered is known by the beginning of its external id alone."""
        prefix = self._told.header.user_prefix
        if self._searched:
            return
        try:
            found = {user.id: user.external_id or "" for user in self._client.list_users(search=prefix)}
        except Exception as fault:  # whatever it is: the users that are known are still to be removed
            self._why[_UNKNOWN_USERS] = str(fault)
            return
        self._searched = True
        ours = {user_id: external_id for user_id, external_id in found.items() if external_id.startswith(prefix)}
        for user_id, external_id in ours.items():  # first of all: what is asked for no more must not be forgotten
            if user_id not in self._told.users:
                self._told.users[user_id] = None
                self._notes.made(user_id, external_id)
        for external_id in self._told.asked.difference(ours.values()):
            self._notes.unmade(external_id)
        self._told.asked.clear()

    @cleaning_up()
    def _remove(self, user_id: str) -> None:
        try:
            with suppress(NotFound):
                if any(session.is_active for session in self._client.list_sessions(user_id)):
                    if not self._at_once:  # the CDR is charged to the payment method
                        self._why[f"user {user_id}"] = "the CDR of its session has not come"
                        return
                else:
                    for method in list(self._client.list_payment_methods(user_id)):
                        self._client.delete_payment_method(user_id, method.id)
                self._client.delete_user(user_id)
        except Exception as fault:  # whatever it is: the others are still to be removed
            self._why[f"user {user_id}"] = str(fault)
            return
        self._removed.append(user_id)
        del self._told.users[user_id]
        self._notes.removed(user_id)

    # -- how long --------------------------------------------------------------------------------------------

    def _is_done(self) -> bool:
        return self._told.is_settled and (self._searched or self._told.header.keep_users)

    def _is_over(self) -> bool:
        patience_s = self._until_s if self._told.begun else self._users_s
        return self._clock.monotonic() - self._began >= patience_s

    def _pause(self) -> float:
        if not self._told.begun:
            return USERS_S[min(self._round, len(USERS_S) - 1)]
        if self._cut_off and self._clock.monotonic() - self._began < HASTE_S:
            return CUT_OFF_S
        return OPEN_S[min(self._round, len(OPEN_S) - 1)]

    def _left(self) -> tuple[str, ...]:
        left = [_name(begun) for begun in self._told.begun.values()]
        if not self._told.header.keep_users:
            left += [f"user {user_id}" for user_id in self._told.users]
            left += [] if self._searched else [_UNKNOWN_USERS]
        return tuple(f"{name}: {self._why[name]}" if name in self._why else name for name in left)


def _is_cut_off(fault: Exception) -> bool:
    """Whether nothing answered at all; what stands in front of a target asks with its 429 or 503 for no haste."""
    return isinstance(fault, Unreachable) and fault.status is None


def _name(begun: Begun) -> str:
    return f"{begun.session_id or 'a session that may have begun'} on {begun.evse_id} of user {begun.user_id}"


@cleaning_up()
def stop(client: ConnectClient, begun: Begun, *, whole_user: bool) -> list[str]:
    """Stop what the start began, looking among the user's sessions where its answer is not known; of a user whom the
    run did not make only what is on the same EVSE. Returns the ids of what was stopped or had ended. Raises
    `ConnectError`."""
    if begun.session_id is not None:
        found = [begun.session_id]
    else:
        try:
            active = [session for session in client.list_sessions(begun.user_id) if session.is_active]
        except NotFound:
            return []
        found = [s.id for s in active if whole_user or s.evse_id is None or same_evse(s.evse_id, begun.evse_id)]
    for session_id in found:
        with suppress(AlreadyStopped, NotFound):
            client.stop_charging(begun.user_id, session_id)
    return found
