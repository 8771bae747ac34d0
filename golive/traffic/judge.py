"""All rules over a record, and those that an error calls for over what came after it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from golive.evidence.exchange import Exchange
from golive.evidence.integration import RuleResult, RuleStatus
from golive.traffic.bounds import Bounds
from golive.traffic.calls import (
    ALREADY_CHARGING,
    ALREADY_STOPPED,
    BILLING_DATA_REQUIRED,
    CHARGING_PROVIDER_ERROR,
    PAYMENT_ERROR,
    PAYMENT_METHOD_ERROR,
    PRE_AUTHORIZATION_FAILED,
    START,
    STATION_AVAILABILITY_ISSUE,
    STOP,
    UNEXPECTED_ERROR,
    Call,
)
from golive.traffic.rule import Traffic, worst_first
from golive.traffic.rules import BY_NAME, RULES

DEFAULT_BOUNDS: Final = Bounds()

REACTIONS: Final = (
    "start-one-at-a-time",
    "start-not-repeated",
    "polling-begins",
    "polling-modest",
    "polling-not-silent",
    "polling-ends",
    "cdr-read",
    "stop-once",
    "already-stopped-is-stopped",
    "state-read-first",
    "no-hurry",
    "user-created-once",
    "user-looked-up",
    "support-code-kept",
    "log-without-secrets",
)
"""The rules on how a backend goes on, by name; the others hold for every request alike."""

_DRIVER_FIRST: Final = ("start-not-repeated", "no-hurry")
_CALLED_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    ALREADY_CHARGING: _DRIVER_FIRST,
    BILLING_DATA_REQUIRED: _DRIVER_FIRST,
    PAYMENT_ERROR: _DRIVER_FIRST,
    PAYMENT_METHOD_ERROR: _DRIVER_FIRST,
    PRE_AUTHORIZATION_FAILED: _DRIVER_FIRST,
    STATION_AVAILABILITY_ISSUE: ("state-read-first", "no-hurry"),
    CHARGING_PROVIDER_ERROR: ("state-read-first", "no-hurry"),
    ALREADY_STOPPED: ("already-stopped-is-stopped", "stop-once"),
    UNEXPECTED_ERROR: ("support-code-kept", "no-hurry"),
}


def judge(
    exchanges: Sequence[Exchange],
    *,
    base_url: str,
    bounds: Bounds = DEFAULT_BOUNDS,
    until: datetime | None = None,
    log_lines: Mapping[str, str | None] | None = None,
    secrets: Sequence[str] = (),
) -> tuple[RuleResult, ...]:
    """What each rule comes to over the exchanges of the actor `partner`, worst first, else in the rules' order.

    `base_url` is the API's address as the record has it; of it the scheme, host and port count. `until` is when the
    watching ended: without it, the end of the last exchange, so that nothing is said of a silence after it.
    `log_lines` has the partner's log line by support code, None where the log was asked and has none. `secrets` are
    looked for in these lines, besides whatever has the shape of one.
    """
    traffic = Traffic.of(exchanges, base_url=base_url, bounds=bounds, until=until, log_lines=log_lines, secrets=secrets)
    return worst_first(rule.judge(traffic) for rule in RULES)


def after_provocation(
    error_type: str | None,
    answered: Sequence[Exchange],
    followed: Sequence[Exchange],
    *,
    bounds: Bounds = DEFAULT_BOUNDS,
    until: datetime | None = None,
    log_lines: Mapping[str, str | None] | None = None,
    secrets: Sequence[str] = (),
    unattended: bool = True,
) -> tuple[RuleResult, ...]:
    """What the backend did after a provoked error, worst first: the rules that this error calls for, and whichever
    else its reaction keeps or breaks. Nothing where no request was answered with it.

    `error_type` is the answer's `error.type`, None where it had none. `unattended` says that no driver did anything
    meanwhile: then no time that passed is taken for a driver's act.
    """
    if not answered:
        return ()
    traffic = Traffic.of(
        _each_once(chain(answered, followed)),
        base_url="",
        bounds=bounds,
        until=until,
        log_lines=log_lines,
        secrets=secrets,
        unattended=unattended,
    )
    called_for = _called_for(error_type, answered)
    results = [BY_NAME[name].judge(traffic) for name in REACTIONS]
    return worst_first(
        result for result in results if result.rule in called_for or result.status is not RuleStatus.NOT_SHOWN
    )


def _called_for(error_type: str | None, answered: Sequence[Exchange]) -> frozenset[str]:
    calls = [Call.of(exchange) for exchange in answered]
    names = set(_CALLED_FOR.get(error_type or "", ()))
    if any(call.failed for call in calls):
        names.add("no-hurry")
    if any(call.open_state and call.operation in (START, STOP) for call in calls):
        names.add("state-read-first")
    return frozenset(names)


def _each_once(exchanges: Iterable[Exchange]) -> Iterable[Exchange]:
    return {exchange.id: exchange for exchange in exchanges}.values()
