"""A secret that is broken over lines is found too, soon enough."""

import base64
import json
import time
from collections.abc import Callable

import pytest

from golive.recording import Redactor

KEY = "CanaryKEYq8abcdEFGHijklMNOPqrstZ"
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "with CRLF and a margin": lambda text: text.replace("\n", "\r\n   "),
    "in JSON": lambda text: json.dumps({"body": text}),
    "in JSON in JSON": lambda text: json.dumps(json.dumps({"body": text})),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("before", range(20, 80))
def test_a_key_in_wrapped_base64_is_found(form: str, before: int) -> None:
    wrapped = base64.encodebytes(b"p" * before + KEY.encode() + b"q" * 60).decode()
    assert Redactor({"KEY": KEY}).found_in([FORMS[form](wrapped).encode()]) == "KEY"


@pytest.mark.parametrize("width", [4, 8, 13])
def test_a_key_that_is_broken_over_short_lines_is_found(width: int) -> None:
    lines = "\n".join(KEY[n : n + width] for n in range(0, len(KEY), width))
    assert Redactor({"KEY": KEY}).found_in([lines.encode()]) == "KEY"


@pytest.mark.parametrize("content", [b"x" * 5_000_000, b"a word\n" * 700_000], ids=["one line", "many lines"])
def test_a_large_file_is_looked_through_in_time(content: bytes) -> None:
    began = time.perf_counter()
    assert Redactor({"KEY": KEY}).found_in([content]) is None
    assert time.perf_counter() - began < 20
