"""The places where the vendor's own documents disagree: the guide's form in place of the published contract's."""

from golive.simulator.atlas.stations import Evse, Station
from golive.simulator.faults import ErrorType, Problem
from golive.simulator.habits import habit
from golive.simulator.habits.reshape import reshaped
from golive.simulator.money.bill import Bill
from golive.simulator.services.base import Context, Json
from golive.simulator.services.billing import Billing
from golive.simulator.services.charging import Charging
from golive.simulator.services.payment_methods import PaymentMethods
from golive.simulator.services.prices import Prices
from golive.simulator.services.stations import Stations
from golive.simulator.services.tiles import Tiles
from golive.simulator.services.users import Users
from golive.simulator.services.wire import Wire
from golive.simulator.state.entities import BillingDetails, PaymentMethod, Session, SetupIntent, User
from golive.simulator.state.identifiers import Identifiers
from golive.simulator.stripe.cards import TestCard


@habit("setup-secret-as-client-secret", "payment methods")
class SecretAsClientSecret(PaymentMethods):
    """A setup intent's secret comes as `client_secret`, as in the guide."""

    def render_setup_intent(self, intent: SetupIntent) -> Json:
        return {"client_secret": intent.client_secret}


@habit("card-expiry-with-century", "payment methods")
class ExpiryWithCentury(PaymentMethods):
    """A card's expiry comes as MM/YYYY, as in the guide's example."""

    def expiration_date(self, method: PaymentMethod) -> str:
        month, year = super().expiration_date(method).split("/")
        return f"{month}/20{year}"


@habit("external-id-in-external-id", "users")
class ExternalIdInExternalId(Users):
    """A user's external id comes as `external_id.external_id`, as in the guide's example."""

    def render(self, user: User) -> Json:
        shown = super().render(user)
        shown["external_id"] = shown.pop("custom_properties")
        return shown


@habit("vat-number", "billing")
class VatNumber(Billing):
    """The VAT number comes as `vat_number`, as in the guide's overview."""

    def render(self, details: BillingDetails) -> Json:
        shown = super().render(details)
        shown["vat_number"] = shown.pop("vat_id")
        return shown


class BesideTheFirstCard(PaymentMethods):
    """With a user's first card, methods of other kinds appear that the user has."""

    kinds: tuple[str, ...] = ()

    def attach(self, user: User, card: TestCard, context: Context, holder: str | None = None) -> PaymentMethod:
        is_first = not user.methods
        method = super().attach(user, card, context, holder)
        for kind in self.kinds if is_first else ():
            super().attach(user, card, context, kind)
        return method

    def render(self, method: PaymentMethod, user: User) -> Json:
        shown = super().render(method, user)
        return shown | {"type": method.cardholder_name} if method.cardholder_name in self.kinds else shown


@habit("paypal-beside-cards", "payment methods")
class PayPalBesideCards(BesideTheFirstCard):
    """Users have a PayPal account among their payment methods, a kind that only the guide knows."""

    kinds = ("paypal",)


@habit("wallets-beside-cards", "payment methods")
class WalletsBesideCards(BesideTheFirstCard):
    """Users have Apple Pay and Google Pay among their payment methods."""

    kinds = ("apple_pay", "google_pay")


class CountedIds(Identifiers):
    """Users and sessions are numbered."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._last = 1000

    def user(self) -> str:
        return self._next()

    def session(self) -> str:
        return self._next()

    def _next(self) -> str:
        self._last += 1
        return str(self._last)


@habit("ids-are-integers-in-strings", "users")
class IdsAreIntegersInStrings(CountedIds):
    """Users and sessions have integers as ids, given as strings."""


@habit("ids-are-numbers", "users")
class IdsAreCounted(CountedIds):
    """Users and sessions have integers as ids, given as JSON numbers."""


@habit("ids-are-numbers", "users")
class IdsAreNumbers(Wire):
    """The ids of that habit on the wire."""

    def body(self, content: object) -> object:
        def as_number(name: str, value: object) -> object:
            is_number = (name == "id" or name.endswith("session_id")) and isinstance(value, str) and value.isdecimal()
            return int(str(value)) if is_number else value

        return reshaped(super().body(content), as_number)


@habit("invoice-view", "cdr")
class InvoiceView(Prices):
    """A session's cost has an `invoice_view`, of which only the guide speaks."""

    def render_bill(self, bill: Bill, link: str | None) -> Json:
        return super().render_bill(bill, link) | {"invoice_view": link}


@habit("tile-coordinates-as-numbers", "stations")
class TileNumbers(Tiles):
    """The coordinates on a map tile are JSON numbers."""

    def render_point(self, latitude: float, longitude: float) -> Json:
        return {"type": "Point", "coordinates": [latitude, longitude]}


@habit("tile-coordinates-longitude-first", "stations")
class TileLongitudeFirst(Tiles):
    """The coordinates on a map tile have the longitude first."""

    def render_point(self, latitude: float, longitude: float) -> Json:
        return {"type": "Point", "coordinates": [f"{longitude:.6f}", f"{latitude:.6f}"]}


@habit("station-without-status-and-speed", "stations")
class NoStatusNoSpeed(Stations):
    """A station comes without `status` and `speed`, as in older examples."""

    def render(self, station: Station, context: Context) -> Json:
        shown = super().render(station, context)
        return {name: value for name, value in shown.items() if name not in ("status", "speed")}


@habit("evse-without-status", "stations")
class NoEvseStatus(Stations):
    """An EVSE comes without `status`, as in older examples."""

    def render_evse(self, evse: Evse, context: Context) -> Json:
        return {"evse_id": evse.evse_id}


class StopRefusedOnce(Charging):
    """The provider does not take the first stop of a session."""

    status = 424

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._refused: set[str] = set()

    def stop(self, session: Session, context: Context) -> None:
        if session.id not in self._refused and not self.is_stopped(session, context):
            self._refused.add(session.id)
            raise Problem(self.status, ErrorType.PROVIDER, "The charging provider did not accept the stop.")
        super().stop(session, context)


@habit("stop-refused-once", "charging")
class StopRefusedOnceAs424(StopRefusedOnce):
    """The first stop of a session meets a `charging_provider_error`; the next one is accepted."""


@habit("stop-refused-once-as-409", "charging")
class StopRefusedOnceAs409(StopRefusedOnce):
    """The first stop of a session meets a `charging_provider_error` as 409, as on the guide's page."""

    status = 409
