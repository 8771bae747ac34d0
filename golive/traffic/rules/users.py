"""One user for one person: created once, looked up before being created again."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from golive.traffic.calls import CREATE_USER, DELETE_USER, GET_USER, LIST_USERS, Call, results_in, text_in
from golive.traffic.rule import Point, Rule, Traffic, broken, counted, kept


def identity(value: object) -> str | None:
    """Who is meant: the external id in any documented place, else the e-mail address; None where neither is given."""
    if not isinstance(value, dict):
        return None
    for holder in (value.get("custom_properties"), value.get("external_id"), value):
        if (external := text_in(holder, "external_id")) is not None:
            return f"external id {external}"
    email = text_in(value, "email")
    return email and f"e-mail address {email.lower()}"


def _by_identity(traffic: Traffic) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for call in traffic.named(CREATE_USER):
        if (who := identity(call.sent)) is not None:
            found.setdefault(who, []).append(call)
    return found


def _kind(who: str) -> str:
    return "external id" if who.startswith("external id") else "e-mail address"


def _created_once(traffic: Traffic) -> Iterator[Point]:
    made = [call for call in traffic.named(CREATE_USER) if call.accepted]
    shown_by = _shown(traffic)
    for who, calls in _by_identity(traffic).items():
        standing: Call | None = None
        for call in (call for call in calls if call.accepted):
            if standing is not None and not _deleted(traffic, standing, call):
                yield broken(
                    f"{standing.id} and {call.id} both created a user of the same {_kind(who)}", standing, call
                )
            elif (shown := _shown_before(traffic, shown_by.get(who, ()), call)) is not None:
                yield broken(
                    f"{call.id} created a user of an {_kind(who)} that {shown.id} had shown to exist", shown, call
                )
            standing = call
    if made:
        yield kept(f"{counted(len(made), 'user')} created, each once", *made)


def _deleted(traffic: Traffic, created: Call, before: Call) -> bool:
    id_ = text_in(created.answer, "id")
    return id_ is not None and any(
        call.user == id_ and call.accepted and traffic.after(created, call) and call.at <= before.at
        for call in traffic.named(DELETE_USER)
    )


def _shown(traffic: Traffic) -> dict[str, list[tuple[Call, str]]]:
    """Who was shown to exist: by identity, each lookup with the id that it showed."""
    found: dict[str, list[tuple[Call, str]]] = {}
    for call in traffic.named(LIST_USERS):
        for one in results_in(call.answer) if call.accepted else ():
            who, id_ = identity(one), text_in(one, "id")
            if who is not None and id_ is not None:
                found.setdefault(who, []).append((call, id_))
    return found


def _shown_before(traffic: Traffic, shown: Sequence[tuple[Call, str]], create: Call) -> Call | None:
    """The last lookup before a create that showed the very user, unless it was deleted meanwhile."""
    for look, id_ in reversed(shown):
        gone = (call for call in traffic.named(DELETE_USER) if call.user == id_ and call.accepted)
        if traffic.after(look, create) and not any(look.at <= call.at <= create.at for call in gone):
            return look
    return None


def _looked_up(traffic: Traffic) -> Iterator[Point]:
    for who, calls in _by_identity(traffic).items():
        for former, again in pairwise(calls):
            in_doubt = former.open_state or (former.status or 0) >= 500
            if in_doubt and not any(
                _looks_for(traffic, who, look, former, again) for look in traffic.named(LIST_USERS)
            ):
                yield broken(
                    f"{again.id} created the user again after {former.said} ({former.id}), without looking first "
                    "whether there is one",
                    former,
                    again,
                )
    looks = [call for call in traffic.named(LIST_USERS, GET_USER) if call.accepted]
    if looks:
        searches = sum(call.operation == LIST_USERS for call in looks)
        yield kept(f"{counted(len(looks), 'lookup')}, {searches} by search, {len(looks) - searches} by id", *looks)


def _looks_for(traffic: Traffic, who: str, look: Call, former: Call, again: Call) -> bool:
    if not look.accepted or not traffic.after(former, look) or look.at > again.at:
        return False
    sought = [value for name, value in look.query if name == "search" and value]
    return not sought or any(value.lower() in who.lower() for value in sought)


RULES: Final = (
    Rule(
        "user-created-once",
        "No two users are created for one external id",
        ("BE-3", "DEV-USERS"),
        _created_once,
        "The backend created no user.",
    ),
    Rule(
        "user-looked-up",
        "Users are looked up, always before one is created again",
        ("BE-3", "DEV-USERS"),
        _looked_up,
        "The backend looked up no user.",
    ),
)
