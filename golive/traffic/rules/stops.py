"""A stop is sent once, and already_stopped means stopped (the guide's page on stopping a charge)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from golive.traffic.acts import is_look_at_sessions
from golive.traffic.calls import ALREADY_STOPPED, Call
from golive.traffic.charges import Charge
from golive.traffic.rule import Point, Rule, Traffic, broken, kept, lasting, unclear


def _once(traffic: Traffic) -> Iterator[Point]:
    for charge in traffic.charges:
        if not charge.stops:
            continue
        again = _again(traffic, charge)
        if again is not None:
            first, then = again
            when = (
                f"{lasting(then.at - first.ended)} after {first.id} had been answered with {first.said}"
                if traffic.after(first, then)
                else f"before {first.id} was answered"
            )
            yield broken(f"session {charge.id} was stopped again ({then.id}), {when}", first, then)
        elif (stopped := charge.stopped) is not None:
            n = len(charge.stops)
            tried = "one stop" if n == 1 else f"{n} stops, the last one after errors"
            yield kept(f"session {charge.id}: {tried}, answered with {stopped.said}", *charge.stops)
        else:
            yield unclear(f"session {charge.id}: its stop was answered with {charge.stops[-1].said}", *charge.stops)


def _again(traffic: Traffic, charge: Charge) -> tuple[Call, Call] | None:
    """A stop that was accepted, or still without its answer, and the next one; already_stopped has its own rule."""
    for first, then in pairwise(charge.stops):
        if first.accepted or not traffic.after(first, then):
            return first, then
    return None


def _taken_as_stopped(traffic: Traffic) -> Iterator[Point]:
    for charge in traffic.charges:
        told = next((stop for stop in charge.stops if stop.error_type == ALREADY_STOPPED), None)
        if told is None:
            continue
        again = next((stop for stop in charge.stops if traffic.after(told, stop)), None)
        look = next(
            (call for call in traffic.by_user[charge.user] if is_look_at_sessions(call) and traffic.after(told, call)),
            None,
        )
        if again is not None:
            yield broken(f"{again.id} sent the stop again after already_stopped ({told.id})", told, again)
        elif look is not None:
            yield kept(
                f"after already_stopped ({told.id}) the session was read ({look.id}), not stopped again", told, look
            )
        elif charge.over is not None:
            yield kept(f"already_stopped ({told.id}) came when {charge.over.call.id} had shown the end", told)
        elif traffic.until - told.ended > traffic.bounds.first_read_s:
            yield broken(
                f"after already_stopped ({told.id}) the session was not read in {lasting(traffic.until - told.ended)}",
                told,
            )
        else:
            yield unclear(f"nothing came after already_stopped ({told.id}) yet", told)


RULES: Final = (
    Rule(
        "stop-once",
        "A session is stopped once",
        ("BE-4",),
        _once,
        "The backend sent no stop.",
        "{n} sessions were stopped, none of them again after its stop was accepted",
    ),
    Rule(
        "already-stopped-is-stopped",
        "already_stopped is taken as stopped: the session is read, not stopped again",
        ("BE-4", "BE-6"),
        _taken_as_stopped,
        "No stop was answered with already_stopped.",
    ),
)
