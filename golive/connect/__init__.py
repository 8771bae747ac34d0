"""The Connect API client: one method per operation, typed values, typed errors with the documented advice."""

from golive.connect.advice import Advice, ErrorType, Retry
from golive.connect.answer import Answer
from golive.connect.client import DEFAULT, ConnectClient, Default
from golive.connect.envelope import ErrorEnvelope
from golive.connect.error_table import ERROR_TABLE, ErrorForm
from golive.connect.errors import ApiError, ConnectError
from golive.connect.forms import FORMS, Form
from golive.connect.models import (
    BillingDetails,
    Card,
    Component,
    Debt,
    Evse,
    Invoice,
    Partner,
    PaymentMethod,
    PriceGroup,
    PriceItem,
    Session,
    SessionCost,
    SetupIntent,
    Station,
    Tile,
    TileFeature,
    User,
    bare_evse,
    same_evse,
    tile_at,
)
from golive.connect.operations import OPERATIONS, STRIPE_OPERATIONS, Operation, operation_for
from golive.connect.policy import RetryPolicy, Timeouts
from golive.connect.stripe import SetupConfirmation, StripeClient

__all__ = [
    "DEFAULT",
    "ERROR_TABLE",
    "FORMS",
    "OPERATIONS",
    "STRIPE_OPERATIONS",
    "Advice",
    "Answer",
    "ApiError",
    "BillingDetails",
    "Card",
    "Component",
    "ConnectClient",
    "ConnectError",
    "Debt",
    "Default",
    "ErrorEnvelope",
    "ErrorForm",
    "ErrorType",
    "Evse",
    "Form",
    "Invoice",
    "Operation",
    "Partner",
    "PaymentMethod",
    "PriceGroup",
    "PriceItem",
    "Retry",
    "RetryPolicy",
    "Session",
    "SessionCost",
    "SetupConfirmation",
    "SetupIntent",
    "Station",
    "StripeClient",
    "Tile",
    "TileFeature",
    "Timeouts",
    "User",
    "bare_evse",
    "operation_for",
    "same_evse",
    "tile_at",
]
