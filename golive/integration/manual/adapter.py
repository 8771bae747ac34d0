"""An adapter whose methods ask a person: they do it in the app, and say what the app shows."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from golive.evidence.model import Exchange
from golive.integration.adapter import AppError, Shown
from golive.integration.manual.board import Answer, Board, Ended
from golive.integration.manual.page import Page
from golive.journeys.vcp import Cancelled

_CARDS: Final = {"pm_card_visa": "4242 4242 4242 4242, any later date, any CVC"}
_MOST_LINES: Final = 6


@dataclass(frozen=True)
class ShownByHand(Shown):
    """What a person read off the app."""

    attachment: str | None = None
    """Path of the screenshot below the report's directory."""


class ManualAdapter:
    """One person with one app. `say` gets a line for the terminal for each step and each tick."""

    def __init__(self, base_url: str, say: Callable[[str], None], *, clean: Callable[[bytes], bytes]) -> None:
        self.board = Board(time.monotonic)
        self.files: dict[str, bytes] = {}
        """Screenshots by their path below the report's directory."""
        self._clean = clean
        self._say = say
        self._traffic: Callable[[], Sequence[Exchange]] = lambda: ()
        self._ended: Callable[[], bool] = lambda: False
        self._last: ShownByHand | None = None
        self._page = Page(self.board, base_url, clean)
        self._page.start()
        say(f"Open this page and do what it says: {self._page.url}")

    def watch(self, traffic: Callable[[], Sequence[Exchange]], ended: Callable[[], bool]) -> None:
        """From now on steps are ticked by their traffic, and nobody is asked once the run is ending."""
        self._traffic = traffic
        self._ended = ended

    # -- the driver's acts -----------------------------------------------------------------------------------

    def sign_up(self, driver: str) -> None:  # noqa: ARG002 - the person is the driver
        self._act("Sign up in your app as a new driver, or sign in as one.", "users_create", "users_list")

    def give_billing_data(self, driver: str) -> None:  # noqa: ARG002
        self._act("Fill in the billing data, where your app asks for them.", "users_billing_details_update")

    def add_payment_method(self, driver: str, payment_method: str) -> None:  # noqa: ARG002
        card = _CARDS.get(payment_method, payment_method)
        self._act(f"Add a payment method: the test card {card}.", "users_payment_methods_list")

    def find_station(self, driver: str, evse_id: str) -> str:  # noqa: ARG002
        self._act(f"Find the station of {evse_id}.", "stations_")
        return ""

    def start(self, driver: str, evse_id: str) -> None:  # noqa: ARG002
        self._act(f"Start charging on {evse_id}.", "users_charging_start_create")

    def stop(self, driver: str) -> None:  # noqa: ARG002
        self._act("Stop charging.", "users_charging_stop_create")

    def shown(self, driver: str) -> Shown:  # noqa: ARG002
        """Asked once after each act; after an error it is known already what the app showed."""
        if self._last is None or self._last.kwh:
            answer = self._ask(
                "What does your app show of the charge now?"
                if self._last is None
                else f"It showed {self._last.kwh}. When that has changed: what does your app show?"
            )
            self._last = self._kept(answer)
        return self._last

    def receipt(self, driver: str) -> str | None:  # noqa: ARG002
        answer = self._ask("Wait for the receipt. When your app shows it: what does it say?")
        return " ".join(part for part in (answer.state, answer.kwh, answer.message) if part) or None

    def close(self) -> None:
        self._page.stop()

    # -- how they are asked ----------------------------------------------------------------------------------

    def _act(self, text: str, *operations: str) -> None:
        begun = len(self._traffic())

        def look() -> tuple[tuple[str, ...], bool]:
            now = [each for each in self._traffic()[begun:] if (each.operation or "").startswith(operations)]
            lines = tuple(_line(each) for each in now[-_MOST_LINES:])
            return lines, bool(now) and _went_well(now[-1])

        self._last = None
        answer = self._on_board("act", text, look)
        if not answer.worked or answer.message:
            self._last = self._kept(answer)
            raise AppError(answer.message or "(the app showed an error without words)")

    def _ask(self, text: str) -> Answer:
        return self._on_board("ask", text, lambda: ((), False))

    def _on_board(self, kind: str, text: str, look: Callable[[], tuple[tuple[str, ...], bool]]) -> Answer:
        if self._ended():
            raise Cancelled
        self._say(f"  now: {text}")
        try:
            answer = self.board.ask("act" if kind == "act" else "ask", text, look=look, ended=self._ended)
        except Ended:
            raise Cancelled from None
        self._say("  seen." if answer.worked else f"  the app showed: {answer.message}")
        return answer

    def _kept(self, answer: Answer) -> ShownByHand:
        path = None
        if answer.picture is not None:
            path = f"exhibits/screen-{len(self.files) + 1:02}.png"
            self.files[path] = answer.picture
        return ShownByHand(answer.state or None, answer.kwh or None, answer.message or None, path)


def _line(exchange: Exchange) -> str:
    came = "no answer" if exchange.response is None else str(exchange.response.status)
    return f"{exchange.started_at:%H:%M:%S} {exchange.operation}: {came}"


def _went_well(exchange: Exchange) -> bool:
    return exchange.provoked is None and exchange.response is not None and exchange.response.status < 300
