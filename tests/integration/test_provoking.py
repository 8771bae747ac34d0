"""One provoked error: met by the act that it strikes, watched, told, and no charge left going."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from golive.evidence.integration import ProvokedError
from golive.integration.adapter import AppError, Shown
from golive.integration.provoking import Provoking
from golive.journeys.vcp import Cancelled
from tests.integration.bench import PACE, PROGRESS, STOP, App, Wire, always, clock, refusal, seat, started


@dataclass(frozen=True)
class Error:
    operations: Sequence[str]
    name: str = "already-charging"
    title: str = "The driver charges already"
    error_type: str | None = "already_charging"
    status: int | None = 409


class Gate:
    """A gateway that says what it would answer with now."""

    def __init__(self) -> None:
        self.now: str | None = None
        self.said: list[str] = []

    def provoke(self, name: str, *, on: str | None = None) -> None:  # noqa: ARG002
        self.now = name
        self.said.append(name)

    def quiet(self) -> None:
        self.now = None
        self.said.append("quiet")


class Bench:
    def __init__(self, operation: str = "users_charging_start_create", **acts: Any) -> None:
        self.wire, self.gate, self.clock = Wire(), Gate(), clock()
        self.app = App(self.wire, **{"start": self.start, **acts})
        self.seat = seat(self.app)
        self._provoking = Provoking(
            Error([operation]), self.seat, PROGRESS, self.gate, lambda: tuple(self.wire.exchanges), self.clock, PACE
        )

    def start(self, driver: str, evse_id: str) -> None:
        self.app.asked.append(("start", driver, evse_id))
        if self.gate.now is None:
            started(self.wire, evse_id)
            return
        started(self.wire, evse_id, 409, refusal("already_charging"), provoked=self.gate.now)
        self.wire.put("users_charging_sessions_list", "/users/u1/charging-sessions/", method="GET")
        raise AppError("You are charging already.")

    def run(self) -> ProvokedError:
        return self._provoking.run()

    @property
    def acts(self) -> list[str]:
        return [act for act, *_ in self.app.asked]


def test_the_error_is_met_watched_and_told() -> None:
    bench = Bench()
    told = bench.run()
    assert told.met
    assert told.problem is None
    (answered,) = told.answered
    assert next(each for each in bench.wire.exchanges if each.id == answered).provoked == "already-charging"
    followed = [each.operation for each in bench.wire.exchanges if each.id in told.followed]
    assert followed == ["users_charging_sessions_list"]
    assert told.shown[0].message == "You are charging already."
    assert bench.acts.count("shown") >= 3
    assert bench.gate.said == ["already-charging", "quiet"]
    assert "stop" not in bench.acts, "there was no charge to be stopped"


@pytest.mark.parametrize(
    ("operation", "acts"),
    [
        ("users_create", ["sign_up"]),
        ("users_setup_intents_retrieve", ["sign_up", "add_payment_method"]),
        ("stations_details_retrieve", ["sign_up", "find_station"]),
        ("users_charging_start_create", ["sign_up", "add_payment_method", "start"]),
        ("users_charging_sessions_retrieve", ["sign_up", "add_payment_method", "start", "shown"]),
        ("users_charging_stop_create", ["sign_up", "add_payment_method", "start", "stop"]),
    ],
)
def test_the_driver_is_brought_to_the_act_that_it_strikes(operation: str, acts: list[str]) -> None:
    bench = Bench(operation)
    bench.run()
    assert bench.acts[: len(acts)] == acts
    assert set(bench.acts[len(acts) :]) <= {"shown", "stop", "receipt"}


def test_a_charge_that_began_is_stopped() -> None:
    bench = Bench("users_charging_sessions_retrieve", shown=always(Shown(state="Charging")))
    told = bench.run()
    assert not told.met
    assert bench.acts[-1] == "stop"


@pytest.mark.parametrize(
    ("status", "answer", "presses"),
    [
        (204, None, 1),
        (409, refusal("already_stopped"), 1),
        (424, refusal("charging_provider_error"), 2),
        (None, None, 2),
    ],
)
def test_a_stop_that_was_taken_is_not_asked_for_again(status: int | None, answer: Any, presses: int) -> None:
    def stop(driver: str) -> None:
        bench.app.asked.append(("stop", driver))
        path = "/users/u1/charging/stop/s1/"
        bench.wire.put(STOP, path, status=status, answer=answer, provoked=bench.gate.now)

    bench = Bench(STOP, stop=stop)
    told = bench.run()
    assert told.met
    assert bench.acts.count("stop") == presses


def test_what_is_not_offered_is_told_as_the_problem() -> None:
    told = Bench(start=None).run()
    assert told.problem == "the adapter offers no start"
    assert not told.met


def test_an_error_before_anything_was_provoked_is_no_reaction() -> None:
    def add(driver: str, payment_method: str) -> None:
        raise AppError("Card refused.")

    bench = Bench(add_payment_method=add)
    told = bench.run()
    assert told.problem == "the app showed an error before anything was provoked: Card refused."
    assert bench.gate.said == ["quiet"]


def test_a_run_that_ends_is_quiet_again() -> None:
    bench = Bench()
    bench.clock.cancel()
    with pytest.raises(Cancelled):
        bench.run()
    assert bench.gate.said[-1] == "quiet"
