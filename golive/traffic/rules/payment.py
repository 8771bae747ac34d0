"""A payment method comes about through a setup intent, and a start names one of that user."""

from collections.abc import Iterator
from typing import Any, Final

from golive.traffic.calls import (
    AROUND,
    CREATE_USER,
    LIST_METHODS,
    SETUP_INTENT,
    START,
    STATION,
    Call,
    results_in,
    text_in,
)
from golive.traffic.places import places_in
from golive.traffic.rule import Point, Rule, Traffic, broken, counted, kept, unclear


def _intent_first(traffic: Traffic) -> Iterator[Point]:
    created = {text_in(call.answer, "id"): call for call in traffic.named(CREATE_USER) if call.accepted}
    for user, calls in traffic.by_user.items():
        intent = next((call for call in calls if call.operation == SETUP_INTENT and call.accepted), None)
        used = next((call for call in calls if _has_method(call)), None)
        if used is None:
            continue
        if intent is not None and intent.at <= used.at:
            yield kept(f"user {user}: setup intent ({intent.id}) before a payment method ({used.id})", intent, used)
        elif user in created:
            yield broken(
                f"user {user}, created in {created[user].id}, has a payment method in {used.id} without a setup "
                "intent before it",
                created[user],
                used,
            )


def _has_method(call: Call) -> bool:
    listed = call.operation == LIST_METHODS and call.accepted and bool(results_in(call.answer))
    return listed or (call.operation == START and call.method is not None)


def _names_own(traffic: Traffic) -> Iterator[Point]:
    owners: dict[str, set[str]] = {}
    for call in traffic.named(LIST_METHODS):
        if call.accepted and call.user is not None:
            for one in results_in(call.answer):
                if (id_ := text_in(one, "id")) is not None:
                    owners.setdefault(id_, set()).add(call.user)
    stations, evses = _known_places(traffic)
    good: list[Call] = []
    for call in traffic.named(START):
        if call.evse is None or call.method is None:
            lacks = "no EVSE" if call.evse is None else "no payment method"
            yield broken(f"{call.id} named {lacks}", call)
        elif call.evse in stations - evses:
            yield broken(f"{call.id} named a station where an EVSE is asked for", call)
        elif (belongs := owners.get(call.method)) is not None and call.user not in belongs and not call.accepted:
            yield broken(f"{call.id} named a payment method of another user", call)
        elif call.accepted or belongs is not None:
            good.append(call)
        else:
            yield unclear(f"{call.id} named a payment method that no list had, and was answered with {call.said}", call)
    if good:
        known = sum(call.method in owners for call in good)
        yield kept(
            f"{counted(len(good), 'start')} with an EVSE and a payment method of that user, {known} of them listed "
            "before",
            *good,
        )


def _known_places(traffic: Traffic) -> tuple[set[str], set[str]]:
    """The ids of stations and of EVSEs that the backend was told of."""
    told: list[Any] = []
    for call in traffic.named(AROUND, STATION):
        if call.accepted:
            told += [call.answer] if call.operation == STATION else results_in(call.answer)
    return places_in(told)


RULES: Final = (
    Rule(
        "setup-intent-first",
        "A payment method is added through a setup intent",
        ("DEV-PAYMENT",),
        _intent_first,
        "No user of the backend got a payment method.",
        "{n} users, each with a setup intent before the first payment method",
    ),
    Rule(
        "start-names-own",
        "A start names an EVSE and a payment method of that user",
        ("BE-4",),
        _names_own,
        "The backend sent no start.",
    ),
)
