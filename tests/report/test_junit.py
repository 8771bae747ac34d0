"""The JUnit XML has the structure readers agree on, and no outcome is softened."""

from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.model import Evidence
from golive.outcomes import Outcome
from golive.report import render_junit
from golive.report.junit import clean
from tests.report import samples
from tests.report.test_schema import SAMPLES

# Element -> its attributes, and its children in their order: what the schemas of Jenkins and of pytest's xunit2
# share, with the properties of a case that Jenkins reads since 2022.
STRUCTURE: dict[str, tuple[set[str], list[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "skipped", "time"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
        ["properties", "testcase"],
    ),
    "testcase": (
        {"name", "classname", "time"},
        ["properties", "skipped", "error", "failure", "system-out"],
    ),
    "properties": (set(), ["property"]),
    "property": ({"name", "value"}, []),
    "skipped": ({"type", "message"}, []),
    "error": ({"type", "message"}, []),
    "failure": ({"type", "message"}, []),
    "system-out": (set(), []),
}


def read(evidence: Evidence) -> ET.Element:
    return ET.fromstring(render_junit(evidence))  # noqa: S314 - our own document


def case(root: ET.Element, name: str) -> ET.Element:
    return next(found for found in root.iter("testcase") if name in found.attrib["name"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_the_structure_is_the_common_one(sample: Callable[[], Evidence]) -> None:
    for element in read(sample()).iter():
        attributes, children = STRUCTURE[element.tag]
        assert set(element.attrib) == attributes
        order = [children.index(child.tag) for child in element]
        assert order == sorted(order)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_the_counts_are_those_of_the_cases(sample: Callable[[], Evidence]) -> None:
    root = read(sample())
    for holder in (root, *root):
        tags = Counter(child.tag for found in holder.iter("testcase") for child in found)
        assert int(holder.attrib["tests"]) == len(list(holder.iter("testcase")))
        assert int(holder.attrib["failures"]) == tags["failure"]
        assert int(holder.attrib["errors"]) == tags["error"]
        assert int(holder.attrib["skipped"]) == tags["skipped"]


def test_every_check_is_there_and_only_passed_ones_look_passed() -> None:
    record = samples.rehearsal()
    cases = list(read(record).iter("testcase"))
    bare = [found for found in cases if not {"failure", "error", "skipped"} & {child.tag for child in found}]
    assert len(cases) == len(record.tests)
    assert len(bare) == sum(check.outcome is Outcome.PASSED for check in record.tests)


def test_a_failure_is_typed_by_its_owner() -> None:
    failure = case(read(samples.rehearsal()), "a_tile_shows").find("failure")
    assert failure is not None
    assert failure.attrib == {"type": "cariqa", "message": "500 with an HTML page instead of a FeatureCollection."}


def test_an_inconclusive_check_is_neither_passed_nor_skipped() -> None:
    error = case(read(samples.rehearsal()), "partners_are_listed").find("error")
    assert error is not None
    assert error.attrib["type"] == "inconclusive"
    assert error.attrib["message"].startswith("inconclusive (environment): The connection dropped")
    assert "JUnit has no fourth state" in render_junit(samples.rehearsal())


@pytest.mark.parametrize(
    ("name", "tag", "said"),
    [
        ("malformed_values", "error", "error of the suite: KeyError: 'email'"),
        ("second_stop", "skipped", "skipped: --evse left no VCP of type 1."),
        ("italian_personal", "skipped", "deselected: -k left it out."),
    ],
)
def test_other_outcomes_keep_their_word(name: str, tag: str, said: str) -> None:
    found = case(read(samples.rehearsal()), name).find(tag)
    assert found is not None
    assert found.attrib["message"] == said


def test_a_case_names_requirements_owner_outcome_and_exchanges() -> None:
    found = case(read(samples.rehearsal()), "a_tile_shows")
    properties = {p.attrib["name"]: p.attrib["value"] for p in found.iter("property")}
    assert properties == {
        "requirements": "DEV-STATIONS",
        "owner": "cariqa",
        "outcome": "failed",
        "exchanges": "x0005",
    }


@given(st.text())
def test_no_text_makes_the_document_unreadable(words: str) -> None:
    element = ET.Element("a", {"b": clean(words)})
    element.text = clean(words)
    assert ET.fromstring(ET.tostring(element, encoding="unicode")).tag == "a"  # noqa: S314 - our own document
