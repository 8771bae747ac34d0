"""The reconciliation sheet: every user, session and invoice of a run, to be compared with the API's own logs.

The rows are made once, from the exchanges (what the API acknowledged), the journeys and the aftermath; the page and
`reconciliation.csv` are two views of them. What the API refused or never knew is no row, but a creation or a start
whose answer was lost is: what came of it only the API's own logs can tell.
"""

import csv
import io
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from golive.evidence.model import Evidence
from golive.report.ids import Found, Ids
from golive.report.tally import ranges
from golive.report.text import one_line

_FORMULA = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_USER_STATES = {"deleted": "deleted", "kept": "kept", "left": "left: could not be removed"}
_LONGEST = 1_000


@dataclass(frozen=True)
class Row:
    """One id; the members are the columns. Times are UTC in ISO 8601, empty where nothing is known.

    `requested_utc` and `closed_utc` are by this machine's clock: when the request that made it was sent (or that
    first used it, where it was there before), and the one that stopped or deleted it. `begun_utc` and `ended_utc` are
    as the API says.
    """

    kind: str
    id: str
    actor: str
    user_id: str
    evse_id: str
    external_id: str
    requested_utc: str
    begun_utc: str
    ended_utc: str
    closed_utc: str
    state: str
    related_ids: tuple[str, ...]
    exchanges: tuple[str, ...]


def rows(evidence: Evidence) -> tuple[Row, ...]:
    """Users, then sessions, then invoices, each in the order in which it came about."""
    ids = Ids()
    ids.read(evidence.exchanges)
    _add_journeys(ids, evidence)
    _add_aftermath(ids, evidence)
    lost = {kind: [found for its, found in ids.unknown if its == kind] for kind in ("user", "session")}
    users = [_row("user", found) for found in _in_order([*ids.users.values(), *lost["user"]])]
    sessions = [_row("session", found) for found in _in_order([*ids.sessions.values(), *lost["session"]])]
    return (*users, *sessions, *(_row("invoice", found) for found in ids.invoices.values()))


def render(evidence: Evidence) -> str:
    """`evidence`'s rows as CSV: a header line, comma-separated, several values in one cell separated by blanks.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    names = [column.name for column in fields(Row)]
    writer.writerow(names)
    for row in rows(evidence):
        writer.writerow([_cell(name, getattr(row, name)) for name in names])
    return written.getvalue()


def _cell(name: str, value: str | tuple[str, ...]) -> str:
    if name == "exchanges":
        value = tuple(first if first == last else f"{first}…{last}" for first, last in ranges(value))
    line = one_line(value if isinstance(value, str) else " ".join(value))
    line = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    return f"'{line}" if _FORMULA.match(line) else line


def _add_journeys(ids: Ids, evidence: Evidence) -> None:
    for journey in evidence.journeys:
        if journey.session_id is None:
            continue
        found = ids.session(journey.session_id, actor=next(iter(journey.actors), ""))
        found.evse_id = found.evse_id or journey.evse_id or ""
        if (receipt := journey.receipt) is not None and receipt.session_id == journey.session_id:
            found.begun = found.begun or _utc(receipt.start_time)
            found.ended = found.ended or _utc(receipt.end_time)


def _add_aftermath(ids: Ids, evidence: Evidence) -> None:
    left = evidence.aftermath
    for user in left.users:
        known = ids.user(user.user_id, actor=user.actor)
        known.external_id = known.external_id or user.external_id or ""
        known.requested = known.requested or user.made_at
        known.state = _USER_STATES[user.fate]
    for user_id in evidence.run.prepared_users:
        ids.user(user_id.partition(":")[0]).state = "prepared by the partner, kept"
    for found in ids.users.values():
        found.state = found.state or ("not seen to be deleted" if found.made else "was there before")
    for session_id in left.started:
        ids.session(session_id)
    for session_id, session in ids.sessions.items():
        session.state = _how_it_ended(session, may_be_open=session_id in left.open_after)


def _how_it_ended(session: Found, *, may_be_open: bool) -> str:
    if may_be_open:
        return "may still be open"
    if session.closed is not None:
        return "stopped" if session.ended else "stopped, its end was not read"
    return "ended by itself" if session.ended else "not seen to end"


def _in_order(found: list[Found]) -> list[Found]:
    """By the time of the request, those without one at the end."""
    return sorted(found, key=lambda each: (each.requested is None, each.requested or datetime.min.replace(tzinfo=UTC)))


def _row(kind: str, found: Found) -> Row:
    return Row(
        kind=kind,
        id=found.id,
        actor=found.actor,
        user_id="" if kind == "user" else found.user_id,
        evse_id=found.evse_id,
        external_id=found.external_id,
        requested_utc=_utc(found.requested),
        begun_utc=_told_utc(found.begun),
        ended_utc=_told_utc(found.ended),
        closed_utc=_utc(found.closed),
        state=found.state,
        related_ids=tuple(found.related),
        exchanges=tuple(found.exchanges),
    )


def _utc(at: datetime | None) -> str:
    """To the millisecond, as a server's log has it; a time without a zone stays one."""
    if at is None:
        return ""
    if at.tzinfo is None:
        return at.isoformat(timespec="milliseconds")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _told_utc(text: str) -> str:
    """What the API says of a time, in UTC where it can be read, as it came where it cannot."""
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return text
