"""Counts of a record that more than one view shows."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from golive.evidence.integration import Charge, RuleResult, RuleStatus
from golive.evidence.model import Asked, CheckResult, Evidence
from golive.outcomes import Outcome
from golive.report.marks import OUTCOMES, REHEARSAL, RULES


def by_section(checks: Sequence[CheckResult]) -> dict[str, list[CheckResult]]:
    """The checks of each section, sections in the order in which they first appear."""
    sections: dict[str, list[CheckResult]] = {}
    for check in checks:
        sections.setdefault(check.section, []).append(check)
    return sections


def outcomes(checks: Iterable[CheckResult | Charge]) -> dict[Outcome, int]:
    """How many checks or charges ended how, worst first; outcomes that did not occur are left out."""
    counted = Counter(check.outcome for check in checks)
    return {outcome: counted[outcome] for outcome in Outcome if counted[outcome]}


def grouped(checks: Iterable[CheckResult]) -> list[list[CheckResult]]:
    """Checks that ended alike and say the same together, worst first."""
    alike: dict[tuple[Outcome, str], list[CheckResult]] = {}
    for check in checks:
        alike.setdefault((check.outcome, check.message or check.title), []).append(check)
    order = list(Outcome)
    return [group for (outcome, _), group in sorted(alike.items(), key=lambda pair: order.index(pair[0][0]))]


def in_words(counts: Mapping[Outcome, int]) -> str:
    """Such as "2 failed, 1 inconclusive, 40 passed"."""
    return ", ".join(f"{count:,} {OUTCOMES[outcome].word}" for outcome, count in counts.items()) or "no checks"


def of_rules(rules: Iterable[RuleResult]) -> dict[RuleStatus, int]:
    """How many traffic rules came to what, worst first; what did not occur is left out."""
    counted = Counter(rule.status for rule in rules)
    return {status: counted[status] for status in RuleStatus if counted[status]}


def rules_in_words(counts: Mapping[RuleStatus, int]) -> str:
    """Such as "1 broken, 2 not shown, 9 kept"."""
    return ", ".join(f"{count:,} {RULES[status].word}" for status, count in counts.items()) or "no rules"


def asked_in_words(asked: Asked) -> str:
    """Such as "621 of at most 4,750; 118 of at most 500 for one EVSE (DE*A*E1); up to 17 at once, of at most 32"."""
    said = [f"{asked.sent:,} of at most {asked.bound:,}"]
    if asked.by_evse:
        evse = max(asked.by_evse, key=lambda one: asked.by_evse[one])
        said.append(f"{asked.by_evse[evse]:,} of at most {asked.bound_per_evse:,} for one EVSE ({evse})")
    rate = "" if asked.bound_per_second is None else f" and {asked.bound_per_second:g} per second"
    said.append(f"up to {asked.at_once} at once, of at most {asked.bound_at_once}{rate}")
    if asked.held_back:
        said.append(f"{asked.held_back:,} held back")
    return "; ".join(said)


def cautions(evidence: Evidence) -> list[str]:
    """What has to be said loudly before anything else in the record is believed."""
    run = evidence.run
    found = []
    if run.rehearsal or evidence.verdict.rehearsal:
        found.append(f"{REHEARSAL}.")
    if run.replay_of:
        found.append(f"Replay: judged from the record of run {run.replay_of}; nothing was sent to any target.")
    if run.died:
        found.append("Partial: the run was killed, and what is missing here was not looked at or not written.")
    elif not run.complete:
        found.append("Partial: the run was interrupted, and what is missing here was not looked at.")
    if run.selection:
        found.append(f"Narrowed: only part of the checks was asked for ({run.selection}).")
    return found


def ranges(ids: Sequence[str]) -> list[tuple[str, str]]:
    """`ids` with three or more neighbours such as x0001, x0002, x0003 joined to (first, last)."""
    return [(first, last) for first, last, _ in joined(ids)]


def joined(ids: Iterable[str], apart: Container[str] = ()) -> Iterator[tuple[str, str, int]]:
    """As `ranges`, one at a time and with how many ids each stands for; those in `apart` are joined with no other."""
    row: list[str] = []
    before: int | None = None
    for identifier in ids:
        number = None if identifier in apart else _number(identifier)
        if row and (number is None or before is None or number != before + 1):
            yield from _ends(row)
            row = []
        row.append(identifier)
        before = number
    yield from _ends(row)


def _ends(row: list[str]) -> list[tuple[str, str, int]]:
    return [(row[0], row[-1], len(row))] if len(row) > 2 else [(identifier, identifier, 1) for identifier in row]


def _number(identifier: str) -> int | None:
    digits = identifier[1:]
    return int(digits) if identifier[:1] == "x" and digits.isascii() and digits.isdigit() else None
