"""What a frontend does at Stripe to add a card: confirm the setup intent with the publishable key.

Stripe's public API, test mode. A POST names the key in its form, as Stripe's own script does; a GET has it as the
basic-auth user, so that no key is ever in a URL.

    StripeError (a ConnectError)
    ├── StripeAuthError    the publishable key is refused
    └── CardDeclined       the card is declined at set-up
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx
from pydantic import SecretStr

from golive import __version__
from golive.clock import Clock
from golive.connect.answer import Reply
from golive.connect.errors import ConnectError, Unreadable
from golive.connect.models import SetupIntent
from golive.connect.operations import STRIPE_OPERATIONS
from golive.connect.policy import RetryPolicy, Timeouts
from golive.connect.reading import NotJson, one_line, parse_json
from golive.connect.sender import user_agent
from golive.connect.wire import Wire
from golive.recording import Recorder

STRIPE_URL: Final = "https://api.stripe.com"
_PREFIX: Final = "/v1"

_SPELLINGS: Final = {
    "pm_card_visa": ("tok_visa",),
    "pm_card_chargeDeclined": ("pm_card_visa_chargeDeclined", "tok_chargeDeclined"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": (
        "pm_card_chargeDeclinedInsufficientFunds",
        "tok_visa_chargeDeclinedInsufficientFunds",
    ),
    "pm_card_chargeCustomerFail": ("tok_chargeCustomerFail",),
    "pm_card_authenticationRequired": ("tok_authenticationRequired",),
    "pm_card_authenticationRequiredOnSetup": ("tok_authenticationRequiredOnSetup",),
}
"""Other names of Stripe's test payment methods, tried in this order where the first is not known. A token (tok_…) goes
into `payment_method_data`. An intent whose confirmation was refused so is as it was before, so this is no retry of
anything that may have worked.
"""

_UNKNOWN_INTENT: Final = "seti_golivekeycheck"


class StripeError(ConnectError):
    """Stripe refused: `status`, and `code` as far as it names one."""

    def __init__(self, message: str, *, exchanges: Iterable[str] = (), status: int, code: str | None = None) -> None:
        super().__init__(message, exchanges=exchanges)
        self.status = status
        self.code = code


class StripeAuthError(StripeError):
    """Stripe refused the publishable key."""


class CardDeclined(StripeError):  # noqa: N818 - named after what happened
    """The card was declined; `decline_code` says why, as far as Stripe tells."""

    def __init__(
        self,
        message: str,
        *,
        exchanges: Iterable[str] = (),
        status: int = 402,
        code: str | None = None,
        decline_code: str | None = None,
    ) -> None:
        super().__init__(message, exchanges=exchanges, status=status, code=code)
        self.decline_code = decline_code


@dataclass(frozen=True, slots=True)
class SetupConfirmation:
    """`status` is succeeded, requires_action, …; `payment_method` the id (pm_…) that was attached, if one was."""

    status: str
    payment_method: str | None


class StripeClient:
    """Confirms and reads setup intents; safe to use from several threads. `base_url` with or without ``/v1``."""

    def __init__(
        self,
        base_url: str,
        publishable_key: SecretStr,
        *,
        actor: str,
        transport: httpx.BaseTransport,
        recorder: Recorder,
        clock: Clock,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        user_agent: str = user_agent(__version__),
        names_asker: bool = False,
    ) -> None:
        """`names_asker`: whether Stripe is told which check or driver asks; that is for a double of it, no more."""
        self._key = publishable_key
        self._actor = actor
        self._wire = Wire(
            base_url.rstrip("/").removesuffix(_PREFIX).rstrip("/") + _PREFIX,
            what="Stripe's URL",
            transport=transport,
            recorder=recorder,
            clock=clock,
            timeouts=timeouts,
            retry=retry,
            user_agent=user_agent,
            authorize=self._authorize,
            names_asker=names_asker,
        )

    def __repr__(self) -> str:
        return f"<StripeClient {self._wire.base} as {self._actor!r}>"

    @property
    def actor(self) -> str:
        """Who the requests are recorded as."""
        return self._actor

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def acting_as(self, actor: str) -> Self:
        """The same client, same connections, recorded as another actor."""
        other = copy.copy(self)
        other._actor = actor
        return other

    def confirm_setup_intent(self, intent: SetupIntent, *, payment_method: str) -> SetupConfirmation:
        """Attach a payment method; `payment_method` is a pm_… id or a tok_… token of Stripe's test mode.

        Raises CardDeclined, StripeAuthError, StripeError, Unreadable and Unreachable. A method that wants SCA is no
        error: the status is then requires_action.
        """
        spellings = (payment_method, *_SPELLINGS.get(payment_method, ()))
        for spelling in spellings:
            reply = self._confirm(intent.id, intent.client_secret, spelling)
            if reply.status not in (400, 404) or spelling == spellings[-1] or not _unknown_method(reply):
                break
        return self._confirmation("stripe_setup_intent_confirm", reply)

    def get_setup_intent(self, intent_id: str, client_secret: SecretStr) -> SetupConfirmation:
        """The intent as it stands. Raises StripeAuthError, StripeError, Unreadable and Unreachable."""
        operation = STRIPE_OPERATIONS["stripe_setup_intent_retrieve"]
        reply = self._wire.call(
            operation,
            operation.url_path(intent=intent_id),
            actor=self._actor,
            params=[("client_secret", client_secret.get_secret_value())],
        )
        return self._confirmation(operation.name, reply)

    def check_key(self) -> None:
        """Ask for an intent that cannot exist: a known key is told so, an unknown one is refused first.

        Raises StripeAuthError where the key is refused, Unreachable, Unreadable, and StripeError for an answer that
        says neither.
        """
        secret = SecretStr(f"{_UNKNOWN_INTENT}_secret_none")
        reply = self._confirm(_UNKNOWN_INTENT, secret, "pm_card_visa")
        if reply.status not in (400, 404):
            self._confirmation("stripe_setup_intent_confirm", reply)
            raise StripeError(
                f"Stripe knows a setup intent that cannot exist ({reply.status}): is this Stripe?",
                exchanges=(reply.exchange,),
                status=reply.status,
            )

    def _confirm(self, intent_id: str, secret: SecretStr, method: str) -> Reply:
        operation = STRIPE_OPERATIONS["stripe_setup_intent_confirm"]
        card = (
            {"payment_method_data[type]": "card", "payment_method_data[card][token]": method}
            if method.startswith("tok_")
            else {"payment_method": method}
        )
        return self._wire.call(
            operation,
            operation.url_path(intent=intent_id),
            actor=self._actor,
            data={
                "client_secret": secret.get_secret_value(),
                **card,
                "key": self._key.get_secret_value(),
            },
        )

    def _authorize(self, request: httpx.Request) -> None:
        if request.method == "GET":
            auth = httpx.BasicAuth(self._key.get_secret_value(), "")
            next(auth.auth_flow(request))

    def _confirmation(self, name: str, reply: Reply) -> SetupConfirmation:
        try:
            body = parse_json(reply.text)
        except NotJson as fault:
            raise Unreadable(
                f"{name}: the answer ({reply.status}) cannot be read: {fault}; it begins {one_line(reply.text)!r}",
                exchanges=(reply.exchange,),
            ) from None
        body = body if isinstance(body, dict) else {}
        if not 200 <= reply.status < 300:
            raise _refusal(name, reply, body)
        method, status = body.get("payment_method"), body.get("status")
        if isinstance(method, dict):
            method = method.get("id")
        if not isinstance(status, str):
            raise Unreadable(f"{name}: the answer has no status", exchanges=(reply.exchange,))
        return SetupConfirmation(status, method if isinstance(method, str) else None)


def _refusal(name: str, reply: Reply, body: dict[str, Any]) -> StripeError:
    found = body.get("error")
    error = found if isinstance(found, dict) else {}
    code, decline = _text(error.get("code")), _text(error.get("decline_code"))
    words = one_line(_text(error.get("message")) or reply.text, 200) or "no word of explanation"
    message = f"{name}: refused with {reply.status}{f' {code}' if code else ''}: {words}"
    if reply.status == 402 or error.get("type") == "card_error":
        return CardDeclined(message, exchanges=(reply.exchange,), status=reply.status, code=code, decline_code=decline)
    kind = StripeAuthError if reply.status in (401, 403) else StripeError
    return kind(message, exchanges=(reply.exchange,), status=reply.status, code=code)


def _unknown_method(reply: Reply) -> bool:
    """Whether a refusal is for the payment method's name, not for the intent."""
    try:
        body = parse_json(reply.text)
    except NotJson:
        return False
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or error.get("type") == "card_error":
        return False
    param = _text(error.get("param"))
    return param is None or param.startswith("payment_method")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
