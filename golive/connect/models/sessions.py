"""A charging session: from the answer to the start to the CDR, which is the session turning final."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from golive.connect.models.base import ApiModel, Note

_CENT: Final = Decimal("0.01")
COST_PARTS = ("kwh_cost", "time_cost", "session_fee_cost", "blocking_fee_cost", "starting_fee_cost")
"""The parts of a session's cost, VAT included."""


class StationInfo(ApiModel):
    """Where the session is; `connector_power` in kW."""

    spec_nullable: ClassVar = frozenset(
        {
            "station_name",
            "station_address",
            "country",
            "station_speed",
            "connector_standard",
            "connector_power",
            "support_phone",
            "latitude",
            "longitude",
        }
    )
    spec_numbers: ClassVar = frozenset({"connector_power"})

    station_name: str | None = None
    station_address: str | None = None
    country: str | None = None
    station_speed: str | None = None
    connector_standard: str | None = None
    connector_power: Decimal | None = None
    support_phone: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


class SessionPrices(ApiModel):
    """What the driver was told: per kWh, per minute, per session, VAT included. `blocking_fee` is a text."""

    spec_required: ClassVar = frozenset(
        {
            "blocking_cap",
            "blocking_fee",
            "grace_period_minutes",
            "kwh_price",
            "session_fee",
            "starting_fee",
            "time_price",
        }
    )
    spec_nullable: ClassVar = spec_required

    kwh_price: Decimal | None = None
    time_price: Decimal | None = None
    session_fee: Decimal | None = None
    blocking_fee: str | None = None
    starting_fee: Decimal | None = None
    grace_period_minutes: int | None = None
    blocking_cap: Decimal | None = None
    currency: str | None = None

    @property
    def is_charged(self) -> bool:
        """Whether anything but blocking has a price above zero: false for free charging."""
        return any((self.kwh_price, self.time_price, self.session_fee, self.starting_fee))


class SessionCost(ApiModel):
    """What is charged, in `currency`; `invoice_summary` is the sum, `invoice_vat` the VAT within it."""

    spec_required: ClassVar = frozenset(
        {
            *COST_PARTS,
            "currency",
            "invoice_credits",
            "invoice_discount",
            "invoice_download",
            "invoice_summary",
            "invoice_vat",
        }
    )
    spec_nullable: ClassVar = frozenset({*COST_PARTS, "invoice_download"})

    kwh_cost: Decimal | None = None
    time_cost: Decimal | None = None
    session_fee_cost: Decimal | None = None
    blocking_fee_cost: Decimal | None = None
    starting_fee_cost: Decimal | None = None
    invoice_download: str | None = None
    invoice_vat: Decimal | None = None
    invoice_summary: Decimal | None = None
    invoice_credits: Decimal | None = None
    invoice_discount: Decimal | None = None
    currency: str | None = None

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        if "invoice_view" in data:
            note("FORM_INVOICE_VIEW", "")
        return data

    @property
    def parts(self) -> dict[str, Decimal]:
        """The cost parts that are given, by name."""
        named = {name: getattr(self, name) for name in COST_PARTS}
        return {name: value for name, value in named.items() if value is not None}

    @property
    def total(self) -> Decimal | None:
        """What the driver pays: the summary, or where it is absent the sum of the parts; None without either."""
        if self.invoice_summary is not None:
            return self.invoice_summary
        return sum(self.parts.values(), Decimal(0)) if self.parts else None


class Session(ApiModel):
    """A session. `consumed_energy` is kWh (None: no reading), `duration` seconds.

    `recovered`: the answer to its start was lost and the client found it among the user's sessions.
    """

    spec_required: ClassVar = frozenset(
        {
            "consumed_energy",
            "duration",
            "end_time",
            "evse_id",
            "id",
            "is_active",
            "is_partner",
            "logo_url",
            "session_cost",
            "start_time",
            "station_info",
            "user_facing_session_prices",
        }
    )
    spec_nullable: ClassVar = frozenset({"start_time", "end_time", "duration", "consumed_energy", "logo_url", "rates"})

    id: str
    is_active: bool = True
    evse_id: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    duration: int | None = None
    consumed_energy: Decimal | None = None
    station_info: StationInfo | None = None
    is_partner: bool | None = None
    logo_url: str | None = None
    user_facing_session_prices: SessionPrices | None = None
    session_cost: SessionCost | None = None
    rates: int | None = None
    recovered: bool = False

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        data.pop("recovered", None)
        if not isinstance(data.get("is_active"), bool):
            # Whoever cannot tell whether a VCP is still held must take it as held, unless an end is given.
            note("FIELD_MISSING" if "is_active" not in data else "FIELD_UNREADABLE", f"{cls.__name__}.is_active")
            data["is_active"] = data.get("end_time") is None
        return data

    @property
    def is_final(self) -> bool:
        """Whether the CDR is here: inactive, with end, duration, energy and cost set (doc, "Final CDR")."""
        return not self.is_active and not self.lacks

    @property
    def lacks(self) -> tuple[str, ...]:
        """The fields that a CDR must have and that this session does not show."""
        shown = {
            "end_time": self.end_time is not None,
            "duration": self.duration is not None,
            "consumed_energy": self.consumed_energy is not None,
            "session_cost": self._is_charged,
        }
        return tuple(field for field, is_there in shown.items() if not is_there)

    @property
    def _is_charged(self) -> bool:
        """Whether the cost is there. Zeros, as parts or without any, are what a session shows before its cost, unless
        no more than that is due."""
        if self.total or any(self.costs.values()):
            return True
        return self.total is not None and self._due < _CENT

    @property
    def _due(self) -> Decimal:
        """Roughly what the prices make of energy and time: enough to tell nothing from something."""
        prices = self.user_facing_session_prices
        if prices is None:
            return Decimal(0)
        by_use = (prices.kwh_price or 0) * (self.consumed_energy or 0) + (prices.time_price or 0) * (
            Decimal(self.duration or 0) / 60
        )
        return by_use + (prices.session_fee or 0) + (prices.starting_fee or 0)

    @property
    def total(self) -> Decimal | None:
        """What the driver pays, in `currency`; None while nothing is charged."""
        return None if self.session_cost is None else self.session_cost.total

    @property
    def currency(self) -> str | None:
        """The currency of the cost, or of the prices while there is no cost."""
        for part in (self.session_cost, self.user_facing_session_prices):
            if part is not None and part.currency:
                return part.currency
        return None

    @property
    def costs(self) -> dict[str, Decimal]:
        """The cost parts that are given, by name; empty while there are none."""
        return {} if self.session_cost is None else self.session_cost.parts
