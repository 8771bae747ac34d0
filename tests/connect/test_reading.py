"""JSON off the wire: no float, nothing that no text can hold, and a reason for what cannot be read."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.connect.reading import DEEPEST, NotJson, one_line, parse_json, with_secrets

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(values)
def test_json_comes_back_as_it_is(value: Any) -> None:
    assert parse_json(json.dumps(value)) == value
    assert parse_json("\ufeff" + json.dumps(value, ensure_ascii=False)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-100_000, max_value=100_000))
def test_a_fraction_is_exact(number: Decimal) -> None:
    assert parse_json(f"[{number}]") == [number]
    assert isinstance(parse_json(f"[{number:.3f}]")[0], Decimal)


@settings(deadline=None)
@given(st.text() | st.binary().map(lambda b: b.decode("latin-1")))
def test_any_text_is_json_or_is_said_not_to_be(text: str) -> None:
    with suppress(NotJson):
        parse_json(text)


@pytest.mark.parametrize(
    "text",
    ["", "{", "{'a': 1}", "NaN", "-Infinity", "1e99999999999", "9" * 5000, "[" * 1_000_000, '{"a":' * 5000],
    ids=lambda t: t[:8] or "empty",
)
def test_what_cannot_be_read_is_said_so(text: str) -> None:
    with pytest.raises(NotJson):
        parse_json(text)


def test_nesting_has_a_bound() -> None:
    assert parse_json("[" * (DEEPEST - 1) + "]" * (DEEPEST - 1))
    with pytest.raises(NotJson, match="deeply"):
        parse_json("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_kept() -> None:
    read = parse_json(r'{"\ud800": ["\ud83d\ude00", "a\udc00"]}')
    assert read == {"\ufffd": ["\U0001f600", "a\ufffd"]}
    assert json.dumps(read, ensure_ascii=False).encode()


def test_only_the_named_fields_get_their_secret_back() -> None:
    redacted = {"secret": "[1]", "other": "[2]", "list": [{"secret": "[3]", "n": 1}]}
    raw = {"secret": "a", "other": "b", "list": [{"secret": "c", "n": 1}]}
    assert with_secrets(redacted, raw, frozenset({"secret"})) == {
        "secret": "a",
        "other": "[2]",
        "list": [{"secret": "c", "n": 1}],
    }
    assert with_secrets(redacted, {"other": "b"}, frozenset({"secret"})) == redacted


@given(st.text(), st.integers(2, 50))
def test_one_line_is_one_printable_line(text: str, longest: int) -> None:
    line = one_line(text, longest)
    assert len(line) <= longest
    assert len(line.splitlines()) <= 1
    assert "\x1b" not in line
    line.encode()
