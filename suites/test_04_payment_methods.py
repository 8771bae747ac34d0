"""Payment methods: test cards go to the card processor and show up with the user."""

from fixtures.catalogue import CARDS
from fixtures.charging import RefusedStarts
from fixtures.marks import provokes, requirement
from fixtures.people import Guest
from fixtures.wallets import Declined, Wallet
from golive.connect import ConnectClient


@requirement("DEV-PAYMENT")
def test_a_setup_intent_is_given(connect: ConnectClient, guest: Guest) -> None:
    """A setup intent for a card comes with a client secret."""
    intent = connect.get_setup_intent(guest.user.id)
    assert intent.client_secret.get_secret_value(), "the client secret is empty"


@requirement("DEV-PAYMENT")
def test_a_confirmed_test_card_appears(wallet: Wallet) -> None:
    """A test card that was confirmed at Stripe appears in payment-methods, with brand and last four."""
    card = CARDS["visa"]
    assert wallet.first.type == "card", "the card is listed as something else"
    assert wallet.first.card is not None, "the payment method shows no card"
    assert (wallet.first.card.brand or "").lower() == card.brand, "the brand is another one"
    assert wallet.first.card.last4 == card.last4, "the last four digits are others"


@requirement("DEV-PAYMENT")
def test_a_second_card_becomes_the_only_default(connect: ConnectClient, wallet: Wallet) -> None:
    """The payment method that is set as default is the only default, also after the choice changes."""
    for chosen in (wallet.second.id, wallet.first.id):
        connect.set_default_payment_method(wallet.user_id, chosen)
        defaults = [method.id for method in connect.list_payment_methods(wallet.user_id) if method.default]
        assert defaults == [chosen], f"{len(defaults)} defaults, or not the chosen one"


@requirement("DEV-PAYMENT")
def test_another_user_does_not_see_the_card(connect: ConnectClient, wallet: Wallet, guest: Guest) -> None:
    """A payment method belongs to its user alone."""
    others = [method.id for method in connect.list_payment_methods(guest.user.id)]
    assert wallet.first.id not in others, "another user's card is listed"
    assert wallet.second.id not in others, "another user's card is listed"


@requirement("DEV-PAYMENT", "BE-6")
@provokes("payment_method_error")
def test_another_users_card_cannot_be_charged(refused_starts: RefusedStarts) -> None:
    """A start with a payment method that belongs to another user is refused."""
    attempt = refused_starts["foreign-card"].attempt()
    assert attempt.was_refused, "the start was accepted with another user's payment method"
    assert attempt.status in (400, 402, 403, 404, 409), f"answered with {attempt.status}"


@requirement("DEV-PAYMENT", "BE-6")
def test_a_card_declined_at_setup_never_appears(connect: ConnectClient, declined: Declined) -> None:
    """A card that Stripe declines at set-up is not attached to the user."""
    assert declined.refusal is not None, "Stripe accepted the card that it should decline"
    assert list(connect.list_payment_methods(declined.user_id)) == [], "a declined card is listed"


@requirement("DEV-PAYMENT")
def test_a_deleted_card_is_gone(connect: ConnectClient, wallet: Wallet) -> None:
    """A deleted payment method is not listed any more, and the other one is."""
    connect.delete_payment_method(wallet.user_id, wallet.second.id)
    left = [method.id for method in connect.list_payment_methods(wallet.user_id)]
    assert wallet.second.id not in left, "the deleted card is still listed"
    assert wallet.first.id in left, "another card than the deleted one is gone"
