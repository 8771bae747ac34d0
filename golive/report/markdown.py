"""The record as a short Markdown summary for a pull request's comment or a CI job's page."""

import re

from golive.evidence.integration import RuleStatus
from golive.evidence.model import CheckResult, Evidence, Stage, StageResult, StageStatus, Status
from golive.outcomes import Outcome, Owner
from golive.report.marks import AT_A_BUSY_STATION, INTEGRATIONS, OUTCOMES, OWNERS, STAGES, VCP_TYPES, VERDICTS
from golive.report.tally import asked_in_words, by_section, cautions, in_words, of_rules, outcomes, rules_in_words
from golive.report.text import duration, instant, one_line

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~@&$]|:(?=//)")
_SIGNS = {"tick": "✓", "cross": "✗", "diamond": "◇", "ring": "○", "dash": "–", "triangle": "⚠", "square": "□"}
_ACTED_ON = (Outcome.ERROR, Outcome.FAILED, Outcome.INCONCLUSIVE)
_MOST_LINES = 20
_LONGEST = 300


def plain(text: str) -> str:
    """`text` on one line with nothing left that Markdown would act on: no markup, mention or reference."""
    line = one_line(text)
    line = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    return _SPECIAL.sub(lambda found: f"&#{ord(found.group())};", line)


def render(evidence: Evidence) -> str:
    """`evidence` in short: verdict, why, counts, what is not shown and whose move it is."""
    run = evidence.run
    mark = VERDICTS[evidence.verdict.status]
    lines = [f"## {_SIGNS[mark.icon]} {mark.word}: Cariqa Connect go-live readiness", ""]
    for caution in cautions(evidence):
        lines += [f"> **{plain(caution)}**", ""]
    lines += [f"- {plain(reason)}" for reason in evidence.verdict.reasons] or ["- The record gives no reason."]
    lines += [
        "",
        f"Run {plain(run.id)} against {plain(run.target)}, {instant(run.started_at)} to "
        f"{instant(run.finished_at)} ({duration(run.wall_s)}), suite {plain(run.suite_version)}, seed {run.seed}.",
        "",
        *([f"Requests: {plain(asked_in_words(evidence.asked))}.", ""] if evidence.asked else []),
        *_dossier(evidence),
        *_preflight(evidence),
        *_sections(evidence),
        *_moves(evidence),
        *_not_shown(evidence),
        *_matrix(evidence),
        *_integration(evidence),
        "The whole record with every exchange: `evidence.html` and `evidence.json` in the run's report folder.",
    ]
    return "\n".join(lines) + "\n"


def _dossier(evidence: Evidence) -> list[str]:
    dossier = evidence.dossier
    if dossier is None:
        return ["No dossier: nobody says who asks for production, and nothing is attested.", ""]
    who = (
        f"{plain(dossier.partner)}, {plain(dossier.integration)} {plain(dossier.version)}, "
        f"valid until {instant(dossier.valid_until)}."
    )
    waived = [
        f"- Waiver asked for: **{plain(waiver.requirement_id)}** until {waiver.until.isoformat()} "
        f"({plain(waiver.owner)}): {plain(waiver.reason)}"
        for waiver in dossier.waivers
    ]
    return [who, "", *waived, ""] if waived else [who, ""]


def _preflight(evidence: Evidence) -> list[str]:
    stopped = [probe for probe in evidence.preflight if probe.outcome is not Outcome.PASSED]
    if not stopped:
        return []
    lines = ["### Preflight", ""]
    for probe in stopped:
        owner = OWNERS[probe.owner] if probe.owner else "nobody named"
        remedy = f" Remedy: {plain(probe.remedy)}" if probe.remedy else ""
        lines.append(
            f"- **{plain(probe.name)}** {OUTCOMES[probe.outcome].word} ({owner}): {plain(probe.message)}{remedy}"
        )
    return [*lines, ""]


def _sections(evidence: Evidence) -> list[str]:
    lines = ["### Checks", ""]
    if not evidence.tests:
        return [*lines, "No check is in this record.", ""]
    words = [OUTCOMES[outcome].word for outcome in Outcome]
    lines += ["| section | " + " | ".join(words) + " |", "|---|" + "--:|" * len(words)]
    for section, checks in by_section(evidence.tests).items():
        lines.append(_count_row(plain(section), checks))
    return [*lines, _count_row("**all**", evidence.tests), ""]


def _count_row(name: str, checks: tuple[CheckResult, ...] | list[CheckResult]) -> str:
    counted = outcomes(checks)
    return f"| {name} | " + " | ".join(str(counted.get(outcome, "")) for outcome in Outcome) + " |"


def _moves(evidence: Evidence) -> list[str]:
    lines = ["### Whose move it is", ""]
    open_checks = [check for check in evidence.tests if check.outcome in _ACTED_ON]
    if not open_checks:
        return [*lines, "No check failed or was inconclusive.", ""]
    for owner in (*Owner, None):
        theirs = [check for check in open_checks if check.owner is owner]
        if not theirs:
            continue
        name = OWNERS[owner] if owner else "Nobody named"
        lines += [f"**{name}** ({in_words(outcomes(theirs))})", ""]
        for check in theirs[:_MOST_LINES]:
            word = OUTCOMES[check.outcome].word
            said = plain(check.message or "no message")
            lines.append(f"- {word}: {plain(check.title)} {said}")
        if len(theirs) > _MOST_LINES:
            lines.append(f"- and {len(theirs) - _MOST_LINES} more, in the full report")
        lines.append("")
    return lines


def _not_shown(evidence: Evidence) -> list[str]:
    missing = [found for found in evidence.requirements if found.status is Status.NOT_SHOWN]
    lines = ["### Not shown yet (the partner's move)", ""]
    if not missing:
        return [*lines, "Nothing: each requirement has a status of its own.", ""]
    for found in missing:
        shown = "" if found.assurance == "none" else f", shown as {found.assurance}"
        lines.append(f"- **{plain(found.id)}** {plain(found.title)}: needs {found.needed}{shown}")
    return [*lines, ""]


def _matrix(evidence: Evidence) -> list[str]:
    lines = ["### Virtual charging points", ""]
    if not evidence.evses:
        return [*lines, "No virtual charging point was part of this run.", ""]
    lines += ["| EVSE ID | type | " + " | ".join(Stage) + " |", "|---|---|" + "---|" * len(Stage)]
    for row in evidence.evses:
        cells = [_cell(row.stages.get(stage)) for stage in Stage]
        lines.append(f"| {plain(row.evse_id)} | {VCP_TYPES[row.vcp_type]} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _integration(evidence: Evidence) -> list[str]:
    lines = ["### The partner's integration", ""]
    seen = evidence.integration
    if seen is None:
        return [
            *lines,
            "None was under test: with `--integration` the partner's own app is driven and seen.",
            "",
        ]
    met = [each for each in seen.provoked if each.met]
    lines += [
        f"- {plain(seen.name)}, {INTEGRATIONS[seen.kind]}",
        f"- Charges: {in_words(outcomes(seen.charges)) if seen.charges else 'none'}",
        f"- Rules over all of the traffic: {rules_in_words(of_rules(seen.rules))}",
        *([f"- A second driver at a busy station: {OUTCOMES[seen.meeting.outcome].word}"] if seen.meeting else []),
        f"- Provoked errors: {len(met)} of {len(seen.provoked)} met",
    ]
    lines += (
        [f"- Not offered by the adapter, so not shown: {plain(', '.join(seen.not_offered))}"]
        if seen.not_offered
        else []
    )
    met_rules = seen.meeting.rules if seen.meeting is not None else ()
    parts = [("", seen.rules), (f" {AT_A_BUSY_STATION}", met_rules)]
    parts += [(f" after “{plain(each.title)}”", each.rules) for each in seen.provoked]
    broken = [(rule, where) for where, rules in parts for rule in rules if rule.status is RuleStatus.BROKEN]
    for rule, where in broken[:_MOST_LINES]:
        ids = plain(" ".join(rule.requirement_ids))
        lines.append(f"- **broken**{where}: {plain(rule.title)}: {plain(rule.message)} ({ids})")
    if len(broken) > _MOST_LINES:
        lines.append(f"- and {len(broken) - _MOST_LINES} more, in the full report")
    unshown = [plain(rule.title) for rule in seen.rules if rule.status is RuleStatus.NOT_SHOWN]
    lines += [f"- **not shown**: {title}" for title in unshown]
    return [*lines, ""]


def _cell(result: StageResult | None) -> str:
    if result is None:
        return "no record"
    mark = STAGES[result.status]
    took = f" {duration(result.took_s)}" if result.took_s is not None else ""
    return f"{_SIGNS[mark.icon]} {mark.word}{took if result.status is StageStatus.MET else ''}"
