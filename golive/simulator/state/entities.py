"""The nouns of the simulated DEV. Instants are aware and in UTC, energy is kWh, money is in the session's currency."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from golive.simulator.atlas.stations import Evse, Station
from golive.simulator.money.tariffs import Tariff
from golive.simulator.stripe.cards import TestCard


@dataclass(frozen=True)
class BillingDetails:
    """As last put; `None` where nothing was given."""

    country: str | None = None
    city: str | None = None
    tax_id: str | None = None
    account_type: str = "personal"
    company_name: str | None = None
    vat_id: str | None = None
    line1: str = ""
    postal_code: str = ""
    first_name: str | None = None
    last_name: str | None = None


@dataclass
class PaymentMethod:
    """A card attached to one user, listed from `visible_at` on."""

    id: str
    user_id: str
    card: TestCard
    attached_at: datetime
    visible_at: datetime
    cardholder_name: str | None = None


@dataclass
class Session:
    """One charging session: what happened to it. All it shows follows from these instants and the time of asking."""

    id: str
    user_id: str
    station: Station
    evse: Evse
    method_id: str
    tariff: Tariff
    started_at: datetime
    stopped_at: datetime | None = None
    rates: int | None = None
    debt_intent: str | None = None
    """The payment intent that stays open because the final charge was declined."""


@dataclass
class User:
    id: str
    sequence: int
    created_at: datetime
    email: str | None = None
    locale: str = "en"
    external_id: str | None = None
    deleted_at: datetime | None = None
    billing: BillingDetails = field(default_factory=BillingDetails)
    methods: dict[str, PaymentMethod] = field(default_factory=dict)
    default_method: str | None = None
    sessions: list[Session] = field(default_factory=list)
    """In order of start."""
    open_sessions: list[Session] = field(default_factory=list)
    """Those without an invoice yet: never more than a few."""
    invoiced: list[Session] = field(default_factory=list)
    """In order of their invoices."""
    start_in_flight: bool = False
    pre_authorizations: dict[str, str] = field(default_factory=dict)
    """Payment method -> the payment intent of its last pre-authorization that wanted the driver."""


class IntentStatus(StrEnum):
    """Of a setup or payment intent, in the card processor's words."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass
class SetupIntent:
    id: str
    client_secret: str
    user_id: str
    created_at: datetime
    status: IntentStatus = IntentStatus.REQUIRES_PAYMENT_METHOD
    method_id: str | None = None
    card: TestCard | None = None
    """Of the confirmation under way: kept between `requires_action` and the second confirmation."""
    last_error: dict[str, object] | None = None


@dataclass
class PaymentIntent:
    """A pre-authorization that wants the driver, or a debt."""

    id: str
    client_secret: str
    user_id: str
    amount_cents: int
    currency: str
    created_at: datetime
    capture_method: str
    status: IntentStatus
    method_id: str | None = None
    last_error: dict[str, object] | None = None
    used: bool = False
    """A confirmed pre-authorization serves one start."""


@dataclass(frozen=True)
class Hold:
    """Another party on a VCP, until that instant (`None`: until released)."""

    until: datetime | None

    def lasts_at(self, now: datetime) -> bool:
        return self.until is None or now < self.until
