"""By rule, traffic that shows nothing of it."""

from typing import Final

from tests.traffic.bench import CODE, Trace, refusal
from tests.traffic.ways import Way, ended, refused, signed_up, started

UNSHOWN: Final[dict[str, Way]] = {
    "only-dev": Trace,
    "bearer-token": Trace,
    "token-in-header-only": Trace,
    "user-created-once": lambda: Trace().look_up("a"),
    "user-looked-up": lambda: Trace().create_user("u1"),
    "setup-intent-first": lambda: Trace().create_user("u1").setup_intent("u1"),
    "no-card-data": Trace,
    "start-names-own": lambda: signed_up(),
    "start-one-at-a-time": lambda: signed_up(),
    "start-not-repeated": lambda: ended(),
    "polling-begins": lambda: signed_up().start("u1").later(3).stop("u1"),
    "polling-modest": lambda: signed_up(),
    "polling-not-silent": lambda: signed_up().start("u1").later(3).stop("u1"),
    "polling-ends": lambda: started().watched("u1"),
    "cdr-read": lambda: started().watched("u1"),
    "stop-once": lambda: started().watched("u1").refused_stop("u1", "charging_provider_error").read("u1"),
    "already-stopped-is-stopped": lambda: started().watched("u1").stop("u1").settled("u1"),
    "state-read-first": lambda: ended(),
    "no-hurry": lambda: ended(),
    "support-code-kept": lambda: refused("unexpected_error", answer=refusal("unexpected_error", f"Code {CODE}")),
    "log-without-secrets": lambda: refused("unexpected_error", answer=refusal("unexpected_error", f"Code {CODE}")),
}
"""By rule: traffic that shows nothing of it."""
