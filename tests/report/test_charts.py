"""The drawings: axes, lanes, shapes, and records that are odd."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.model import Event, JourneyResult, Reading
from golive.report.charts.journey import WIDTH, describe, journey_chart
from golive.report.charts.scale import TimeScale, round_step
from tests.report import samples
from tests.report.record import at


def drawn(journey: JourneyResult) -> ET.Element:
    return ET.fromstring(str(journey_chart(journey, "j")))  # noqa: S314 - our own document


def named(name: str) -> JourneyResult:
    return next(journey for journey in samples.rehearsal().journeys if journey.name == name)


def classes(root: ET.Element) -> Counter[str]:
    return Counter(element.attrib.get("class", "") for element in root.iter())


def bare(**changes: object) -> JourneyResult:
    values = {
        "name": "odd",
        "kind": "walk",
        "evse_id": None,
        "vcp_type": None,
        "actors": ("a",),
        "started_at": at(0),
        "finished_at": at(0),
    }
    return JourneyResult.model_validate(values | changes)


def test_a_walk_shows_session_milestones_and_each_reading() -> None:
    found = classes(drawn(named("DE*PWA*EALP22541X01617*01")))
    assert found["session"] == found["curve"] == found["final"] == 1
    assert found["mark ok"] == 5
    assert found["dot"] == 11


def test_the_busy_test_has_two_lanes_and_tells_the_refusal_by_shape() -> None:
    found = classes(drawn(named("busy")))
    assert found["track"] == 2
    assert found["session"] == 1
    assert found["mark refused"] == 1
    assert found["poll"] == 2


def test_a_failed_milestone_is_a_cross() -> None:
    assert classes(drawn(named("DE*EUL*EAUT0002*01")))["mark failed"] == 1


@pytest.mark.parametrize(
    "journey",
    [
        bare(),
        bare(actors=()),
        bare(finished_at=at(-5)),
        bare(events=(Event(at=at(-9), actor="b", what="start", text="early"),), setup_s=1e9),
        bare(readings=tuple(Reading(at=at(n), kwh=k, is_active=False, exchange="x") for n, k in enumerate("1a-"))),
        bare(readings=(Reading(at=at(1), kwh="-3", is_active=True, exchange="x"),)),
        bare(readings=(Reading(at=at(1), kwh="999999999999", is_active=True, exchange="x"),)),
        bare(events=tuple(Event(at=at(1), actor="a", what=f"e{n}", text="t", status="failed") for n in range(40))),
    ],
    ids=["empty", "nobody", "backwards", "before", "no-number", "negative", "huge", "crowded"],
)
def test_an_odd_record_is_drawn_within_its_frame(journey: JourneyResult) -> None:
    for element in drawn(journey).iter():
        for name in ("x", "x1", "x2", "cx"):
            assert -1 <= float(element.attrib.get(name, 0)) <= WIDTH + 1


def test_the_alternative_tells_the_milestones_and_the_energy() -> None:
    said = describe(named("DE*PWA*EALP22541X01617*01"))
    assert "started by driver DE*PWA*EALP22541X01617*01 after 1.0 s" in said
    assert said.endswith("12 readings: energy from 0.000 to 10.000 kWh.")


@given(st.floats(min_value=1e-3, max_value=1e7))
def test_an_axis_has_a_few_round_ticks_within_it(span: float) -> None:
    ticks = TimeScale(at(0), span, 10, 110).ticks()
    assert 2 <= len(ticks) <= 8
    assert all(10 <= place <= 110.001 for place, _ in ticks)


@given(st.floats(min_value=1e-3, max_value=1e9))
def test_a_round_step_is_never_much_larger_than_asked_for(rough: float) -> None:
    assert rough * 0.99 <= round_step(rough) <= rough * 2.51
