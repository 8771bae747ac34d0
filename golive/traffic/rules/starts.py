"""A start is never repeated blindly: there is no idempotency key, and each start may open a session.

Source: the guide's pages on starting a charge and on errors.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from golive.traffic.acts import act_between
from golive.traffic.calls import (
    ALREADY_CHARGING,
    BILLING_DATA_REQUIRED,
    PAYMENT_ERROR,
    PAYMENT_METHOD_ERROR,
    PRE_AUTHORIZATION_FAILED,
    Call,
)
from golive.traffic.rule import Point, Rule, Traffic, broken, kept, lasting

_DRIVER_FIRST: Final = frozenset({BILLING_DATA_REQUIRED, PAYMENT_ERROR, PAYMENT_METHOD_ERROR, PRE_AUTHORIZATION_FAILED})
"""Refusals after which the driver has to do something before the same start can succeed."""


def _starts_of_users(traffic: Traffic) -> Iterator[list[Call]]:
    for user in traffic.by_user:
        if starts := traffic.starts_of(user):
            yield starts


def _refused(call: Call) -> bool:
    return call.error_type in _DRIVER_FIRST or call.error_type == ALREADY_CHARGING or call.status == 402


def _not_repeated(traffic: Traffic) -> Iterator[Point]:
    for starts in _starts_of_users(traffic):
        for n, refused in enumerate(starts):
            if not _refused(refused):
                continue
            later = [start for start in starts[n + 1 :] if traffic.after(refused, start)]
            again = later[0] if later else None
            if again is None:
                yield kept(f"after {refused.said} ({refused.id}) no further start was sent", refused)
            elif (act := act_between(traffic, refused, again)) is not None:
                yield kept(f"after {refused.said} ({refused.id}) the next start came when {act}", refused, again)
            elif refused.error_type == ALREADY_CHARGING:
                yield _after_already_charging(traffic, starts[:n], refused, again)
            else:
                yield broken(
                    f"{again.id} repeated the start {lasting(again.at - refused.ended)} after {refused.said} "
                    f"({refused.id}), with nothing changed by the driver",
                    refused,
                    again,
                )


def _after_already_charging(traffic: Traffic, former: list[Call], refused: Call, again: Call) -> Point:
    waited = again.at - refused.ended
    before = former[-1] if former else None
    if before is not None and before.error_type == ALREADY_CHARGING and act_between(traffic, before, refused) is None:
        return broken(
            f"{again.id} was a third start: already_charging ({before.id}, {refused.id}) allows one retry",
            before,
            refused,
            again,
        )
    if waited < traffic.bounds.wait_s - traffic.bounds.slack_s:
        return broken(
            f"{again.id} repeated the start {lasting(waited)} after already_charging ({refused.id}), without the wait "
            f"of {lasting(traffic.bounds.wait_s)} before the one retry",
            refused,
            again,
        )
    return kept(
        f"after already_charging ({refused.id}) one retry, {lasting(waited)} later ({again.id})", refused, again
    )


def _one_at_a_time(traffic: Traffic) -> Iterator[Point]:
    for starts in _starts_of_users(traffic):
        for first, then in pairwise(starts):
            if not traffic.after(first, then):
                yield broken(
                    f"{then.id} started a charge of the same user {lasting(then.at - first.at)} after {first.id}, "
                    f"which had no answer before {lasting(first.ended - first.at)}",
                    first,
                    then,
                )
        longest = max(start.ended - start.at for start in starts)
        yield kept(
            f"user {starts[0].user}: {len(starts)} starts one after the other"
            if len(starts) > 1
            else f"user {starts[0].user}: one start, answered after {lasting(longest)}",
            *starts,
            took=longest,
        )


RULES: Final = (
    Rule(
        "start-one-at-a-time",
        "No start is sent while the user's last one has no answer yet",
        ("BE-4",),
        _one_at_a_time,
        "The backend sent no start.",
        "{n} users, no two starts of one at a time; the slowest was answered after {most}",
    ),
    Rule(
        "start-not-repeated",
        "A start that was refused is not repeated before the driver has done what the refusal asks for",
        ("BE-4", "BE-6"),
        _not_repeated,
        "No start was refused with already_charging, billing_data_required or a refusal of the payment.",
        "{n} refused starts, none repeated as it was",
    ),
)
