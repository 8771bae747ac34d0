"""The very key in use, in all the forms in which it can be met."""

import re
from collections.abc import Iterator
from typing import Final

from golive.recording.secret_forms import Needle, needles
from golive.scanning.kinds import PLAIN

LEAST: Final = 8
"""Characters; a shorter key would be found in ordinary text."""

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+")


class KeyForms:
    """Looks for one key. Its `repr` shows nothing of it."""

    def __init__(self, key: str) -> None:
        self._needles = tuple((needle, _form(needle, key)) for needle in needles(key))
        self.length = len(key)

    def __repr__(self) -> str:
        return "KeyForms(**********)"

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where the key stands in `text`, and in which form: plain, base64 or hexadecimal."""
        for needle, form in self._needles:
            if needle.text in text:
                yield from ((begin, end, form) for begin, end in needle.spans(text))

    def within(self, data: bytes) -> bool:
        """Whether the key stands in `data` in UTF-16, as some programs keep their strings."""
        plain = [needle.text for needle, form in self._needles if form == PLAIN]
        return any(text.encode(coding) in data for text in plain for coding in ("utf-16-le", "utf-16-be"))


def _form(needle: Needle, key: str) -> str:
    raw = key.encode("utf-8", "surrogatepass")
    if needle.text.lower() == raw.hex() and needle.text != key:
        return "hexadecimal"
    return "base64" if needle.text != key and _BASE64.fullmatch(needle.text) else PLAIN
