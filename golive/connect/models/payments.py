"""Payment methods, the setup intent that adds one, and what is owed."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from pydantic import SecretStr, computed_field

from golive.connect.models.base import ApiModel, Note

_LONG_EXPIRY: Final = re.compile(r"(\d\d)\s*/\s*\d\d(\d\d)")
_TYPES: Final = frozenset({"card", "apple_pay", "google_pay"})


class Card(ApiModel):
    """A card; `expiration_date` is MM/YY, whichever form it came in."""

    spec_required: ClassVar = frozenset({"brand", "cardholder_name", "expiration_date", "last4"})
    spec_nullable: ClassVar = frozenset({"cardholder_name"})

    brand: str | None = None
    last4: str | None = None
    expiration_date: str | None = None
    cardholder_name: str | None = None

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        expiry = data.get("expiration_date")
        if isinstance(expiry, str) and (match := _LONG_EXPIRY.fullmatch(expiry.strip())):
            note("FORM_CARD_EXPIRY", "")
            data["expiration_date"] = f"{match[1]}/{match[2]}"
        return data


class PaymentMethod(ApiModel):
    """A payment method of a user; `type` is card, apple_pay or google_pay, `id` is Stripe's (pm_…)."""

    spec_required: ClassVar = frozenset({"card", "created_at", "default", "id", "type"})

    id: str
    default: bool | None = None
    type: str | None = None
    card: Card | None = None
    created_at: datetime | None = None

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        if isinstance(type_ := data.get("type"), str) and type_ not in _TYPES:
            note("FORM_PM_TYPE", "")
        return data


class SetupIntent(ApiModel):
    """What a card is added with at Stripe; the secret is masked wherever it is shown."""

    spec_required: ClassVar = frozenset({"client_secret"})
    essential: ClassVar = frozenset({"client_secret"})

    client_secret: SecretStr

    @computed_field  # type: ignore[prop-decorator]
    @property
    def id(self) -> str:
        """Stripe's id of the intent, ``seti_…``: the part of the secret that is none."""
        return self.client_secret.get_secret_value().partition("_secret_")[0]

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        spec = data.pop("setup_intent_client_secret", None)
        if spec is not None:
            data["client_secret"] = spec
        elif "client_secret" in data:
            note("FORM_SETUP_INTENT_SECRET", "")
        return data


class Debt(ApiModel):
    """An unpaid session: `amount` in `currency`."""

    spec_required: ClassVar = frozenset({"amount", "currency", "payment_intent_client_secret", "session_id"})
    essential: ClassVar = frozenset({"session_id"})

    session_id: str
    payment_intent_client_secret: SecretStr | None = None
    amount: Decimal | None = None
    currency: str | None = None
