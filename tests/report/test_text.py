"""How values are written for a reader."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.report.tally import ranges
from golive.report.text import decimal, duration, indented, instant, size, time_of_day

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "not measured"),
        (0.0, "0 ms"),
        (0.0434, "43 ms"),
        (0.9996, "1.0 s"),
        (3.21, "3.2 s"),
        (59.97, "1 min 00 s"),
        (245.0, "4 min 05 s"),
        (3599.7, "1 h 00 min"),
        (-2.0, "-2.0 s"),
    ],
)
def test_a_duration_reads(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


def test_an_instant_is_utc_whatever_its_zone() -> None:
    there = datetime(2026, 3, 1, 12, 0, 0, 7000, tzinfo=timezone(timedelta(hours=2)))
    assert instant(there) == "2026-03-01T10:00:00Z"
    assert time_of_day(there) == "10:00:00.007"
    assert instant(None) == "not given"
    assert instant(datetime(2026, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)) == "2026-03-01T12:00:00 (no zone)"


@pytest.mark.parametrize(
    ("text", "said"), [("a", "1 byte"), ("é", "2 bytes"), ("a" * 1500, "1.5 kB"), ("a" * 5_000_000, "5.0 MB")]
)
def test_a_size_is_in_bytes(text: str, said: str) -> None:
    assert size(text) == said


@pytest.mark.parametrize("text", [None, "", "abc", "NaN", "Infinity", "1e999999", "-1E+40"])
def test_what_no_amount_can_be_is_none(text: str | None) -> None:
    assert decimal(text) is None


@settings(max_examples=50)
@given(st.dictionaries(st.text(), JSON) | st.lists(JSON))
def test_indenting_changes_white_space_only(value: object) -> None:
    compact = json.dumps(value)
    text, cut = indented(compact, 10_000_000)
    assert not cut
    assert json.loads(text) == value
    assert text == json.dumps(value, indent=2)


def test_indenting_keeps_numbers_and_repeated_names_as_they_came() -> None:
    text, _ = indented('{"a":1.10,"a":1e400,"b":[]}', 1000)
    assert text == '{\n  "a": 1.10,\n  "a": 1e400,\n  "b": []\n}'


@pytest.mark.parametrize("body", ["<html>", '{"a": ', "[" * 100_000, '"text"', ""])
def test_what_is_no_json_object_or_list_is_left_as_it_came(body: str) -> None:
    assert indented(body, 1_000_000) == (body, False)


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_no_body_is_longer_than_its_limit(body: str, limit: int) -> None:
    text, cut = indented(body, limit)
    assert len(text) <= limit
    assert cut or text == body or json.loads(text) == json.loads(body)


def test_neighbouring_exchanges_are_joined_from_three_on() -> None:
    ids = ["x0001", "x0002", "x0003", "x0007", "x0008", "odd", "x0009", "x²", "x٣"]
    assert ranges(ids) == [
        ("x0001", "x0003"),
        ("x0007", "x0007"),
        ("x0008", "x0008"),
        ("odd", "odd"),
        ("x0009", "x0009"),
        ("x²", "x²"),
        ("x٣", "x٣"),
    ]
