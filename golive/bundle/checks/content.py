"""The views by what they say, where they cannot be compared byte for byte: another suite may have put it otherwise.

Each view is read as its readers read it, and has to say what the record says: which run, which verdict, whether it was
a rehearsal, and what every check and requirement came to. That is less than every byte: a reviewer who wants a page to
trust has it written anew (`verify --render`).
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from golive.bundle.checks import page
from golive.evidence.model import CheckResult, Evidence, Status
from golive.outcomes import Outcome
from golive.report.junit import clean
from golive.report.markdown import plain
from golive.report.marks import OUTCOMES, REHEARSAL, VERDICTS

_HEADING: Final = re.compile(r"^## (.*)$", re.MULTILINE)


def contradictions(name: str, data: bytes, evidence: Evidence) -> list[str]:
    """What the view `name` says otherwise than the record, or does not say."""
    try:
        problems = _READERS[name](data.decode(), evidence)
    except (UnicodeDecodeError, ET.ParseError, csv.Error) as problem:
        problems = [f"it cannot be read: {problem}"]
    return [f"{name}: {problem}" for problem in problems]


# -- JUnit ---------------------------------------------------------------------------------------------------


def _junit(text: str, evidence: Evidence) -> list[str]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return ["it declares entities, which this suite never does"]
    root = ET.fromstring(text)  # noqa: S314 - without entities there is nothing to expand
    told = Counter(_told(case) for case in root.iter("testcase"))
    meant = Counter(_meant(check) for check in evidence.tests)
    problems = [f"{case[1]} is {case[2]} there, or more often than in the record" for case in told - meant]
    problems += [f"{case[1]} is not there as {case[2]}" for case in meant - told]
    facts = {
        "run": evidence.run.id,
        "verdict": evidence.verdict.status.value,
        "rehearsal": str(evidence.run.rehearsal).lower(),
    }
    for suite in root.iter("testsuite"):
        found = {p.get("name"): p.get("value") for p in suite.findall("properties/property")}
        problems += [
            f"its {name} is {found.get(name)}, not {fact}"
            for name, fact in facts.items()
            if found.get(name) != clean(fact)
        ]
    counts = {"tests": len(evidence.tests), "failures": sum(c.outcome is Outcome.FAILED for c in evidence.tests)}
    problems += [
        f"it counts {root.get(name)} {name}, not {n}" for name, n in counts.items() if root.get(name) != str(n)
    ]
    return problems


def _told(case: ET.Element) -> tuple[str, str, str]:
    outcomes = [
        child.get("type", "")
        if child.tag == "skipped" or child.get("type") == Outcome.INCONCLUSIVE
        else {"failure": "failed"}.get(child.tag, child.tag)
        for child in case
        if child.tag in ("failure", "error", "skipped")
    ]
    return case.get("classname", ""), case.get("name", ""), " and ".join(outcomes) or Outcome.PASSED.value


def _meant(check: CheckResult) -> tuple[str, str, str]:
    file, _, name = check.nodeid.partition("::")
    return clean(file.removesuffix(".py").replace("/", ".")), clean(name or check.nodeid), check.outcome.value


# -- Markdown ------------------------------------------------------------------------------------------------


def _summary(text: str, evidence: Evidence) -> list[str]:
    word = VERDICTS[evidence.verdict.status].word
    headings = _HEADING.findall(text)
    problems = [] if len(headings) == 1 and f" {word}:" in headings[0] else [f"its heading is not the verdict, {word}"]
    if not re.search(rf"^Run {re.escape(plain(evidence.run.id))} ", text, re.MULTILINE):
        problems.append("it is not of this run")
    if (plain(REHEARSAL) in text) is not evidence.run.rehearsal:
        problems.append("it does not agree on whether it was a rehearsal")
    missing = [found.id for found in evidence.requirements if found.status is Status.NOT_SHOWN]
    problems += [f"{id_} is not said to be open" for id_ in missing if f"**{plain(id_)}**" not in text]
    return problems + _counts(text, evidence)


def _counts(text: str, evidence: Evidence) -> list[str]:
    """The last row of the table of checks, against the outcomes in its head."""
    if not evidence.tests:
        return []
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in text.splitlines() if line[:1] == "|"]
    head = next((row for row in rows if row[0] == "section"), None)
    last = next((line for line in text.splitlines() if line.startswith("| **all** |")), None)
    if head is None or last is None:
        return ["it does not count the checks"]
    cells = [cell.strip() for cell in last.strip().removeprefix("|").removesuffix("|").split("|")]
    told = {word: int(n) for word, n in zip(head[1:], cells[1:], strict=False) if n.isascii() and n.isdigit()}
    meant = Counter(OUTCOMES[check.outcome].word for check in evidence.tests)
    return [] if told == dict(meant) else ["it counts the outcomes otherwise"]


# -- CSV -----------------------------------------------------------------------------------------------------


def _sheet(text: str, evidence: Evidence) -> list[str]:
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    told = {(str(row.get("kind")), str(row.get("id")).removeprefix("'")) for row in rows}
    left = evidence.aftermath
    meant = {("user", user.user_id) for user in left.users} | {("session", id_) for id_ in left.started}
    problems = [f"the {kind} {id_} is missing" for kind, id_ in sorted(meant - told)]
    known = evidence.model_dump_json()
    strangers = sorted({id_ for _, id_ in told if id_ and id_ not in known})
    return problems + [f"{id_} is nowhere in the record" for id_ in strangers]


_READERS: Final[Mapping[str, Callable[[str, Evidence], list[str]]]] = {
    "evidence.html": page.contradictions,
    "junit.xml": _junit,
    "summary.md": _summary,
    "reconciliation.csv": _sheet,
}
