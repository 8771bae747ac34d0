"""A simulator in this process as the target of a run in another, and what the run did to it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from golive.simulator.defects import DEFECTS
from tests.plugin.launch import Finished, run_pytest

CANARY_KEY = 'canary+connect/key="with%odd&signs"~0a1b2c3d4e5f'
CANARY_PUBLISHABLE_KEY = "pk_test_canary51H8x2eZvKYlo2C0aQ"
TICK = 0.1
"""Seconds between progress messages: brisk, and yet slow enough for a busy machine to see several of them."""

BRISK = ("--fuzz-examples=3", "--seed=7")


def keys_of(sim: EmbeddedSimulator) -> dict[str, str]:
    """The partner's settings for this simulator."""
    return {"CONNECT_API_KEY": sim.options.key, "STRIPE_PUBLISHABLE_KEY": sim.options.publishable_key}


def open_sessions(sim: EmbeddedSimulator) -> list[str]:
    """Where a driver still charges: a session that was neither stopped nor has run to its end."""
    now = sim.world.clock.now()
    return [
        session.evse.evse_id
        for session in list(sim.world.sessions.values())
        if session.stopped_at is None and now < sim.dev.vcps.ended_at(session)
    ]


def left_behind(sim: EmbeddedSimulator) -> dict[str, Any]:
    """What a run did to its target, and what of it is still there."""
    return {
        "users": len(sim.world.live_users),
        "created": len(sim.world.users),
        "sessions": len(sim.world.sessions),
        "open": open_sessions(sim),
    }


def run_against(
    directory: Path,
    *args: str,
    options: SimulatorOptions | None = None,
    prepare: Callable[[EmbeddedSimulator], dict[str, str]] = keys_of,
    facts: Callable[[EmbeddedSimulator], dict[str, Any]] = left_behind,
    defects: Sequence[str] = (),
) -> Finished:
    """A run of the suites against a simulator of its own; `prepare` makes the environment that the run gets."""
    deviations = [DEFECTS[name] for name in defects]
    with EmbeddedSimulator(options or SimulatorOptions(tick=TICK), deviations=deviations) as sim:
        environment = prepare(sim)
        finished = run_pytest(directory, f"--target={sim.url}", "--poll-interval=0.02", *BRISK, *args, env=environment)
        finished.facts = facts(sim)
    return finished
