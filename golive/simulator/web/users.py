"""Users, billing details, payment methods."""

from starlette.responses import Response

from golive.simulator.faults import Invalid
from golive.simulator.state.entities import BillingDetails
from golive.simulator.web.call import Call, answer, no_content
from golive.simulator.web.fields import BodyReader

LOCALES = ("en", "de")
ACCOUNT_TYPES = ("personal", "business")
PM_TYPES = ("card",)
LONGEST_EXTERNAL_ID = 250


def _user_values(body: BodyReader) -> dict[str, str | None]:
    """The given fields only; raises `Invalid`."""
    values: dict[str, str | None] = {}
    if body.has("email"):
        values["email"] = body.email("email")
    if body.has("locale"):
        values["locale"] = body.choice("locale", LOCALES)
    custom = body.nested("custom_properties")
    if custom is not None and custom.has("external_id"):
        values["external_id"] = custom.text("external_id", longest=LONGEST_EXTERNAL_ID)
    body.check()
    return values


async def create_user(call: Call) -> Response:
    user = call.dev.users.create(_user_values(await call.body()))
    return answer(call.dev.users.render(user), 201)


async def list_users(call: Call) -> Response:
    users = call.dev.users
    return call.page(users.search(call.query.get("search") or ""), users.render)


async def get_user(call: Call) -> Response:
    return answer(call.dev.users.render(call.user))


async def update_user(call: Call) -> Response:
    user = call.user
    call.dev.users.update(user, _user_values(await call.body()))
    return answer(call.dev.users.render(user))


async def delete_user(call: Call) -> Response:
    call.dev.users.delete(call.user, call.context)
    return no_content()


async def get_billing(call: Call) -> Response:
    return answer(call.dev.billing.render(call.user.billing))


async def put_billing(call: Call) -> Response:
    user = call.user
    body = await call.body()
    details = BillingDetails(
        country=body.text("country", longest=150),
        city=body.text("city", longest=50),
        tax_id=body.text("tax_id", longest=30),
        account_type=body.choice("account_type", ACCOUNT_TYPES) or "personal",
        company_name=body.text("company_name"),
        vat_id=body.text("vat_id"),
        line1=body.text("line1", nullable=False, required=True),
        postal_code=body.text("postal_code", nullable=False, required=True),
        first_name=body.text("first_name", longest=150),
        last_name=body.text("last_name", longest=150),
    )
    body.check()
    call.dev.billing.put(user, details)
    return answer(call.dev.billing.render(user.billing))


async def get_setup_intent(call: Call) -> Response:
    user = call.user
    if call.query.get("pm_type") not in (None, *PM_TYPES):
        raise Invalid("pm_type: Not a valid choice: expected card.")
    methods = call.dev.payment_methods
    return answer(methods.render_setup_intent(methods.setup_intent(user)))


async def list_payment_methods(call: Call) -> Response:
    user, methods = call.user, call.dev.payment_methods
    return call.page(methods.visible(user, call.context), lambda method: methods.render(method, user))


async def make_default(call: Call) -> Response:
    user, methods = call.user, call.dev.payment_methods
    methods.make_default(user, methods.get(user, call.path_value("pm"), call.context))
    return no_content()


async def delete_payment_method(call: Call) -> Response:
    user, methods = call.user, call.dev.payment_methods
    methods.delete(user, methods.get(user, call.path_value("pm"), call.context), call.context)
    return no_content()
