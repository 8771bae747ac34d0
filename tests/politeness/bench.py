"""A gate with its transport over answers that a test writes, and a watch over what a simulator is asked."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from golive.clock import SystemClock, WaitingClock
from golive.politeness.budget import Budget
from golive.politeness.gate import Gate
from golive.politeness.transport import PoliteTransport
from golive.recording import EXTENSION, Recorder, RecordingTransport, Redactor

PATIENCE_S = 20.0
Answer = Callable[[httpx.Request], httpx.Response]


class Polite:
    """A polite transport; `ask` sends one request through it."""

    def __init__(
        self,
        answer: Answer,
        *,
        clock: WaitingClock | None = None,
        most_at_once: int = 8,
        per_second: float | None = None,
        pause_s: float = 0.05,
        budget: Budget | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.budget = budget or Budget(evses=1, fuzz_examples=0)
        self.gate = Gate(
            self.clock, most_at_once=most_at_once, per_second=per_second, budget=self.budget, pause_s=pause_s
        )
        self.recorder = Recorder(Redactor({}), self.clock)
        sending = RecordingTransport(httpx.MockTransport(answer), self.recorder)
        self.transport = PoliteTransport(sending, self.gate)

    def ask(
        self, operation: str = "users_list", *, method: str = "GET", host: str = "127.0.0.1", provokes: bool = False
    ) -> httpx.Response:
        about = {"actor": "bench", "operation": operation, "provokes": provokes}
        request = httpx.Request(method, f"http://{host}/{operation}", extensions={EXTENSION: about})
        return self.transport.handle_request(request)

    @property
    def kinds(self) -> list[str | None]:
        """How each exchange ended: the kind of its fault, or None for an answer."""
        return [None if e.error is None else e.error.kind for e in self.recorder.exchanges]

    @property
    def codes(self) -> list[str]:
        return [observation.code for observation in self.recorder.observations]


class Watch:
    """Middleware of a simulator: who asked it, how many at once, and when each request began."""

    def __init__(self) -> None:
        self.agents: Counter[str] = Counter()
        self.began: list[float] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def around(scope: Scope, receive: Receive, send: Send) -> None:
            headers = dict(scope["headers"])
            with self._lock:
                self.agents[headers.get(b"user-agent", b"").decode("ascii")] += 1
                self.began.append(time.monotonic())
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
            try:
                await app(scope, receive, send)
            finally:
                with self._lock:
                    self._at_once -= 1

        return around


def together(*acts: Callable[[], object]) -> list[threading.Thread]:
    """Each in a thread of its own, begun in this order."""
    threads = [threading.Thread(target=act, daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    return threads


def joined(threads: list[threading.Thread]) -> None:
    """All have ended, or something hangs."""
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads)
