"""A driver's place in the app: what is offered, what is shown, and what is neither."""

import pytest

from golive.integration.adapter import AppError, Shown
from golive.integration.seat import AdapterError, NotOffered, offered
from tests.integration.bench import App, Wire, always, seat


def test_what_an_adapter_lacks_is_not_offered() -> None:
    app = App(Wire(), stop=None)  # type: ignore[arg-type]
    assert "stop" not in offered(app)
    assert {"sign_up", "start", "shown", "receipt"} <= set(offered(app))
    with pytest.raises(NotOffered, match="offers no stop"):
        seat(app).do("stop")


def test_an_error_that_the_app_shows_is_kept_word_for_word() -> None:
    def start(driver: str, evse_id: str) -> None:
        raise AppError("Please choose another card.")

    place = seat(App(Wire(), start=start))
    with pytest.raises(AppError):
        place.do("start", "DE*X")
    assert [shown.message for shown in place.seen] == ["Please choose another card."]


def test_what_is_shown_twice_is_kept_once() -> None:
    place = seat(App(Wire(), shown=always(Shown(state="Charging", kwh="1"))))
    place.look()
    place.look()
    assert [(shown.state, shown.kwh) for shown in place.seen] == [("Charging", "1")]


def test_a_fault_of_the_adapter_is_told_without_secrets() -> None:
    def stop(driver: str) -> None:
        raise KeyError("the-key")

    place = seat(App(Wire(), stop=stop), redact=lambda text: text.replace("the-key", "$KEY"))
    with pytest.raises(AdapterError, match=r"stop of the adapter raised KeyError: '\$KEY'"):
        place.do("stop")


def test_what_is_no_shown_is_the_adapters_fault() -> None:
    place = seat(App(Wire(), shown=always({"state": "Charging"})))
    with pytest.raises(AdapterError, match="shown of the adapter gave dict"):
        place.look()


def test_what_is_shown_is_redacted() -> None:
    place = seat(App(Wire(), shown=always(Shown(message="key: abc"))), redact=lambda text: text.replace("abc", "$K"))
    place.look()
    assert place.seen[0].message == "key: $K"
