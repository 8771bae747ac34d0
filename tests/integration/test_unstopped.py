"""A charge that its driver leaves alone: its end is read, shown and billed, or it is told whose move it is."""

import threading
from typing import Any

import pytest

from golive.evidence.integration import Charge
from golive.evidence.model import Exchange
from golive.integration.adapter import AppError, Shown
from golive.integration.unstopped import UnstoppedWalk
from golive.outcomes import Outcome, Owner
from tests.integration.bench import PACE, PROGRESS, SHARED, START, App, Wire, always, clock, seat, started

LOOKS = 5
"""After so many the session ends."""


class Left:
    """An app whose backend reads the session as it goes on and ends; and the gateway behind it."""

    def __init__(self, *, ends: bool = True, reads: bool = True, notices: bool = True, **acts: Any) -> None:
        self.wire = Wire()
        self.app = App(self.wire, **{"shown": self.shown, "receipt": self.receipt, **acts})
        self.ends, self.reads, self.notices = ends, reads, notices
        self.looks = 0
        self.ended: list[str] = []

    @property
    def is_over(self) -> bool:
        return self.ends and self.looks > LOOKS

    def shown(self, driver: str) -> Shown:  # noqa: ARG002
        self.looks += 1
        if self.reads:
            self.read("partner")
        return Shown("Finished" if self.is_over and self.reads and self.notices else "Charging", f"{self.looks} kWh")

    def receipt(self, driver: str) -> str | None:  # noqa: ARG002
        return "6 kWh" if self.is_over else None

    def read(self, actor: str) -> Exchange:
        answer = {"results": [{"id": "s1", "is_active": not self.is_over}]}
        path = "/users/u1/charging-sessions/"
        return self.wire.put("users_charging_sessions_list", path, method="GET", answer=answer, actor=actor)

    def look(self, user_id: str) -> tuple[Exchange, ...]:  # noqa: ARG002
        return (self.read("gateway"),)

    def end(self, user_id: str) -> list[str]:
        self.ended.append(user_id)
        return []

    def was_cut(self, session_id: str) -> bool:  # noqa: ARG002
        return False

    def run(self) -> Charge:
        def partners() -> tuple[Exchange, ...]:
            return tuple(each for each in self.wire.exchanges if each.actor == "partner")

        alone = threading.Lock()
        return UnstoppedWalk(seat(self.app), PROGRESS, partners, clock(), PACE, self, alone=alone).run()


def test_the_end_is_awaited_shown_and_billed() -> None:
    left = Left()
    told = left.run()
    assert (told.outcome, told.stops, told.receipt) == (Outcome.PASSED, False, "6 kWh")
    assert told.shown[-1].state == "Finished"
    assert "stop" not in [act for act, *_ in left.app.asked]


@pytest.mark.parametrize(
    ("faults", "owner", "outcome", "said"),
    [
        ({"reads": False}, Owner.PARTNER, Outcome.FAILED, "session s1 has ended, and 0.2 s after its start"),
        ({"ends": False}, Owner.CARIQA, Outcome.INCONCLUSIVE, "session s1, which nobody stopped, was active still"),
        ({"notices": False}, Owner.PARTNER, Outcome.FAILED, "the driver is still shown 'Charging'"),
        ({"receipt": always(None)}, Owner.PARTNER, Outcome.FAILED, "the driver has no receipt"),
    ],
    ids=["never-read", "never-ends", "never-noticed", "no-receipt"],
)
def test_what_does_not_come_is_told_with_its_owner(
    faults: dict[str, Any], owner: Owner, outcome: Outcome, said: str
) -> None:
    left = Left(**faults)
    told = left.run()
    assert (told.outcome, told.owner) == (outcome, owner)
    assert said in (told.message or "")
    assert left.ended == ["u1"], "the session is not left going"


def test_an_app_that_names_no_state_shows_the_end_by_its_receipt() -> None:
    left = Left()
    left.app.shown = lambda driver: Shown(kwh=left.shown(driver).kwh)  # type: ignore[method-assign]
    assert left.run().outcome is Outcome.PASSED


def test_a_backend_that_stops_what_its_driver_did_not_is_told() -> None:
    left = Left()

    def shown(driver: str) -> Shown:
        if left.looks == LOOKS:
            left.app.stop(driver)
        return left.shown(driver)

    left.app.shown = shown  # type: ignore[method-assign]
    told = left.run()
    assert (told.outcome, told.owner) == (Outcome.FAILED, Owner.PARTNER)
    assert "though its driver did not ask for it" in (told.message or "")


@pytest.mark.parametrize("act", ["start", "shown", "receipt"])
def test_what_could_not_be_seen_is_not_begun(act: str) -> None:
    missing: dict[str, Any] = {act: None}
    left = Left(**missing)
    told = left.run()
    assert told.outcome is Outcome.SKIPPED
    assert f"offers no {act}" in (told.message or "")
    assert not any(each.operation == START for each in left.wire.exchanges)


def test_an_error_of_the_app_in_the_middle_ends_it() -> None:
    left = Left()

    def shown(driver: str) -> Shown:
        raise AppError("Oops.")

    left.app.shown = shown  # type: ignore[method-assign]
    told = left.run()
    assert (told.outcome, told.owner) == (Outcome.FAILED, Owner.PARTNER)
    assert left.ended == ["u1"]


def test_another_driver_who_starts_on_the_same_evse_is_no_part_of_it() -> None:
    left = Left()
    started(left.wire, PROGRESS.evse_id, answer={"id": "s9", "is_active": True})
    told = left.run()
    assert told.session_id == "s1"
    assert SHARED.evse_id != told.evse_id
