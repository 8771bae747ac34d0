"""The reconciliation sheet: what the API acknowledged, once each, and nothing that a spreadsheet would run."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.aftermath import Aftermath, TestUser
from golive.evidence.model import Evidence, Exchange, Request, Response, TransportFault
from golive.report import render_reconciliation
from golive.report.ids import LOST, UNREADABLE
from golive.report.reconciliation import Row, rows
from tests.report import samples
from tests.report.record import at

SESSION = {
    "id": "s1",
    "evse_id": "DE*CIQ*EWBNHHLM82TLA*1",
    "is_active": True,
    "start_time": "2026-03-01T11:15:02+01:00",
    "end_time": None,
}
ENDED = SESSION | {"is_active": False, "end_time": "2026-03-01T10:15:24Z"}
INVOICE = {
    "link": "https://dev.example.com/media/inv-9.pdf?token=x",
    "total": "5.89",
    "currency": "EUR",
    "date": "2026-03-01T10:16:00Z",
    "refund": False,
    "charging_session_id": "s1",
}
START = {"evse_id": SESSION["evse_id"], "payment_method_id": "pm_7"}


class Talk:
    """Exchanges one after the other, each a second after the last."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def __call__(self, method: str, path: str, status: int | None, answer: Any = "", asked: Any = None) -> "Talk":
        number = len(self.exchanges) + 1
        body = answer if isinstance(answer, str) else json.dumps(answer)
        self.exchanges.append(
            Exchange(
                id=f"x{number:04d}",
                actor=f"actor {number}",
                started_at=at(number),
                took_s=0.1,
                request=Request(
                    method=method,
                    url=f"https://dev.example.com/api/v1{path}",
                    headers={},
                    body=None if asked is None else json.dumps(asked),
                ),
                response=None if status is None else Response(status=status, headers={}, body=body),
                error=TransportFault(kind="ReadTimeout", message="nothing") if status is None else None,
            )
        )
        return self

    def evidence(self, **changes: Any) -> Evidence:
        return samples.empty().model_copy(update={"exchanges": tuple(self.exchanges)} | changes)

    def rows(self, **changes: Any) -> list[Row]:
        return list(rows(self.evidence(**changes)))


def made() -> Talk:
    """A user was made."""
    asked = {"email": "a@example.org", "custom_properties": {"external_id": "e-1"}}
    return Talk()("POST", "/users/", 201, {"id": "u1"} | asked, asked)


def walked() -> Talk:
    """A user was made, charged, was invoiced and deleted."""
    talk = made()
    talk("POST", "/users/u1/charging/start/", 201, SESSION, START)
    talk("GET", "/users/u1/charging-sessions/s1/", 200, SESSION)
    talk("POST", "/users/u1/charging/stop/s1/", 204)
    talk("GET", "/users/u1/charging-sessions/?page=1", 200, {"results": [ENDED]})
    talk("GET", "/users/u1/invoices/", 200, {"results": []})
    talk("GET", "/users/u1/invoices/", 200, {"results": [INVOICE]})
    talk("GET", "/users/u1/invoices/", 200, {"results": [INVOICE]})
    return talk("DELETE", "/users/u1/", 204)


def test_a_walk_is_one_user_one_session_and_one_invoice() -> None:
    user, session, invoice = walked().rows()
    assert user == Row(
        kind="user",
        id="u1",
        actor="actor 1",
        user_id="",
        evse_id="",
        external_id="e-1",
        requested_utc="2026-03-01T10:15:01.000Z",
        begun_utc="",
        ended_utc="",
        closed_utc="2026-03-01T10:15:09.000Z",
        state="deleted",
        related_ids=("pm_7",),
        exchanges=tuple(f"x{n:04d}" for n in range(1, 10)),
    )
    assert session == Row(
        kind="session",
        id="s1",
        actor="actor 2",
        user_id="u1",
        evse_id="DE*CIQ*EWBNHHLM82TLA*1",
        external_id="",
        requested_utc="2026-03-01T10:15:02.000Z",
        begun_utc="2026-03-01T10:15:02.000Z",
        ended_utc="2026-03-01T10:15:24.000Z",
        closed_utc="2026-03-01T10:15:04.000Z",
        state="stopped",
        related_ids=("pm_7", "inv-9.pdf"),
        exchanges=("x0002", "x0003", "x0004", "x0005"),
    )
    assert (invoice.kind, invoice.id, invoice.state, invoice.related_ids) == (
        "invoice",
        "inv-9.pdf",
        "5.89 EUR",
        ("s1",),
    )
    assert invoice.exchanges == ("x0007", "x0008")
    assert invoice.begun_utc == "2026-03-01T10:16:00.000Z"


def test_what_the_api_refused_or_never_knew_is_no_row() -> None:
    talk = Talk()("POST", "/users/", 400, {"error": {}}, {"email": "nobody"})
    talk("GET", "/users/none/", 404)("POST", "/users/none/charging/stop/s9/", 404)
    talk("GET", "/users/?page_size=1", 200, {"results": [{"id": "of another run"}]})
    talk("GET", "/stations/details/?id=1", 200, {"id": "1"})
    assert talk.rows() == []


@pytest.mark.parametrize(("status", "answer", "said"), [(None, "", LOST), (201, '{"id": "u', UNREADABLE)])
def test_what_may_have_been_made_unseen_is_a_row(status: int | None, answer: str, said: str) -> None:
    asked = {"custom_properties": {"external_id": "e-9"}}
    talk = Talk()("POST", "/users/", status, answer, asked)
    (user,) = talk.rows()
    assert (user.kind, user.id, user.external_id, user.state) == ("user", "", "e-9", said)
    talk = made()("POST", "/users/u1/charging/start/", status, answer, START)
    _, session = talk.rows()
    assert (session.kind, session.id, session.user_id, session.state) == ("session", "", "u1", said)
    assert session.evse_id == START["evse_id"]


def test_a_user_that_was_there_before_brings_only_what_this_run_did() -> None:
    older = SESSION | {"id": "old"}
    talk = Talk()("GET", "/users/p1/charging-sessions/", 200, {"results": [older]})
    talk("POST", "/users/p1/charging/start/", 201, SESSION, START)
    talk("GET", "/users/p1/charging-sessions/", 200, {"results": [ENDED, older]})
    talk("GET", "/users/p1/invoices/", 200, {"results": [INVOICE, INVOICE | {"charging_session_id": "old"}]})
    user, session, invoice = talk.rows()
    assert (user.id, user.state) == ("p1", "was there before")
    assert (session.id, session.state) == ("s1", "ended by itself")
    assert invoice.related_ids == ("s1",)


def test_the_aftermath_has_the_last_word() -> None:
    talk = made()("POST", "/users/u1/charging/start/", 201, SESSION, START)
    aftermath = Aftermath(
        started=("s1", "s2"),
        open_after=("s1",),
        users=(
            TestUser(user_id="u1", actor="driver", fate="left"),
            TestUser(user_id="u2", actor="driver B", external_id="e-2", made_at=at(5), fate="kept"),
        ),
    )
    found = {row.id: row for row in talk.rows(aftermath=aftermath)}
    assert found["u1"].state == "left: could not be removed"
    assert (found["u2"].state, found["u2"].external_id) == ("kept", "e-2")
    assert found["u2"].requested_utc == "2026-03-01T10:15:05.000Z"
    assert found["s1"].state == "may still be open"
    assert found["s2"].state == "not seen to end"


def test_a_refund_is_an_invoice_of_its_own() -> None:
    talk = walked()("GET", "/users/u1/invoices/", 200, {"results": [INVOICE, INVOICE | {"refund": True}]})
    assert [row.state for row in talk.rows() if row.kind == "invoice"] == ["5.89 EUR", "5.89 EUR refunded"]


def test_the_sessions_of_the_journeys_are_in_it() -> None:
    record = samples.rehearsal()
    ids = {row.id for row in rows(record) if row.kind == "session"}
    assert {journey.session_id for journey in record.journeys if journey.session_id} <= ids


def test_each_id_stands_once() -> None:
    found = [(row.kind, row.id) for row in rows(samples.rehearsal())]
    assert len(found) == len(set(found)) > 5


def test_the_csv_has_the_same_rows() -> None:
    evidence = walked().evidence()
    read = list(csv.DictReader(io.StringIO(render_reconciliation(evidence))))
    assert [line["id"] for line in read] == [row.id for row in rows(evidence)]
    assert read[1]["related_ids"] == "pm_7 inv-9.pdf"
    assert read[0]["exchanges"] == "x0001…x0009"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", " =", "\t="])
def test_no_cell_is_a_formula(start: str) -> None:
    talk = Talk()("POST", "/users/", 201, {"id": f"{start}1+cmd|' /C calc'!A0"})
    (line,) = csv.DictReader(io.StringIO(render_reconciliation(talk.evidence())))
    assert line["id"].startswith("'")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_id_keeps_the_csv_in_its_lines(user: str, session: str) -> None:
    talk = Talk()("POST", "/users/", 201, {"id": user, "custom_properties": {"external_id": session}})
    text = render_reconciliation(talk.evidence())
    read = list(csv.reader(io.StringIO(text)))
    assert {len(line) for line in read} == {13}
    assert len(read) == 2
    assert all(cell[:1] not in "=+-@" or not cell for line in read[1:] for cell in line)


@pytest.mark.parametrize(
    "answer",
    ["[]", "[" * 100_000, '{"id": {"x": 1}}', '{"results": {}}', '{"results": [1, null]}', "null", '{"id": true}'],
)
def test_an_odd_answer_is_no_obstacle(answer: str) -> None:
    talk = made()("POST", "/users/u1/charging/start/", 201, answer, START)
    talk("GET", "/users/u1/charging-sessions/", 200, answer)("GET", "/users/u1/invoices/", 200, answer)
    talk("GET", "/users/u1/", 200, answer)("GET", "/users/u1/charging-sessions/s1/", 200, answer)
    assert {row.kind for row in talk.rows()} == {"user", "session"}


def test_a_time_that_cannot_be_read_stands_as_it_came() -> None:
    talk = made()("POST", "/users/u1/charging/start/", 201, SESSION | {"start_time": "yesterday"}, START)
    assert talk.rows()[1].begun_utc == "yesterday"
