"""After an error: look first, then act; and never hurry."""

from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from golive.traffic.acts import act_between, is_look_at_sessions
from golive.traffic.calls import (
    AROUND,
    CHARGING_PROVIDER_ERROR,
    CREATE_USER,
    LIST_USERS,
    START,
    STATION,
    STATION_AVAILABILITY_ISSUE,
    STOP,
    Call,
    bare,
    results_in,
    seconds,
)
from golive.traffic.places import places_in
from golive.traffic.rule import Point, Rule, Traffic, broken, counted, kept, lasting, unclear
from golive.traffic.rules.users import identity

_QUICK_GETS: Final = 1
"""One quick retry of a GET is usual after a dropped connection, and harmless."""

_OF_OTHERS: Final = 2
"""Where the request does not say for whom it is sent, so many other drivers may ask for the same within a moment."""


def _looked_first(traffic: Traffic) -> Iterator[Point]:
    for user, calls in traffic.by_user.items():
        charging = [call for call in calls if call.operation in (START, STOP)]
        for doubt in charging:
            at_station = doubt.error_type == STATION_AVAILABILITY_ISSUE
            if not (doubt.open_state or at_station or doubt.error_type == CHARGING_PROVIDER_ERROR):
                continue
            again = next((call for call in charging if _next_act(traffic, doubt, call, at_station)), None)
            look = _look(traffic, user, doubt, again, at_station=at_station)
            yield _judged(traffic, doubt, again, look, at_station=at_station)


def _next_act(traffic: Traffic, doubt: Call, call: Call, at_station: bool) -> bool:
    """Whether it acts on what is in doubt. Where the station was not available that is this station alone: the guide
    tells to offer another one."""
    concerned = not at_station or (call.operation, call.at_evse) == (doubt.operation, doubt.at_evse)
    return traffic.after(doubt, call) and concerned


def _look(traffic: Traffic, user: str, doubt: Call, again: Call | None, *, at_station: bool) -> Call | None:
    """The first answered look after the doubt, and before the next act where there is one."""
    looks = [call for call in traffic.by_user[user] if is_look_at_sessions(call)]
    if at_station:
        looks += [call for call in traffic.named(STATION, AROUND) if _shows_station(call, doubt.at_evse)]
    answered = [call for call in looks if call.accepted and traffic.after(doubt, call)]
    first = min(answered, key=lambda call: call.place, default=None)
    return first if first is None or again is None or first.at <= again.at else None


def _shows_station(call: Call, at_evse: str | None) -> bool:
    if call.operation == STATION and any(name == "id" and bare(value) == at_evse for name, value in call.query):
        return True
    told = [call.answer] if call.operation == STATION else results_in(call.answer)
    return call.operation in (STATION, AROUND) and at_evse in map(bare, places_in(told)[1])


def _judged(traffic: Traffic, doubt: Call, again: Call | None, look: Call | None, *, at_station: bool) -> Point:
    what = "start" if doubt.operation == START else "stop"
    since = f"{doubt.said} to a {what} ({doubt.id})"
    if look is not None:
        then = f", and before the next {'start' if again.operation == START else 'stop'} ({again.id})" if again else ""
        return kept(
            f"after {since} the state was read ({look.id}) {lasting(look.at - doubt.ended)} later{then}",
            *(call for call in (doubt, look, again) if call is not None),
        )
    if again is not None:
        next_what = "start" if again.operation == START else "stop"
        return broken(
            f"after {since} the next {next_what} ({again.id}) was sent {lasting(again.at - doubt.ended)} later without "
            "reading the state first",
            doubt,
            again,
        )
    waited = traffic.until - doubt.ended
    if at_station:
        return kept(f"after {since} nothing more was sent there", doubt)
    if waited > traffic.bounds.first_read_s:
        return broken(f"after {since} the state was not read in {lasting(waited)}: a session may be going on", doubt)
    return unclear(f"after {since} nothing came in the {lasting(waited)} that were watched", doubt)


def _no_hurry(traffic: Traffic) -> Iterator[Point]:
    by_request: dict[tuple[object, ...], list[Call]] = {}
    for call in traffic.calls:
        by_request.setdefault((*call.same, call.exchange.request.headers.get("authorization")), []).append(call)
    failures: list[Call] = []
    waits: list[float] = []
    for calls in by_request.values():
        bearable = _bearable(calls[0])
        quick: list[Call] = []
        for n, failed in enumerate(calls):
            if not failed.failed:
                quick = []
                continue
            failures.append(failed)
            again = next((call for call in calls[n + 1 :] if traffic.after(failed, call)), None)
            if again is None:
                continue
            waited = again.at - failed.ended
            waits.append(waited)
            asked = _asked_to_wait(failed)
            before_asked = asked is not None and waited < asked - max(traffic.bounds.slack_s, 0.05 * asked)
            if asked is not None and before_asked and not _is_anyones(failed):
                yield broken(
                    f"{again.id} repeated {failed.id} after {lasting(waited)}, which had asked to wait for "
                    f"{lasting(asked)} (Retry-After)",
                    failed,
                    again,
                )
                continue
            enough = traffic.bounds.retry_s
            at_a_pace = failed.is_get and again.at - failed.at >= traffic.bounds.read_again_s
            if not before_asked and (waited >= enough or at_a_pace or _changed(traffic, failed, again)):
                quick = []
                continue
            quick.append(again)
            if len(quick) > bearable:
                yield broken(
                    f"{again.id} repeated {failed.id} ({failed.operation or 'no known operation'}) {lasting(waited)} "
                    f"after {failed.said}: sooner than {lasting(asked if before_asked and asked else enough)}",
                    failed,
                    again,
                )
    if failures:
        repeated = (
            f"{len(waits)} sent again, {lasting(min(waits))} later at the soonest" if waits else "none sent again"
        )
        yield kept(f"{counted(len(failures), 'request')} refused or lost, {repeated}", *failures)


def _bearable(call: Call) -> int:
    """How many quick repetitions of a request in a row are no hurry."""
    return (_QUICK_GETS if call.is_get else 0) + (_OF_OTHERS if _is_anyones(call) else 0)


def _is_anyones(call: Call) -> bool:
    """Whether the same request may be sent for several drivers: it asks for stations, or makes a user of no name."""
    if call.operation == CREATE_USER:
        return identity(call.sent) is None
    return call.is_get and call.user is None and call.operation != LIST_USERS


def _changed(traffic: Traffic, failed: Call, again: Call) -> bool:
    """Whether it is not the same request any more, though it looks the same: the driver did what was missing, or a
    lookup showed that the user is not there."""
    if failed.operation == CREATE_USER:
        looks = traffic.named(LIST_USERS)
        return any(look.accepted and traffic.after(failed, look) and look.at <= again.at for look in looks)
    return failed.operation == START and act_between(traffic, failed, again) is not None


def _asked_to_wait(failed: Call) -> float | None:
    """Seconds that the answer asked for in Retry-After, in either of its forms (RFC 9110, 10.2.3)."""
    response = failed.exchange.response
    said = "" if response is None or failed.lost else response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) <= 6:
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0.0, seconds(aware) - failed.ended)


RULES: Final = (
    Rule(
        "state-read-first",
        "After charging_provider_error, station_availability_issue or a lost answer the state is read before anything "
        "is sent again",
        ("BE-6",),
        _looked_first,
        "No start or stop met such an answer.",
        "{n} such answers, none followed by another try before the state was read",
    ),
    Rule(
        "no-hurry",
        "A request that was refused or lost is not sent again at once, nor before Retry-After",
        ("BE-6",),
        _no_hurry,
        "No request was refused or lost.",
    ),
)
