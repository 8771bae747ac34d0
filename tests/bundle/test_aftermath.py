"""What a run left, derived again from its exchanges: nothing kept back, nothing invented."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from golive.bundle.checks.aftermath import left
from golive.bundle.checks.holds import holds
from golive.evidence.model import Evidence
from tests.bundle.bench import Base, Json, edited

NEVER = "00000000-0000-4000-8000-000000000000"


def _exchanges(record: Json, operation: str) -> list[Json]:
    return [exchange for exchange in record["exchanges"] if exchange["operation"] == operation]


def _said_open(record: Json, session: str, *, active: bool) -> None:
    """The last list of a user is one more, in which this session is as told."""
    start = next(
        x for x in _exchanges(record, "users_charging_start_create") if session in (x["response"] or {})["body"]
    )
    last = json.loads(json.dumps(start))
    last.update(id="x9999", operation="users_charging_sessions_list", test=None)
    last["request"].update(method="GET", url=start["request"]["url"].replace("charging/start", "charging-sessions"))
    last["response"].update(status=200, body=json.dumps({"results": [{"id": session, "is_active": active}]}))
    record["exchanges"].append(last)


def _told_open(record: Json) -> None:
    _said_open(record, record["aftermath"]["started"][0], active=True)
    record["aftermath"]["open_after"] = [record["aftermath"]["started"][0]]


def _not_seen(record: Json) -> None:
    _said_open(record, record["aftermath"]["started"][0], active=True)
    record["aftermath"]["left_behind"] = ["whether all sessions have ended could not be seen"]


def _undeleted(record: Json) -> None:
    user = record["aftermath"]["users"][0]["user_id"]
    for exchange in _exchanges(record, "users_destroy"):
        if user in exchange["request"]["url"]:
            exchange["response"].update(status=500)


def _cut_by_the_watch(record: Json) -> None:
    """The stop of the first session was the hold watch's."""
    session = record["aftermath"]["holds"][0]["session_id"]
    for exchange in record["exchanges"]:
        if f"/charging/stop/{session}" in exchange["request"]["url"]:
            exchange["actor"] = "hold watch"


HOLDS: dict[str, tuple[Callable[[Json], Any], str]] = {
    "that is shorter than it was": (lambda r: _held(r).update(held_s=-100.0), "is said to be held for -100 s"),
    "that is longer than it was": (lambda r: _held(r).update(held_s=900.0), "is said to be held for 900 s"),
    "of a session that never was": (lambda r: _held(r).update(session_id=NEVER), "did not start it"),
    "that is there twice": (lambda r: r["aftermath"]["holds"].append(_held(r)), "there twice"),
    "that was cut": (_cut_by_the_watch, "stopped at its bound"),
}


def _held(record: Json) -> Json:
    hold: Json = record["aftermath"]["holds"][0]
    return hold


@pytest.mark.parametrize(("edit", "said"), HOLDS.values(), ids=list(HOLDS))
def test_a_hold_that_the_exchanges_do_not_show_is_found(base: Base, edit: Callable[[Json], Any], said: str) -> None:
    record = json.loads(base.files["evidence.json"])
    edit(record)
    assert any(said in problem for problem in holds(Evidence.model_validate(record)))


def test_the_holds_of_a_run_are_as_its_exchanges_show(base: Base) -> None:
    assert base.evidence.aftermath.holds
    assert holds(base.evidence) == []


KEPT_BACK: dict[str, tuple[Callable[[Json], Any], str]] = {
    "a session": (lambda r: r["aftermath"]["started"].pop(), "which is not told"),
    "a user": (lambda r: r["aftermath"]["users"].pop(), "which is not told"),
    "that a session is open": (lambda r: _said_open(r, r["aftermath"]["started"][0], active=True), "not told as open"),
    "that a user is still there": (_undeleted, "no exchange shows it"),
    "a session that never was": (lambda r: r["aftermath"]["started"].append(NEVER), "was started by no exchange"),
    "a user that never was": (
        lambda r: r["aftermath"]["users"].append(r["aftermath"]["users"][0] | {"user_id": NEVER}),
        "was created by no exchange",
    ),
    "a session twice": (lambda r: r["aftermath"]["started"].append(r["aftermath"]["started"][0]), "there twice"),
    "a user twice": (lambda r: r["aftermath"]["users"].append(r["aftermath"]["users"][0]), "there twice"),
    "that a user was deleted": (lambda r: r["aftermath"]["users"][0].update(fate="kept"), "said to be kept, but"),
}


def of(base: Base, edit: Callable[[Json], Any]) -> Evidence:
    return edited(base.evidence, edit)


def test_the_rehearsal_agrees(base: Base) -> None:
    told = base.evidence.aftermath
    assert told.users
    assert told.started
    assert left(base.evidence) == []


@pytest.mark.parametrize("what", KEPT_BACK)
def test_what_is_kept_back_or_invented_is_found(base: Base, what: str) -> None:
    edit, said = KEPT_BACK[what]
    assert said in " ".join(left(of(base, edit)))


def _lost(operation: str, body: str | None) -> Callable[[Json], None]:
    """The answer was lost, or is in another form; so nothing is known of what it began."""

    def edit(record: Json) -> None:
        for exchange in _exchanges(record, operation):
            if exchange["response"] is not None:
                exchange["response"].update(body=body)

    return edit


HONEST: dict[str, Callable[[Json], Any]] = {
    "a start without a body": _lost("users_charging_start_create", None),
    "a start in another form": _lost("users_charging_start_create", '[{"id": "9"}]'),
    "a user in another form": _lost("users_list", '{"data": 1}'),
    "a list in another form": _lost("users_charging_sessions_list", '{"results": [7, {"is_active": "no"}]}'),
    "a session that is told as open": _told_open,
    "one that ended": lambda r: _said_open(r, r["aftermath"]["started"][0], active=False),
    "an end that could not be seen": _not_seen,
    "a user that was gone": lambda r: [x["response"].update(status=404) for x in _exchanges(r, "users_destroy")],
}


@pytest.mark.parametrize("what", HONEST)
def test_what_an_honest_run_may_meet_is_no_contradiction(base: Base, what: str) -> None:
    assert left(of(base, HONEST[what])) == []
