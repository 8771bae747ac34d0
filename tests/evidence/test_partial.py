"""The record of a run that was killed: whatever of it is on disk makes a record, and never that of a whole run."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.evidence import partial
from golive.evidence.checklist import REQUIREMENTS
from golive.evidence.model import (
    CheckResult,
    Evidence,
    EvseResult,
    Exchange,
    Observation,
    Probe,
    Request,
    Response,
    Run,
    Stage,
    StageResult,
    StageStatus,
    Status,
    VcpType,
    Verdict,
    VerdictStatus,
)
from golive.evidence.partial import NothingLeftError
from golive.outcomes import Outcome, Owner

BEGAN = datetime(2026, 3, 2, 10, tzinfo=UTC)
EVSE = "DE*PWA*EALP22541X01617*01"


def begun(**run: Any) -> Evidence:
    """A record as it is before anything was asked."""
    tests = tuple(
        CheckResult(
            nodeid=f"suites/test_06_charging.py::test_{name}",
            title=f"It {name}.",
            section="charging",
            requirement_ids=("DEV-CHARGING",),
            evse_id=EVSE,
            stage=Stage.STARTED,
            outcome=Outcome.NOT_RUN,
            message="was not run",
        )
        for name in ("starts", "stops")
    )
    return Evidence(
        run=Run(
            **{
                "id": "20260302t100000z-abcdef-01",
                "started_at": BEGAN,
                "finished_at": BEGAN,
                "target": "http://127.0.0.1:8400",
                "target_kind": "url",
                "rehearsal": True,
                "complete": False,
                "suite_version": "0.1.0",
                "commit": None,
                "digest": "0" * 64,
                "python": "3.11",
                "options": {},
                "seed": 7,
                "key_fingerprint": None,
                "wall_s": 0.0,
                "critical_path_s": None,
                "register_version": "2",
                **run,
            }
        ),
        verdict=Verdict(status=VerdictStatus.INCOMPLETE, rehearsal=True, reasons=()),
        tests=tests,
        evses=(
            EvseResult(
                evse_id=EVSE,
                vcp_type=VcpType.PROGRESS,
                stages={stage: StageResult(status=StageStatus.NOT_RUN) for stage in Stage},
            ),
        ),
    )


BEGUN = begun()
STARTS, STOPS = BEGUN.tests


def _exchange(number: int, *, status: int | None = 200, operation: str = "users_retrieve", **more: Any) -> Exchange:
    response = None if status is None else Response(status=status, headers={}, body=more.pop("body", '{"id": "u1"}'))
    more.setdefault("request", Request(method="GET", url="http://127.0.0.1:8400/api/v1/users/u1/", headers={}))
    return Exchange(
        id=f"x{number:04d}",
        actor="driver",
        operation=operation,
        started_at=BEGAN + timedelta(seconds=number),
        took_s=0.5,
        response=response,
        **more,
    )


def _line(kind: str, thing: Any) -> bytes:
    return f'{{"{kind}":{thing.model_dump_json()}}}\n'.encode()


HEAD = _line(partial.HEAD, BEGUN)
LINES = [
    _line(partial.PROBE, Probe(name="target", outcome=Outcome.PASSED, message="answers", exchanges=("x0001",))),
    _line(partial.EXCHANGE, _exchange(1, status=None)),
    _line(partial.EXCHANGE, _exchange(1)),
    _line(partial.EXCHANGE, _exchange(2, test=STARTS.nodeid)),
    _line(
        partial.CHECK,
        STARTS.model_copy(update={"outcome": Outcome.PASSED, "message": None, "exchanges": ("x0002",)}),
    ),
    _line(partial.OBSERVATION, Observation(code="ODD", owner=Owner.CARIQA, message="odd — ☃", exchanges=("x0002",))),
    _line(partial.EXCHANGE, _exchange(3, status=None, test=STOPS.nodeid)),
]
WHOLE = HEAD + b"".join(LINES)


def test_what_was_written_is_in_the_record() -> None:
    found = partial.read(WHOLE)
    assert [exchange.id for exchange in found.exchanges] == ["x0001", "x0002", "x0003"]
    assert found.exchanges[0].response is not None, "the later word counts"
    assert found.exchanges[2].error is not None
    assert found.exchanges[2].error.kind == "Unfinished"
    starts, stops = found.tests
    assert starts.outcome is Outcome.PASSED
    assert (stops.outcome, stops.message, stops.exchanges) == (Outcome.NOT_RUN, "was interrupted", ("x0003",))
    assert [probe.name for probe in found.preflight] == ["target"]
    assert [seen.message for seen in found.observations] == ["odd — ☃"]
    assert found.evses[0].stages[Stage.STARTED].status is StageStatus.MET
    assert found.run.finished_at == BEGAN + timedelta(seconds=3.5)
    assert found.run.wall_s == 3.5


def _never_whole(found: Evidence) -> None:
    assert found.run.complete is False
    assert found.run.died is True
    assert found.verdict.status is not VerdictStatus.READY
    assert "partial" in found.verdict.reasons[0]
    assert [r.id for r in found.requirements] == [r.id for r in REQUIREMENTS]


@given(st.integers(0, len(WHOLE)))
@settings(max_examples=300)
def test_broken_off_at_any_byte_it_is_a_partial_record_or_none(at: int) -> None:
    try:
        found = partial.read(WHOLE[:at])
    except NothingLeftError:
        assert at < len(HEAD) - 1
        return
    _never_whole(found)
    Evidence.model_validate_json(found.model_dump_json())
    # a line counts as soon as its last bracket is there
    lines = WHOLE[: at + 1].count(b"\n") if WHOLE[at : at + 1] == b"\n" else WHOLE[:at].count(b"\n")
    assert found == partial.read(b"\n".join(WHOLE.split(b"\n")[:lines]) + b"\n")


@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=60), st.just(b"[1]\n"), st.just(b'{"check":1}\n')))
)
def test_whatever_stands_between_does_no_harm(lines: list[bytes]) -> None:
    found = partial.read(HEAD + b"\n".join(lines))
    _never_whole(found)
    assert {check.nodeid for check in found.tests} == {STARTS.nodeid, STOPS.nodeid}


def test_with_everything_passed_and_met_it_is_not_ready() -> None:
    """Also where nothing seems to be missing, nobody knows what the end would have brought."""
    before = begun(rehearsal=False, target_kind="dev")
    checks = [
        STARTS.model_copy(
            update={"outcome": Outcome.PASSED, "message": None, "requirement_ids": tuple(r.id for r in REQUIREMENTS)}
        )
    ]
    before = before.model_copy(update={"tests": tuple(checks)})
    found = partial.read(_line(partial.HEAD, before))
    _never_whole(found)
    assert any(requirement.status is Status.MET for requirement in found.requirements)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"{}\n",
        b"null\n",
        b'{"begun": 7}\n',
        b"\xff\xfe\n",
        HEAD[:-40],
        b"\n" + HEAD,
        _line(partial.HEAD, begun(complete=True)),
        _line(partial.HEAD, begun(register_version="1")),
    ],
    ids=["nothing", "a line", "empty", "null", "number", "binary", "torn", "late", "complete", "another register"],
)
def test_without_a_first_line_there_is_nothing(data: bytes) -> None:
    with pytest.raises(NothingLeftError):
        partial.read(data)
    assert partial.run_id_of(data) is None


def test_a_check_that_the_run_did_not_have_is_left_out() -> None:
    stranger = _line(partial.CHECK, STARTS.model_copy(update={"nodeid": "x.py::y", "requirement_ids": ("NO-SUCH",)}))
    assert partial.read(HEAD + stranger).tests == BEGUN.tests


# -- what was begun ------------------------------------------------------------------------------------------


def _asked(method: str, path: str, body: str | None = None) -> Request:
    return Request(method=method, url=f"http://127.0.0.1:8400/api/v1{path}", headers={}, body=body)


MADE = _exchange(
    1,
    status=201,
    operation="users_create",
    request=_asked("POST", "/users/", '{"custom_properties": {"external_id": "golive-1"}}'),
)
STARTED = _exchange(2, status=201, operation="users_charging_start_create", body='{"id": "s1", "is_active": true}')
STOPPED = _exchange(
    3, status=204, operation="users_charging_stop_create", request=_asked("POST", "/users/u1/charging/stop/s1/")
)
READ = _exchange(3, operation="users_charging_sessions_retrieve", body='{"id": "s1", "is_active": false}')
DELETED = _exchange(4, status=204, operation="users_destroy", request=_asked("DELETE", "/users/u1/"))


@pytest.mark.parametrize(
    ("exchanges", "open_after", "fates"),
    [
        ([MADE], (), ["left"]),
        ([MADE, STARTED], ("s1",), ["left"]),
        ([MADE, STARTED, STOPPED], (), ["left"]),
        ([MADE, STARTED, READ], (), ["left"]),
        ([MADE, STARTED, STOPPED, DELETED], (), ["deleted"]),
        ([MADE.model_copy(update={"response": None})], (), []),
    ],
    ids=["made", "started", "stopped", "ended", "deleted", "lost"],
)
def test_what_was_not_seen_to_end_is_told_as_left(
    exchanges: list[Exchange], open_after: tuple[str, ...], fates: list[str]
) -> None:
    told = partial.read(HEAD + b"".join(_line(partial.EXCHANGE, each) for each in exchanges)).aftermath
    assert told.open_after == open_after
    assert [user.fate for user in told.users] == fates
    assert [user.external_id for user in told.users] == ["golive-1"] * len(fates)
    assert len(told.left_behind) == len(open_after) + fates.count("left")


def test_a_line_is_json() -> None:
    assert [list(json.loads(line)) for line in WHOLE.splitlines()][:3] == [["begun"], ["probe"], ["exchange"]]
