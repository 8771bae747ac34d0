"""Every address of the simulated DEV and what answers there."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from golive.simulator.web import charging, media, stations, stripe, users
from golive.simulator.web.call import Call

Handler = Callable[[Call], Awaitable[Response]]
Table = dict[str, dict[str, Handler]]

_USER = "/api/v1/users/{user_id}"

API: Table = {
    "/api/v1/users/": {"GET": users.list_users, "POST": users.create_user},
    f"{_USER}/": {"GET": users.get_user, "PATCH": users.update_user, "DELETE": users.delete_user},
    f"{_USER}/billing-details/": {"GET": users.get_billing, "PUT": users.put_billing},
    f"{_USER}/setup-intents/": {"GET": users.get_setup_intent},
    f"{_USER}/payment-methods/": {"GET": users.list_payment_methods},
    f"{_USER}/payment-methods/{{pm}}/": {"DELETE": users.delete_payment_method},
    f"{_USER}/payment-methods/{{pm}}/default/": {"POST": users.make_default},
    f"{_USER}/charging/start/": {"POST": charging.start_charging},
    f"{_USER}/charging/stop/{{session_id}}/": {"POST": charging.stop_charging},
    f"{_USER}/charging-sessions/": {"GET": charging.list_sessions},
    f"{_USER}/charging-sessions/{{session_id}}/": {
        "GET": charging.get_session,
        "PATCH": charging.rate_session,
    },
    f"{_USER}/charging/debts/": {"GET": charging.list_debts},
    f"{_USER}/invoices/": {"GET": charging.list_invoices},
    "/api/v1/stations/around/": {"GET": stations.stations_around},
    "/api/v1/stations/details/": {"GET": stations.station_details},
    "/api/v1/stations/partners/": {"GET": stations.list_partners},
    "/api/v1/stations/tile/": {"GET": stations.tile},
}
"""Behind the API key."""

OPEN: Table = {
    "/v1/setup_intents/{intent_id}": {"GET": stripe.retrieve_setup},
    "/v1/setup_intents/{intent_id}/confirm": {"POST": stripe.confirm_setup},
    "/v1/payment_intents/{intent_id}": {"GET": stripe.retrieve_payment},
    "/v1/payment_intents/{intent_id}/confirm": {"POST": stripe.confirm_payment},
    "/v1/{rest:path}": {"GET": stripe.unknown, "POST": stripe.unknown, "DELETE": stripe.unknown},
    "/media/logos/{slug}.svg": {"GET": media.logo},
    "/media/invoices/{session_id}.txt": {"GET": media.invoice},
}
"""Without the API key: the card processor has its own."""
