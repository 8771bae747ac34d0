"""A charge through the partner's app, held against the wire."""

import itertools
from typing import Any

import pytest

from golive.evidence.integration import Charge
from golive.integration.adapter import AppError, Shown
from golive.integration.charges import ChargeWalk
from golive.journeys.vcp import Vcp
from golive.outcomes import Outcome, Owner
from tests.integration.bench import (
    PACE,
    PROGRESS,
    SHARED,
    START,
    STOP,
    App,
    Wire,
    always,
    clock,
    refusal,
    seat,
    started,
)


def charge(vcp: Vcp, wire: Wire | None = None, **acts: Any) -> tuple[Charge, App]:
    wire = wire or Wire()
    app = App(wire, **acts)
    return ChargeWalk(seat(app), vcp, lambda: tuple(wire.exchanges), clock(), PACE).run(), app


def concluded(told: Charge) -> tuple[Outcome, Owner | None]:
    return told.outcome, told.owner


def test_a_charge_goes_from_sign_up_to_receipt() -> None:
    told, app = charge(PROGRESS)
    assert concluded(told) == (Outcome.PASSED, None)
    assert (told.user_id, told.session_id, told.receipt) == ("u1", "s1", "2 kWh, 1.08 EUR")
    acts = [act for act, *_ in app.asked]
    assert [act for act, _ in itertools.groupby(acts)] == [
        "sign_up",
        "add_payment_method",
        "find_station",
        "start",
        "shown",
        "stop",
        "receipt",
        "shown",
    ]
    assert acts.count("shown") >= 3, "the energy was not seen to rise"


def test_a_shared_vcp_is_held_for_one_look() -> None:
    _, app = charge(SHARED)
    acts = [act for act, *_ in app.asked]
    assert acts[acts.index("start") : acts.index("stop")] == ["start", "shown"]


def test_a_charge_that_nobody_saw_on_the_wire_is_none() -> None:
    told, _ = charge(PROGRESS, start=always(None))
    assert concluded(told) == (Outcome.FAILED, Owner.PARTNER)
    assert "no start on DE*EUL*EAUT0002*01 was seen" in (told.message or "")


def test_a_stop_that_nobody_saw_on_the_wire_is_none() -> None:
    told, _ = charge(PROGRESS, stop=always(None))
    assert concluded(told) == (Outcome.FAILED, Owner.PARTNER)
    assert "no stop of s1 was seen" in (told.message or "")


def test_a_session_that_ended_by_itself_needs_no_stop() -> None:
    wire = Wire()

    def stop(driver: str) -> None:
        path = "/users/u1/charging-sessions/s1/"
        wire.put("users_charging_sessions_retrieve", path, method="GET", answer={"id": "s1", "is_active": False})

    assert concluded(charge(PROGRESS, wire, stop=stop)[0]) == (Outcome.PASSED, None)


def test_a_charge_that_was_over_before_its_driver_came_to_stop_it_is_no_failure() -> None:
    wire = Wire()
    looks: list[str] = []

    def shown(driver: str) -> Shown:
        path = "/users/u1/charging-sessions/s1/"
        wire.put("users_charging_sessions_retrieve", path, method="GET", answer={"id": "s1", "is_active": False})
        looks.append(driver)
        return Shown("Finished", "10 kWh")

    def stop(driver: str) -> None:
        raise AppError("You are not charging.")

    told, _ = charge(PROGRESS, wire, shown=shown, stop=stop)
    assert concluded(told) == (Outcome.PASSED, None)
    assert len(looks) == 3, "nothing changes any more: one look that reads the end, one after it, one after the receipt"
    assert told.receipt == "2 kWh, 1.08 EUR"


def test_a_vcp_that_another_party_holds_is_nobodys_failure() -> None:
    wire = Wire()

    def start(driver: str, evse_id: str) -> None:
        started(wire, evse_id, 424, refusal("charging_provider_error"))
        raise AppError("The station is busy.")

    assert concluded(charge(SHARED, wire, start=start)[0]) == (Outcome.INCONCLUSIVE, Owner.ENVIRONMENT)
    assert concluded(charge(PROGRESS, wire, start=start)[0]) == (Outcome.INCONCLUSIVE, Owner.CARIQA)


@pytest.mark.parametrize(("status", "troubled"), [(None, True), (503, True), (429, True), (403, False)])
def test_an_act_that_the_target_kept_from_succeeding_is_not_the_partners_fault(
    status: int | None, troubled: bool
) -> None:
    wire = Wire()

    def add(driver: str, payment_method: str) -> None:
        wire.put("users_setup_intents_retrieve", "/users/u1/setup-intents/", method="GET", status=status)
        raise AppError("Please try again.")

    expected = (Outcome.INCONCLUSIVE, Owner.ENVIRONMENT) if troubled else (Outcome.FAILED, Owner.PARTNER)
    assert concluded(charge(SHARED, wire, add_payment_method=add)[0]) == expected


@pytest.mark.parametrize(
    ("status", "type_", "expected"),
    [
        (424, "charging_provider_error", (Outcome.INCONCLUSIVE, Owner.CARIQA)),
        (409, "already_stopped", (Outcome.FAILED, Owner.PARTNER)),
    ],
)
def test_a_stop_that_the_target_refused_leaves_no_receipt_to_be_missed(
    status: int, type_: str, expected: tuple[Outcome, Owner]
) -> None:
    wire = Wire()

    def stop(driver: str) -> None:
        wire.put(STOP, "/users/u1/charging/stop/s1/", status=status, answer=refusal(type_))

    def told(driver: str) -> None:
        stop(driver)
        raise AppError("Please try again.")

    assert concluded(charge(SHARED, wire, stop=stop, receipt=always(None))[0]) == expected
    assert concluded(charge(SHARED, wire, stop=told)[0]) == expected


def test_a_target_that_fails_is_not_the_partners_fault() -> None:
    wire = Wire()

    def start(driver: str, evse_id: str) -> None:
        started(wire, evse_id, 500, refusal("unexpected_error"))
        raise AppError("Something went wrong.")

    assert concluded(charge(PROGRESS, wire, start=start)[0]) == (Outcome.INCONCLUSIVE, Owner.CARIQA)


def test_the_charge_is_stopped_though_the_app_shows_nothing_more() -> None:
    def shown(driver: str) -> Shown:
        raise RuntimeError("broken page")

    told, app = charge(PROGRESS, shown=shown)
    assert concluded(told) == (Outcome.INCONCLUSIVE, Owner.PARTNER)
    assert ("stop", "ada") in app.asked


def test_without_a_receipt_the_charge_has_no_end() -> None:
    told, _ = charge(SHARED, receipt=always(None))
    assert concluded(told) == (Outcome.FAILED, Owner.PARTNER)
    assert "no receipt" in (told.message or "")


@pytest.mark.parametrize("act", ["start", "stop"])
def test_what_is_not_offered_is_not_shown(act: str) -> None:
    told, _ = charge(SHARED, **{act: None})
    assert told.outcome is Outcome.SKIPPED
    assert f"offers no {act}" in (told.message or "")


def test_another_drivers_requests_are_no_part_of_it() -> None:
    wire = Wire()

    def find(driver: str, evse_id: str) -> str:
        wire.put(START, "/users/u2/charging/start/", sent={"evse_id": "other"}, status=201, answer={"id": "s2"})
        return ""

    told, _ = charge(SHARED, wire, find_station=find)
    theirs = {each.id for each in wire.exchanges if "/u2/" in each.request.url}
    assert theirs
    assert theirs.isdisjoint(told.exchanges)


def test_a_run_that_ends_leaves_the_charge_unjudged() -> None:
    wire = Wire()
    app, ended = App(wire, shown=always(Shown())), clock()
    ended.cancel()
    told = ChargeWalk(seat(app), PROGRESS, lambda: tuple(wire.exchanges), ended, PACE).run()
    assert told.outcome is Outcome.NOT_RUN
    assert ("stop", "ada") in app.asked
