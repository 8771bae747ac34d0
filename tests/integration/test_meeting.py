"""Two drivers at one shared VCP: the second one is refused while the first one charges, and nothing is left going."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from golive.evidence.integration import Integration, Meeting, RuleStatus
from golive.evidence.model import Exchange
from golive.integration import wire as seen_on
from golive.integration.adapter import AppError, Shown
from golive.integration.charges import ChargeWalk
from golive.integration.judging import judged
from golive.integration.meeting import SecondDriver
from golive.integration.seat import Seat
from golive.journeys.vcp import StoppableClock, Vcp
from golive.outcomes import Outcome, Owner
from golive.traffic import Bounds
from tests.integration.bench import BASE, PACE, PROGRESS, SHARED, START, STOP, App, Wire, always, clock, refusal, seat

FIRST = {"id": "s1", "evse_id": SHARED.evse_id, "is_active": True, "start_time": "2026-03-02T09:00:10Z"}
BUSY = refusal("charging_provider_error")
TOLD = "Somebody charges here. Please choose another station."


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some looks are enough where nothing runs but this."""
    monkeypatch.setattr("golive.integration.meeting.watched_s", lambda pace: 6 * pace.poll_interval)


class Street:
    """A shared VCP, two apps at it, and a gateway that looks and ends by itself."""

    def __init__(self, **acts: Any) -> None:
        self.wire, self.clock = Wire(), clock()
        self.history: dict[str, list[dict[str, Any]]] = {"u1": [FIRST], "u2": []}
        self.ended: list[str] = []
        self.cut = False
        self.first = App(self.wire, start=self.begin)
        self.second = App(self.wire, **{"start": self.refuse(), "shown": always(Shown("failed", None, TOLD)), **acts})
        self.visitor = SecondDriver(Seat(self.second, "bob", self.clock, str), self.traffic, self, self.clock, PACE)

    def traffic(self) -> tuple[Exchange, ...]:
        return seen_on.of_partner(self.wire.exchanges)

    def begin(self, driver: str, evse_id: str) -> None:
        self.first.asked.append(("start", driver, evse_id))
        self.wire.put(START, "/users/u1/charging/start/", sent={"evse_id": evse_id}, status=201, answer=FIRST)

    def start_of_second(self, status: int, answer: Any, user: str = "u2") -> None:
        path = f"/users/{user}/charging/start/"
        self.wire.put(START, path, sent={"evse_id": SHARED.evse_id}, status=status, answer=answer)

    def refuse(
        self, status: int = 424, answer: Any = BUSY, words: str | None = TOLD, times: int = 1
    ) -> Callable[..., None]:
        def start(driver: str, evse_id: str) -> None:
            for _ in range(times):
                self.start_of_second(status, answer)
            self.wire.put("users_charging_sessions_list", "/users/u2/charging-sessions/", method="GET", answer={})
            if words is not None:
                raise AppError(words)

        return start

    # -- the gateway -----------------------------------------------------------------------------------------

    def look(self, user_id: str) -> tuple[Exchange, ...]:
        answer = {"results": self.history[user_id]}
        path = f"/users/{user_id}/charging-sessions/"
        return (self.wire.put("users_charging_sessions_list", path, method="GET", answer=answer, actor="gateway"),)

    def end(self, user_id: str) -> list[str]:
        self.ended.append(user_id)
        return []

    def was_cut(self, session_id: str) -> bool:
        return self.cut and session_id == "s1"

    # -- the meeting -----------------------------------------------------------------------------------------

    def meet(self, vcp: Vcp = SHARED, at: StoppableClock | None = None) -> Meeting:
        self.visitor.prepare()
        walk = ChargeWalk(seat(self.first), vcp, self.traffic, at or self.clock, PACE, visitor=self.visitor)
        self.charge = walk.run()
        self.ended_meanwhile = list(self.ended)
        whole = Integration(kind="adapter", name="x", meeting=self.visitor.told([self.charge]))
        found = judged(whole, self.traffic(), base_url=BASE, bounds=Bounds()).meeting
        assert found is not None
        return found


def concluded(met: Meeting) -> tuple[Outcome, Owner | None]:
    return met.outcome, met.owner


def broken(met: Meeting) -> list[str]:
    return [rule.rule for rule in met.rules if rule.status is RuleStatus.BROKEN]


def test_the_second_driver_is_refused_and_the_first_one_goes_on() -> None:
    street = Street()
    met = street.meet()
    assert (concluded(met), broken(met)) == ((Outcome.PASSED, None), [])
    assert {"driver-told", "no-start-unasked", "state-read-first"} <= {rule.rule for rule in met.rules}
    assert (met.first, met.second, met.evse_id) == ("ada", "bob", SHARED.evse_id)
    assert (met.first_user_id, met.second_user_id, met.told_it_began) == ("u1", "u2", False)
    assert met.shown[0].message == TOLD
    assert street.charge.outcome is Outcome.PASSED
    assert (street.charge.user_id, street.charge.session_id) == ("u1", "s1"), "the second start is not the first one's"


def test_the_first_charge_is_held_while_the_second_driver_tries_and_stopped_after_that() -> None:
    street = Street()
    street.meet()
    operations = [(each.actor, each.operation) for each in street.wire.exchanges]
    stop = operations.index(("partner", STOP))
    assert operations.count(("partner", START)) == 2
    assert max(n for n, each in enumerate(operations) if each == ("partner", START)) < stop
    assert max(n for n, (actor, _) in enumerate(operations) if actor == "gateway") < stop


def test_only_one_charge_is_visited_and_none_with_progress() -> None:
    street = Street()
    assert street.meet(PROGRESS).outcome is Outcome.SKIPPED
    street.meet()
    assert not street.visitor.meet(seat(street.first), SHARED, "u1", "s1")


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        (None, ["driver-told"]),
        ('{"error": {"type": "charging_provider_error"}}', ["driver-told"]),
        ("", ["driver-told"]),
        (TOLD, []),
    ],
    ids=["began", "raw", "nothing", "fit"],
)
def test_what_the_second_driver_is_told_is_judged(words: str | None, rules: list[str]) -> None:
    street = Street(shown=always(Shown("failed")))
    street.second.start = street.refuse(words=words)  # type: ignore[method-assign]
    met = street.meet()
    assert (concluded(met), broken(met)) == ((Outcome.PASSED, None), rules)


def test_a_start_that_is_sent_again_before_the_driver_is_told_is_left_to_the_other_rules() -> None:
    """The guide allows a retry after a look and a delay."""
    street = Street()
    street.second.start = street.refuse(times=3)  # type: ignore[method-assign]
    met = street.meet()
    assert len(met.answered) == 3
    assert "no-start-unasked" not in broken(met)
    assert "state-read-first" in broken(met)


def test_a_start_that_is_sent_after_the_driver_was_told_is_unasked() -> None:
    street = Street()
    refuse, begin = street.refuse(words=None), iter(range(2))

    def shown(driver: str) -> Shown:
        if next(begin, None) is not None:
            refuse(driver, SHARED.evse_id)
        return Shown("failed", None, TOLD)

    street.second.shown = shown  # type: ignore[method-assign]
    met = street.meet()
    assert "no-start-unasked" in broken(met)
    (rule,) = [rule for rule in met.rules if rule.rule == "no-start-unasked"]
    assert rule.message == "The start was sent 2 times more after the driver was told, who did nothing."


def test_a_start_that_is_carried_out_is_ended_at_once_and_the_apis() -> None:
    street = Street()

    def start(driver: str, evse_id: str) -> None:
        street.start_of_second(201, {"id": "s2", "is_active": True})

    street.second.start = start  # type: ignore[method-assign]
    met = street.meet()
    assert concluded(met) == (Outcome.FAILED, Owner.CARIQA)
    assert "opened session s2 while session s1 was active" in (met.message or "")
    assert "u2" in street.ended_meanwhile
    assert met.rules == ()


def test_what_began_after_the_refusal_is_ended() -> None:
    street = Street()

    def shown(driver: str) -> Shown:
        if not any(
            "u2" in each.request.url and each.response and each.response.status == 201 for each in street.wire.exchanges
        ):
            street.start_of_second(201, {"id": "s2", "is_active": True})
        return Shown("failed", None, TOLD)

    street.second.shown = shown  # type: ignore[method-assign]
    met = street.meet()
    assert "u2" in street.ended_meanwhile
    assert "no-start-unasked" in broken(met)


@pytest.mark.parametrize(
    ("history", "cut", "expected"),
    [
        ({"u2": [{**FIRST, "id": "s2", "is_active": False}]}, False, (Outcome.FAILED, Owner.CARIQA)),
        (
            {"u2": [{**FIRST, "id": "s0", "is_active": False, "start_time": "2026-03-01T09:00:00Z"}]},
            False,
            (Outcome.PASSED, None),
        ),
        ({"u1": [{**FIRST, "is_active": False}]}, False, (Outcome.FAILED, Owner.CARIQA)),
        ({"u1": [{**FIRST, "is_active": False}]}, True, (Outcome.INCONCLUSIVE, Owner.ENVIRONMENT)),
        ({"u1": []}, False, (Outcome.INCONCLUSIVE, Owner.ENVIRONMENT)),
    ],
    ids=["left-behind", "of-an-earlier-day", "disturbed", "held-too-long", "unread"],
)
def test_what_the_api_made_of_it_is_looked_up(
    history: dict[str, list[dict[str, Any]]], cut: bool, expected: tuple[Outcome, Owner | None]
) -> None:
    street = Street()
    street.history |= history
    street.cut = cut
    assert concluded(street.meet()) == expected


@pytest.mark.parametrize(
    ("status", "type_", "owner"),
    [(402, "payment_error", Owner.PARTNER), (409, "already_charging", Owner.CARIQA), (500, "x", Owner.CARIQA)],
)
def test_another_refusal_shows_no_busy_station(status: int, type_: str, owner: Owner) -> None:
    street = Street()
    street.second.start = street.refuse(status, refusal(type_))  # type: ignore[method-assign]
    assert concluded(street.meet()) == (Outcome.INCONCLUSIVE, owner)


def test_two_drivers_who_are_one_user_are_the_partners_fault() -> None:
    street = Street()

    def start(driver: str, evse_id: str) -> None:
        street.start_of_second(409, refusal("already_charging"), user="u1")
        raise AppError("You are charging already.")

    street.second.start = start  # type: ignore[method-assign]
    met = street.meet()
    assert concluded(met) == (Outcome.FAILED, Owner.PARTNER)
    assert "one Connect user" in (met.message or "")


def test_without_a_start_on_the_wire_no_busy_station_was_met() -> None:
    def refuse(driver: str, evse_id: str) -> None:
        raise AppError(TOLD)

    refused, began = Street(start=refuse).meet(), Street(start=always(None)).meet()
    assert refused.outcome is Outcome.SKIPPED
    assert "without asking the API" in (refused.message or "")
    assert concluded(began) == (Outcome.FAILED, Owner.PARTNER)


def test_an_adapter_without_a_start_shows_nothing() -> None:
    met = Street(start=None).meet()
    assert met.outcome is Outcome.SKIPPED
    assert "offers no start" in (met.message or "")


def test_a_fault_of_the_adapter_is_told_and_the_first_charge_is_stopped() -> None:
    def start(driver: str, evse_id: str) -> None:
        raise RuntimeError("broken")

    street = Street(start=start)
    assert concluded(street.meet()) == (Outcome.INCONCLUSIVE, Owner.PARTNER)
    assert street.charge.outcome is Outcome.PASSED


def test_where_another_party_holds_every_vcp_nobody_is_met() -> None:
    street = Street()

    def busy(driver: str, evse_id: str) -> None:
        street.wire.put(START, "/users/u1/charging/start/", sent={"evse_id": evse_id}, status=424, answer=BUSY)
        raise AppError("Busy.")

    street.first.start = busy  # type: ignore[method-assign]
    met = street.meet()
    assert concluded(met) == (Outcome.INCONCLUSIVE, Owner.ENVIRONMENT)
    assert "another party holds every listed shared VCP" in (met.message or "")


def test_nobody_starts_before_the_second_driver_is_ready() -> None:
    street, began = Street(), threading.Event()
    street.first.start = lambda *_: began.set()  # type: ignore[method-assign]
    walk = ChargeWalk(seat(street.first), SHARED, street.traffic, street.clock, PACE, visitor=street.visitor)
    walking = threading.Thread(target=walk.run)
    walking.start()
    assert not began.wait(0.2)
    street.visitor.prepare()
    assert began.wait(5)
    walking.join(5)


def test_a_run_that_ends_waits_for_nobody() -> None:
    street = Street()
    street.clock.cancel()
    walk = ChargeWalk(seat(street.first), SHARED, street.traffic, street.clock, PACE, visitor=street.visitor)
    charge = walk.run()
    assert charge.outcome is Outcome.NOT_RUN
    assert street.visitor.told([charge]).outcome is Outcome.NOT_RUN
