"""One search for secrets, for all tests: whatever holds them, and in whatever form they stand there.

It shares nothing with the suite's own redactor, so that what one overlooks the other may still see.
"""

import base64
import gzip
import html
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

LAYERS = 3
"""So many escapes, one within the other, are undone."""
PIECE = 8
"""Characters of a piece: a part of a secret is found where it holds a whole one."""

Place = tuple[str, str | bytes]

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([\"'/\\])")
_WHITE = re.compile(r"\s+|\\r\\n|\\n|\\r|\\t")


def leaks(places: Iterable[Place], secrets: Iterable[str], *, pieces: bool = False) -> list[str]:
    """`where: secret… as form` for each place that shows a secret; with `pieces` also where it shows a part of one."""
    wanted = [(secret, form, needle) for secret in secrets for form, needle in _needles(secret, pieces)]
    found: dict[str, None] = {}
    looked_at: set[bytes] = set()
    for where, content in _opened(places):
        if content in looked_at:
            continue
        looked_at.add(content)
        for text in _texts(content):
            found |= {f"{where}: {secret[:12]}… as {form}": None for secret, form, needle in wanted if needle in text}
    return list(found)


def below(directory: Path, *, ending: str = "") -> Iterator[Place]:
    """Every file below `directory`, hidden ones too, by its path; only those whose names end so."""
    for parent, _, names in os.walk(directory):
        for name in sorted(name for name in names if name.endswith(ending)):
            file = Path(parent, name)
            with suppress(FileNotFoundError):  # a file of a run that is under way
                yield str(file.relative_to(directory)), file.read_bytes()


def _opened(places: Iterable[Place]) -> Iterator[tuple[str, bytes]]:
    """Also what is packed: the members of archives, and what is compressed."""
    for where, content in places:
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        yield where, where.encode() + b"\n" + raw  # a name can show a secret too
        if raw.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                members = [(f"{where}!{name}", archive.read(name)) for name in archive.namelist()]
                yield from _opened([*members, (f"{where}!comment", archive.comment)])
        for unpack in (gzip.decompress, zlib.decompress):
            with suppress(OSError, EOFError, zlib.error):
                if raw:
                    yield from _opened([(f"{where}!unpacked", unpack(raw))])


def _texts(content: bytes) -> Iterator[str]:
    """The text as it stands and with its escapes undone; without white space, so that lines do not matter."""
    for raw in {content, content.replace(b"\0", b"")}:
        text = raw.decode("utf-8", "replace")
        seen = set()
        for _ in range(LAYERS + 1):
            squeezed = _WHITE.sub("", text).casefold()
            if squeezed not in seen:
                seen.add(squeezed)
                yield squeezed
            text, before = _ESCAPE.sub(_character, html.unescape(unquote(text))), text
            if text == before:
                break


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else match[3]


def _needles(secret: str, pieces: bool) -> Iterator[tuple[str, str]]:
    """The forms that undoing escapes does not bring back, in lower case."""
    raw = secret.encode()
    yield "plain", secret.casefold()
    yield "hex", raw.hex()
    yield "reversed", secret[::-1].casefold()
    for skipped in range(3):
        encoded = base64.b64encode(b"\0" * skipped + raw).decode()
        core = encoded[-(-8 * skipped // 6) : 8 * (skipped + len(raw)) // 6]
        yield "base64", core.casefold()
        yield "base64url", core.replace("+", "-").replace("/", "_").casefold()
    if pieces:
        for at in range(0, len(secret) - PIECE + 1, PIECE):
            yield "a piece", secret[at : at + PIECE].casefold()
