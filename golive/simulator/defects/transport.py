"""What can be wrong with an answer on its way: lost, cut off, in another form than it says, from somewhere else."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from golive.simulator.defects import defect
from golive.simulator.defects.answers import Whole, changed
from golive.simulator.web.pages import PageRequest, Pages

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PRODUCTION = b"https://connect.cariqa.com"
"""Where a defect leads to; the suite's client follows none of it."""
ELSEWHERE = "https://elsewhere.example"
JSON = "application/json"

_USER = "/api/v1/users/[^/]+"
_START = re.compile(f"{_USER}/charging/start/")
_STOP = re.compile(f"{_USER}/charging/stop/[^/]+/")
_HISTORY = re.compile(f"{_USER}/charging-sessions/")
_DETAILS = re.compile(f"{_USER}/charging-sessions/[^/]+/")
_BILLING = re.compile(f"{_USER}/billing-details/")
_INVOICES = re.compile(f"{_USER}/invoices/")
_ONE_USER = re.compile(f"{_USER}/")
_PARTNERS = re.compile("/api/v1/stations/partners/")
_TILE = re.compile("/api/v1/stations/tile/")

_PAGE = b"<!doctype html><html><head><title>Sorry</title></head><body><h1>We will be back soon</h1></body></html>"
_TOO_LARGE = 12_000_000
"""Bytes: more than anybody reads."""
SLOW_TICK_S = 0.15
"""Where the client reads more often than usual: a charge must last until it has, on a busy machine too."""


def _is(whole: Whole, method: str, path: re.Pattern[str], status: int = 200) -> bool:
    return (whole.method, whole.status) == (method, status) and path.fullmatch(whole.path) is not None


# -- lost or cut off -------------------------------------------------------------------------------------------


@defect("start-answer-lost", "transport", tick=SLOW_TICK_S)
def lose_starts(app: ASGIApp) -> ASGIApp:
    """The answer to every start is lost although the session exists: the connection closes instead."""
    return changed(app, lambda whole: None if _is(whole, "POST", _START, 201) else whole)


@defect("start-answer-cut-off", "transport", tick=SLOW_TICK_S)
def cut_starts(app: ASGIApp) -> ASGIApp:
    """The answer to every start ends in the middle of its JSON."""

    def cut(whole: Whole) -> Whole:
        return replace(whole, body=whole.body[: len(whole.body) // 2]) if _is(whole, "POST", _START, 201) else whole

    return changed(app, cut)


@defect("stop-answered-502", "transport")
def stops_behind_a_broken_gateway(app: ASGIApp) -> ASGIApp:
    """Every stop that works is answered with 502 by something in front of the API."""

    def fail(whole: Whole) -> Whole:
        return whole.typed("text/html", _PAGE, status=502) if _is(whole, "POST", _STOP, 204) else whole

    return changed(app, fail)


@defect("billing-details-cut-off", "transport")
def cut_billing(app: ASGIApp) -> ASGIApp:
    """Billing details end before their last bracket."""
    return changed(app, lambda whole: replace(whole, body=whole.body[:-1]) if _is(whole, "GET", _BILLING) else whole)


# -- led elsewhere ---------------------------------------------------------------------------------------------


@defect("tile-redirects-to-production", "transport")
def tiles_from_production(app: ASGIApp) -> ASGIApp:
    """Map tiles in odd columns are redirected to the production host."""

    def lead(whole: Whole) -> Whole:
        odd = re.search(r"(?:^|&)x=\d*[13579](?:&|$)", whole.query)
        if not (odd and _is(whole, "GET", _TILE)):
            return whole
        target = PRODUCTION + whole.path.encode() + b"?" + whole.query.encode()
        return whole.typed(JSON, b"", (b"location", target), status=302)

    return changed(app, lead)


@defect("partners-redirect-elsewhere", "transport")
def partners_elsewhere(app: ASGIApp) -> ASGIApp:
    """The list of partners is redirected to another host."""

    def lead(whole: Whole) -> Whole:
        if not _is(whole, "GET", _PARTNERS):
            return whole
        return whole.typed(JSON, b"", (b"location", f"{ELSEWHERE}{whole.path}".encode()), status=307)

    return changed(app, lead)


@defect("next-of-a-search-leads-elsewhere", "transport")
class LeavesOnTheSecondPage(Pages):
    """From the second page of a station search on, `next` leads to another host."""

    def link(self, wanted: PageRequest, number: int) -> str:
        link = super().link(wanted, number)
        is_search = wanted.url.endswith("/stations/around/")
        return re.sub("^https?://[^/]+", ELSEWHERE, link) if is_search and number > 2 else link


# -- another form than it says ---------------------------------------------------------------------------------


@defect("first-details-are-a-web-page", "transport", tick=SLOW_TICK_S)
def details_behind_a_web_page(app: ASGIApp) -> ASGIApp:
    """The first look at each session on one VCP with progress is answered with a web page and 200."""
    seen: set[str] = set()

    def hide(whole: Whole) -> Whole:
        if not _is(whole, "GET", _DETAILS) or b"DE*EUL*EAUT0002*01" not in whole.body or whole.path in seen:
            return whole
        seen.add(whole.path)
        return whole.typed("text/html; charset=utf-8", _PAGE)

    return changed(app, hide)


@defect("details-in-latin-1", "transport")
def details_in_latin_1(app: ASGIApp) -> ASGIApp:
    """Session details are written in Latin-1 at one station, whose address is not ASCII."""

    def write(whole: Whole) -> Whole:
        if not _is(whole, "GET", _DETAILS) or "Brückenweg" not in whole.body.decode():
            return whole
        return replace(whole, body=whole.body.decode().encode("latin-1", "replace"))

    return changed(app, write)


@defect("history-in-latin-1", "transport")
def history_in_latin_1(app: ASGIApp) -> ASGIApp:
    """A driver's history is written in Latin-1, which shows where a name or an address is not ASCII."""

    def write(whole: Whole) -> Whole:
        if not _is(whole, "GET", _HISTORY):
            return whole
        return replace(whole, body=whole.body.decode().encode("latin-1", "replace"))

    return changed(app, write)


@defect("partners-in-utf-16", "transport")
def in_utf_16(app: ASGIApp) -> ASGIApp:
    """The list of partners is written in UTF-16."""

    def write(whole: Whole) -> Whole:
        if not _is(whole, "GET", _PARTNERS):
            return whole
        return whole.typed("application/json; charset=utf-16", whole.body.decode().encode("utf-16"))

    return changed(app, write)


@defect("invoice-total-is-nan", "transport")
def totals_that_are_none(app: ASGIApp) -> ASGIApp:
    """The total of an invoice is NaN, which is no JSON."""

    def write(whole: Whole) -> Whole:
        if not _is(whole, "GET", _INVOICES):
            return whole
        return replace(whole, body=re.sub(rb'"total":"[^"]*"', b'"total":NaN', whole.body))

    return changed(app, write)


@defect("update-says-gzip-and-is-not", "transport")
def plain_as_gzip(app: ASGIApp) -> ASGIApp:
    """The answer to the update of a user says that it is compressed, and is not."""

    def write(whole: Whole) -> Whole:
        return (
            whole.typed(JSON, whole.body, (b"content-encoding", b"gzip")) if _is(whole, "PATCH", _ONE_USER) else whole
        )

    return changed(app, write)


# -- more than anybody reads -----------------------------------------------------------------------------------


@defect("tile-is-a-gzip-bomb", "transport")
def small_and_huge(app: ASGIApp) -> ASGIApp:
    """A map tile is small on the wire and more than ten megabytes once decompressed."""

    def swell(whole: Whole) -> Whole:
        return whole.typed(JSON, _bomb(), (b"content-encoding", b"gzip")) if _is(whole, "GET", _TILE) else whole

    return changed(app, swell)


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * _TOO_LARGE, 1)


@defect("partners-without-end", "transport")
def far_too_many(app: ASGIApp) -> ASGIApp:
    """The list of partners goes on for more than ten megabytes."""

    def swell(whole: Whole) -> Whole:
        return (
            replace(whole, body=b"[" + b'{"name":"again"},' * (_TOO_LARGE // 17))
            if _is(whole, "GET", _PARTNERS)
            else whole
        )

    return changed(app, swell)


@defect("partners-nested-too-deeply", "transport")
def far_too_deep(app: ASGIApp) -> ASGIApp:
    """The list of partners is nested a hundred thousand times."""

    def nest(whole: Whole) -> Whole:
        deep = b"[" * 100_000 + b"]" * 100_000
        return replace(whole, body=deep) if _is(whole, "GET", _PARTNERS) else whole

    return changed(app, nest)


# -- from a cache ----------------------------------------------------------------------------------------------


@defect("history-from-a-cache", "transport")
def remembers_the_history(app: ASGIApp) -> ASGIApp:
    """A driver's history is answered from a cache once it has shown a session on one shared VCP."""
    kept: dict[str, Whole] = {}

    def answer(whole: Whole) -> Whole:
        if not _is(whole, "GET", _HISTORY) or b"IT*PWY*EP0078*01*02" not in whole.body:
            return whole
        return kept.setdefault(f"{whole.path}?{whole.query}", whole)

    return changed(app, answer)


@defect("user-from-a-cache", "transport")
def remembers_users(app: ASGIApp) -> ASGIApp:
    """A user is read from a cache that was filled when it was created."""
    created: dict[str, bytes] = {}

    def answer(whole: Whole) -> Whole:
        if whole.method == "POST" and whole.path == "/api/v1/users/" and whole.status == 201:
            created[f"{whole.path}{json.loads(whole.body)['id']}/"] = whole.body
        return replace(whole, body=created[whole.path]) if _is(whole, "GET", _ONE_USER) else whole

    return changed(app, answer)


@defect("billing-cache-forgets-whose", "transport")
def remembers_somebodys_billing(app: ASGIApp) -> ASGIApp:
    """Billing details come from a cache that does not tell users apart."""
    kept: dict[str, bytes] = {}

    def answer(whole: Whole) -> Whole:
        if not _is(whole, "GET", _BILLING):
            return whole
        return replace(whole, body=kept.setdefault("billing-details", whole.body))

    return changed(app, answer)
