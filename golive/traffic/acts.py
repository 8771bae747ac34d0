"""What shows on the wire that a driver did something, or that the state changed, between a refusal and the next try.

The rule of the guide is that a refused start is not repeated unless something is different. What a driver does at the
card processor is not seen here; where the guide sends the driver there, the time that a person needs stands for it.
"""

from typing import Final

from golive.traffic.calls import (
    ALREADY_CHARGING,
    CHANGE_USER,
    DEFAULT_METHOD,
    DELETE_METHOD,
    GET_SESSION,
    LIST_DEBTS,
    LIST_SESSIONS,
    PAYMENT_ERROR,
    PUT_BILLING,
    SETUP_INTENT,
    Call,
    results_in,
)
from golive.traffic.charges import is_stopped
from golive.traffic.rule import Traffic

_ACTS: Final = {
    PUT_BILLING: "billing data were given",
    SETUP_INTENT: "a payment method was being added",
    DEFAULT_METHOD: "another payment method was chosen",
    DELETE_METHOD: "a payment method was removed",
    CHANGE_USER: "the user's data were changed",
}


def act_between(traffic: Traffic, refused: Call, again: Call) -> str | None:
    """What changed between a refused start and a later start of the same user; None where nothing did."""
    if again.at_evse != refused.at_evse:
        return "another EVSE was chosen"
    if again.method != refused.method:
        return "another payment method was chosen"
    between = [
        call
        for call in traffic.by_user.get(refused.user or "", ())
        if traffic.after(refused, call) and call.at < again.at and call.accepted
    ]
    for call in between:
        if call.operation in _ACTS:
            return _ACTS[call.operation]
    if refused.error_type == ALREADY_CHARGING and _session_ended(traffic, refused, again):
        return "the session that was in the way ended"
    waited = again.at - refused.ended >= traffic.bounds.person_s and not traffic.unattended
    if refused.has_client_secret and waited:
        return "there was time to authenticate the payment"
    debts = [call for call in between if call.operation == LIST_DEBTS]
    if refused.error_type == PAYMENT_ERROR and debts and (waited or not results_in(debts[-1].answer)):
        return "the debts were looked up, and there was time to settle them"
    return None


def _session_ended(traffic: Traffic, refused: Call, again: Call) -> bool:
    for charge in traffic.charges:
        if charge.user != refused.user:
            continue
        ends = [read.call for read in charge.reads if read.active is False]
        ends += [stop for stop in charge.stops if is_stopped(stop)]
        if any(traffic.after(refused, call) and call.at < again.at for call in ends):
            return True
    # a list of the user's sessions in which none is active says the same
    return any(
        call.operation == LIST_SESSIONS
        and call.accepted
        and traffic.after(refused, call)
        and call.at < again.at
        and isinstance(call.answer, (dict, list))
        and all(one.get("is_active") is False for one in results_in(call.answer))
        for call in traffic.by_user.get(refused.user or "", ())
    )


def is_look_at_sessions(call: Call) -> bool:
    """Whether it asks for the state of a user's sessions."""
    return call.operation in (GET_SESSION, LIST_SESSIONS)
