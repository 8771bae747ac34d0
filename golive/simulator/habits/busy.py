"""Busy VCPs: the documented answers, and other parties on them."""

import math

from golive.simulator.atlas.stations import Evse, VcpType
from golive.simulator.atlas.virtual import PLACES
from golive.simulator.faults import ErrorType, Fault, Problem
from golive.simulator.habits import habit
from golive.simulator.options import BusyAs
from golive.simulator.services.base import Context
from golive.simulator.services.charging import Charging

SHARED = tuple(place.evse_id for place in PLACES if place.vcp_type is VcpType.SHARED)

habit.by_options(
    "busy-as-station-availability-409",
    "busy",
    "A busy VCP is answered with 409 station_availability_issue.",
    busy_as=BusyAs.AVAILABILITY_409,
)
habit.by_options(
    "busy-as-station-availability-424",
    "busy",
    "A busy VCP is answered with 424 station_availability_issue.",
    busy_as=BusyAs.AVAILABILITY_424,
)
habit.by_options(
    "another-party-on-one-vcp",
    "busy",
    "Another party charges on one of the shared VCPs all the time.",
    held={SHARED[0]: math.inf},
)
habit.by_options(
    "another-party-on-all-shared-vcps",
    "busy",
    "Other parties charge on all four shared VCPs all the time.",
    held=dict.fromkeys(SHARED, math.inf),
)


class RefusedOnce(Charging):
    """The first start on each VCP of one type is refused."""

    vcp_type = VcpType.SHARED

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._refused: set[str] = set()

    def refusal(self) -> Fault:
        return self.dev.vcps.busy_answer()

    def provider_answer(self, evse: Evse, context: Context) -> Fault | None:
        if evse.vcp_type is self.vcp_type and evse.key not in self._refused:
            self._refused.add(evse.key)
            return self.refusal()
        return super().provider_answer(evse, context)


@habit("another-party-for-a-moment", "busy")
class AnotherPartyForAMoment(RefusedOnce):
    """The first start on each shared VCP meets another party, which leaves then."""


@habit("start-refused-once", "charging")
class StartRefusedOnce(RefusedOnce):
    """The first start on each VCP with progress meets a provider that does not answer; the next one is accepted."""

    vcp_type = VcpType.PROGRESS

    def refusal(self) -> Problem:
        return Problem(424, ErrorType.PROVIDER, "The charging provider did not answer in time.")
