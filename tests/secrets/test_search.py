"""The search finds a canary in every form and every container, and nothing where there is none."""

import base64
import gzip
import html
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plugin.bench import CANARY_KEY
from tests.secrets.search import below, leaks

KEYS = [CANARY_KEY, "CanaryKEYq8abcdEFGHijklMNOPqrstZ", "4242424242424242"]


def escaped(text: str, form: str) -> str:
    return "".join(form.format(ord(character)) for character in text)


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "lower": str.lower,
    "reversed": lambda s: s[::-1],
    "url": lambda s: quote(s, safe=""),
    "url, lower case": lambda s: quote(s, safe="").lower(),
    "url, every character": lambda s: escaped(s, "%{:02X}"),
    "url, twice": lambda s: quote(quote(s, safe=""), safe=""),
    "form": quote_plus,
    "json": lambda s: json.dumps(s)[1:-1],
    "json, every character": lambda s: escaped(s, "\\u{:04X}"),
    "json in json": lambda s: json.dumps(json.dumps(s)),
    "hexadecimal escapes": lambda s: escaped(s, "\\x{:02x}"),
    "html": html.escape,
    "html, decimal": lambda s: escaped(s, "&#{};"),
    "html, hexadecimal": lambda s: escaped(s, "&#x{:X};"),
    "html in json": lambda s: json.dumps(html.escape(s)),
    "hex": lambda s: s.encode().hex(),
    "hex, upper case": lambda s: s.encode().hex().upper(),
    "lines": lambda s: "\n".join(s[n : n + 5] for n in range(0, len(s), 5)),
    "lines, escaped": lambda s: "\\n".join(s[n : n + 5] for n in range(0, len(s), 5)),
    "lines with a margin": lambda s: "\r\n    ".join(s[n : n + 7] for n in range(0, len(s), 7)),
    "utf-16": lambda s: s.encode("utf-16-le").decode("latin-1"),
    "base64 in lines": lambda s: base64.encodebytes(b"q" * 50 + s.encode() + b"q" * 9).decode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", KEYS, ids=["odd", "letters", "card"])
def test_a_canary_is_found_in_this_form(form: str, key: str) -> None:
    assert leaks([("here", f"before {FORMS[form](key)} after")], KEYS)
    assert leaks([("here", f"before {FORMS[form](key)} after")], [key])


@given(before=st.binary(max_size=5), after=st.binary(max_size=5), url=st.booleans(), padded=st.booleans())
def test_a_canary_is_found_in_base64_wherever_it_begins(before: bytes, after: bytes, url: bool, padded: bool) -> None:
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    for key in KEYS:
        encoded = encode(before + key.encode() + after).decode()
        assert leaks([("here", f"({encoded if padded else encoded.rstrip('=')})")], [key])


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/member", content)
    return packed.getvalue()


PACKS: dict[str, Callable[[bytes], bytes]] = {
    "zip": zipped,
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zip in gzip in zip": lambda content: zipped(gzip.compress(zipped(content))),
}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_canary_is_found_in_what_is_packed(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "file").write_bytes(pack(f"x{CANARY_KEY}y".encode()))
    (found,) = {leak.partition("!")[0] for leak in leaks(below(tmp_path), [CANARY_KEY])}
    assert found == ".hidden/file"


def test_a_canary_is_found_in_a_name(tmp_path: Path) -> None:
    (tmp_path / KEYS[1]).touch()
    assert leaks(below(tmp_path), KEYS)


@given(st.integers(0, 17), st.integers(15, 32))
def test_a_part_of_a_canary_is_found(begin: int, length: int) -> None:
    part = KEYS[1][begin : begin + length]
    assert leaks([("here", f"'{part}...'")], [KEYS[1]], pieces=True) or len(part) < 15


@given(st.text(max_size=200))
def test_nothing_is_found_where_there_is_nothing(text: str) -> None:
    assert leaks([("here", text)], KEYS[:2], pieces=True) == []
