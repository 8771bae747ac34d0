"""How long the client waits, how often it tries again, how far it pages."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

MAX_PAGES: Final = 1000
"""Pages of one list; the next link of a list that goes on beyond this is taken for a loop."""

RETRIED_STATUSES: Final = frozenset({429, 502, 503, 504})
"""Answers that say nothing of the request itself. `Again` says which requests are sent once more after them."""

LOST_STATUSES: Final = frozenset({502, 503, 504})
"""Answers of something in front of the API: whether the request reached it is not known."""


TOO_MANY: Final = 429
"""The request was turned away (RFC 6585, 4): in contrast to the others, it is known that nothing was done."""


class Again(Enum):
    """After what a request is sent once more, a bounded number of times. There is no idempotency key."""

    AFTER_LOSS = "429, 502, 503, 504 and a lost connection: a GET, which changes nothing"
    AFTER_TOO_MANY = "429: what may happen twice without harm, PUT, DELETE and a stop (409 already_stopped then)"
    AFTER_INVITATION = "429 with Retry-After: any other POST or PATCH, where the server says when to come again"
    NEVER = "a start, whatever its answer is: it costs money and holds a VCP"

    def allows(self, status: int | None, *, invited: bool) -> bool:
        """Whether it may be sent once more after this answer, None for none; `invited`: Retry-After was given."""
        if self is Again.NEVER or self is Again.AFTER_LOSS:
            return self is Again.AFTER_LOSS
        return status == TOO_MANY and (invited or self is Again.AFTER_TOO_MANY)


def again(method: str, operation: str | None) -> Again:
    """The rule for an operation, or for a request that is none of the published ones."""
    if operation == "users_charging_start_create":
        return Again.NEVER
    if method.upper() == "GET":
        return Again.AFTER_LOSS
    if operation == "users_charging_stop_create" or method.upper() in ("PUT", "DELETE"):
        return Again.AFTER_TOO_MANY
    return Again.AFTER_INVITATION


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `start_s` is the patience with the answer to a start, which is synchronous and may be slow."""

    connect_s: float = 10.0
    read_s: float = 30.0
    start_s: float = 120.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Seconds and counts. `Again` says what is sent again; after a lost start or stop the state is looked at.

    `tries` counts the first one. The wait before a second try is `wait_s` and doubles from try to try, or is what
    ``Retry-After`` says; a longer one than `longest_wait_s` is not waited for. `looks` and `look_wait_s`: how
    often the state is read after the answer to a start or stop was lost, with a wait that doubles as well.
    """

    tries: int = 3
    wait_s: float = 0.5
    longest_wait_s: float = 30.0
    looks: int = 4
    look_wait_s: float = 1.0
    skew_s: float = 120.0
    """How far the API's clock may be behind ours when a session is matched with the start that was sent."""

    def is_too_long(self, asked: float | None) -> bool:
        """Whether the server asks for more patience than there is."""
        return asked is not None and asked > self.longest_wait_s

    def wait_before(self, attempt: int, asked: float | None) -> float:
        """Seconds to wait after `attempt` (1, 2, …) came to nothing; `asked` is what the server asked for."""
        wait = self.wait_s * 2 ** (attempt - 1) if asked is None else max(0.0, asked)
        return min(wait, self.longest_wait_s)
