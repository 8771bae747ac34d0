"""The API's values: frozen, typed, unknown fields kept. Money and energy are Decimal, times are aware."""

from golive.connect.models.base import ApiModel, Note
from golive.connect.models.invoices import Invoice
from golive.connect.models.payments import Card, Debt, PaymentMethod, SetupIntent
from golive.connect.models.prices import WEEKDAYS, Component, PriceGroup, PriceItem, Prices
from golive.connect.models.sessions import COST_PARTS, Session, SessionCost, SessionPrices, StationInfo
from golive.connect.models.stations import (
    Contact,
    Coordinates,
    Evse,
    OpeningTimes,
    Operator,
    Partner,
    RegularHours,
    Station,
    bare_evse,
    same_evse,
)
from golive.connect.models.tile import Geometry, Tile, TileFeature, TilePrice, TileProperties, tile_at
from golive.connect.models.users import BillingDetails, CustomProperties, User

__all__ = [
    "COST_PARTS",
    "WEEKDAYS",
    "ApiModel",
    "BillingDetails",
    "Card",
    "Component",
    "Contact",
    "Coordinates",
    "CustomProperties",
    "Debt",
    "Evse",
    "Geometry",
    "Invoice",
    "Note",
    "OpeningTimes",
    "Operator",
    "Partner",
    "PaymentMethod",
    "PriceGroup",
    "PriceItem",
    "Prices",
    "RegularHours",
    "Session",
    "SessionCost",
    "SessionPrices",
    "SetupIntent",
    "Station",
    "StationInfo",
    "Tile",
    "TileFeature",
    "TilePrice",
    "TileProperties",
    "User",
    "bare_evse",
    "same_evse",
    "tile_at",
]
