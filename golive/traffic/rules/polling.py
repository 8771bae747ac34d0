"""The session is watched: from soon after the start, neither in a storm nor with silence, until it is final."""

from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Final

from golive.traffic.acts import is_look_at_sessions
from golive.traffic.calls import Call
from golive.traffic.charges import Charge, Read
from golive.traffic.rule import Point, Rule, Traffic, broken, counted, kept, lasting, unclear

_NO_SESSION: Final = "No session was started."


def _reads_after_start(traffic: Traffic, charge: Charge) -> list[Read]:
    begun = charge.start
    return [read for read in charge.reads if begun is None or traffic.after(begun, read.call)]


def _begins(traffic: Traffic) -> Iterator[Point]:
    within = traffic.bounds.first_read_s
    for charge in traffic.going_on:
        start = charge.start
        if start is None:
            continue
        reads = _reads_after_start(traffic, charge)
        stopped = charge.stopped
        if reads:
            first = reads[0].call
            wait = first.at - start.ended
            if wait <= within:
                yield kept(
                    f"session {charge.id} was first read {lasting(wait)} after its start", start, first, took=wait
                )
                continue
            told, until = f"was first read {lasting(wait)} after its start", first.at
        else:
            told, until = f"was not read in {lasting(traffic.until - start.ended)} after its start", traffic.until
        calls = (start, reads[0].call) if reads else (start,)
        if stopped is not None and stopped.at - start.ended <= within:
            yield unclear(
                f"session {charge.id} was stopped {lasting(stopped.at - start.ended)} after its start, before it had "
                "to be read",
                start,
                stopped,
            )
        elif until - start.ended > within:
            yield broken(f"session {charge.id} {told}: later than {lasting(within)}", *calls)
        else:
            yield unclear(f"session {charge.id} {told}, and was watched no longer", start)


def _storm(traffic: Traffic) -> Iterator[Point]:
    """More than the bound of one and the same GET of one user, whatever it asks for."""
    bounds = traffic.bounds
    recent: dict[tuple[str, str, str | None], deque[Call]] = {}
    most: dict[tuple[str, str, str | None], tuple[Call, ...]] = {}
    for call in traffic.calls:
        if call.is_get and call.user is not None:
            window = recent.setdefault(call.same, deque())
            window.append(call)
            while call.at - window[0].at > bounds.storm_window_s:
                window.popleft()
            if len(window) > len(most.get(call.same, ())):
                most[call.same] = tuple(window)
    figure = lasting(bounds.storm_window_s)
    looks = False
    for calls in most.values():
        if len(calls) > bounds.storm_reads:
            yield broken(
                f"{calls[0].operation or 'one address'} was read {len(calls)} times in "
                f"{lasting(calls[-1].at - calls[0].at)} ({calls[0].id} to {calls[-1].id}), where "
                f"{bounds.storm_reads} in {figure} are bearable",
                *calls,
            )
        looks = looks or is_look_at_sessions(calls[0])
    if looks:
        busiest = max((c for c in most.values() if is_look_at_sessions(c[0])), key=len)
        yield kept(f"no session was read more than {counted(len(busiest), 'time')} within {figure}", *busiest)


def _silence(traffic: Traffic) -> Iterator[Point]:
    longest = traffic.bounds.longest_gap_s
    for charge in traffic.going_on:
        reads = _reads_after_start(traffic, charge)
        if not reads:
            yield unclear(f"session {charge.id} was not read", *([charge.start] if charge.start else []))
            continue
        end = min(
            charge.over.call.at if charge.over else traffic.until,
            charge.stopped.at if charge.stopped else traffic.until,
            max(traffic.until, charge.begun),
        )
        active = [read.call for read in reads if read.call.at <= end]
        if not active:
            yield unclear(f"session {charge.id} was not read before it was stopped", reads[0].call)
            continue
        gaps = [then.at - now.at for now, then in pairwise(active)] + [end - active[-1].at]
        if max(gaps) > longest:
            n = gaps.index(max(gaps))
            yield broken(
                f"session {charge.id} was not read for {lasting(gaps[n])} while it was active, after {active[n].id}: "
                f"longer than {lasting(longest)}",
                *active[n : n + 2],
            )
        else:
            yield kept(
                f"session {charge.id}: {counted(len(active), 'read')} while it was active, at most "
                f"{lasting(max(gaps))} apart",
                *active,
                took=max(gaps),
            )


def _ends(traffic: Traffic) -> Iterator[Point]:
    bounds = traffic.bounds
    for charge in traffic.going_on:
        settled = charge.settled
        if settled is None:
            yield unclear(f"session {charge.id} was not seen to be final", *(read.call for read in charge.reads[-1:]))
            continue
        more = [
            read.call
            for read in charge.reads
            if traffic.after(settled.call, read.call) and (read.alone or _is_for(traffic, charge, read))
        ]
        watched = traffic.until - settled.call.ended
        needed = min((bounds.after_final + 1) * _cadence(traffic, charge), bounds.longest_gap_s)
        if len(more) > bounds.after_final:
            yield broken(
                f"session {charge.id} was read {len(more)} times more after {settled.call.id} had shown it as final, "
                f"over {lasting(more[-1].at - settled.call.ended)}",
                settled.call,
                *more,
            )
        elif watched < needed:
            yield unclear(
                f"session {charge.id} was watched for {lasting(watched)} after it was final: {lasting(needed)} would "
                "show that its polling ended",
                settled.call,
            )
        else:
            yield kept(
                f"session {charge.id} was final in {settled.call.id}, and read {counted(len(more), 'time')} in the "
                f"{lasting(watched)} after it",
                settled.call,
                *more,
            )


def _is_for(traffic: Traffic, charge: Charge, read: Read) -> bool:
    """Whether a list was read for this session, which is final: it was watched by lists, and the user has tried to
    start no other since, nor has one going on."""
    final = charge.settled or read
    if any(traffic.after(final.call, call) and call.at <= read.call.at for call in traffic.starts_of(charge.user)):
        return False
    before = [r for r in charge.reads if r.call.at <= final.call.at]
    by_list = sum(not r.alone for r in before) * 2 > len(before)
    return by_list and not any(
        other.user == charge.user
        and other.begun <= read.call.at
        and (other.settled is None or other.settled.call.at >= read.call.at)
        for other in traffic.charges
    )


def _cadence(traffic: Traffic, charge: Charge) -> float:
    """Seconds from read to read, as a rule, until it was final."""
    at = [charge.begun] if charge.start is not None else []
    at += [read.call.at for read in _reads_after_start(traffic, charge)]
    last = charge.settled.call.at if charge.settled else traffic.until
    gaps = [then - now for now, then in pairwise(moment for moment in at if moment <= last)]
    return max(0.0, median(gaps)) if gaps else traffic.bounds.first_read_s / (traffic.bounds.after_final + 1)


def _cdr_read(traffic: Traffic) -> Iterator[Point]:
    longest = traffic.bounds.longest_gap_s
    for charge in traffic.going_on:
        stopped, over = charge.stopped, charge.over
        if over is not None:
            since = f", {lasting(over.call.ended - stopped.ended)} after the stop" if stopped else ""
            yield kept(f"the end of session {charge.id} was read in {over.call.id}{since}", over.call)
        elif stopped is not None:
            after = [read.call for read in charge.reads if traffic.after(stopped, read.call)]
            last = after[-1] if after else stopped
            silent = traffic.until - last.ended
            if silent > longest:
                yield broken(
                    f"session {charge.id} was stopped ({stopped.id}) and its end never read: nothing came in the "
                    f"{lasting(silent)} after {last.id}",
                    stopped,
                    *after[-1:],
                )
            else:
                yield unclear(
                    f"session {charge.id} was stopped ({stopped.id}) and read {counted(len(after), 'time')} since, "
                    "its end not yet",
                    stopped,
                    *after[-1:],
                )


RULES: Final = (
    Rule(
        "polling-begins",
        "A session is read soon after its start",
        ("BE-5",),
        _begins,
        _NO_SESSION,
        "{n} sessions were first read at most {most} after their start",
    ),
    Rule(
        "polling-modest",
        "Nothing is read in a storm",
        ("BE-5",),
        _storm,
        "The backend read no session.",
    ),
    Rule(
        "polling-not-silent",
        "An active session is read again and again",
        ("BE-5", "DEV-UPDATES"),
        _silence,
        _NO_SESSION,
        "{n} sessions were read at most {most} apart while they were active",
    ),
    Rule(
        "polling-ends",
        "Polling ends when the session is final",
        ("BE-5",),
        _ends,
        _NO_SESSION,
        "{n} sessions were final, and read no more than a receipt needs after it",
    ),
    Rule(
        "cdr-read",
        "The end of a session, its CDR, is read",
        ("BE-5", "DEV-UPDATES"),
        _cdr_read,
        "No session ended.",
        "the ends of {n} sessions were read",
    ),
)
