"""What the API made of a second driver's start at a busy VCP: pure, so that a record can be held against it again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from golive.evidence.exchange import error_type_of
from golive.evidence.model import Exchange
from golive.integration import wire
from golive.outcomes import Failed, Inconclusive, Owner


def conclude(
    start: Exchange,
    evse_id: str,
    first_user: str | None,
    first_session: str,
    looked: Sequence[Exchange],
    was_cut: Callable[[str], bool],
) -> None:
    """What the API made of the second driver's start. Raises `Failed` or `Inconclusive` for what is not as documented:
    refused as busy, no session for the second driver, the first one's charge as before."""
    begun, second_user = wire.session_of(start), wire.user_of(start)
    if second_user == first_user:
        raise Failed(f"two drivers of the app are one Connect user, {first_user}", owner=Owner.PARTNER)
    found = [each for exchange in looked for each in wire.sessions_in(exchange)]
    first: dict[str, object] = next((each for each in found if each["id"] == first_session), {})
    goes_on = first.get("is_active")
    if goes_on is False and was_cut(first_session):
        raise Inconclusive(
            f"the first driver's session {first_session} was stopped before: it was held for as long as --max-hold "
            "allows",
            owner=Owner.ENVIRONMENT,
        )
    if begun is not None:
        raise Failed(
            f"the second driver's start on {evse_id} opened session {begun} while session {first_session} was active "
            "there",
            owner=Owner.CARIQA,
        )
    if start.response is None:
        raise Inconclusive(f"the second driver's start on {evse_id} had no answer", owner=Owner.ENVIRONMENT)
    if not wire.is_refused_as_busy(start):
        said = f"{start.response.status} {error_type_of(start) or 'without a type'}"
        owner = Owner.PARTNER if start.response.status in (400, 401, 402, 403) else Owner.CARIQA
        raise Inconclusive(f"the second driver's start on {evse_id} was refused, but not as busy: {said}", owner=owner)
    of_second = (
        each for exchange in looked if wire.user_of(exchange) == second_user for each in wire.sessions_in(exchange)
    )
    left = next((each["id"] for each in of_second if _came_of_it(each, first, evse_id)), None)
    if left is not None:
        raise Failed(f"the refused start on {evse_id} left session {left} in the history", owner=Owner.CARIQA)
    if goes_on is None:
        raise Inconclusive(f"session {first_session} could not be read while it was active", owner=Owner.ENVIRONMENT)
    if not goes_on:
        raise Failed(f"session {first_session} ended when the second driver tried to start", owner=Owner.CARIQA)


def _came_of_it(session: Mapping[str, object], first: Mapping[str, object], evse_id: str) -> bool:
    """Whether this session of the second driver's is no older than the first one's, by the API's own clock."""
    if session.get("id") == first.get("id") or not wire.is_same_evse(session.get("evse_id"), evse_id):
        return False
    began, first_began = _instant(session), _instant(first)
    return session.get("is_active") is True or (began is not None and first_began is not None and began >= first_began)


def _instant(session: Mapping[str, object]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(session.get("start_time")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
