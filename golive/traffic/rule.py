"""What a rule is, what it is given, and how what it finds becomes one result."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from golive.evidence.exchange import PARTNER, Exchange
from golive.evidence.integration import RuleResult, RuleStatus
from golive.traffic.bounds import Bounds
from golive.traffic.calls import START, Call, seconds
from golive.traffic.charges import Charge, charges_of, seen_going_on

_BY_ID: Final = re.compile(r"x\d")
"""An exchange's id, which is written as it is also where a sentence begins with it: people search for it."""
_TOLD: Final = 3
"""How many of several findings a message spells out."""


@dataclass(frozen=True)
class Traffic:
    """What the rules look at: the partner's exchanges in the order in which they began.

    `until` is when nobody watched any longer, in seconds since 1970. `log_lines`: what the partner's log says of a
    support code, None where it was asked and has no such line. `unattended`: no driver did anything meanwhile.
    """

    calls: tuple[Call, ...]
    base_url: str
    bounds: Bounds
    until: float
    log_lines: Mapping[str, str | None] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    unattended: bool = False

    @classmethod
    def of(
        cls,
        exchanges: Iterable[Exchange],
        *,
        base_url: str,
        bounds: Bounds,
        until: datetime | None = None,
        log_lines: Mapping[str, str | None] | None = None,
        secrets: Sequence[str] = (),
        unattended: bool = False,
    ) -> "Traffic":
        """Of the exchanges those that the partner sent; `until` is the end of the last one unless it is given."""
        ours = [Call.of(exchange) for exchange in exchanges if exchange.actor == PARTNER]
        ours.sort(key=lambda call: call.place)
        last = max((call.ended for call in ours), default=0.0)
        return cls(
            tuple(ours),
            base_url,
            bounds,
            last if until is None else seconds(until),
            dict(log_lines or {}),
            tuple(secret for secret in secrets if secret),
            unattended,
        )

    @cached_property
    def charges(self) -> tuple[Charge, ...]:
        return charges_of(self.calls)

    @cached_property
    def going_on(self) -> tuple[Charge, ...]:
        """The sessions that went on while they were watched."""
        return seen_going_on(self.charges)

    @cached_property
    def by_user(self) -> dict[str, tuple[Call, ...]]:
        """The calls below each user, in order."""
        found: dict[str, list[Call]] = {}
        for call in self.calls:
            if call.user is not None:
                found.setdefault(call.user, []).append(call)
        return {user: tuple(calls) for user, calls in found.items()}

    def starts_of(self, user: str) -> list[Call]:
        """The user's starts, in order."""
        return [call for call in self.by_user.get(user, ()) if call.operation == START]

    @cached_property
    def _by_operation(self) -> dict[str | None, list[Call]]:
        found: dict[str | None, list[Call]] = {}
        for call in self.calls:
            found.setdefault(call.operation, []).append(call)
        return found

    def named(self, *operations: str) -> tuple[Call, ...]:
        """The calls of these operations, in order."""
        found = [call for operation in operations for call in self._by_operation.get(operation, ())]
        return tuple(found if len(operations) == 1 else sorted(found, key=lambda call: call.place))

    def after(self, first: Call, then: Call) -> bool:
        """Whether `then` was sent when the answer to `first` was there. What began before `first` did was not, however
        much the clock is given."""
        return then.place > first.place and then.at >= first.ended - self.bounds.slack_s


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a rule found: `text` without a full stop, the calls that it stands on, and how long (s) it took,
    where that is what the rule is about."""

    status: RuleStatus
    text: str
    calls: tuple[Call, ...] = ()
    took: float = 0.0


def broken(text: str, *calls: Call) -> Point:
    return Point(RuleStatus.BROKEN, text, calls)


def kept(text: str, *calls: Call, took: float = 0.0) -> Point:
    return Point(RuleStatus.KEPT, text, calls, took)


def unclear(text: str, *calls: Call) -> Point:
    """It came up, and what there is of it shows neither."""
    return Point(RuleStatus.NOT_SHOWN, text, calls)


@dataclass(frozen=True)
class Rule:
    """One rule: `look` finds points, `unseen` says why nothing shows it where there is none. `many` sums up points that
    keep it, `{n}` of them, with `{most}` as the longest time of theirs."""

    name: str
    title: str
    requirement_ids: tuple[str, ...]
    look: Callable[[Traffic], Iterator[Point]]
    unseen: str
    many: str = ""

    def judge(self, traffic: Traffic) -> RuleResult:
        return self.result(tuple(self.look(traffic)))

    def result(self, points: Sequence[Point]) -> RuleResult:
        """One thing that breaks the rule breaks it; otherwise one that keeps it shows it."""
        by_status = {status: [p for p in points if p.status is status] for status in RuleStatus}
        shown = by_status[RuleStatus.BROKEN] or by_status[RuleStatus.KEPT]
        stands_on = shown or by_status[RuleStatus.NOT_SHOWN]
        message = self._told(stands_on) if stands_on else self.unseen
        if shown and shown[0].status is RuleStatus.KEPT and (still := by_status[RuleStatus.NOT_SHOWN]):
            message += f" Not shown by all: {_joined([point.text for point in still])}"
        return RuleResult(
            rule=self.name,
            title=self.title,
            requirement_ids=self.requirement_ids,
            status=shown[0].status if shown else RuleStatus.NOT_SHOWN,
            message=message,
            exchanges=tuple(dict.fromkeys(call.id for point in stands_on for call in point.calls)),
        )

    def _told(self, points: Sequence[Point]) -> str:
        if not self.many or len(points) <= _TOLD or points[0].status is not RuleStatus.KEPT:
            return _joined([point.text for point in points])
        summary = self.many.format(n=len(points), most=lasting(max(point.took for point in points)))
        return f"{_joined([summary])} For example: {points[0].text}."


def _joined(texts: Sequence[str]) -> str:
    told = list(dict.fromkeys(texts))
    more = len(told) - _TOLD
    text = "; ".join(told[:_TOLD]) + (f"; and {more} more" if more > 0 else "")
    return f"{text if _BY_ID.match(text) else text[:1].upper() + text[1:]}."


def worst_first(results: Iterable[RuleResult]) -> tuple[RuleResult, ...]:
    order = list(RuleStatus)
    return tuple(sorted(results, key=lambda result: order.index(result.status)))


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def lasting(duration: float) -> str:
    """Seconds for a person, such as `0.04 s` or `75 s`."""
    return f"{max(0.0, duration):.{2 if duration < 1 else 1 if duration < 10 else 0}f} s"
