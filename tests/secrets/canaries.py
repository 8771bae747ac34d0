"""The canaries, and a target that says them all in every answer."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp

from golive.simulator import EmbeddedSimulator
from golive.simulator.defects.answers import Header, Whole, changed

KEY = "CanaryKEYq8abcdEFGHijklMNOPqrstZ"
PUBLISHABLE = "pk_test_CanaryPUBw7zyxwvUTSRqponMLKjihg"
SETUP = "CanarySETIb3mnbvcXZLkjhgFDSa"
PAYMENT = "CanaryPIe5qwertYUIopasdFGHj"
CARDS = ("4242424242424242", "378282246310005", "5555555555554444")
"""Public test numbers of Stripe's."""

PLANTED = (KEY, PUBLISHABLE.removeprefix("pk_test_"), SETUP, PAYMENT, *CARDS)
"""What may stand nowhere."""

_SAID: dict[str, str] = {
    "key": KEY,
    "publishable": PUBLISHABLE,
    "setup": f"seti_1Abc_secret_{SETUP}",
    "payment": f"pi_1Abc_secret_{PAYMENT}",
    "card": CARDS[0],
    "grouped card": "3782 822463 10005",
    "card with dashes": "5555-5555-5555-4444",
}
_FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "url": lambda s: quote(s, safe=""),
    "base64": lambda s: base64.b64encode(f"x{s}yz".encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(f"{s}".encode()).decode().rstrip("="),
    "hex": lambda s: s.encode().hex(),
    "json": lambda s: json.dumps(json.dumps(s)),
}


def said() -> dict[str, Any]:
    """Everything, in every form: the plain ones first, so that each is known when it comes encoded."""
    return {form: {name: encode(text) for name, text in _SAID.items()} for form, encode in _FORMS.items()}


def echoing(app: ASGIApp) -> ASGIApp:
    """Each answer, also an error, says all canaries: in its body and in its headers."""
    everything = said()
    headers: list[Header] = [
        (f"X-{form}-{name}".replace(" ", "-").encode(), encoded.encode())
        for form, all_ in everything.items()
        for name, encoded in all_.items()
    ]

    def echo(whole: Whole) -> Whole:
        try:
            body = json.loads(whole.body)
        except ValueError:
            return replace(whole, headers=(*whole.headers, *headers))
        if isinstance(body, dict):
            if "detail" in body:
                body["detail"] = f"{body['detail']} {' '.join(_SAID.values())}"
            body["echo"] = everything
        return replace(whole, headers=(*whole.headers, *headers), body=json.dumps(body).encode())

    return changed(app, echo)


def client_secrets(sim: EmbeddedSimulator) -> list[str]:
    """What makes the client secrets that the simulator gave out secret."""
    found = [intent.client_secret for intent in sim.world.setup_intents.values()]
    found += [intent.client_secret for intent in sim.world.payment_intents.values()]
    return [secret.partition("_secret_")[2] for secret in found]
