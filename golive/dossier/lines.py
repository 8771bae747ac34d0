"""On which line of a TOML file each of its values stands.

`tomllib` gives values without their places, and no library that does is kept well enough to rest on. A text that
`tomllib` has read is well-formed, so that it can be walked with little: keys, headers, and the ends of values.
"""

import re
import tomllib
from typing import Final

Path = tuple[str | int, ...]
"""The way to a value: keys, and numbers from 0 in arrays."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_\-]+")
_PLAIN_VALUE: Final = re.compile(r"[^,\]}#\r\n]+")
_ENDS: Final = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*"""(?:"{1,2}(?!"))?', re.DOTALL),
    "'''": re.compile(r"(?:[^']|'(?!''))*'''(?:'{1,2}(?!'))?", re.DOTALL),
    '"': re.compile(r'(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"[^'\n]*'"),
}
"""What follows the opening quotation marks, up to and with the closing ones; up to two more belong to the text."""


class Lines:
    """The lines of `text`, which `tomllib` must have read without a fault."""

    def __init__(self, text: str) -> None:
        self._lines = _Walk(text).lines

    def of(self, path: Path) -> int:
        """The line, from 1, of the key at `path` or of the item where it is one of an array; of what is nearest
        above it where there is no such value."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def known(self) -> frozenset[Path]:
        """All values that have a line."""
        return frozenset(self._lines)


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_at, self._line = 0, 1
        self._last: dict[Path, int] = {}  # of each array of tables, the number of its last item
        self.lines: dict[Path, int] = {}
        self._document()

    def _document(self) -> None:
        table: Path = ()
        while not self._skip(_BLANK):
            if self._next("[["):
                table = self._header(table_of_array=True)
            elif self._next("["):
                table = self._header(table_of_array=False)
            else:
                self._pair(table)

    def _header(self, *, table_of_array: bool) -> Path:
        line = self._line_here()
        self._at += 2 if table_of_array else 1
        keys = self._keys()
        self._at = self._text.index("]", self._at) + (2 if table_of_array else 1)
        path: Path = ()
        for number, key in enumerate(keys, start=1):
            path = (*path, key)
            self.lines.setdefault(path, line)
            if number == len(keys) and table_of_array:
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
                self.lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line = self._line_here()
        path = table
        for key in self._keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._skip(_SPACE)
        self._at += 1  # the sign of equality
        self._skip(_SPACE)
        self._value(path)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if not self._next("."):
                return keys
            self._at += 1

    def _key(self) -> str:
        start = self._at
        if (quote := self._text[start]) in "\"'":
            self._string(quote)
            return str(tomllib.loads(f"key = {self._text[start : self._at]}")["key"])
        self._skip(_BARE)
        return self._text[start : self._at]

    def _value(self, path: Path) -> None:
        for quote in _ENDS:
            if self._next(quote):
                self._string(quote)
                return
        if self._next("["):
            self._array(path)
        elif self._next("{"):
            self._inline_table(path)
        else:
            self._skip(_PLAIN_VALUE)

    def _string(self, quote: str) -> None:
        self._at += len(quote)
        self._skip(_ENDS[quote])

    def _array(self, path: Path) -> None:
        self._at += 1
        number = 0
        while not self._closed("]"):
            item = (*path, number)
            self.lines[item] = self._line_here()
            self._value(item)
            number += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)

    def _closed(self, bracket: str) -> bool:
        """Past blanks and a comma; True where the bracket is, which is passed too."""
        self._skip(_BLANK)
        if self._next(","):
            self._at += 1
            self._skip(_BLANK)
        if self._next(bracket):
            self._at += 1
            return True
        return False

    def _next(self, sign: str) -> bool:
        return self._text.startswith(sign, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Pass what the pattern matches here; True at the end of the text."""
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError("not a text that tomllib reads")
        self._at = match.end()
        return self._at == len(self._text)

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._line_at, self._at)
        self._line_at = self._at
        return self._line
