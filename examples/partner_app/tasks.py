"""What goes on while nobody waits for an answer."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from examples.partner_app.logs import Log


class Tasks:
    """What goes on in the background. A task that fails is logged; the others go on."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._guarded(what, work))
        self._running.add(task)  # or it could be collected while it runs
        task.add_done_callback(self._running.discard)

    async def _guarded(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as fault:
            self._log.crash(what, fault)

    async def end(self) -> None:
        """Cancels all. What was going on is in the database, and goes on when the app starts again."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
