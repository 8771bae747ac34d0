"""Answers that no server should give: read no further than a bound, followed nowhere, and blamed on whoever gave them.

An answer that came whole and cannot be read is outside the published contract, so it is Cariqa's; what stands in front
of the API (429, 502, 503, 504) is the environment's.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from golive.guard import PROD_HOST
from tests.faults.passing import (
    Fault,
    Passing,
    Rule,
    acted_but_answered,
    after_informational,
    answered,
    bomb,
    every,
    length_off_by,
    made,
    parts,
    with_body,
)
from tests.faults.survival import (
    AFTER_PREFLIGHT,
    NEW_USER,
    READ,
    START,
    STOP,
    assert_past_the_preflight,
    assert_survived,
    survive,
)
from tests.plugin.servers import Counting, html, serving

MOST_ON_DISK = 30_000_000
"""Bytes of all files of a run's report: a bomb that was kept as it is would be seen here."""

UNREADABLE: dict[str, tuple[Fault, str]] = {
    "invalid JSON, the user": (with_body(b"{]"), NEW_USER),
    "invalid JSON, the start": (with_body(b'{"id": nope}'), START),
    "invalid UTF-8, the start": (with_body(b'\xc3\x28{"id": "\xed\xa0\x80"}'), START),
    "shorter than it is, a read": (length_off_by(-9), READ),
    "shorter than it is, the start": (length_off_by(-9), START),
    "gzip bomb, a read": (bomb(200_000_000), READ),
    "gzip bomb, the start": (bomb(200_000_000), START),
    "more than 10 MB, a read": (with_body(b" " * 10_000_001), READ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_answer_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    fault, where = UNREADABLE[name]
    rule = Rule(fault, where, times=1)
    finished = survive(tmp_path, rule)
    assert rule.struck
    assert_survived(finished, owners={"cariqa"})
    assert sum(file.stat().st_size for file in finished.report.rglob("*") if file.is_file()) < MOST_ON_DISK


def test_a_body_just_within_the_bound_is_read(tmp_path: Path) -> None:
    """Blanks around it change nothing for JSON."""

    def padded(passing: Passing) -> None:
        _, body = parts(passing.forward())
        with_body(body + b" " * (9_900_000 - len(body)))(passing)

    rule = Rule(padded, READ, times=1)
    finished = survive(tmp_path, rule)
    assert rule.struck
    assert_survived(finished, owners=set(), passes=True)


# -- 1xx and 3xx ---------------------------------------------------------------------------------------------

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"


@pytest.mark.parametrize("chain", [(CONTINUE,), (HINTS,), (CONTINUE, HINTS) * 20], ids=["100", "103", "forty"])
def test_what_comes_before_an_answer_changes_nothing(tmp_path: Path, chain: tuple[bytes, ...]) -> None:
    rule = Rule(after_informational(*chain))
    finished = survive(tmp_path, rule)
    assert rule.struck
    assert_survived(finished, owners=set(), passes=True)


@pytest.fixture
def elsewhere() -> Iterator[Counting]:
    with serving(html) as server:
        yield server


REDIRECTED = {"a read": READ, "the user": NEW_USER, "the start": START, "the stop": STOP}


@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("another host", "a read"),
        ("another host", "the start"),
        ("production", "the user"),
        ("production", "the stop"),
        ("itself", "a read"),
        ("itself", "the start"),
    ],
)
def test_a_redirect_is_followed_nowhere(tmp_path: Path, elsewhere: Counting, where: str, to: str) -> None:
    location = {"another host": f"{elsewhere.url}/", "production": f"https://{PROD_HOST}/api/v1/", "itself": ""}[to]
    answer = made("307 Temporary Redirect", b"", f"Location: {location}")
    fault = acted_but_answered(answer) if where in ("the user", "the start") else answered(answer)
    rule = Rule(fault, REDIRECTED[where], times=1)
    finished = survive(tmp_path, rule)
    assert len(rule.struck) == 1
    assert elsewhere.hits == []
    assert_survived(finished, owners={"cariqa"})
    assert all(PROD_HOST not in x["request"]["url"] for x in finished.evidence["exchanges"])


# -- too many, and not now -----------------------------------------------------------------------------------

PAGE = b"<html><head><title>Sorry</title></head><body><h1>The service is not available</h1></body></html>"
BUSY = {
    "429": made("429 Too Many Requests", b'{"detail": "slow down"}'),
    "429 with Retry-After": made("429 Too Many Requests", b"", "Retry-After: 0.2"),
    "502": made("502 Bad Gateway", PAGE, content_type="text/html"),
    "503": made("503 Service Unavailable", PAGE, "Retry-After: 0", content_type="text/html"),
    "504": made("504 Gateway Timeout", PAGE, content_type="text/html"),
}


@pytest.mark.parametrize("answer", ["429", "429 with Retry-After", "502"])
def test_a_storm_that_lets_every_other_read_through_is_ridden_out(tmp_path: Path, answer: str) -> None:
    rule = Rule(every(2, answered(BUSY[answer])), r"^GET .*/(users|charging-sessions)/")
    finished = survive(tmp_path, rule)
    assert rule.struck
    assert_survived(finished, owners=set(), passes=True)


@pytest.mark.parametrize(("answer", "where"), [("429", "the user"), ("429", "the start"), ("503", "the stop")])
def test_what_changes_something_is_answered_by_what_stands_in_front(tmp_path: Path, answer: str, where: str) -> None:
    rule = Rule(answered(BUSY[answer]), REDIRECTED[where], times=1)
    finished = survive(tmp_path, rule)
    assert len(rule.struck) == 1
    assert_survived(finished, owners={"environment"})


@pytest.mark.parametrize("where", ["the user", "the start", "the stop"])
def test_a_gateway_gives_up_on_what_the_server_then_did(tmp_path: Path, where: str) -> None:
    rule = Rule(acted_but_answered(BUSY["504"]), REDIRECTED[where], times=1)
    finished = survive(tmp_path, rule)
    assert len(rule.struck) == 1
    assert_survived(finished, owners={"environment"})


@pytest.mark.parametrize("answer", BUSY)
def test_it_stays_so_from_the_preflight_on(tmp_path: Path, answer: str) -> None:
    finished = survive(tmp_path, Rule(answered(BUSY[answer])))
    assert_survived(finished, owners={"environment"})
    assert finished.evidence["preflight"][-1]["outcome"] == "failed"


@pytest.mark.parametrize("answer", ["429", "502"])
def test_it_stays_so_after_the_preflight(tmp_path: Path, answer: str) -> None:
    rule = Rule(answered(BUSY[answer]), AFTER_PREFLIGHT)
    finished = survive(tmp_path, rule)
    assert rule.struck
    assert_past_the_preflight(finished)
    assert_survived(finished, owners={"environment"})
