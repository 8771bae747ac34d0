"""Loaded into the run under test (`-p tests.politeness.child`): a budget for one EVSE as small as POLITENESS_PER_EVSE
says."""

import os


def pytest_configure() -> None:
    from golive.politeness import budget

    vars(budget)["PER_EVSE"] = int(os.environ["POLITENESS_PER_EVSE"])
