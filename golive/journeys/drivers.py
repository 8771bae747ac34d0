"""Where drivers come from: made anew with a test card, or users that the partner prepared."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from golive.connect import BillingDetails, ConnectClient, PaymentMethod, StripeClient, User
from golive.connect.errors import ApiError, Unreachable
from golive.connect.stripe import CardDeclined
from golive.journeys.driver import Card, Driver, MetAtSetup, Persona
from golive.journeys.lending import FirstFree, Lending
from golive.journeys.made_users import MadeUsers, UsersOnDisk
from golive.journeys.patience import Patience
from golive.journeys.sessions import OpenSessions
from golive.journeys.vcp import Pace, StoppableClock
from golive.outcomes import Failed, Inconclusive, Owner

DEFAULT_PERSONA = "de-personal"
DEFAULT_CARD = "visa"
FOREIGN_CARD = "another user's"


@dataclass
class Drivers:
    """Makes drivers, and removes afterwards what it made.

    Without a Stripe key the drivers are the `prepared` users, each lent to one journey at a time; a journey that
    needs a card of its own then ends inconclusive, owner partner.
    """

    client: ConnectClient
    stripe: StripeClient | None
    sessions: OpenSessions
    clock: StoppableClock
    pace: Pace
    run_id: str
    seed: int
    personas: Mapping[str, Persona]
    cards: Mapping[str, Card]
    prepared: Sequence[tuple[str, str]] = ()
    lending: Lending | None = None
    on_disk: UsersOnDisk | None = None
    made: MadeUsers = field(init=False)

    def __post_init__(self) -> None:
        self.made = MadeUsers(self.clock.now, self.on_disk)
        self._lending: Lending = self.lending or FirstFree(self.prepared)

    # -- whole drivers ---------------------------------------------------------------------------------------

    def make(
        self,
        name: str,
        *,
        persona: str | None = DEFAULT_PERSONA,
        card: str = DEFAULT_CARD,
        beside: Driver | None = None,
    ) -> Driver:
        """A driver ready to charge. `persona` None leaves the billing data unset; `beside` waits for this one; the
        card `FOREIGN_CARD` is attached to another user.

        Raises `Inconclusive` (owner partner) where the payment set-up does not allow it, and what the API calls
        raise.
        """
        client = self.client.acting_as(name)
        if self.stripe is None:
            if beside is not None and len(self.prepared) < 2:
                raise Inconclusive(
                    "two drivers at once need STRIPE_PUBLISHABLE_KEY (pk_test_…), or two users in CONNECT_USERS",
                    owner=Owner.PARTNER,
                )
            return self._lend(name, client, persona, card)
        user = self.user(name, client=client)
        if persona is not None:
            client.put_billing(user.id, billing_of(self.personas[persona]))
        if card == FOREIGN_CARD:
            method = self.attach(self.user(f"{name} owner", client=client).id, DEFAULT_CARD, client=client)
        else:
            method = self.attach(user.id, card, client=client)
        return Driver(name, client, user.id, method.id, self.sessions)

    def _lend(self, name: str, client: ConnectClient, persona: str | None, card: str) -> Driver:
        if not self.prepared:
            raise Inconclusive(
                "no payment set-up: give STRIPE_PUBLISHABLE_KEY (pk_test_…), or users with a card in CONNECT_USERS",
                owner=Owner.PARTNER,
            )
        if card != DEFAULT_CARD or persona is None:
            raise Inconclusive(
                f"a new user with the test card '{card}' needs STRIPE_PUBLISHABLE_KEY (pk_test_…)",
                owner=Owner.PARTNER,
            )
        user_id, method_id = self._lending.take(name, self.clock.go_on)
        return Driver(name, client, user_id, method_id, self.sessions, prepared=True)

    def give_back(self, driver: Driver | None) -> None:
        """A journey is over: nothing of it stays open, and a prepared user may serve the next one."""
        if driver is not None:
            driver.leave()
        if driver is not None and driver.prepared:
            self._lending.give_back((driver.user_id, driver.payment_method_id))

    # -- parts -----------------------------------------------------------------------------------------------

    def user(self, name: str, *, client: ConnectClient | None = None) -> User:
        """A new test user whose external id is this run's and `name`'s; removed at the end of the run."""
        client = client or self.client.acting_as(name)
        slug = "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")
        email = f"{slug}.{self.run_id}@example.com".replace("--", "-")
        return self.made_with(client, email, self.external_id(name))

    def made_with(self, client: ConnectClient, email: str, external_id: str, *, locale: str | None = "en") -> User:
        """A new user, removed at the end of the run, also where what came back does not tell whether it was made."""
        self.made.asking(external_id, client)
        try:
            user = client.create_user(email=email, locale=locale, external_id=external_id)
        except BaseException as fault:
            if _made_nobody(fault):
                self.made.refused(external_id)
            raise
        self.made.remember(user.id, client, external_id)
        return user

    def external_id(self, name: str) -> str:
        """The partner's own id of a test user: from the run's seed, so that a run can be told from all others."""
        tag = random.Random(f"{self.seed}/{self.run_id}/{name}").getrandbits(32)  # noqa: S311 - an id, no secret
        return f"{prefix_of(self.run_id)}{tag:08x}"

    def attach(self, user_id: str, card: str, *, client: ConnectClient) -> PaymentMethod:
        """Confirm the test card at Stripe and wait until it shows up in the user's payment methods.

        Raises `Failed` (owner cariqa) where it does not within the payment time-out, `CardDeclined` where Stripe
        declines it at set-up, `Inconclusive` where that leaves open what the card is for, `MetAtSetup` where it
        shows it.
        """
        if self.stripe is None:
            raise Inconclusive("a card cannot be set up without STRIPE_PUBLISHABLE_KEY", owner=Owner.PARTNER)
        known = {method.id for method in client.list_payment_methods(user_id)}
        intent = client.get_setup_intent(user_id)

        def attached() -> list[PaymentMethod]:
            return [method for method in client.list_payment_methods(user_id) if method.id not in known]

        try:
            confirmation = self.stripe.acting_as(client.actor).confirm_setup_intent(
                intent, payment_method=self.cards[card].payment_method
            )
        except CardDeclined as refusal:
            # The card processor's move, and not the API's.
            said = f"Stripe declines the test card '{card}' already at set-up: no start with it could be tried"
            if self.cards[card].at_setup == "may decline":
                raise MetAtSetup(said, listed=[method.id for method in attached()]) from refusal
            if self.cards[card].is_for_a_charge:
                raise Inconclusive(said, owner=Owner.ENVIRONMENT) from refusal
            raise
        if confirmation.status == "requires_action" and self.cards[card].at_setup == "may ask":
            raise MetAtSetup(
                f"the test card '{card}' asks for authentication already at set-up, which needs a person: no start "
                "with it could be tried",
                listed=[method.id for method in attached()],
            )
        if confirmation.status != "succeeded":
            raise Failed(f"the setup intent of test card '{card}' ended as '{confirmation.status}'", owner=Owner.CARIQA)
        waiting = Patience(self.clock, self.pace.payment_timeout, interval=self.pace.poll_interval)
        while True:
            if new := attached():
                method = next((m for m in new if m.id == confirmation.payment_method), new[0])
                self.made.attached(user_id, method.id)
                return method
            if waiting.is_over():
                raise Failed(
                    f"the confirmed card '{card}' did not appear in payment-methods within "
                    f"{self.pace.payment_timeout:g} s",
                    owner=Owner.CARIQA,
                )
            waiting.pause()


def _made_nobody(fault: BaseException) -> bool:
    """Whether it is certain: the request never left this machine, or was refused for what it asks."""
    if isinstance(fault, Unreachable):
        return not fault.sent
    return isinstance(fault, ApiError) and fault.status < 500


def prefix_of(run_id: str) -> str:
    """What the external ids of all users of a run begin with."""
    return f"golive-{run_id}-"


def billing_of(persona: Persona) -> BillingDetails:
    """The billing data of `persona`; what it leaves empty is not sent."""
    return BillingDetails(
        account_type=persona.account_type,
        country=persona.country,
        city=persona.city,
        line1=persona.line1,
        postal_code=persona.postal_code,
        first_name=persona.first_name or None,
        last_name=persona.last_name or None,
        company_name=persona.company_name or None,
        vat_id=persona.vat_id or None,
        tax_id=persona.tax_id or None,
    )
