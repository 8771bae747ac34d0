"""The sequence chart and the steps in it: who sent what, alike ones together, nothing outside its frame."""

from collections import Counter
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.integration import Shown
from golive.evidence.model import Exchange
from golive.report.charts.sequence import MOST, PER_PART, WIDTH, describe, sequence_charts
from golive.report.steps import Request, Screen, Step, energy, steps, what
from tests.report import integrations, samples
from tests.report.record import Record, at


def traffic() -> tuple[tuple[Exchange, ...], tuple[Shown, ...]]:
    """The requests of a driver to whom a provoked answer came, and what the driver was shown."""
    record = Record(samples.BASE)
    found = integrations.declined(record)
    return tuple(record.exchanges), found.shown


def drawn(found: tuple[Step, ...]) -> list[ET.Element]:
    return [ET.fromstring(str(chart)) for chart in sequence_charts("t", found, "DEV", "s")]  # noqa: S314 - our own


def classes(roots: list[ET.Element]) -> Counter[str]:
    return Counter(element.attrib.get("class", "") for root in roots for element in root.iter())


def polls(count: int, apart: float = 2.0) -> tuple[Exchange, ...]:
    record = Record(samples.BASE)
    for n in range(count):
        record.get("partner", "/users/7/charging-sessions/s9/", 200, {"id": "s9"}, seconds=n * apart)
    return tuple(record.exchanges)


def test_alike_requests_in_a_row_are_one_step_with_their_pace() -> None:
    (step,) = steps(polls(12))
    assert isinstance(step, Request)
    assert step.what == "GET charging-sessions/…"
    assert step.answered == "200 each, 2.0 s apart"
    assert len(step.exchanges) == 12
    assert (step.at, step.last) == (at(0), at(22))


def test_what_the_driver_saw_keeps_requests_apart_and_is_told_once() -> None:
    seen = tuple(Shown(at=at(n + 0.5), state="charging", kwh="1" if n < 6 else "2") for n in range(12))
    found = steps(polls(6), seen)
    assert [type(step).__name__ for step in found] == ["Request", "Screen", "Request", "Screen", "Request"]
    screens = [step for step in found if isinstance(step, Screen)]
    assert [(each.words, each.count) for each in screens] == [("charging 1 kWh", 6), ("charging 2 kWh", 6)]


def test_a_provoked_answer_is_a_step_of_its_own() -> None:
    first, second, third = polls(3)
    found = steps((first, second.model_copy(update={"provoked": "x"}), third))
    assert [step.provoked for step in found if isinstance(step, Request)] == [None, "x", None]


@pytest.mark.parametrize(
    ("kwh", "said"), [("1.5", "1.5 kWh"), ("1.5 kWh", "1.5 kWh"), ("1,5 KWh", "1,5 KWh"), ("", " kWh")]
)
def test_energy_has_its_unit_once(kwh: str, said: str) -> None:
    assert energy(Shown(at=at(0), kwh=kwh)) == said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://h/api/v1/users/", "GET users"),
        ("https://h/api/v1/users/7/", "GET users/…"),
        ("https://h/api/v1/users/?search=secret&page=2", "GET users?search"),
        ("https://h/api/v1/users/7/charging/stop/s9/", "GET charging/stop/…"),
        ("https://h/api/v1/users/7/payment-methods/pm_1/default/", "GET payment-methods/…/default"),
        ("https://h/elsewhere", "GET elsewhere"),
        ("https://[h/", "GET https://[h/"),
    ],
)
def test_a_request_is_named_by_its_path_without_ids(url: str, said: str) -> None:
    (exchange,) = polls(1)
    request = exchange.request.model_copy(update={"url": url})
    assert what(exchange.model_copy(update={"request": request})) == said


def test_the_gateway_answers_only_what_was_provoked() -> None:
    found = steps(*traffic())
    counted = classes(drawn(found))
    assert counted["call"] == counted["reply"] == 4
    assert counted["gate"] == counted["bar"] == 1
    assert counted["shown"] == 2
    real = classes(drawn(steps([x for x in traffic()[0] if x.provoked is None])))
    assert real["gate"] == 0


def test_a_provoked_answer_never_comes_from_the_api() -> None:
    (root,) = drawn(steps([x for x in traffic()[0] if x.provoked is not None]))
    api = max(float(line.attrib["x1"]) for line in root.iter() if line.attrib.get("class") == "track")
    ends = [float(e.attrib[n]) for e in root.iter() if e.attrib.get("class") in ("call", "reply") for n in ("x1", "x2")]
    assert max(ends) < api - 20
    said = "".join(root.itertext())
    assert "provoked 402" in said
    assert "provoked by the gateway in place of DEV" in said


def test_a_lost_answer_is_a_cross() -> None:
    record = Record(samples.BASE)
    record.lost("partner", "/users/7/")
    assert classes(drawn(steps(record.exchanges)))["mark failed"] == 1


def test_the_alternative_tells_each_step() -> None:
    found = steps(*traffic())
    said = describe(found, found[0].at, "DEV")
    assert "the backend sends GET users?search, answered 200 by DEV" in said
    assert "answered 402 pre_authorization_failed provoked by the gateway in place of DEV" in said
    assert "the driver is shown ready, message: Your card was declined. Please add another card." in said


def test_a_long_sequence_becomes_parts_and_a_very_long_one_loses_its_middle() -> None:
    apart = [x.model_copy(update={"provoked": str(n)}) for n, x in enumerate(polls(200))]
    roots = drawn(steps(apart))
    assert len(roots) == MOST // PER_PART
    counted = classes(roots)
    assert counted["call"] == MOST - 1
    assert f"{200 - MOST + 1} steps left out" in "".join("".join(root.itertext()) for root in roots)
    assert len({root[0].attrib["id"] for root in roots}) == len(roots)
    assert len(drawn(steps(apart[: PER_PART + 1]))) == 2


def test_nothing_is_drawn_of_nothing() -> None:
    assert sequence_charts("t", (), "DEV", "s") == ()


@given(
    st.lists(
        st.tuples(st.floats(-1e9, 1e9), st.text(max_size=200), st.none() | st.text(max_size=200)),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_was_shown_is_drawn_within_the_frame(shown: list[tuple[float, str, str | None]]) -> None:
    seen = tuple(Shown(at=at(0) + timedelta(seconds=s), state=words, message=said) for s, words, said in shown)
    for root in drawn(steps(polls(2), seen)):
        height = float(root.attrib["viewBox"].split()[3])
        for element in root.iter():
            assert all(-1 <= float(element.attrib.get(n, 0)) <= WIDTH + 1 for n in ("x", "x1", "x2"))
            assert all(-1 <= float(element.attrib.get(n, 0)) <= height + 1 for n in ("y", "y1", "y2"))
