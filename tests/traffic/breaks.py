"""By rule, what breaks it: that one and no other, unless `ALSO` names it."""

from typing import Final

from tests.traffic.bench import EVSE, OTHER_EVSE, refusal, session
from tests.traffic.breaks_before import BEFORE_BREAKS
from tests.traffic.ways import (
    Way,
    ended,
    goes_on,
    list_storm,
    lists_on,
    methods_storm,
    reads_again,
    refused,
    signed_up,
    started,
    stations_fail,
    storm,
)

BREAKS: Final[dict[str, dict[str, Way]]] = {
    **BEFORE_BREAKS,
    "start-one-at-a-time": {
        "a double tap": lambda: (
            signed_up()
            .start("u1", took=4)
            .later(-3.5)
            .refused_start("u1", "already_charging", took=0.1)
            .later(5)
            .read("u1")
        ),
        "impatience": lambda: (
            signed_up()
            .start("u1", took=60)
            .later(-50)
            .refused_start("u1", "already_charging", took=1)
            .later(49)
            .read("u1")
        ),
        "on two EVSEs": lambda: (
            signed_up()
            .start("u1", took=4)
            .later(-3)
            .refused_start("u1", "already_charging", evse=OTHER_EVSE)
            .later(5)
            .read("u1")
        ),
    },
    "start-not-repeated": {
        "at once after already_charging": lambda: (
            refused("already_charging").later(0.2).start("u1", id_="s2").read("u1", "s2")
        ),
        "twice after already_charging": lambda: (
            refused("already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
        ),
        "after billing_data_required": lambda: refused("billing_data_required").later(60).start("u1").read("u1"),
        "in another spelling": lambda: (
            refused("billing_data_required").later(60).start("u1", EVSE.replace("*", "")).read("u1")
        ),
        "after billing data that were refused": lambda: (
            refused("billing_data_required")
            .billing("u1", status=400, answer=refusal("validation_error"))
            .later(60)
            .refused_start("u1", "billing_data_required")
        ),
        "after a debt": lambda: refused("payment_error").later(60).refused_start("u1", "payment_error"),
        "the session in the way ended too late": lambda: (
            refused("already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .sessions("u1", session("s0", active=False, settled=True))
        ),
        "the session in the way was stopped too late": lambda: (
            refused("already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .stop("u1", "s0")
            .read("u1", "s0", settled=True)
        ),
        "the session in the way had ended before": lambda: (
            ended()
            .refused_start("u1", "already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
        ),
        "the list that would show it failed": lambda: (
            refused("already_charging")
            .later(5)
            .refused_start("u1", "already_charging")
            .sessions("u1", status=500, answer=refusal("unexpected_error"))
            .later(5)
            .start("u1")
            .read("u1")
        ),
        "after a debt that was looked at": lambda: (
            refused("payment_error").debts("u1", "s0").later(1.5).refused_start("u1", "payment_error")
        ),
        "after a refused card": lambda: (
            refused("pre_authorization_failed").later(60).refused_start("u1", "pre_authorization_failed")
        ),
        "before anybody could authenticate": lambda: (
            refused(
                "pre_authorization_failed",
                answer=refusal("pre_authorization_failed", payment_intent_client_secret="pi_1_secret_[redacted-2]"),
            )
            .later(1.5)
            .start("u1")
            .read("u1")
        ),
        "after a method that cannot be used": lambda: (
            refused("payment_method_error").later(9).refused_start("u1", "payment_method_error")
        ),
        "after a 402 without a type": lambda: (
            refused("payment_error", answer={"detail": "no"}).later(9).start("u1").read("u1")
        ),
        "while another driver gave billing data": lambda: (
            refused("billing_data_required").billing("u2").later(9).start("u1").read("u1")
        ),
    },
    "polling-begins": {
        "never": lambda: started(),
        "late": lambda: started().later(61).read("u1").settled("u1"),
        "only before its start was answered": lambda: (
            signed_up().start("u1", took=5).later(-4).sessions("u1").later(60)
        ),
        "only another one's": lambda: (
            signed_up().signed_up("u2").start("u1").start("u2", id_="s2").watched("u2", "s2").settled("u2", "s2")
        ),
    },
    "polling-modest": {
        "ten a second": lambda: storm(started(), 40, 0.1).settled("u1"),
        "three a second, of the list": lambda: list_storm(started()).settled("u1"),
        "of payment methods": lambda: methods_storm(signed_up()),
    },
    "polling-not-silent": {
        "once and no more": lambda: started().later(2).read("u1").later(400),
        "a gap": lambda: started().watched("u1").later(301).read("u1").settled("u1"),
        "while others are watched": lambda: (
            signed_up()
            .start("u1")
            .read("u1")
            .signed_up("u2")
            .start("u2", id_="s2")
            .watched("u2", "s2", times=20, every=30)
            .settled("u2", "s2")
        ),
    },
    "polling-ends": {
        "for ever": lambda: goes_on(ended()),
        "for ever, by lists": lambda: lists_on(started()),
        "for ever, by lists, while another driver charges": lambda: lists_on(
            started().start("u2", id_="s2").read("u2", "s2")
        ).settled("u2", "s2"),
        "for ever, by lists, before the driver charges once more": lambda: (
            lists_on(started()).later(10).start("u1", id_="s2").read("u1", "s2").settled("u1", "s2")
        ),
    },
    "cdr-read": {
        "never after the stop": lambda: started().watched("u1").stop("u1").later(200),
        "given up before it came": lambda: started().watched("u1").stop("u1").watched("u1", times=2).later(200),
    },
    "stop-once": {
        "twice": lambda: started().watched("u1").stop("u1").later(5).stop("u1").settled("u1"),
        "because progress goes on": lambda: (
            started().watched("u1").stop("u1").later(5).read("u1").later(5).stop("u1").settled("u1")
        ),
        "a double tap": lambda: started().watched("u1").stop("u1", took=3).later(-2).stop("u1").settled("u1"),
    },
    "already-stopped-is-stopped": {
        "stopped again": lambda: (
            started().watched("u1").refused_stop("u1", "already_stopped").later(2).stop("u1").settled("u1")
        ),
        "not looked at": lambda: started().watched("u1").refused_stop("u1", "already_stopped"),
    },
    "state-read-first": {
        "a start after a lost one": lambda: (
            signed_up().start("u1", lost="ReadTimeout").later(5).refused_start("u1", "already_charging")
        ),
        "a look just before the loss, none after it": lambda: (
            signed_up()
            .sessions("u1", took=0.001)
            .start("u1", lost="AnswerLost", took=0.001)
            .later(5)
            .refused_start("u1", "already_charging")
        ),
        "a start after a provoked loss": lambda: (
            signed_up().start("u1", lost="AnswerLost", provoked="lost-start-answer").later(5).start("u1").read("u1")
        ),
        "a start after giving up on a slow one": lambda: (
            signed_up()
            .start("u1", lost="ClientGone", took=40)
            .later(-25)
            .refused_start("u1", "already_charging")
            .later(5)
            .sessions("u1")
        ),
        "a start after charging_provider_error": lambda: (
            refused("charging_provider_error").later(20).start("u1").read("u1")
        ),
        "a start elsewhere after charging_provider_error": lambda: (
            refused("charging_provider_error").later(20).start("u1", OTHER_EVSE).read("u1")
        ),
        "a start after station_availability_issue": lambda: (
            refused("station_availability_issue").later(20).start("u1").read("u1")
        ),
        "another station looked at": lambda: (
            refused("station_availability_issue").later(2).station(OTHER_EVSE).later(9).start("u1").read("u1")
        ),
        "the neighbourhood without it looked at": lambda: (
            refused("station_availability_issue").later(2).around(OTHER_EVSE).later(9).start("u1").read("u1")
        ),
        "a stop after charging_provider_error": lambda: (
            started().watched("u1").refused_stop("u1", "charging_provider_error").later(20).stop("u1").settled("u1")
        ),
        "a stop after a lost one": lambda: (
            started().watched("u1").stop("u1", lost="ReadError").later(20).stop("u1").settled("u1")
        ),
        "the read failed": lambda: (
            refused("charging_provider_error").later(5).sessions("u1", status=502).later(20).start("u1").read("u1")
        ),
        "another driver's state": lambda: (
            refused("charging_provider_error").later(5).sessions("u2").later(20).start("u1").read("u1")
        ),
        "never looked at": lambda: signed_up().start("u1", lost="ReadTimeout").later(60),
        "read only just before": lambda: (
            signed_up()
            .sessions("u1", took=0.002)
            .refused_start("u1", "charging_provider_error", took=0.005)
            .later(20)
            .start("u1")
            .read("u1")
        ),
        "a start after HTML": lambda: (
            signed_up().start("u1", status=502, answer="<html>").later(5).start("u1").read("u1")
        ),
        "a start after what cannot be read": lambda: (
            signed_up().start("u1", answer='{"id": "s').later(5).start("u1").read("u1")
        ),
    },
    "no-hurry": {
        "a write again at once": lambda: (
            signed_up().billing("u1", status=500, answer=refusal("unexpected_error")).later(0.3).billing("u1")
        ),
        "a write again at once, with something else in between": lambda: (
            signed_up().billing("u1", status=500, answer=refusal("unexpected_error")).setup_intent("u1").billing("u1")
        ),
        "a start again at once after a look": lambda: (
            refused("charging_provider_error").sessions("u1").later(0.1).start("u1").read("u1")
        ),
        "a read again and again": lambda: reads_again(started(), 4, 0.1).settled("u1"),
        "a station asked for again and again": lambda: stations_fail(6),
        "a search for one driver again and again": lambda: (
            ended().look_up("a", status=500).look_up("a", status=500).look_up("a", status=500)
        ),
        "before Retry-After": lambda: (
            started().read("u1", status=429, answer_headers={"retry-after": "30"}).later(10).read("u1").settled("u1")
        ),
        "before the date of Retry-After": lambda: (
            started()
            .read("u1", status=503, answer_headers={"retry-after": "Mon, 02 Mar 2026 10:01:00 GMT"})
            .later(10)
            .read("u1")
            .settled("u1")
        ),
    },
}
"""By rule: traces that break it, by what is wrong."""

ALSO: Final[dict[tuple[str, str], set[str]]] = {
    ("start-not-repeated", "at once after already_charging"): {"no-hurry"},
}
"""By rule and name: what else such a trace breaks."""
