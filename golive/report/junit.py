"""The record as JUnit XML, in the structure that Jenkins, GitLab and pytest's `xunit2` share.

JUnit knows passed, failed, error and skipped. An inconclusive check is none of these: it is written as an
`<error type="inconclusive">`, so that no reader counts it as passed or as left out on purpose.
"""

import re
from xml.etree import ElementTree as ET

from golive.evidence.model import CheckResult, Evidence
from golive.outcomes import Outcome
from golive.report.marks import OUTCOMES
from golive.report.tally import by_section, cautions
from golive.report.text import instant

# What XML 1.0 cannot hold even as a reference, and the characters that would reorder a reader's text.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x84\x86-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COMMENT = (
    " JUnit has no fourth state: an inconclusive check is an error of type 'inconclusive', neither passed nor skipped. "
)
_LEFT_OUT = {Outcome.SKIPPED, Outcome.DESELECTED, Outcome.NOT_RUN}


def render(evidence: Evidence) -> str:
    """`evidence` as JUnit XML: a suite per section, a case per check."""
    root = ET.Element("testsuites", {"name": "Cariqa Connect go-live readiness"})
    root.append(ET.Comment(_COMMENT))
    root.attrib |= _counts(evidence.tests)
    provoked = {exchange.id for exchange in evidence.exchanges if exchange.provoked is not None}
    for section, checks in by_section(evidence.tests).items():
        root.append(_suite(section, checks, evidence, provoked))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def clean(text: str) -> str:
    """`text` without the characters that XML 1.0 forbids, bidirectional controls shown as escapes."""
    return _BIDI.sub(lambda found: f"\\u{ord(found.group()):04x}", _NOT_XML.sub("", text))


def _counts(checks: tuple[CheckResult, ...] | list[CheckResult]) -> dict[str, str]:
    outcomes = [check.outcome for check in checks]
    return {
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "errors": str(outcomes.count(Outcome.ERROR) + outcomes.count(Outcome.INCONCLUSIVE)),
        "skipped": str(sum(outcome in _LEFT_OUT for outcome in outcomes)),
        "time": f"{sum(check.duration_s for check in checks):.3f}",
    }


def _suite(section: str, checks: list[CheckResult], evidence: Evidence, provoked: set[str]) -> ET.Element:
    counts = _counts(checks)
    started = instant(evidence.run.started_at).removesuffix("Z")  # xunit2: a time without a zone
    suite = ET.Element("testsuite", {"name": clean(section), "timestamp": started} | counts)
    properties = {
        "run": evidence.run.id,
        "target": evidence.run.target,
        "verdict": evidence.verdict.status.value,
        "rehearsal": str(evidence.run.rehearsal).lower(),
        "complete": str(evidence.run.complete).lower(),
        "integration": f"{evidence.integration.kind}: {evidence.integration.name}" if evidence.integration else "",
    }
    _properties(suite, properties | {f"caution-{n}": said for n, said in enumerate(cautions(evidence), 1)})
    suite.extend(_case(check, provoked) for check in checks)
    return suite


def _case(check: CheckResult, provoked: set[str]) -> ET.Element:
    file, _, name = check.nodeid.partition("::")
    case = ET.Element(
        "testcase",
        {
            "classname": clean(file.removesuffix(".py").replace("/", ".")),
            "name": clean(name or check.nodeid),
            "time": f"{check.duration_s:.3f}",
        },
    )
    properties = {
        "requirements": " ".join(check.requirement_ids),
        "owner": check.owner.value if check.owner else "",
        "outcome": check.outcome.value,
        "exchanges": " ".join(check.exchanges),
        "provoked": " ".join(id_ for id_ in check.exchanges if id_ in provoked),
        "evse": check.evse_id or "",
    }
    _properties(case, properties)
    _conclusion(case, check)
    # Readers that skip the properties of a case (GitLab, Azure) still show its output.
    lines = [check.title, *(f"{name}: {value}" for name, value in properties.items() if value)]
    ET.SubElement(case, "system-out").text = clean("\n".join(lines))
    return case


def _conclusion(case: ET.Element, check: CheckResult) -> None:
    message = clean(check.message or check.title)
    owner = check.owner.value if check.owner else "unknown"
    match check.outcome:
        case Outcome.FAILED:
            found = ET.SubElement(case, "failure", {"type": owner, "message": message})
        case Outcome.ERROR:
            found = ET.SubElement(case, "error", {"type": "error", "message": f"error of the suite: {message}"})
        case Outcome.INCONCLUSIVE:
            said = f"inconclusive ({owner}): {message}"
            found = ET.SubElement(case, "error", {"type": "inconclusive", "message": said})
        case Outcome.SKIPPED | Outcome.DESELECTED | Outcome.NOT_RUN:
            word = OUTCOMES[check.outcome].word
            said = f"{word}: {clean(check.message)}" if check.message else word
            found = ET.SubElement(case, "skipped", {"type": check.outcome.value, "message": said})
        case Outcome.PASSED:
            return
    found.text = clean(check.title)


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    held = ET.SubElement(parent, "properties")
    for name, value in values.items():
        if value:
            ET.SubElement(held, "property", {"name": name, "value": clean(value)})
