"""The words on each page of a PDF that Chromium printed, read without a further tool.

Enough of the format for what Skia writes: plain objects, deflated streams, hexadecimal glyph runs and a ToUnicode map
for each font. White space is dropped, as a PDF places words rather than separating them.
"""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_RUN = re.compile(rb"/(\w+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f]+)>|/(\w+)\s+Do")


class Printed:
    """A printed document."""

    def __init__(self, document: bytes) -> None:
        self._objects = {int(number): body for number, body in _OBJECT.findall(document)}
        self._maps: dict[int, dict[int, str]] = {}

    @property
    def pages(self) -> list[str]:
        """The words of each page without white space, in the order of the objects."""
        pages = [body for body in self._objects.values() if re.search(rb"/Type\s*/Page\b", body)]
        return ["".join(self._words(page, page).split()) for page in pages]

    def _words(self, holder: bytes, resources: bytes) -> str:
        content = re.search(rb"/Contents\s+(\d+) 0 R", holder)
        stream = self._stream(int(content.group(1))) if content else self._inflated(holder)
        fonts = dict(re.findall(rb"/(\w+)\s+(\d+) 0 R", self._resource(resources, b"Font")))
        forms = dict(re.findall(rb"/(\w+)\s+(\d+) 0 R", self._resource(resources, b"XObject")))
        words: list[str] = []
        letters: dict[int, str] = {}
        for font, glyphs, form in _RUN.findall(stream):
            if font:
                letters = self._letters(int(fonts[font])) if font in fonts else {}
            elif form and form in forms and b"/Form" in self._objects[int(forms[form])]:
                inner = self._objects[int(forms[form])]
                words.append(self._words(inner, inner))
            else:
                words += [letters.get(int(glyphs[n : n + 4], 16), "") for n in range(0, len(glyphs), 4)]
        return "".join(words)

    def _resource(self, holder: bytes, kind: bytes) -> bytes:
        found = re.search(rb"/" + kind + rb"\s*<<(.*?)>>", holder, re.DOTALL)
        return found.group(1) if found else b""

    def _stream(self, number: int) -> bytes:
        return self._inflated(self._objects[number])

    @staticmethod
    def _inflated(body: bytes) -> bytes:
        found = _STREAM.search(body)
        if found is None:
            return b""
        return zlib.decompress(found.group(1)) if b"FlateDecode" in body else found.group(1)

    def _letters(self, font: int) -> dict[int, str]:
        if font not in self._maps:
            reference = re.search(rb"/ToUnicode\s+(\d+) 0 R", self._objects[font])
            self._maps[font] = _to_unicode(self._stream(int(reference.group(1)))) if reference else {}
        return self._maps[font]


def _to_unicode(table: bytes) -> dict[int, str]:
    letters: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            letters[int(glyph, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for offset in range(int(last, 16) - int(first, 16) + 1):
                letters[int(first, 16) + offset] = chr(int(letter, 16) + offset)
    return letters
