"""What stands on the map: stations, their operators and their connectors."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property

from golive.simulator.money.tariffs import Tariff
from golive.simulator.state.evse_ids import evse_key

FAST_FROM_KW = 23
TURBO_FROM_KW = 100

CONNECTOR_TYPES = (
    "CHADEMO",
    *(f"DOMESTIC_{letter}" for letter in "ABCDEFGHIJKL"),
    "IEC_60309_2_single_16",
    "IEC_60309_2_three_16",
    "IEC_60309_2_three_32",
    "IEC_60309_2_three_64",
    "IEC_62196_T1",
    "IEC_62196_T1_COMBO",
    "IEC_62196_T2",
    "IEC_62196_T2_COMBO",
    "IEC_62196_T3A",
    "IEC_62196_T3C",
    "TESLA_R",
    "TESLA_S",
)


class VcpType(IntEnum):
    """As the environments document numbers them."""

    SHARED = 1
    PROGRESS = 2


class EvseStatus(StrEnum):
    AVAILABLE = "AVAILABLE"
    BLOCKED = "BLOCKED"
    CHARGING = "CHARGING"
    INOPERATIVE = "INOPERATIVE"
    OUTOFORDER = "OUTOFORDER"
    PLANNED = "PLANNED"
    REMOVED = "REMOVED"
    RESERVED = "RESERVED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Operator:
    name: str
    slug: str
    is_partner: bool
    phone: str | None


@dataclass(frozen=True)
class Evse:
    """One connector; power in kW. `vcp_type` only on the eight virtual charging points."""

    evse_id: str
    connector: str
    power: int
    tariff: Tariff
    status: EvseStatus = EvseStatus.AVAILABLE
    vcp_type: VcpType | None = None
    final_kwh: str = "0.000"
    """What the CDR of a virtual charging point says, in kWh: hard-coded, like its progress messages."""

    @cached_property
    def key(self) -> str:
        return evse_key(self.evse_id)


@dataclass(frozen=True)
class OpeningHours:
    """`weekday` as in the contract; times `HH:MM` local."""

    weekday: str
    begin: str
    end: str


@dataclass(frozen=True)
class Station:
    """One place with its connectors; coordinates in degrees, as decimal strings."""

    id: str
    name: str
    operator: Operator
    address: str
    country: str
    latitude: str
    longitude: str
    evses: tuple[Evse, ...]
    hours: tuple[OpeningHours, ...] = ()
    """Empty: open round the clock."""
    amenities: tuple[str, ...] = field(default=())

    @cached_property
    def position(self) -> tuple[float, float]:
        return float(self.latitude), float(self.longitude)

    @cached_property
    def speed(self) -> str:
        power = max(evse.power for evse in self.evses)
        if power >= TURBO_FROM_KW:
            return "turbo"
        return "fast" if power >= FAST_FROM_KW else "slow"

    @cached_property
    def connectors(self) -> frozenset[str]:
        return frozenset(evse.connector for evse in self.evses)
