"""Beginnings and habits of which the traces of the ledger are made."""

from collections.abc import Callable
from typing import Any, Final

from tests.traffic.bench import CARD, Trace, session

Way = Callable[[], Trace]
JWT: Final = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwYXJ0bmVyIn0.c2lnbmF0dXJlLW9mLWl0"


def signed_up() -> Trace:
    return Trace().signed_up("u1")


def started() -> Trace:
    return signed_up().start("u1")


def refused(type_: str, **how: Any) -> Trace:
    return signed_up().refused_start("u1", type_, **how)


def ended() -> Trace:
    return started().watched("u1").settled("u1")


def storm(trace: Trace, times: int, every: float) -> Trace:
    for _ in range(times):
        trace.read("u1", took=every)
    return trace


def list_storm(trace: Trace) -> Trace:
    for _ in range(40):
        trace.sessions("u1", session("s1"), took=0.3)
    return trace


def methods_storm(trace: Trace) -> Trace:
    for _ in range(50):
        trace.methods("u1", CARD, took=0.1)
    return trace


def goes_on(trace: Trace) -> Trace:
    for _ in range(9):
        trace.later(10).read("u1", settled=True)
    return trace


def lists_on(trace: Trace) -> Trace:
    for _ in range(4):
        trace.later(10).sessions("u1", session("s1"))
    for _ in range(9):
        trace.later(10).sessions("u1", session("s1", active=False, settled=True))
    return trace


def history(trace: Trace) -> Trace:
    for _ in range(9):
        trace.later(10).sessions("u1", session("s1", active=False, settled=True))
    return trace


def reads_again(trace: Trace, times: int, every: float) -> Trace:
    for _ in range(times):
        trace.read("u1", status=502, answer="<html>").later(every)
    return trace.later(3).read("u1")


def many_drivers() -> Trace:
    trace = Trace()
    users = [f"d{n}" for n in range(30)]
    for user in users:
        trace.start(user, id_=f"s-{user}", took=0.01)
    for _ in range(4):
        for user in users:
            trace.read(user, f"s-{user}", took=0.03)
    for user in users:
        trace.read(user, f"s-{user}", settled=True)
    return trace


def active_with_figures() -> Trace:
    trace = started()
    for _ in range(9):
        trace.later(9).read("u1", answer=session("s1", settled=True) | {"is_active": True})
    return trace.settled("u1")


def cost_comes_late(costs: dict[str, Any] | None = None) -> Trace:
    trace = started().stop("u1")
    for _ in range(9):
        trace.later(9).read("u1", answer=session("s1", active=False, settled=True) | {"session_cost": costs})
    return trace.settled("u1")


def another_in_doubt() -> Trace:
    trace = started()
    for _ in range(4):
        trace.later(10).sessions("u1", session("s1"))
    over = session("s1", active=False, settled=True)
    trace.later(10).sessions("u1", over).start("u1", lost="ReadTimeout")
    for _ in range(7):
        trace.later(5).sessions("u1", over)
    return trace


def redirected(trace: Trace) -> Trace:
    for _ in range(4):
        trace.later(10).read("u1", status=301).read("u1", settled=True)
    return trace


def stations_fail(drivers: int, **how: Any) -> Trace:
    trace = ended()
    usual: dict[str, Any] = {"status": 404, "answer": {"detail": "no"}}
    for _ in range(drivers):
        trace.later(0.1).station(**(usual | how))
    return trace


def two_by_lists() -> Trace:
    trace = started()
    over = session("s1", active=False, settled=True)
    for _ in range(4):
        trace.later(10).sessions("u1", session("s1"))
    trace.later(10).sessions("u1", over).start("u1", id_="s2")
    for _ in range(9):
        trace.later(10).sessions("u1", over, session("s2"))
    return trace.later(10).sessions("u1", over, session("s2", active=False, settled=True))
