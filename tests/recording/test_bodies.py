"""Bodies as the record shows them, and back again for whoever lives a record a second time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.recording import body_text
from golive.recording.bodies import text_body

TYPES = ("application/json", "text/plain", "text/html; charset=iso-8859-1", "image/png", "application/json; charset=x")


@given(st.binary(max_size=60), st.sampled_from(TYPES))
def test_bytes_made_of_a_recorded_body_are_recorded_the_same(data: bytes, content_type: str) -> None:
    text = body_text(data, content_type)
    assert body_text(text_body(text, content_type), content_type) == text


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_text_comes_back_byte_for_byte(text: str) -> None:
    data = f'{{"detail": "{text}"}}'.encode()
    assert text_body(body_text(data, "application/json"), "application/json") == data


def test_what_was_not_utf_8_is_not_afterwards() -> None:
    data = b'{"detail": "caf\xe9"}'
    shown = body_text(data, "application/json")
    assert shown == '{"detail": "caf\\xe9"}'
    assert text_body(shown, "application/json") == data


def test_an_escaped_backslash_is_not_taken_for_one() -> None:
    data = b'{"path": "C:\\\\xe9"}'
    assert text_body(body_text(data, "application/json"), "application/json") == data


@pytest.mark.parametrize("count", [1, 4096])
def test_a_note_on_a_binary_body_becomes_as_many_bytes(count: int) -> None:
    shown = body_text(b"\xff" * count, "image/png")
    assert len(text_body(shown, "image/png")) == count
    assert text_body(None) == b""
