"""The card processor's test mode over HTTP, under /v1. Pages of any origin may read its answers: it is a frontend that
asks, from the partner's own address."""

import base64
import binascii
from collections.abc import Awaitable, Callable

from starlette.responses import Response

from golive.simulator.faults import Fault
from golive.simulator.services.base import Json
from golive.simulator.stripe.faults import StripeFault
from golive.simulator.stripe.testmode import Form, StripeTestMode
from golive.simulator.web.bodies import read_form
from golive.simulator.web.call import Call, answer

Act = Callable[[StripeTestMode, str, Form, Call], Json]
Handler = Callable[[Call], Awaitable[Response]]

_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


def _key(call: Call, form: Form) -> str | None:
    """From the form or query, a Bearer header, or the user of a basic one."""
    if "key" in form:
        return form["key"]
    scheme, _, value = call.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[0]
        except (binascii.Error, ValueError):
            return None
    return None


def handler(act: Act) -> Handler:
    """Reads form and query, checks the key, acts, and writes errors as the card processor does."""

    async def handle(call: Call) -> Response:
        try:
            form = {name: call.query.get(name) or "" for name in ("client_secret", "key") if call.query.get(name)}
            form |= await read_form(call.request)
            stripe = call.dev.stripe
            stripe.check_key(_key(call, form))
            return answer(act(stripe, call.path_value("intent_id"), form, call), headers=_ANY_ORIGIN)
        except StripeFault as fault:
            return answer({"error": fault.error}, fault.status, _ANY_ORIGIN)
        except Fault:
            unreadable = {"type": "invalid_request_error", "message": "Unreadable request."}
            return answer({"error": unreadable}, 400, _ANY_ORIGIN)

    return handle


retrieve_setup = handler(lambda s, i, form, _: s.render_setup_intent(s.setup_intent(i, form)))
confirm_setup = handler(lambda s, i, form, call: s.render_setup_intent(s.confirm_setup(i, form, call.context)))
retrieve_payment = handler(lambda s, i, form, _: s.render_payment_intent(s.payment_intent(i, form)))
confirm_payment = handler(lambda s, i, form, _: s.render_payment_intent(s.confirm_payment(i, form)))


async def unknown(call: Call) -> Response:
    """Whatever else the card processor can do."""
    path, method = call.request.scope["path"], call.request.method
    message = f"Unrecognized request URL ({method}: {path})."
    return answer({"error": {"type": "invalid_request_error", "message": message}}, 404)
