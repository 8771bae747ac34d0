"""Payment methods. Cards go to Stripe with the setup intent's secret and never through this client."""

from collections.abc import Iterator
from typing import Final

from golive.connect.caller import Caller, query
from golive.connect.models import PaymentMethod, SetupIntent

_SECRETS: Final = frozenset({"setup_intent_client_secret", "client_secret"})


class PaymentCalls(Caller):
    """All raise ApiError by its type, Unreadable and Unreachable (golive.connect.errors)."""

    def get_setup_intent(self, user_id: str, pm_type: str = "card") -> SetupIntent:
        """The intent with which a card is added at Stripe (see `golive.connect.StripeClient`)."""
        name = "users_setup_intents_retrieve"
        reply = self._call(name, {"user_id": user_id}, params=query(pm_type=pm_type))
        return self._one(name, SetupIntent, reply, _SECRETS)

    def list_payment_methods(self, user_id: str, *, page_size: int | None = None) -> Iterator[PaymentMethod]:
        """The payment methods; a new one may show up after a moment."""
        params = query(page_size=page_size)
        return self._items("users_payment_methods_list", PaymentMethod, {"user_id": user_id}, params)

    def set_default_payment_method(self, user_id: str, pm_id: str) -> None:
        """Make one the default, which takes that from the others."""
        self._call("users_payment_methods_default_create", {"user_id": user_id, "pm": pm_id})

    def delete_payment_method(self, user_id: str, pm_id: str) -> None:
        """Remove one; refused while a session is to be paid with it."""
        self._call("users_payment_methods_destroy", {"user_id": user_id, "pm": pm_id})
