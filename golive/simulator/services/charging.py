"""Start and stop. The checks of a start come in the guide's order: customer state, station and connector, billing and
payment readiness, pre-authorization, the command to the provider.
"""

from golive.simulator.atlas.stations import Evse, EvseStatus, Station, VcpType
from golive.simulator.faults import ErrorType, Fault, Problem
from golive.simulator.money.tariffs import Tariff
from golive.simulator.services.base import Context, Service
from golive.simulator.state.entities import IntentStatus, PaymentIntent, PaymentMethod, Session, User
from golive.simulator.stripe.cards import AtCharge

_BROKEN = frozenset({EvseStatus.OUTOFORDER, EvseStatus.INOPERATIVE, EvseStatus.PLANNED, EvseStatus.REMOVED})


class Charging(Service):
    async def start(self, user: User, evse_id: str, method_id: str, context: Context) -> Session:
        """A new session; raises the problem of the first check that fails."""
        self.check_customer(user, context)
        user.start_in_flight = True
        try:
            station, evse = self.check_connector(evse_id, context)
            self.check_billing(user, station)
            method = self.check_method(user, method_id, context)
            pre_authorization = self.pre_authorize(user, method, evse.tariff)
            await self.command(evse, context)
            session = self.open_session(user, station, evse, method)
        finally:
            user.start_in_flight = False
        if pre_authorization is not None:
            pre_authorization.used = True
        return session

    # -- 1: the customer's state -------------------------------------------------------------------------------

    def check_customer(self, user: User, context: Context) -> None:
        self.check_not_charging(user, context)
        self.check_no_debt(user, context)

    def check_not_charging(self, user: User, context: Context) -> None:
        if user.start_in_flight:
            raise Problem(409, ErrorType.ALREADY_CHARGING, "A start of this user is already under way.")
        if self.active_sessions(user, context):
            raise Problem(409, ErrorType.ALREADY_CHARGING, "The user is already charging.")

    def active_sessions(self, user: User, context: Context) -> list[Session]:
        """A session without its CDR still counts as charging, stopped or not."""
        return self.dev.sessions.unsettled(user, context)

    def check_no_debt(self, user: User, context: Context) -> None:
        if self.dev.debts.outstanding(user, context):
            raise Problem(402, ErrorType.PAYMENT, "The user has an outstanding payment. Settle it first.")

    # -- 2: station and connector ------------------------------------------------------------------------------

    def check_connector(self, evse_id: str, context: Context) -> tuple[Station, Evse]:
        """Raises `NotFound` for an unknown EVSE. The status of a virtual charging point decides nothing, unless it was
        put out of order."""
        station, evse = self.dev.stations.connector(evse_id)
        if evse.key in self.world.out_of_order:
            raise self.out_of_order()
        if evse.vcp_type is None:
            status = self.dev.stations.evse_status(evse, context)
            if status in _BROKEN:
                raise self.out_of_order()
            if status is EvseStatus.UNKNOWN:
                raise Problem(424, ErrorType.STATION_AVAILABILITY, "No data of this station is available now.")
        return station, evse

    def out_of_order(self) -> Problem:
        return Problem(409, ErrorType.STATION_AVAILABILITY, "The connector is out of order.")

    # -- 3: billing and payment readiness ----------------------------------------------------------------------

    def check_billing(self, user: User, station: Station) -> None:
        missing = self.dev.billing.missing(user, station.country)
        if missing:
            details = f"Billing details are incomplete: {', '.join(missing)}."
            raise Problem(409, ErrorType.BILLING_DATA_REQUIRED, details)

    def check_method(self, user: User, method_id: str, context: Context) -> PaymentMethod:
        method = self.dev.payment_methods.find(user, method_id, context)
        if method is None:
            raise self.no_such_method()
        return method

    def no_such_method(self) -> Problem:
        """The contract has no 400 on a start; the guide's table of errors has: payment_method_error."""
        return Problem(400, ErrorType.PAYMENT_METHOD, "The user has no such payment method.")

    # -- 4: pre-authorization ----------------------------------------------------------------------------------

    def pre_authorize(self, user: User, method: PaymentMethod, tariff: Tariff) -> PaymentIntent | None:
        """Returns the intent that the driver confirmed before, if the card wants that; it serves one start."""
        match method.card.at_charge:
            case AtCharge.DECLINED:
                raise Problem(402, ErrorType.PRE_AUTHORIZATION, method.card.message)
            case AtCharge.WANTS_ACTION:
                return self.confirmed_intent(user, method) or self.ask_driver(user, method, tariff)
            case _:
                return None

    def confirmed_intent(self, user: User, method: PaymentMethod) -> PaymentIntent | None:
        intent = self.world.payment_intents.get(user.pre_authorizations.get(method.id, ""))
        if intent is None or intent.used or intent.status is not IntentStatus.REQUIRES_CAPTURE:
            return None
        return intent

    def ask_driver(self, user: User, method: PaymentMethod, tariff: Tariff) -> PaymentIntent:
        """Always raises: the driver has to authenticate the payment intent whose secret the answer carries."""
        intent = self.world.new_payment_intent(
            user.id,
            amount_cents=int(tariff.pre_authorization * 100),
            currency=tariff.currency,
            capture_method="manual",
            status=IntentStatus.REQUIRES_ACTION,
            method_id=method.id,
        )
        user.pre_authorizations[method.id] = intent.id
        raise Problem(
            402,
            ErrorType.PRE_AUTHORIZATION,
            "The payment has to be authenticated by the cardholder.",
            payment_intent_client_secret=intent.client_secret,
        )

    # -- 5: the command to the provider ------------------------------------------------------------------------

    async def command(self, evse: Evse, context: Context) -> None:
        """The provider's answer, after the option `start_delay`; a type-1 VCP is taken from the first moment on."""
        refusal = self.provider_answer(evse, context)
        if refusal is None:
            self.world.reserved.add(evse.key)
        try:
            await self.clock.sleep(self.options.start_delay)
        finally:
            if refusal is None:
                self.world.reserved.discard(evse.key)
        if refusal is not None:
            raise refusal

    def provider_answer(self, evse: Evse, context: Context) -> Fault | None:
        if evse.key in self.world.provider_answers:
            return self.world.provider_answers[evse.key]
        if evse.vcp_type is None:
            return Problem(424, ErrorType.PROVIDER, "The charging provider rejected the start.")
        return self.dev.vcps.busy_answer() if self.dev.vcps.is_busy(evse, context) else None

    def open_session(self, user: User, station: Station, evse: Evse, method: PaymentMethod) -> Session:
        now = self.clock.now()
        session = Session(
            id=self.world.ids.session(),
            user_id=user.id,
            station=station,
            evse=evse,
            method_id=method.id,
            tariff=self.dev.prices.at_start(evse, now),
            started_at=now,
        )
        self.world.add_session(session)
        if evse.vcp_type is VcpType.SHARED:
            self.world.occupants[evse.key] = session
        self.dev.debts.on_start(session)
        return session

    # -- stop --------------------------------------------------------------------------------------------------

    def to_stop(self, user: User, session_id: str) -> Session:
        """The session that a stop speaks of. Raises `NotFound` for another user's session too."""
        return self.dev.sessions.get(user, session_id)

    def stop(self, session: Session, context: Context) -> None:
        """Raises the 409 problem when it was stopped before or is over."""
        if self.is_stopped(session, context):
            raise Problem(409, ErrorType.ALREADY_STOPPED, "The charging session is already stopped.")
        session.stopped_at = context.now

    def is_stopped(self, session: Session, context: Context) -> bool:
        return session.stopped_at is not None or self.is_over(session, context)

    def is_over(self, session: Session, context: Context) -> bool:
        """Ended by itself: the CDR has come, or a type-1 session has reached the limit."""
        if session.evse.vcp_type is VcpType.SHARED:
            return context.now >= self.dev.vcps.ended_at(session)
        return self.dev.sessions.is_settled(session, context)
