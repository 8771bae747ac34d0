"""What DEV can do wrong with a start or a deletion to be refused: accept it, or refuse it for another reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from golive.simulator.atlas.stations import Evse, Station
from golive.simulator.defects import defect
from golive.simulator.defects.answers import Whole, changed
from golive.simulator.faults import ErrorType, Fault, NotFound, Problem, Refusal
from golive.simulator.money.tariffs import Tariff
from golive.simulator.services.base import Context, Json
from golive.simulator.services.billing import Billing
from golive.simulator.services.charging import Charging
from golive.simulator.services.envelope import Envelope
from golive.simulator.services.payment_methods import PaymentMethods
from golive.simulator.services.users import Users
from golive.simulator.state.entities import BillingDetails, PaymentIntent, PaymentMethod, Session, User
from golive.simulator.stripe.cards import AtCharge, card_named

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# -- starts that must be refused -------------------------------------------------------------------------------


@defect("start-on-an-unknown-evse-crashes", "errors")
class CrashesOnUnknownEvse(Charging):
    """A start on an EVSE that does not exist is answered with 500."""

    def check_connector(self, evse_id: str, context: Context) -> tuple[Station, Evse]:
        try:
            return super().check_connector(evse_id, context)
        except NotFound:
            raise RuntimeError("no such EVSE") from None


@defect("start-on-an-unknown-evse-opens-a-session", "errors")
class StartsSomewhere(Charging):
    """A start on an EVSE that does not exist opens a session on another one, whatever it is to be paid with."""

    def check_connector(self, evse_id: str, context: Context) -> tuple[Station, Evse]:
        try:
            return super().check_connector(evse_id, context)
        except NotFound:
            return super().check_connector("AT*HTB*EOCPI1*1", context)

    def check_method(self, user: User, method_id: str, context: Context) -> PaymentMethod:
        card = card_named("pm_card_visa")
        if method_id == "pm_does_not_exist" and card is not None:
            return PaymentMethod(method_id, user.id, card, context.now, context.now)
        return super().check_method(user, method_id, context)


@defect("start-without-billing-data-accepted", "errors")
class NeverAsksForBilling(Billing):
    """A driver who never gave billing data can start."""

    def missing(self, user: User, station_country: str) -> list[str]:
        return [] if user.billing == BillingDetails() else super().missing(user, station_country)


@defect("missing-billing-data-is-a-validation-error", "errors")
class BillingIsValidation(Charging):
    """A start without billing data is refused with the right status, but as validation_error."""

    def check_billing(self, user: User, station: Station) -> None:
        try:
            super().check_billing(user, station)
        except Problem as problem:
            raise Problem(409, ErrorType.VALIDATION, problem.details) from None


@defect("card-without-funds-accepted", "errors")
class TrustsEmptyCards(Charging):
    """A card with insufficient funds passes the pre-authorization; other declined cards do not."""

    def pre_authorize(self, user: User, method: PaymentMethod, tariff: Tariff) -> PaymentIntent | None:
        if method.card.decline_code == "insufficient_funds":
            return None
        return super().pre_authorize(user, method, tariff)


@defect("declined-card-is-a-payment-method-error", "errors")
class DeclinesTheMethod(Charging):
    """A declined pre-authorization is refused with 402, but as payment_method_error."""

    def pre_authorize(self, user: User, method: PaymentMethod, tariff: Tariff) -> PaymentIntent | None:
        if method.card.at_charge is AtCharge.DECLINED:
            raise Problem(402, ErrorType.PAYMENT_METHOD, method.card.message)
        return super().pre_authorize(user, method, tariff)


@defect("declined-card-gets-a-client-secret", "errors")
class SecretForNothing(Charging):
    """A plain decline carries a client secret, as if the driver could authenticate it."""

    def pre_authorize(self, user: User, method: PaymentMethod, tariff: Tariff) -> PaymentIntent | None:
        try:
            return super().pre_authorize(user, method, tariff)
        except Problem as problem:
            if problem.payment_intent_client_secret is None:
                self.ask_driver(user, method, tariff)
            raise


@defect("authentication-without-a-client-secret", "errors")
class SecretKept(Envelope):
    """A start that the cardholder has to authenticate is refused without the client secret that this needs."""

    def error(self, problem: Problem) -> Json:
        return {name: value for name, value in super().error(problem).items() if name != "payment_intent_client_secret"}


@defect("authentication-is-never-asked-for", "errors")
class TrustsEveryCard(Charging):
    """A card that wants authentication is charged without it."""

    def pre_authorize(self, user: User, method: PaymentMethod, tariff: Tariff) -> PaymentIntent | None:
        if method.card.at_charge is AtCharge.WANTS_ACTION:
            return None
        return super().pre_authorize(user, method, tariff)


@defect("start-on-an-unknown-evse-refused-without-a-word", "errors")
def wordless(app: ASGIApp) -> ASGIApp:
    """A start on an EVSE that does not exist is refused with an empty object in place of a detail."""

    def emptied(whole: Whole) -> Whole:
        return replace(whole, body=b"{}") if whole.path.endswith("/charging/start/") and whole.status == 404 else whole

    return changed(app, emptied)


@defect("refused-starts-answered-with-400", "errors")
def always_400(app: ASGIApp) -> ASGIApp:
    """A start that the driver is the reason of refusing keeps the type of its error, but has the status 400."""

    def as_400(whole: Whole) -> Whole:
        refused = whole.path.endswith("/charging/start/") and whole.status in (402, 409)
        return replace(whole, status=400) if refused else whole

    return changed(app, as_400)


@defect("foreign-card-blamed-on-the-charger", "payment methods")
class BlamesTheCharger(Charging):
    """A start with another user's payment method is refused with 424 charging_provider_error."""

    def check_method(self, user: User, method_id: str, context: Context) -> PaymentMethod:
        if method_id not in user.methods and any(method_id in other.methods for other in self.world.live_users):
            raise Problem(424, ErrorType.PROVIDER, "The charging provider rejected the start.")
        return super().check_method(user, method_id, context)


# -- what a charge forbids -------------------------------------------------------------------------------------


@defect("second-start-answered-as-busy", "errors")
class BlamesTheStation(Charging):
    """The second start of a driver who is charging is refused as if the station were the reason."""

    def check_not_charging(self, user: User, context: Context) -> None:
        if self.active_sessions(user, context):
            raise Problem(409, ErrorType.STATION_AVAILABILITY, "The connector is not available.")
        super().check_not_charging(user, context)


@defect("second-start-returns-the-first-session", "errors")
class StartsOnceMore(Charging):
    """The second start of a driver who is charging succeeds and answers with the session that is running."""

    async def start(self, user: User, evse_id: str, method_id: str, context: Context) -> Session:
        running = self.active_sessions(user, context)
        return running[0] if running else await super().start(user, evse_id, method_id, context)


@defect("second-start-opens-a-second-session", "errors")
class StartsTwice(Charging):
    """A driver who is charging can start again, and then has two sessions on one VCP."""

    def check_not_charging(self, user: User, _: Context) -> None:
        self._starting = user

    def provider_answer(self, evse: Evse, context: Context) -> Fault | None:
        occupant = self.dev.vcps.occupant(evse, context)
        own = occupant is not None and occupant.user_id == self._starting.id
        return None if own else super().provider_answer(evse, context)


@defect("second-stop-accepted", "errors")
class StopsTwice(Charging):
    """A session that was stopped can be stopped again: 204."""

    def is_stopped(self, *_: object) -> bool:
        return False


class RefusesSecondStops(Charging):
    """A session that was stopped cannot be stopped again, but `refusal` is status, type and details of the answer."""

    refusal: tuple[int, ErrorType, str]

    def stop(self, session: Session, context: Context) -> None:
        if self.is_stopped(session, context):
            raise Problem(*self.refusal)
        super().stop(session, context)


@defect("second-stop-is-a-provider-error", "errors")
class ForgetsStops(RefusesSecondStops):
    """A session that was stopped cannot be stopped again, but the refusal is a 409 charging_provider_error."""

    refusal = 409, ErrorType.PROVIDER, "The charging provider rejected the stop."


@defect("second-stop-answered-with-400", "errors")
class BadStops(RefusesSecondStops):
    """A session that was stopped cannot be stopped again, but already_stopped has the status 400."""

    refusal = 400, ErrorType.ALREADY_STOPPED, "The charging session is already stopped."


@defect("payment-method-deleted-during-the-charge", "errors")
class ForgetsPayment(PaymentMethods):
    """The payment method that a running charge will be paid with can be deleted."""

    def delete(self, user: User, method: PaymentMethod, _: Context) -> None:
        del user.methods[method.id]
        user.default_method = next(reversed(user.methods), None)


@defect("payment-method-hidden-during-the-charge", "errors")
class HidesPayment(PaymentMethods):
    """While a user charges, the deletion of the payment method is answered as if there were none."""

    def delete(self, user: User, method: PaymentMethod, context: Context) -> None:
        if self.dev.sessions.unsettled(user, context):
            raise NotFound
        super().delete(user, method, context)


@defect("user-deleted-during-the-charge", "errors")
class LetsUsersGo(Users):
    """A user who is charging can be deleted; the session ends, and nobody can read it any more."""

    def delete(self, user: User, context: Context) -> None:
        for session in self.dev.sessions.unsettled(user, context):
            session.stopped_at = session.stopped_at or context.now
        self.world.remove_user(user)


@defect("user-deletion-refused-with-403", "errors")
class ForbidsDeletion(Users):
    """The deletion of a user who is charging is refused as if the key did not allow it."""

    def delete(self, user: User, context: Context) -> None:
        if self.dev.sessions.unsettled(user, context):
            raise Refusal(403, "You do not have permission to perform this action.")
        super().delete(user, context)
