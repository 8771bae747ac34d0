"""A whole charge, as a driver lives it, and what may go wrong on the way."""

import re
import threading
import time

import pytest

from golive.integration.adapter import AppError
from tests.partner_app.bench import (
    PROGRESS,
    SESSION,
    SESSIONS,
    SHARED,
    START,
    STOP,
    Answer,
    Bench,
    error,
    until,
)


@pytest.mark.parametrize("evse_id", [SHARED, PROGRESS])
def test_a_driver_charges_and_gets_a_receipt(dev: Bench, evse_id: str) -> None:
    with dev.app() as app:
        driver = dev.driver(app)
        assert app.find_station(driver, evse_id) == dev.sim.dev.stations.by_evse(evse_id).name
        app.start(driver, evse_id)
        assert app.shown(driver).state == "charging"
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")
        (session,) = dev.sim.world.sessions.values()
        total = dev.sim.dev.sessions.bill(session).summary
        assert f"Total: {total} EUR" in str(app.receipt(driver))
        assert app.shown(driver).state == "finished"
    assert dev.between.count(START) == dev.between.count(STOP) == 1
    assert all(each.get("authorization") == f"Bearer {dev.sim.options.key}" for each in dev.between.headers)
    assert not any(dev.sim.options.key in query for query in dev.between.queries)


def test_progress_is_shown_and_polling_ends_with_the_final_record(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, PROGRESS)
        seen: set[str | None] = set()
        while (shown := app.shown(driver)).state != "finished":
            seen.add(shown.kwh)
        assert len(seen) > 3
        assert dev.between.count(STOP) == 0
        read = dev.between.count(SESSION)
        app.receipt(driver)
        time.sleep(1.0)  # ten times the pause
        assert dev.between.count(SESSION) == read


def test_one_user_however_often_a_driver_signs_up(dev: Bench) -> None:
    with dev.app() as app:
        for name in ("Driver A", "driver a", "  driver   A"):
            app.sign_up(name)
    with dev.app() as app:  # with an empty database
        app.sign_up("driver a")
    assert len(dev.sim.world.live_users) == 1
    assert dev.between.seen[:2] == ["GET /users/", "POST /users/"]
    assert dev.between.count("POST /users/$") == 1


def test_a_user_whose_creation_was_not_answered_is_found_again(dev: Bench) -> None:
    dev.between.answers.append(Answer("POST /users/$", 0, forwarded=True))
    with dev.app() as app:
        with pytest.raises(AppError):
            app.sign_up("driver-a")
        app.sign_up("driver-a")
    assert len(dev.sim.world.live_users) == 1


def test_taps_at_the_same_moment_send_one_start_and_one_stop(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app)
        browser = app.browser(driver)

        def tap(path: str, body: dict[str, str]) -> None:
            taps = [threading.Thread(target=lambda: browser.post(path, json=body)) for _ in range(5)]
            for each in taps:
                each.start()
            for each in taps:
                each.join()

        tap("/api/start", {"evse_id": SHARED})
        until(lambda: app.shown(driver).state == "charging", "a charge")
        tap("/api/start", {"evse_id": SHARED})
        tap("/api/stop", {})
        tap("/api/stop", {})
        until(lambda: app.receipt(driver), "a receipt")
    assert dev.between.count(START) == dev.between.count(STOP) == 1


@pytest.mark.parametrize(
    "lost",
    [
        Answer(START, 0, forwarded=True),
        Answer(START, 201, "{", forwarded=True),
        Answer(START, 502, "<html>", forwarded=True),
    ],
    ids=["dropped", "malformed", "html-502"],
)
def test_a_start_whose_answer_was_lost_is_found_and_not_sent_again(dev: Bench, lost: Answer) -> None:
    dev.between.answers.append(lost)
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        assert app.shown(driver).state == "charging"
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")
    assert dev.between.count(START) == 1
    assert re.match(SESSIONS, dev.between.after(START)[0])
    assert dev.open_sessions() == 0


def test_a_start_that_never_arrived_is_told_after_the_sessions_were_read(dev: Bench) -> None:
    dev.between.answers.append(Answer(START, 0))
    with dev.app() as app:
        driver = dev.driver(app)
        with pytest.raises(AppError, match="you are not charging"):
            app.start(driver, SHARED)
        assert all(re.match(SESSIONS, line) for line in dev.between.after(START))
        app.start(driver, SHARED)
        assert dev.between.count(START) == 2
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")


def test_already_stopped_is_stopped(dev: Bench) -> None:
    dev.between.answers.append(Answer(STOP, 409, error("already_stopped"), forwarded=True))
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")
        assert app.shown(driver).message is None
    assert dev.between.count(STOP) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(STOP, 0),
        Answer(STOP, 424, error("charging_provider_error")),
        Answer(STOP, 409, error("charging_provider_error")),
    ],
    ids=["lost", "424", "409"],
)
def test_after_a_stop_in_doubt_the_session_is_read_and_the_driver_may_stop_again(dev: Bench, answer: Answer) -> None:
    dev.between.answers.append(answer)
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        app.stop(driver)
        until(lambda: app.shown(driver).message, "a message")
        assert re.match(SESSION, dev.between.after(STOP)[0])
        assert dev.between.count(STOP) == 1

        def stopped() -> bool:
            try:
                app.stop(driver)  # refused until the driver has waited a moment
            except AppError:
                return False
            return True

        until(stopped, "a second stop is taken")
        until(lambda: app.receipt(driver), "a receipt")
    assert dev.between.count(STOP) == 2


def test_a_session_that_began_elsewhere_is_followed_and_nothing_is_started(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        with dev.app() as other:  # the same driver with another copy of the app, which knows of no charge
            dev.driver(other, driver)
            other.start(driver, PROGRESS)
            assert "already charging" in str(other.shown(driver).message)
            other.stop(driver)
            until(lambda: other.receipt(driver), "a receipt")
        until(lambda: app.receipt(driver), "a receipt here too")
    assert dev.between.count(START) == 1


def test_trouble_while_polling_is_told_and_goes_away(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        dev.between.answers.append(Answer(SESSION, 503, "", times=2))
        until(lambda: app.shown(driver).message, "a message")
        assert "no news" in str(app.shown(driver).message)
        until(lambda: app.shown(driver).message is None, "it is gone")
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")


def test_retry_after_is_kept_while_polling(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        dev.between.answers.append(Answer(SESSION, 429, "", headers={"retry-after": "2"}))
        until(lambda: app.shown(driver).message, "a message")
        read, began = dev.between.count(SESSION), time.monotonic()
        until(lambda: dev.between.count(SESSION) > read, "it is read again")
        assert time.monotonic() - began > 1.5
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")
