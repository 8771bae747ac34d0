"""PDFs that can do more than be read, and texts that are none, are refused."""

import contextlib
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.dossier.documents import MOST_INFLATED_BYTES, check_pdf, check_text
from golive.dossier.unusable import UnusableFile


def pdf(*objects: bytes, after: bytes = b"\n") -> bytes:
    """A PDF with one page and further objects."""
    body = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 0 >>\nendobj\n"
    )
    return body + b"\n".join(objects) + b"\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF" + after


def stream(head: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"9 0 obj\n<< " + head + b" /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj"


def test_a_pdf_of_pages_is_taken() -> None:
    page = stream(b"/Filter /FlateDecode", b"BT (Ein /JS und /XFA im Text) Tj ET")
    check_pdf(pdf(page, b"5 0 obj\n<< /Type /Page /JSon 1 /OpenAction [2 0 R /Fit] >>\nendobj"))
    check_pdf(pdf(stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", b"5 0 << /Type /Page >>"), after=b""))


@pytest.mark.parametrize("name", ["JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "FileAttachment"])
@pytest.mark.parametrize(
    "hidden",
    [
        lambda name: b"7 0 obj\n<< /S /" + name + b" >>\nendobj",
        lambda name: b"7 0 obj\n<< /S/" + name + b"(app.alert\\(1\\))>>\nendobj",
        lambda name: b"7 0 obj\n<< /S /#%02x" % name[0] + name[1:] + b" >>\nendobj",
        lambda name: b"7 0 obj\n<< /S /" + b"".join(b"#%02X" % sign for sign in name) + b"\r>>\nendobj",
        lambda name: stream(b"/Type /ObjStm /Filter /FlateDecode", b"7 0 << /S /" + name + b" 8 0 R >>"),
        lambda name: b"8 0 obj\n<< /Length 40 >>\nstream\n7 0 obj << /S /Launch >> /" + name + b"\nendstream\nendobj",
        lambda name: stream(b"/Filter /FlateDecode /Type/ObjStm", b"7 0 << /Names << /" + name + b"[ ] >> >>"),
    ],
    ids=["plain", "close", "one escape", "escaped", "packed", "in a stream as it lies", "packed, name first"],
)
def test_a_pdf_that_can_act_is_refused(name: str, hidden: object) -> None:
    with pytest.raises(UnusableFile, match="in it; print it to PDF again, as pages only"):
        check_pdf(pdf(hidden(name.encode())))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\nno end", "is a broken PDF"),
        (pdf(after=b"\nPK\x03\x04 an archive"), "has data after the end"),
        (pdf(b"trailer << /Encrypt 9 0 R >>"), "is encrypted"),
        (pdf(b"trailer << /Encr#79pt 9 0 R >>"), "is encrypted"),
        (pdf(b"9 0 obj << /Type /ObjStm >>\nstream\nnot packed\nendstream"), "objects that cannot be read"),
        (pdf(stream(b"/Type /ObjStm", b"\0" * (MOST_INFLATED_BYTES + 1))), "unpacks to too much"),
    ],
    ids=["no end", "archive behind it", "encrypted", "encrypted, escaped", "broken", "bomb"],
)
def test_a_pdf_that_cannot_be_looked_through_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UnusableFile, match=said):
        check_pdf(content)


def test_a_file_of_streams_that_never_end_is_looked_through_at_once() -> None:
    began = time.monotonic()
    check_pdf(pdf(b"stream\n" * 250_000))
    assert time.monotonic() - began < 5


@given(st.binary(max_size=300))
def test_whatever_a_pdf_holds_it_is_taken_or_refused(content: bytes) -> None:
    for whole in (content, pdf(content), pdf(b"<< /Type /ObjStm >>\nstream\n" + content + b"\nendstream")):
        with contextlib.suppress(UnusableFile):
            check_pdf(whole)


@pytest.mark.parametrize(
    "text", ["ein Wort", "\ufeffmit Marke\r\n\ttab", "\x1b[31mred\x1b[0m", "\u202eabc", "中文 🚗\n"]
)
def test_a_text_is_taken(text: str) -> None:
    check_text(text.encode())


@pytest.mark.parametrize(
    "content",
    [b"GIF89a\x01\0", b"caf\xe9", b"\xff\xfea\0", b"a\0b", b"a\x07b", b"PK\x03\x04\x14\0", b"\x1aE\xdf\xa3"],
    ids=["GIF", "Latin 1", "UTF-16", "zero", "bell", "archive", "video"],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableFile, match="none of PNG, JPEG, PDF and UTF-8 text; convert it, or name a video"):
        check_text(content)


@pytest.mark.parametrize("content", [b"", b" \n\t"], ids=["nothing", "blank"])
def test_an_empty_text_shows_nothing(content: bytes) -> None:
    with pytest.raises(UnusableFile, match="is empty"):
        check_text(content)
