"""The published operations, as data: what the client offers, the record names and the contract watch compares.

Source: the vendor's published OpenAPI 3.0.3 (v1.0.0); names are its operation ids. Stripe's are named likewise.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote

API_PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class Operation:
    """One operation: `safe` may be sent again after a lost answer, `method_name` is the client's method for it."""

    name: str
    method: str
    path: str
    method_name: str
    success: int
    errors: tuple[int, ...]

    @property
    def safe(self) -> bool:
        """Whether it changes nothing, so that it may be sent again (RFC 9110, safe methods)."""
        return self.method == "GET"

    @property
    def idempotent(self) -> bool:
        """Whether sending it twice would do no more than once (RFC 9110); `policy.Again` says when it is sent twice."""
        return self.method in ("GET", "PUT", "DELETE")

    def url_path(self, **ids: str) -> str:
        """The path with the ids filled in, each as one percent-encoded segment; raises ValueError for an empty id."""
        return self.path.format(**{name: _segment(name, value) for name, value in ids.items()})

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the paths of this operation, below the prefix."""
        return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.path)))


def _segment(name: str, value: str) -> str:
    if not value:
        raise ValueError(f"{name} is empty")
    quoted = quote(value, safe="*", errors="surrogatepass")
    # a segment of dots would be taken for a way up the path
    return quoted.replace(".", "%2E") if quoted.strip(".") == "" else quoted


_TABLE: Final = (
    # name, method, path, client method, success, documented errors
    ("users_create", "POST", "/users/", "create_user", 201, (400, 403)),
    ("users_list", "GET", "/users/", "list_users", 200, (403,)),
    ("users_retrieve", "GET", "/users/{user_id}/", "get_user", 200, (403, 404)),
    ("users_partial_update", "PATCH", "/users/{user_id}/", "update_user", 200, (400, 403, 404)),
    ("users_destroy", "DELETE", "/users/{user_id}/", "delete_user", 204, (400, 402, 403, 404)),
    ("users_billing_details_retrieve", "GET", "/users/{user_id}/billing-details/", "get_billing", 200, (403, 404)),
    ("users_billing_details_update", "PUT", "/users/{user_id}/billing-details/", "put_billing", 200, (400, 403, 404)),
    (
        "users_setup_intents_retrieve",
        "GET",
        "/users/{user_id}/setup-intents/",
        "get_setup_intent",
        200,
        (400, 403, 404),
    ),
    (
        "users_payment_methods_list",
        "GET",
        "/users/{user_id}/payment-methods/",
        "list_payment_methods",
        200,
        (403, 404),
    ),
    (
        "users_payment_methods_default_create",
        "POST",
        "/users/{user_id}/payment-methods/{pm}/default/",
        "set_default_payment_method",
        204,
        (403, 404),
    ),
    (
        "users_payment_methods_destroy",
        "DELETE",
        "/users/{user_id}/payment-methods/{pm}/",
        "delete_payment_method",
        204,
        (400, 402, 403, 404),
    ),
    ("stations_around_list", "GET", "/stations/around/", "stations_around", 200, (400, 403, 404)),
    ("stations_details_retrieve", "GET", "/stations/details/", "get_station", 200, (400, 403, 404)),
    ("stations_partners_list", "GET", "/stations/partners/", "list_partners", 200, (403, 423)),
    ("stations_tile_retrieve", "GET", "/stations/tile/", "get_tile", 200, (400, 403, 404)),
    (
        "users_charging_start_create",
        "POST",
        "/users/{user_id}/charging/start/",
        "start_charging",
        201,
        (402, 403, 404, 409, 424, 500),
    ),
    (
        "users_charging_stop_create",
        "POST",
        "/users/{user_id}/charging/stop/{session_id}/",
        "stop_charging",
        204,
        (403, 404, 409, 424, 500),
    ),
    (
        "users_charging_sessions_list",
        "GET",
        "/users/{user_id}/charging-sessions/",
        "list_sessions",
        200,
        (403, 404),
    ),
    (
        "users_charging_sessions_retrieve",
        "GET",
        "/users/{user_id}/charging-sessions/{session_id}/",
        "get_session",
        200,
        (403, 404),
    ),
    (
        "users_charging_sessions_partial_update",
        "PATCH",
        "/users/{user_id}/charging-sessions/{session_id}/",
        "rate_session",
        200,
        (400, 403, 404),
    ),
    ("users_charging_debts_list", "GET", "/users/{user_id}/charging/debts/", "list_debts", 200, (403, 404)),
    ("users_invoices_list", "GET", "/users/{user_id}/invoices/", "list_invoices", 200, (403, 404)),
)

OPERATIONS: Final = {row[0]: Operation(*row) for row in _TABLE}
"""The Connect API's operations by name."""

STRIPE_OPERATIONS: Final = {
    operation.name: operation
    for operation in (
        Operation(
            "stripe_setup_intent_confirm",
            "POST",
            "/setup_intents/{intent}/confirm",
            "confirm_setup_intent",
            200,
            (400, 401, 402, 404),
        ),
        Operation(
            "stripe_setup_intent_retrieve",
            "GET",
            "/setup_intents/{intent}",
            "get_setup_intent",
            200,
            (400, 401, 404),
        ),
    )
}
"""What is asked of Stripe, from its public API reference, by name."""

OMITTED_STATUSES: Final = frozenset({401, 405, 406, 413, 414, 415, 429})
"""What the published contract leaves out for every operation and any such server answers; never an observation."""


def operation_for(method: str, path: str) -> Operation | None:
    """The operation that a path below the prefix belongs to, None where there is none."""
    path = path.partition("?")[0]
    for operation in OPERATIONS.values():
        if operation.method == method.upper() and operation.pattern.fullmatch(path):
            return operation
    return None
