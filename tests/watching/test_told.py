"""A line for each request, whatever it holds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.exchange import Exchange, Request, Response, TransportFault
from golive.gateway.catalogue import CATALOGUE
from golive.watching.told import WIDTH, line

AT = datetime(2026, 3, 2, 9, 4, 5, tzinfo=UTC)
USER = "66290d2a-fb43-43e5-be83-2a4e2c8b80dc"


def exchange(
    path: str = "/api/v1/users/",
    *,
    status: int | None = 200,
    fault: str | None = None,
    provoked: str | None = None,
    took_s: float = 0.0123,
    method: str = "GET",
    id_: str = "x0012",
) -> Exchange:
    return Exchange(
        id=id_,
        actor="partner",
        started_at=AT,
        took_s=took_s,
        request=Request(method=method, url=f"https://dev.connect.cariqa.com{path}", headers={}),
        response=None if status is None else Response(status=status, headers={}),
        error=None if fault is None else TransportFault(kind=fault, message="gone"),
        provoked=provoked,
    )


def test_a_line_says_when_which_what_came_and_what_was_asked() -> None:
    assert line(exchange("/api/v1/users/?page=2")) == "09:04:05 x0012 200   12 ms GET    /users/?page=2"


def test_an_id_is_told_by_its_beginning() -> None:
    said = line(exchange(f"/api/v1/users/{USER}/charging/stop/{USER}/", method="POST", status=204))
    assert said == "09:04:05 x0012 204   12 ms POST   /users/66290d2a../charging/stop/66290d2a../"


def test_what_got_no_answer_says_why() -> None:
    said = line(exchange(status=None, fault="ConnectError", took_s=61.0))
    assert said == "09:04:05 x0012 ---    61 s GET    /users/ << ConnectError"


def test_an_answer_that_nobody_waited_for_is_none() -> None:
    assert " --- " in line(exchange(status=201, fault="ClientGone"))


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_provoked_answer_is_named_within_the_width(name: str) -> None:
    said = line(
        exchange(f"/api/v1/users/{USER}/charging-sessions/{USER}/", provoked=name, took_s=12345, method="DELETE")
    )
    assert said.endswith(f" << {name}")
    assert len(said) <= WIDTH


@given(st.text(max_size=200), st.sampled_from(["GET", "OPTIONS"]), st.booleans())
def test_no_line_is_longer_or_has_what_a_terminal_obeys(rest: str, method: str, provoked: bool) -> None:
    said = line(exchange(f"/api/v1/{rest}", method=method, provoked="no-progress" if provoked else None))
    assert len(said) <= WIDTH
    assert said.isprintable()
