"""The kinds of file that a record may have beside it: each can only be read, and none is run by a browser."""

from typing import Final

PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"

PICTURES: Final = (PNG, JPEG)
SUFFIXES: Final = {
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    PDF: (".pdf",),
    TEXT: (".txt", ".log", ".md", ".csv", ".json"),
}
"""In small letters, as exhibits are named when they are attached."""


def kind_of(content: bytes) -> str:
    """By how the content begins; whatever is none of the other kinds has to be text."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    return PDF if content.startswith(b"%PDF-") else TEXT
