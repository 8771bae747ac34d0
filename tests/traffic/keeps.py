"""By rule, the nearest look-alikes of what breaks it, which must not be accused; and what shows nothing of it."""

from typing import Final

from tests.traffic.bench import CARD, CODE, EVSE, OTHER_CARD, OTHER_EVSE, Trace, refusal, session
from tests.traffic.ways import Way, ended, history, many_drivers, reads_again, refused, signed_up, started, storm

KEEPS: Final[dict[str, dict[str, Way]]] = {
    "only-dev": {
        "the host's own port": lambda: ended().get_user("u1", headers={"host": "dev.connect.cariqa.com"}),
        "the gateway as the host": lambda: ended().get_user("u1", headers={"host": "127.0.0.1:8500"}),
        "the API refuses": lambda: ended().get_user("u1", status=404),
    },
    "bearer-token": {
        "the scheme in lower case": lambda: ended().get_user("u1", authorization="bearer $CONNECT_API_KEY"),
        "the right token is refused": lambda: ended().get_user("u1", status=403, answer={"detail": "no"}),
    },
    "token-in-header-only": {
        "a word in the query": lambda: ended().look_up("token of a user"),
        "a publishable key in a body": lambda: ended().billing("u1", sent={"note": "$STRIPE_PUBLISHABLE_KEY"}),
        "a dotted name": lambda: ended().look_up("eyJust.a.name"),
    },
    "user-created-once": {
        "many users": lambda: Trace().create_user("u1", "a").create_user("u2", "b").create_user("u3", "c"),
        "again after a refusal": lambda: (
            Trace()
            .create_user("u1", "a", status=400, answer=refusal("validation_error"))
            .later(20)
            .create_user("u1", "a")
        ),
        "again after it was deleted": lambda: (
            Trace().create_user("u1", "a").later(9).delete_user("u1").later(9).create_user("u2", "a")
        ),
        "after a lookup that found a similar one": lambda: (
            Trace().look_up("driver-1", ("u0", "driver-10")).create_user("u1", "driver-1")
        ),
        "without any external id": lambda: (
            Trace().create_user("u1", sent={"locale": "en"}).create_user("u2", sent={"locale": "en"})
        ),
        "after the answer was lost, when the lookup found nothing": lambda: (
            Trace().create_user("u1", "a", lost="ReadTimeout").look_up("a").create_user("u1", "a")
        ),
    },
    "user-looked-up": {
        "after a lost answer": lambda: (
            Trace().create_user("u1", "a", lost="ReadTimeout").later(2).look_up("a").create_user("u1", "a")
        ),
        "all users listed": lambda: (
            Trace().create_user("u1", "a", lost="ReadTimeout").call("users_list", answer=[]).create_user("u1", "a")
        ),
        "a clear refusal": lambda: (
            Trace().look_up("a").create_user("u1", "a", status=400, answer={}).later(9).create_user("u1", "a")
        ),
        "by id": lambda: Trace().create_user("u1").get_user("u1"),
    },
    "setup-intent-first": {
        "in order": lambda: signed_up(),
        "a second card": lambda: Trace().signed_up("u1", CARD, OTHER_CARD),
        "a user from before": lambda: signed_up().methods("u0", "pm_old1").start("u0", card="pm_old1").read("u0"),
        "an empty list first": lambda: Trace().create_user("u1").methods("u1").setup_intent("u1").methods("u1", CARD),
    },
    "no-card-data": {
        "a number as an external id": lambda: Trace().create_user("u1", "4539578763621486"),
        "a long number in the path": lambda: signed_up().get_user("4539578763621486"),
        "a wrong check digit": lambda: ended().billing("u1", sent={"line1": "4539578763621487"}),
        "a house number": lambda: ended().billing("u1", sent={"number": "12", "vat_id": "DE123456789"}),
        "a time in milliseconds": lambda: ended().get_user("u1", query={"_": "1772445600000"}),
        "card data in an answer": lambda: ended().methods(
            "u1", answer={"results": [{"id": CARD, "card": {"last4": "4242", "expiration_date": "12/30"}}]}
        ),
        "an empty field": lambda: ended().billing("u1", sent={"cvc": None, "expiry": ""}),
        "a telephone number": lambda: ended().billing("u1", sent={"line1": "+49 30 1234567890123"}),
    },
    "start-names-own": {
        "never listed, accepted": lambda: Trace().create_user("u1").setup_intent("u1").start("u1").read("u1"),
        "the second card": lambda: Trace().signed_up("u1", CARD, OTHER_CARD).start("u1", card=OTHER_CARD).read("u1"),
        "an EVSE whose station has its id": lambda: (
            signed_up().station(answer={"id": EVSE, "evses": [{"evse_id": EVSE}]}).start("u1").read("u1")
        ),
    },
    "start-one-at-a-time": {
        "two drivers at a time": lambda: (
            signed_up()
            .signed_up("u2")
            .start("u1", took=4)
            .later(-3)
            .start("u2", id_="s2")
            .later(2)
            .read("u1")
            .read("u2", "s2")
        ),
        "one after the other": lambda: ended().start("u1", id_="s2").read("u1", "s2"),
        "as soon as the answer is there": lambda: (
            signed_up()
            .refused_start("u1", "station_availability_issue")
            .later(-0.005)
            .start("u1", OTHER_EVSE)
            .read("u1")
        ),
    },
    "start-not-repeated": {
        "one retry after a wait": lambda: refused("already_charging").sessions("u1").later(5).start("u1").read("u1"),
        "the session in the way ended": lambda: (
            refused("already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .read("u1", "s0")
            .stop("u1", "s0")
            .later(5)
            .start("u1")
            .read("u1")
        ),
        "no session in the list any more": lambda: (
            refused("already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .sessions("u1", session("s0", active=False, settled=True))
            .later(5)
            .start("u1")
            .read("u1")
        ),
        "billing data given": lambda: refused("billing_data_required").billing("u1").start("u1").read("u1"),
        "another EVSE": lambda: refused("billing_data_required").later(5).start("u1", OTHER_EVSE).read("u1"),
        "another card": lambda: (
            Trace()
            .signed_up("u1", CARD, OTHER_CARD)
            .refused_start("u1", "pre_authorization_failed")
            .start("u1", card=OTHER_CARD)
            .read("u1")
        ),
        "a card added": lambda: (
            refused("pre_authorization_failed")
            .setup_intent("u1")
            .methods("u1", CARD, OTHER_CARD)
            .start("u1", card=OTHER_CARD)
            .read("u1")
        ),
        "time to authenticate": lambda: (
            refused(
                "pre_authorization_failed",
                answer=refusal("pre_authorization_failed", payment_intent_client_secret="pi_1_secret_[redacted-2]"),
            )
            .later(12)
            .start("u1")
            .read("u1")
        ),
        "no debt left": lambda: refused("payment_error").debts("u1").start("u1").read("u1"),
        "time to settle": lambda: refused("payment_error").debts("u1", "s0").later(30).start("u1").read("u1"),
        "another driver's start": lambda: (
            signed_up()
            .signed_up("u2")
            .refused_start("u1", "billing_data_required")
            .start("u2", id_="s2")
            .read("u2", "s2")
        ),
        "never again": lambda: refused("billing_data_required"),
    },
    "polling-begins": {
        "by itself": lambda: started().later(3).read("u1").settled("u1"),
        "by a list": lambda: started().later(3).sessions("u1", session("s1")).settled("u1"),
        "a failed read is a read": lambda: started().later(3).read("u1", status=502).later(9).read("u1").settled("u1"),
    },
    "polling-modest": {
        "a page reloaded beside the polling": lambda: storm(started(), 8, 0.3).settled("u1"),
        "one a second for long": lambda: storm(started(), 60, 1.0).settled("u1"),
        "thirty drivers at a time": lambda: many_drivers(),
    },
    "polling-not-silent": {
        "every four minutes": lambda: started().later(5).read("u1").watched("u1", times=3, every=240).settled("u1"),
        "over before the bound": lambda: started().read("u1").later(290).settled("u1").later(4000),
        "stopped, then a late CDR": lambda: (
            started().watched("u1").stop("u1").later(200).read("u1").later(200).settled("u1")
        ),
        "history read long after": lambda: ended().later(5000).read("u1", settled=True),
    },
    "polling-ends": {
        "the receipt": lambda: ended().read("u1", settled=True).later(30).read("u1", settled=True),
        "the history": lambda: history(ended()),
        "a new session": lambda: ended().start("u1", id_="s2").watched("u1", "s2", times=12).settled("u1", "s2"),
        "inactive, without its cost yet": lambda: (
            started()
            .watched("u1")
            .stop("u1")
            .read("u1", active=False)
            .later(5)
            .read("u1", active=False)
            .later(5)
            .read("u1", active=False)
            .settled("u1")
        ),
    },
    "cdr-read": {
        "after the stop": lambda: started().watched("u1").stop("u1").settled("u1"),
        "by itself": lambda: ended(),
        "in a list": lambda: (
            started().watched("u1").stop("u1").later(9).sessions("u1", session("s1", active=False, settled=True))
        ),
    },
    "stop-once": {
        "once": lambda: started().watched("u1").stop("u1").settled("u1"),
        "again after an error and a look": lambda: (
            started()
            .watched("u1")
            .refused_stop("u1", "charging_provider_error")
            .later(5)
            .read("u1")
            .later(5)
            .stop("u1")
            .settled("u1")
        ),
        "of two sessions": lambda: (
            started()
            .watched("u1")
            .stop("u1")
            .settled("u1")
            .start("u1", id_="s2")
            .read("u1", "s2")
            .stop("u1", "s2")
            .settled("u1", "s2")
        ),
        "the same id of another user": lambda: (
            started()
            .signed_up("u2")
            .start("u2")
            .read("u1")
            .read("u2")
            .stop("u1")
            .stop("u2")
            .settled("u1")
            .settled("u2")
        ),
    },
    "already-stopped-is-stopped": {
        "read after it": lambda: started().watched("u1").refused_stop("u1", "already_stopped").settled("u1"),
        "read before it": lambda: ended().refused_stop("u1", "already_stopped"),
    },
    "state-read-first": {
        "looked up after a loss": lambda: (
            signed_up().start("u1", lost="ReadTimeout").later(2).sessions("u1").later(5).start("u1").read("u1")
        ),
        "found after a loss": lambda: (
            signed_up()
            .start("u1", lost="ReadTimeout")
            .later(2)
            .sessions("u1", session("s1"))
            .watched("u1")
            .settled("u1")
        ),
        "looked up after giving up on a slow one, which went on": lambda: (
            signed_up()
            .start("u1", lost="ClientGone", took=40)
            .later(-25)
            .sessions("u1")
            .later(3)
            .start("u1")
            .read("u1")
        ),
        "the station looked at": lambda: (
            refused("station_availability_issue").later(2).station().later(9).start("u1").read("u1")
        ),
        "another EVSE offered": lambda: (
            refused("station_availability_issue").later(2).start("u1", OTHER_EVSE).read("u1")
        ),
        "not tried again": lambda: refused("station_availability_issue"),
        "read after a refused stop": lambda: (
            started()
            .watched("u1")
            .refused_stop("u1", "charging_provider_error")
            .later(3)
            .read("u1")
            .later(3)
            .stop("u1")
            .settled("u1")
        ),
        "another driver goes on": lambda: (
            signed_up()
            .signed_up("u2")
            .refused_start("u1", "charging_provider_error")
            .start("u2", id_="s2")
            .read("u2", "s2")
            .sessions("u1")
        ),
    },
    "no-hurry": {
        "after a while": lambda: (
            signed_up().billing("u1", status=500, answer=refusal("unexpected_error")).later(2).billing("u1")
        ),
        "one quick retry of a read": lambda: started().read("u1", lost="RemoteProtocolError").read("u1").settled("u1"),
        "a corrected request": lambda: (
            signed_up()
            .billing("u1", status=400, answer=refusal("validation_error"))
            .billing("u1", sent={"line1": "Weg 2"})
        ),
        "billing data given in no time": lambda: refused("billing_data_required").billing("u1").start("u1").read("u1"),
        "polling through an outage": lambda: reads_again(started(), 4, 5.0).settled("u1"),
        "after Retry-After": lambda: (
            started().read("u1", status=429, answer_headers={"retry-after": "5"}).later(5).read("u1").settled("u1")
        ),
        "in flight together": lambda: signed_up().methods("u1", status=502, took=2).later(-1.9).methods("u1", CARD),
        "a Retry-After that nobody can read": lambda: (
            started().read("u1", status=429, answer_headers={"retry-after": "soon"}).later(5).read("u1").settled("u1")
        ),
    },
}
"""By rule: traces that keep it, by what they look like."""

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
