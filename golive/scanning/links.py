"""What a page loads: its scripts, what these import, and the source maps they name."""

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote_to_bytes

MOST: Final = 2_000_000
"""Characters of a page that are looked at for the scripts it loads."""

_PRELOADED: Final = frozenset({"modulepreload", "preload", "prefetch"})
_SCRIPT_TYPES: Final = frozenset({"", "module", "text/javascript", "application/javascript", "text/babel"})
_IMPORT: Final = re.compile(r"""(?:\bfrom\s{0,8}+|\bimport\s{0,8}+\(?+\s{0,8}+)(["'`])(\.{0,2}/[^"'`\s\\]{1,300}+)\1""")
_SOURCE_MAP: Final = re.compile(r"//[#@]\s{0,8}+sourceMappingURL=([^\s'\"]{1,2000}+)")
_INLINE_MAP: Final = re.compile(r"//[#@]\s{0,8}+sourceMappingURL=data:([^,\s]{0,100}+),([A-Za-z0-9+/=%._~-]+)")


class Page(HTMLParser):
    """The scripts that a page names, in its order; `base` is the URL that they are relative to, if it says one."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base: str | None = None
        self.scripts: list[str] = []
        with suppress(AssertionError):  # some versions give up on a declaration that does not exist
            self.feed(html[:MOST])
            self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and self.base is None and given.get("href"):
            self.base = given["href"]
        elif tag == "script" and given.get("type", "").strip().lower() in _SCRIPT_TYPES:
            self._script(given.get("src"))
        elif tag == "link":
            rel = set(given.get("rel", "").lower().split())
            if "modulepreload" in rel or (rel & _PRELOADED and given.get("as", "").lower() == "script"):
                self._script(given.get("href"))

    def _script(self, url: str | None) -> None:
        if url and url.strip() and not url.strip().lower().startswith("data:"):
            self.scripts.append(url.strip())


def imports_in(script: str) -> Iterator[str]:
    """The scripts that a module imports, or loads when it needs them, by a relative address."""
    if "import" in script or "from" in script:
        yield from (match[2] for match in _IMPORT.finditer(script))


def source_map_of(script: str) -> str | None:
    """The source map that a script names; None where it names none or holds it itself. The last name counts."""
    named = _SOURCE_MAP.findall(script)
    return None if not named or named[-1].startswith("data:") else str(named[-1])


def inline_source_map(script: str) -> bytes | None:
    """The source map that a script holds as a data: URL."""
    match = _INLINE_MAP.search(script)
    if match is None:
        return None
    data = unquote_to_bytes(match[2])
    if not match[1].endswith(";base64"):
        return data
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except ValueError:
        return None
