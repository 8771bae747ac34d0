"""The journeys' workbench, for what a journal tells of them."""

from tests.journeys.conftest import _clearing as _clearing
from tests.journeys.conftest import make_bench as make_bench
