"""Start, stop, sessions, debts, invoices."""

from starlette.responses import Response

from golive.simulator.web.call import Call, no_content


async def start_charging(call: Call) -> Response:
    user = call.user
    evse_id, method_id = call.dev.forms.start(await call.body())
    session = await call.dev.charging.start(user, evse_id, method_id, call.context)
    return call.answer(call.dev.sessions.render_started(session, call.later()), 201)


async def stop_charging(call: Call) -> Response:
    charging = call.dev.charging
    charging.stop(charging.to_stop(call.user, call.path_value("session_id")), call.context)
    return no_content()


async def list_sessions(call: Call) -> Response:
    sessions = call.dev.sessions
    return call.page(sessions.of(call.user), lambda session: sessions.render_listed(session, call.context))


async def get_session(call: Call) -> Response:
    return call.answer(call.dev.sessions.render_details(call.session, call.context))


async def rate_session(call: Call) -> Response:
    session = call.session
    body = await call.body()
    rates = call.dev.forms.rates(body)
    if body.has("rates"):
        call.dev.sessions.rate(session, rates)
    return call.answer(call.dev.sessions.render_details(session, call.context))


async def list_debts(call: Call) -> Response:
    debts = call.dev.debts
    return call.page(debts.outstanding(call.user, call.context), debts.render)


async def list_invoices(call: Call) -> Response:
    invoices = call.dev.invoices
    return call.page(invoices.of(call.user, call.context), lambda session: invoices.render(session, call.context))
