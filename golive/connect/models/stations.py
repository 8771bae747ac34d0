"""Stations and their EVSEs. The status of a VCP in here says nothing of the VCP: it is read, never decided by."""

import re
from decimal import Decimal
from typing import ClassVar, Final

from golive.connect.models.base import ApiModel
from golive.connect.models.prices import PriceGroup

_SEPARATORS: Final = re.compile(r"[^0-9A-Za-z]")


def same_evse(a: str | None, b: str | None) -> bool:
    """Whether two EVSE ids name the same EVSE: separators are optional (ISO 15118, eMI3), case does not count."""
    return a is not None and b is not None and bare_evse(a) == bare_evse(b) != ""


def bare_evse(evse_id: str) -> str:
    """An EVSE id without its separators, in upper case."""
    return _SEPARATORS.sub("", evse_id).upper()


class Evse(ApiModel):
    """`status`: AVAILABLE, BLOCKED, CHARGING, … as the spec lists them; None in older examples."""

    spec_required: ClassVar = frozenset({"evse_id", "status"})
    essential: ClassVar = frozenset({"evse_id"})
    missing_forms: ClassVar = {"status": "FORM_EVSE_STATUS"}

    evse_id: str
    status: str | None = None


class Coordinates(ApiModel):
    """Degrees, WGS 84."""

    spec_required: ClassVar = frozenset({"latitude", "longitude"})

    latitude: Decimal | None = None
    longitude: Decimal | None = None


class RegularHours(ApiModel):
    """A period on one weekday, or on ALL; times are hh:mm, local."""

    spec_required: ClassVar = frozenset({"period_begin", "period_end"})
    spec_nullable: ClassVar = spec_required

    weekday: str | None = None
    period_begin: str | None = None
    period_end: str | None = None


class OpeningTimes(ApiModel):
    spec_required: ClassVar = frozenset({"regular_hours", "twentyfourseven"})

    twentyfourseven: bool | None = None
    regular_hours: tuple[RegularHours, ...] = ()


class Contact(ApiModel):
    spec_nullable: ClassVar = frozenset({"phone"})

    phone: str | None = None


class Operator(ApiModel):
    spec_required: ClassVar = frozenset({"name"})
    spec_nullable: ClassVar = frozenset({"contact"})

    name: str | None = None
    contact: Contact | None = None


class Station(ApiModel):
    """A station; `id` may be null. `status` and `speed` are optional in the contract."""

    spec_required: ClassVar = frozenset(
        {
            "address",
            "coordinates",
            "evses",
            "id",
            "last_updated",
            "name",
            "opening_times",
            "operator",
            "price_groups",
        }
    )
    spec_nullable: ClassVar = frozenset({"id"})
    essential: ClassVar = frozenset[str]()

    id: str | None = None
    name: str | None = None
    speed: str | None = None
    address: str | None = None
    status: str | None = None
    coordinates: Coordinates | None = None
    opening_times: OpeningTimes | None = None
    operator: Operator | None = None
    evses: tuple[Evse, ...] = ()
    last_updated: str | None = None
    amenities: tuple[str, ...] = ()
    is_partner: bool | None = None
    price_groups: tuple[PriceGroup, ...] = ()
    logo_url: str | None = None

    def find_evse(self, evse_id: str) -> Evse | None:
        """The EVSE with this id, however it is written; None where the station has none."""
        return next((evse for evse in self.evses if same_evse(evse.evse_id, evse_id)), None)

    def price_group_of(self, evse_id: str) -> PriceGroup | None:
        """The prices that hold for this EVSE."""
        return next(
            (group for group in self.price_groups if any(same_evse(id_, evse_id) for id_ in group.evse_ids)), None
        )


class Partner(ApiModel):
    """A partner operator, by which stations can be filtered."""

    spec_required: ClassVar = frozenset({"logo_url", "name"})
    spec_nullable: ClassVar = frozenset({"logo_url"})
    essential: ClassVar = frozenset({"name"})

    name: str
    logo_url: str | None = None
