"""The journeys' workbench, for what a journal tells of them, and settings to write one for."""

from tests.journeys.conftest import _clearing as _clearing
from tests.journeys.conftest import make_bench as make_bench
from tests.settings.conftest import load as load
