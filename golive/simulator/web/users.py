"""Users, billing details, payment methods."""

from starlette.responses import Response

from golive.simulator.web.call import Call, no_content


async def create_user(call: Call) -> Response:
    user = call.dev.users.create(call.dev.forms.user(await call.body()))
    return call.answer(call.dev.users.render_created(user), 201)


async def list_users(call: Call) -> Response:
    users = call.dev.users
    return call.page(users.search(call.query.get("search") or ""), users.render)


async def get_user(call: Call) -> Response:
    return call.answer(call.dev.users.render(call.user))


async def update_user(call: Call) -> Response:
    user = call.user
    call.dev.users.update(user, call.dev.forms.user(await call.body()))
    return call.answer(call.dev.users.render(user))


async def delete_user(call: Call) -> Response:
    call.dev.users.delete(call.user, call.context)
    return no_content()


async def get_billing(call: Call) -> Response:
    return call.answer(call.dev.billing.render(call.user.billing))


async def put_billing(call: Call) -> Response:
    user = call.user
    details = call.dev.forms.billing(await call.body())
    call.dev.billing.put(user, details)
    return call.answer(call.dev.billing.render(user.billing))


async def get_setup_intent(call: Call) -> Response:
    user = call.user
    call.dev.forms.pm_type(call.query)
    methods = call.dev.payment_methods
    return call.answer(methods.render_setup_intent(methods.setup_intent(user)))


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
