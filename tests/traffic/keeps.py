"""By rule, the nearest look-alikes of what breaks it, which must not be accused."""

from typing import Final

from tests.traffic.bench import CARD, EVSE, OTHER_CARD, OTHER_EVSE, Trace, refusal, session
from tests.traffic.keeps_before import BEFORE_KEEPS
from tests.traffic.ways import (
    Way,
    active_with_figures,
    another_in_doubt,
    cost_comes_late,
    ended,
    history,
    many_drivers,
    reads_again,
    redirected,
    refused,
    signed_up,
    started,
    stations_fail,
    storm,
    two_by_lists,
)

KEEPS: Final[dict[str, dict[str, Way]]] = {
    **BEFORE_KEEPS,
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
        "one retry, after another error before it": lambda: (
            refused("charging_provider_error")
            .later(2)
            .sessions("u1")
            .later(5)
            .refused_start("u1", "already_charging")
            .later(5)
            .start("u1")
            .read("u1")
        ),
        "one retry each on two EVSEs": lambda: (
            refused("already_charging")
            .later(5)
            .refused_start("u1", "already_charging", OTHER_EVSE)
            .later(5)
            .start("u1", OTHER_EVSE)
            .read("u1")
        ),
        "a debt with its secret, and time to pay": lambda: (
            refused(
                "payment_error",
                answer=refusal("payment_error", payment_intent_client_secret="pi_1_secret_[redacted-2]"),
            )
            .later(20)
            .start("u1")
            .read("u1")
        ),
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
        "something else read last": lambda: ended().methods("u1", CARD),
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
        "active, though all its figures are there": lambda: active_with_figures(),
        "a new session": lambda: ended().start("u1", id_="s2").watched("u1", "s2", times=12).settled("u1", "s2"),
        "inactive, without its cost yet": lambda: cost_comes_late(),
        "a new session, watched by lists as well": lambda: two_by_lists(),
        "another start, looked after by lists": lambda: another_in_doubt(),
        "inactive, with the names of its costs alone": lambda: cost_comes_late({"kwh_cost": None, "currency": "eur"}),
        "a path without its slash": lambda: redirected(ended()),
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
        "the neighbourhood looked at": lambda: (
            refused("station_availability_issue").later(2).around(EVSE).later(9).start("u1").read("u1")
        ),
        "the station looked at, in another spelling": lambda: (
            signed_up()
            .refused_start("u1", "station_availability_issue", evse=EVSE.replace("*", ""))
            .later(2)
            .around(EVSE)
            .later(9)
            .start("u1", EVSE.replace("*", ""))
            .read("u1")
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
        "three drivers look at one station that cannot be had": lambda: stations_fail(3),
        "two drivers without a name sign up at a time": lambda: (
            ended().call("users_create", status=500, sent={}).later(0.2).call("users_create", status=201, sent={})
        ),
        "polling at a bearable pace through an outage": lambda: reads_again(started(), 4, 0.41).settled("u1"),
        "in flight together": lambda: signed_up().methods("u1", status=502, took=2).later(-1.9).methods("u1", CARD),
        "a Retry-After that has passed": lambda: (
            started()
            .read("u1", status=503, answer_headers={"retry-after": "Mon, 02 Mar 2026 09:00:00 GMT"})
            .read("u1")
            .settled("u1")
        ),
        "three drivers look at one station that asks to wait": lambda: stations_fail(
            3, status=503, answer_headers={"retry-after": "30"}
        ),
        "a Retry-After that is no number": lambda: (
            started().read("u1", status=429, answer_headers={"retry-after": "²"}).later(5).read("u1").settled("u1")
        ),
        "a Retry-After that nobody can read": lambda: (
            started().read("u1", status=429, answer_headers={"retry-after": "soon"}).later(5).read("u1").settled("u1")
        ),
    },
}
"""By rule: traces that keep it, by what they look like."""
