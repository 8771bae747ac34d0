"""How long the client waits, how often it tries again, how far it pages."""

from dataclasses import dataclass
from typing import Final

MAX_PAGES: Final = 1000
"""Pages of one list; the next link of a list that goes on beyond this is taken for a loop."""

RETRIED_STATUSES: Final = frozenset({429, 502, 503, 504})
"""Answers to a GET that say nothing of the request itself: asked again, a bounded number of times."""

LOST_STATUSES: Final = frozenset({502, 503, 504})
"""Answers of something in front of the API: whether the request reached it is not known."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `start_s` is the patience with the answer to a start, which is synchronous and may be slow."""

    connect_s: float = 10.0
    read_s: float = 30.0
    start_s: float = 120.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Seconds and counts. Only GETs are sent again; after a lost start or stop the state is looked at.

    `tries` counts the first one. The wait before a second try is `wait_s` and doubles from try to try, or is what
    ``Retry-After`` says, in both cases at most `longest_wait_s`. `looks` and `look_wait_s`: how often the state is
    read after the answer to a start or stop was lost, with a wait that doubles as well.
    """

    tries: int = 3
    wait_s: float = 0.5
    longest_wait_s: float = 30.0
    looks: int = 4
    look_wait_s: float = 1.0
    skew_s: float = 120.0
    """How far the API's clock may be behind ours when a session is matched with the start that was sent."""

    def wait_before(self, attempt: int, asked: float | None) -> float:
        """Seconds to wait after `attempt` (1, 2, …) came to nothing; `asked` is what the server asked for."""
        wait = self.wait_s * 2 ** (attempt - 1) if asked is None else max(0.0, asked)
        return min(wait, self.longest_wait_s)
