"""Loads what a run of the suites loads: imported by the fork server, before any child of it."""

import gc
import importlib

import conftest

LOADED_LATE = (
    "fixtures.seeded_values",
    "golive.plugin.console",
    "golive.plugin.record",
    "golive.simulator.defects",
    "golive.simulator.embedded",
    "golive.simulator.habits",
    "hypothesis.strategies",
    "tests.matrix.slips",
    "uvicorn.protocols.http.h11_impl",
)

for name in (*conftest.pytest_plugins, *LOADED_LATE):
    importlib.import_module(name)
gc.freeze()
