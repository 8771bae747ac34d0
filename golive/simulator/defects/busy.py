"""Defects of the busy station."""

from golive.simulator.atlas.stations import Evse
from golive.simulator.defects import defect
from golive.simulator.services.base import Context
from golive.simulator.services.vcps import Vcps


@defect("busy-start-succeeds", "busy")
class NeverBusy(Vcps):
    """A start on a shared VCP where another driver is charging succeeds."""

    def is_busy(self, evse: Evse, context: Context) -> bool:  # noqa: ARG002 - nobody is ever in the way
        return False
