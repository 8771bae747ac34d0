"""What a request has to hold: the rules for bodies and queries, apart from what is then done with them."""

from dataclasses import dataclass

from golive.simulator.atlas.stations import CONNECTOR_TYPES
from golive.simulator.services.base import Service
from golive.simulator.services.stations import StationFilter
from golive.simulator.state.entities import BillingDetails
from golive.simulator.web.fields import BodyReader, QueryReader

LOCALES = ("en", "de")
ACCOUNT_TYPES = ("personal", "business")
PM_TYPES = ("card",)
POWER_GROUPS = ("slow", "fast", "turbo")
LONGEST_EXTERNAL_ID = 250
DEFAULT_DISTANCE_M = 100
DEEPEST_ZOOM = 24
LOWEST_RATE, HIGHEST_RATE = 1, 5


@dataclass(frozen=True)
class Around:
    """A search around a point in degrees; distance in metres."""

    latitude: float
    longitude: float
    distance: int
    wanted: StationFilter


@dataclass(frozen=True)
class TileRequest:
    columns: set[int]
    rows: set[int]
    zoom: int
    wanted: StationFilter


class Forms(Service):
    """Each method reads one request and raises `Invalid` with everything that is wrong with it."""

    def user(self, body: BodyReader) -> dict[str, str | None]:
        """The given fields only."""
        values: dict[str, str | None] = {}
        if body.has("email"):
            values["email"] = self.email(body)
        if body.has("locale"):
            values["locale"] = self.locale(body)
        custom = body.nested("custom_properties")
        if custom is not None and custom.has("external_id"):
            values["external_id"] = self.external_id(custom)
        body.check()
        return values

    def email(self, body: BodyReader) -> str | None:
        return body.email("email")

    def locale(self, body: BodyReader) -> str | None:
        return body.choice("locale", LOCALES)

    def external_id(self, custom: BodyReader) -> str | None:
        return custom.text("external_id", longest=LONGEST_EXTERNAL_ID)

    def billing(self, body: BodyReader) -> BillingDetails:
        details = BillingDetails(
            country=body.text("country", longest=150),
            city=body.text("city", longest=50),
            tax_id=body.text("tax_id", longest=30),
            account_type=body.choice("account_type", ACCOUNT_TYPES) or "personal",
            company_name=body.text("company_name"),
            vat_id=body.text("vat_id"),
            line1=self.line1(body),
            postal_code=self.postal_code(body),
            first_name=body.text("first_name", longest=150),
            last_name=body.text("last_name", longest=150),
        )
        body.check()
        return details

    def line1(self, body: BodyReader) -> str:
        return body.text("line1", nullable=False, required=True)

    def postal_code(self, body: BodyReader) -> str:
        return body.text("postal_code", nullable=False, required=True)

    def pm_type(self, query: QueryReader) -> str:
        value = query.get("pm_type")
        if value is None:
            return PM_TYPES[0]
        if value not in PM_TYPES:
            query.wrong("pm_type", "Not a valid choice: expected card.")
        query.check()
        return value

    def start(self, body: BodyReader) -> tuple[str, str]:
        """EVSE ID and payment method."""
        evse_id = body.text("evse_id", nullable=False, required=True)
        method_id = body.text("payment_method_id", nullable=False, required=True)
        body.check()
        return evse_id, method_id

    def rates(self, body: BodyReader) -> int | None:
        value = body.whole_number("rates", LOWEST_RATE, HIGHEST_RATE)
        body.check()
        return value

    def station(self, query: QueryReader) -> tuple[str, str]:
        """The id and its kind: `evse_id` or `station_id`."""
        wanted, kind = query.needed("id"), query.needed("type")
        if kind and kind not in ("evse_id", "station_id"):
            query.wrong("type", "Not a valid choice: expected evse_id or station_id.")
        query.check()
        return wanted, kind

    def around(self, query: QueryReader) -> Around:
        asked = Around(
            latitude=query.degrees("latitude", 90),
            longitude=query.degrees("longitude", 180),
            distance=query.whole("distance", DEFAULT_DISTANCE_M),
            wanted=self.filter(query),
        )
        query.check()
        return asked

    def tile(self, query: QueryReader) -> TileRequest:
        query.needed("z")
        asked = TileRequest(
            columns=query.wholes("x"), rows=query.wholes("y"), zoom=query.whole("z", 0), wanted=self.filter(query)
        )
        if asked.zoom > DEEPEST_ZOOM:
            query.wrong("z", f"A zoom level from 0 to {DEEPEST_ZOOM} is required.")
        query.check()
        return asked

    def filter(self, query: QueryReader) -> StationFilter:
        """The filters that a search around a point and a tile share."""
        return StationFilter(
            connector_types=query.some_of("connector_types", CONNECTOR_TYPES),
            operators=query.many("operators"),
            only_available=query.yes("only_available"),
            only_partners=query.yes("only_partners"),
            max_price=query.price("max_price"),
            power_groups=query.some_of("power_groups", POWER_GROUPS),
        )
