"""The gate in the way of every request: it waits outside of the record, so that an exchange's time is the target's."""

from typing import Any

import httpx

from golive.outcomes import Owner
from golive.politeness.asking import Asking, evse_asked_for, kind_of
from golive.politeness.breaker import trouble_of_answer, trouble_of_fault
from golive.politeness.faults import NotSent
from golive.politeness.gate import Change, Gate
from golive.politeness.retry_after import retry_after
from golive.recording import EXTENSION, RecordingTransport

OBSERVED = "CIRCUIT_OPEN"
"""The code of the observation that a target was left alone."""


class PoliteTransport(RecordingTransport):
    """Lets each request wait for its turn before it is recorded and sent by `sending`.

    Raises what `sending` raises, and `NotSent` for what is held back, which is recorded as well.
    """

    def __init__(self, sending: RecordingTransport, gate: Gate) -> None:
        super().__init__(sending, sending.recorder)
        self._sending = sending
        self._gate = gate

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asking = _asking(request)
        with self._gate.turn(asking) as turn:
            if turn.refusal is not None:
                return RecordingTransport(_HeldBack(turn.refusal), self.recorder).handle_request(request)
            try:
                response = self._sending.handle_request(request)
            except httpx.TransportError as fault:
                if (trouble := trouble_of_fault(fault)) is not None:
                    self._tell(self._gate.failed(asking, turn, trouble))
                raise
            except httpx.DecodingError:  # an answer, though not one to be read
                self._gate.answered(asking, turn)
                raise
            trouble = trouble_of_answer(response.status_code, response.content, provoked=asking.provokes)
            if trouble is None:
                self._gate.answered(asking, turn)
            else:
                asked = retry_after(response.headers.get("retry-after"), self.recorder.clock.now())
                self._tell(self._gate.failed(asking, turn, trouble, asked))
            return response

    def _tell(self, change: Change | None) -> None:
        if change is not None:
            self.recorder.observe(OBSERVED, change.message, owner=Owner.ENVIRONMENT)


class _HeldBack(httpx.BaseTransport):
    """In place of the network for a request that is not sent."""

    def __init__(self, refusal: NotSent) -> None:
        self._refusal = refusal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._refusal.request = request
        raise self._refusal


def _asking(request: httpx.Request) -> Asking:
    about: dict[str, Any] = request.extensions.get(EXTENSION) or {}
    operation: str | None = about.get("operation")
    url = request.url
    return Asking(
        origin=f"{url.scheme}://{url.netloc.decode('ascii', 'replace').rpartition('@')[2]}",
        operation=operation or request.method,
        kind=kind_of(operation),
        evse=evse_asked_for(),
        provokes=bool(about.get("provokes")),
        removes=request.method == "DELETE",
    )
