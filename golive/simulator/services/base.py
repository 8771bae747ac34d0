"""What every service stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from golive.simulator.dev import Dev

Json = dict[str, object]


@dataclass(frozen=True)
class Context:
    """One request's view of the world: a single instant, and the base of the links it is answered with."""

    now: datetime
    base_url: str


class Service:
    """One concern of the simulated DEV; the others are reached through `dev`."""

    def __init__(self, dev: Dev) -> None:
        self.dev = dev
        self.world = dev.world
        self.options = dev.options
        self.clock = dev.clock
