"""A driver: a test user with a payment method and billing data, who holds one session at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from golive.connect import ConnectClient, Session
from golive.connect.errors import AlreadyStopped, ApiError
from golive.journeys.sessions import Held, OpenSessions
from golive.outcomes import Failed, Inconclusive, Owner


@dataclass(frozen=True)
class Persona:
    """Who a driver is, for billing; an empty field is not sent. `country` is ISO 3166, two letters."""

    id: str
    account_type: str
    country: str
    city: str
    line1: str
    postal_code: str
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    vat_id: str = ""
    tax_id: str = ""


@dataclass(frozen=True)
class Card:
    """One of the card processor's public test payment methods.

    `at_charge`: "pays", "declined" or "asks" for the cardholder. `at_setup`: "attaches" or "declined"; or "may decline"
    and "may ask", where Stripe's documents leave open whether the set-up is answered as a charge would be.
    """

    id: str
    payment_method: str
    brand: str
    last4: str
    behaviour: str
    at_setup: str
    at_charge: str

    @property
    def is_for_a_charge(self) -> bool:
        """Whether it is there for what a charge of it meets: one that is declined sooner shows nothing of that."""
        return self.at_charge != "pays" and self.at_setup != "declined"


class MetAtSetup(Inconclusive):
    """Stripe answered the set-up of a card as a charge of it would be answered. `listed`: the ids under which the card
    is among the user's payment methods all the same."""

    def __init__(self, message: str, *, listed: Iterable[str]) -> None:
        super().__init__(message, owner=Owner.ENVIRONMENT)
        self.listed = tuple(listed)


@dataclass(frozen=True)
class Attempt:
    """What came of a request that is expected to be refused."""

    error: ApiError | None
    session: Session | None = None
    met_at_setup: MetAtSetup | None = None
    """What kept the driver from sending it."""

    @property
    def was_refused(self) -> bool:
        return self.error is not None

    @property
    def status(self) -> int | None:
        """The status of the refusal; None where there was none."""
        return None if self.error is None else self.error.status


@dataclass
class Driver:
    """A user of the partner, ready to charge; `prepared` ones existed before this run."""

    name: str
    client: ConnectClient
    user_id: str
    payment_method_id: str
    sessions: OpenSessions
    prepared: bool = False
    held: Held | None = field(default=None, init=False)

    def start(self, evse_id: str) -> Session:
        """Start a charge. The register of open sessions learns of it before it is sent.

        Raises what `ConnectClient.start_charging` and `OpenSessions.opening` raise, and `Failed` for a session without
        an id. A refused start stays in the register until the user's sessions were looked at: a refusal alone does not
        prove that nothing was begun.
        """
        held = self.sessions.opening(self.client, self.user_id, evse_id)
        try:
            session = self.client.start_charging(
                self.user_id, evse_id=evse_id, payment_method_id=self.payment_method_id
            )
        except ApiError:
            self.sessions.refused(held)
            raise
        self.sessions.began(held, session.id)
        self.held = held
        if not session.id:
            raise Failed(f"the start on {evse_id} was answered with a session that has no id", owner=Owner.CARIQA)
        return session

    def try_to_start(self, evse_id: str) -> Attempt:
        """A start that should be refused: if it is not, the session it opened is in the attempt."""
        before = self.held
        try:
            session = self.start(evse_id)
        except ApiError as exc:
            return Attempt(exc)
        unwanted, self.held = self.held, before
        if unwanted is not None and not (before and before.session_id == session.id):
            self.sessions.release(unwanted)
        return Attempt(None, session)

    def leave(self) -> None:
        """Stop whatever this driver still has open; what cannot be stopped stays in the register."""
        self.sessions.release_all(self.user_id)

    def stop(self, session_id: str) -> bool:
        """Stop the session. Returns False where it had ended before; that is as good (error table)."""
        try:
            self.client.stop_charging(self.user_id, session_id)
        except AlreadyStopped:
            self.sessions.holds.ended(session_id)
            return self.sessions.holds.was_cut(session_id)  # the stop that was accepted is as good as this one
        self.sessions.holds.ended(session_id)
        return True

    def must_last(self, session_id: str, seen: Iterable[Session]) -> None:
        """Raises `Inconclusive` where `seen` shows that the session is over because it was held for too long: what its
        journey wanted to see of it cannot be seen any more."""
        if any(session.id == session_id and not session.is_active for session in seen):
            self.unless_cut(session_id)

    def unless_cut(self, session_id: str) -> None:
        """Raises `Inconclusive` where the session was stopped because it was held for too long."""
        if self.sessions.holds.was_cut(session_id):
            raise self.sessions.holds.too_long(session_id)

    def read(self, session_id: str) -> Session:
        """The session as it is now; an ended one is struck out of the register of open sessions."""
        session = self.client.get_session(self.user_id, session_id)
        if not session.is_active and self.held is not None and self.held.session_id == session_id:
            self.sessions.closed(self.held)
        return session
