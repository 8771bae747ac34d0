"""The simulator's time: the machine's, or one that a test moves by hand."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class SimulatorClock(Protocol):
    """What the simulator asks of time."""

    def now(self) -> datetime:
        """The instant now, aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class RealClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            await asyncio.sleep(seconds)


class ManualClock:
    """Stands still until `advance` is called; a sleep moves it and takes no time."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.advance(max(seconds, 0))
        await asyncio.sleep(0)
