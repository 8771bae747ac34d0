"""The embedded DEV: a faithful stand-in for the Connect API's development environment and its card processor.

    with EmbeddedSimulator(SimulatorOptions(tick=0.2)) as sim:
        ...  # sim.url

`python -m golive.simulator --port 8400` serves one until stopped.
"""

from golive.simulator.embedded import EmbeddedSimulator
from golive.simulator.options import (
    SIMULATOR_KEY,
    SIMULATOR_PUBLISHABLE_KEY,
    BusyAs,
    InvalidOption,
    SimulatorOptions,
)

__all__ = [
    "SIMULATOR_KEY",
    "SIMULATOR_PUBLISHABLE_KEY",
    "BusyAs",
    "EmbeddedSimulator",
    "InvalidOption",
    "SimulatorOptions",
]
