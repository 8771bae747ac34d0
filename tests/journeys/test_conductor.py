"""All journeys of a run: at once, but one after the other on a VCP that is shared."""

import threading
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from fixtures.catalogue import LISTED_VCPS, PROGRESS_VCPS, SHARED_VCPS
from fixtures.charging import REFUSED_STARTS
from golive.evidence.model import CheckResult, Stage, StageStatus
from golive.journeys.conductor import Conductor
from golive.journeys.driver import Driver
from golive.journeys.timeline import Milestone
from golive.journeys.told import critical_path_s, journeys_told, matrix
from golive.journeys.vcp import Vcp
from golive.outcomes import Outcome
from tests.journeys.bench import PATIENCE_S, PROGRESS, SHARED, START, Bench, Fault, bounded, refused
from tests.journeys.conftest import MakeBench

EVERYTHING: dict[str, Any] = {
    "walks": LISTED_VCPS,
    "unstopped": PROGRESS_VCPS[-1],
    "shared": SHARED_VCPS,
    "busy": True,
    "refusals": True,
    "refused_starts": REFUSED_STARTS,
    "refused_on": PROGRESS,
}


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def conductor(bench: Bench) -> Conductor:
    """Everything that a full run needs, lived to its end; all drivers were being made at the same moment."""
    together = threading.Barrier(len(LISTED_VCPS) + 3 + len(REFUSED_STARTS))
    make, arrived = bench.drivers.make, set[int]()

    def meet_then_make(name: str, **kwargs: Any) -> Driver:
        if threading.get_ident() not in arrived:
            arrived.add(threading.get_ident())
            together.wait(PATIENCE_S)
        return make(name, **kwargs)

    bench.drivers.make = meet_then_make  # type: ignore[method-assign]
    conductor = bench.conductor(**EVERYTHING)
    conductor.begin()
    bounded(conductor.wait)
    return conductor


def test_every_journey_comes_to_its_end(conductor: Conductor, bench: Bench) -> None:
    assert len(conductor.journeys) == len({journey.name for journey in conductor.journeys}) == 16
    assert {journey.name: journey.timeline.broke_because() for journey in conductor.journeys} == {
        journey.name: None for journey in conductor.journeys
    }
    assert bench.still_open == []


def test_the_journeys_run_at_once(conductor: Conductor) -> None:
    """They met at the barrier, so all were under way together; their timelines say the same."""
    made = [journey.timeline.peek(Milestone.READY) for journey in conductor.journeys]
    assert max(journey.timeline.started_at for journey in conductor.journeys) < min(step.at for step in made if step.at)


def test_each_journey_has_a_driver_of_its_own(conductor: Conductor, bench: Bench) -> None:
    users = [session.user_id for session in bench.world.sessions.values()]
    assert len(users) == len(set(users)) == 11
    actors = {exchange.actor for exchange in bench.recorder.exchanges}
    assert {journey.name for journey in conductor.walks.values()} <= actors


def test_own_journeys_never_overlap_on_a_shared_vcp(conductor: Conductor, bench: Bench) -> None:
    on_shared: dict[str, list[tuple[Any, Any]]] = {}
    for session in bench.world.sessions.values():
        if session.stopped_at is not None and session.evse.evse_id in {vcp.evse_id for vcp in SHARED_VCPS}:
            on_shared.setdefault(session.evse.evse_id, []).append((session.started_at, session.stopped_at))
    assert sum(map(len, on_shared.values())) == len(SHARED_VCPS) + 2
    for stays in on_shared.values():
        for (_, left), (came, _) in combinations(sorted(stays), 2):
            assert left <= came


def test_only_the_second_driver_of_the_meeting_ever_meets_a_busy_station(conductor: Conductor, bench: Bench) -> None:
    busy = [e.actor for e in bench.recorder.exchanges if e.response is not None and e.response.status == 424]
    assert busy == ["busy driver B"]


def test_only_what_is_needed_is_begun(bench: Bench) -> None:
    assert bench.conductor().journeys == ()
    (walk,) = bench.conductor(walks=(SHARED,), shared=SHARED_VCPS).journeys
    assert walk.name == f"driver {SHARED}"


def test_a_tick_is_called_while_it_waits(make_bench: MakeBench) -> None:
    conductor = make_bench(tick=0.05).conductor(walks=(PROGRESS,))
    conductor.begin()
    ticks: list[int] = []
    bounded(lambda: conductor.wait(lambda: ticks.append(1)))
    assert ticks


# -- as it is told -------------------------------------------------------------------------------------------


def check(vcp: Vcp, stage: Stage, outcome: Outcome) -> CheckResult:
    return CheckResult(
        nodeid="n", title="t.", section="s", requirement_ids=(), evse_id=vcp.evse_id, stage=stage, outcome=outcome
    )


def test_the_matrix_has_a_row_for_each_listed_vcp(conductor: Conductor) -> None:
    rows = matrix(LISTED_VCPS, conductor, ())
    assert [row.evse_id for row in rows] == [vcp.evse_id for vcp in LISTED_VCPS]
    for vcp, row in zip(LISTED_VCPS, rows, strict=True):
        not_for_it = {Stage.PROGRESSED} if vcp.is_shared else set()
        assert {stage for stage, cell in row.stages.items() if cell.status is StageStatus.MET} == set(
            Stage
        ) - not_for_it
        assert {stage for stage, cell in row.stages.items() if cell.at is None} == not_for_it
        assert row.session_id == conductor.walks[vcp].started().id
        assert row.held_s is not None


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (Outcome.FAILED, StageStatus.FAILED),
        (Outcome.INCONCLUSIVE, StageStatus.INCONCLUSIVE),
        (Outcome.ERROR, StageStatus.INCONCLUSIVE),
        (Outcome.PASSED, StageStatus.MET),
        (Outcome.SKIPPED, StageStatus.MET),
        (Outcome.NOT_RUN, StageStatus.MET),
        (Outcome.DESELECTED, StageStatus.MET),
    ],
)
def test_a_cell_is_the_worst_of_journey_and_checks(conductor: Conductor, outcome: Outcome, shown: StageStatus) -> None:
    checks = [check(SHARED, Stage.SETTLED, o) for o in (Outcome.PASSED, outcome, Outcome.PASSED)]
    row = next(row for row in matrix(LISTED_VCPS, conductor, checks) if row.evse_id == SHARED.evse_id)
    assert row.stages[Stage.SETTLED].status is shown
    assert row.stages[Stage.STARTED].status is StageStatus.MET


def test_a_vcp_that_was_not_visited_is_not_run() -> None:
    for row in matrix(LISTED_VCPS, None, ()):
        assert {cell.status for cell in row.stages.values()} <= {StageStatus.NOT_RUN, StageStatus.NOT_APPLICABLE}
        assert row.session_id is None
        assert row.held_s is None


def test_a_walk_that_broke_is_told_so(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, refused(404)))
    conductor = bench.conductor(walks=(PROGRESS,))
    bench.lived(conductor.walks[PROGRESS])
    (row,) = matrix((PROGRESS,), conductor, (check(PROGRESS, Stage.SETTLED, Outcome.INCONCLUSIVE),))
    assert {stage: cell.status for stage, cell in row.stages.items()} == {
        Stage.LOCATED: StageStatus.MET,
        Stage.STARTED: StageStatus.FAILED,
        Stage.PROGRESSED: StageStatus.NOT_RUN,
        Stage.STOPPED: StageStatus.NOT_RUN,
        Stage.SETTLED: StageStatus.INCONCLUSIVE,
        Stage.INVOICED: StageStatus.NOT_RUN,
    }
    (told,) = journeys_told(conductor)
    assert told.ended_by is not None
    assert told.ended_by.startswith("started: ")
    assert told.receipt is None
    assert told.session_id is None


def test_each_kind_of_journey_is_told(conductor: Conductor) -> None:
    told = {journey.name: journey for journey in journeys_told(conductor)}
    assert len(told) == 16
    kinds = [journey.kind for journey in told.values()]
    assert (kinds.count("walk"), kinds.count("busy"), kinds.count("refusals")) == (9, 1, 6)
    assert told["busy driver"].actors == ("busy driver A", "busy driver B")
    assert told["busy driver"].session_id is not None
    for journey in told.values():
        assert journey.started_at <= journey.finished_at
        assert journey.setup_s > 0
        assert list(journey.events) == sorted(journey.events, key=lambda event: event.at)
        assert {event.actor for event in journey.events} <= set(journey.actors)
        assert journey.ended_by is None


def test_a_receipt_is_the_settled_session_word_for_word(conductor: Conductor) -> None:
    told = {journey.name: journey for journey in journeys_told(conductor)}
    for vcp, walk in conductor.walks.items():
        receipt, cdr = told[walk.name].receipt, walk.settled()
        assert receipt is not None
        assert receipt.session_id == cdr.session.id
        assert receipt.energy_kwh == str(cdr.energy)
        assert (receipt.start_time, receipt.end_time, receipt.duration_s) == (
            cdr.start_time,
            cdr.end_time,
            cdr.duration_s,
        )
        assert receipt.currency == "EUR"
        assert receipt.costs["invoice_summary"] == str(cdr.cost.invoice_summary)
        assert receipt.costs.keys().isdisjoint({"currency", "invoice_download"})
        assert receipt.prices["kwh_price"] == str(cdr.prices.kwh_price)
        assert receipt.exchange in walk.timeline.peek(Milestone.SETTLED).exchanges
        assert told[walk.name].evse_id == vcp.evse_id


def test_the_critical_path_is_the_slowest_walk(conductor: Conductor) -> None:
    told = journeys_told(conductor)
    walks = [(j.finished_at - j.started_at).total_seconds() for j in told if j.kind == "walk"]
    assert critical_path_s(told) == max(walks)
    assert critical_path_s([j for j in told if j.kind != "walk"]) is None
    assert journeys_told(None) == ()
