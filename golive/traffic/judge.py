"""All rules over a record, and those on reactions over what came after a provoked error."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from golive.evidence.exchange import Exchange
from golive.evidence.integration import RuleResult, RuleStatus
from golive.traffic.bounds import Bounds
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


_OWED: Final = frozenset({"state-read-first", "already-stopped-is-stopped", "support-code-kept"})
"""Of these what an error calls for, whether or not anything else is sent: that it is not shown yet is worth saying."""


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
    answered: Sequence[Exchange],
    followed: Sequence[Exchange],
    *,
    bounds: Bounds = DEFAULT_BOUNDS,
    until: datetime | None = None,
    log_lines: Mapping[str, str | None] | None = None,
    secrets: Sequence[str] = (),
    unattended: bool = True,
) -> tuple[RuleResult, ...]:
    """What the backend did after a provoked error, worst first: each rule that its reaction keeps or breaks, and those
    that the error called for and nothing shows yet. Nothing where no request was `answered` with it.

    `followed` is what came then; exchanges in both count once. `unattended` says that no driver did anything meanwhile:
    then no time that passed is taken for a driver's act. The rest is as for `judge`.
    """
    if not answered:
        return ()
    traffic = Traffic.of(
        {exchange.id: exchange for exchange in (*answered, *followed)}.values(),
        base_url="",
        bounds=bounds,
        until=until,
        log_lines=log_lines,
        secrets=secrets,
        unattended=unattended,
    )
    provoked = {exchange.id for exchange in answered}
    results = [BY_NAME[name].judge(traffic) for name in REACTIONS]
    return worst_first(
        result
        for result in results
        if result.status is not RuleStatus.NOT_SHOWN
        or (result.rule in _OWED and provoked.intersection(result.exchanges))
    )
