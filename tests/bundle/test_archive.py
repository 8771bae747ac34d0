"""The archive: the same files give the same bytes, and what is not exactly such an archive is refused."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.bundle import archive
from golive.bundle.archive import packed, unpacked
from golive.bundle.errors import BundleError
from golive.bundle.verify import verify

FILES = {"a.txt": b"first", "d/e.json": b'{"x": 1}' * 50, "ü.txt": b"", "z.bin": bytes(range(256))}
NAMES = st.lists(
    st.text("abcäöü._-0", min_size=1, max_size=8).filter(lambda n: n.strip(".")), min_size=1, max_size=3
).map("/".join)


def sealed_again(data: bytes) -> bytes:
    """With the checksum of these bytes in the comment: whoever tampers can do that too."""
    body = data[: -len(archive._comment(b""))]
    return body + archive._comment(body)


def made(*entries: tuple[str, bytes], **members: object) -> bytes:
    """An archive of other entries, otherwise as this suite writes it."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as file:
        for name, data in entries:
            entry = archive._entry("placeholder")
            entry.filename = name
            for member, value in members.items():
                setattr(entry, member, value)
            file.writestr(entry, data, members.get("compress_type", zipfile.ZIP_DEFLATED), 3)  # type: ignore[arg-type]
        file.comment = archive._comment(b"")
    return sealed_again(memory.getvalue())


@given(files=st.dictionaries(NAMES, st.binary(max_size=300), max_size=6))
def test_what_was_packed_is_unpacked(files: dict[str, bytes]) -> None:
    assert unpacked(packed(files)) == files
    assert packed(dict(reversed(files.items()))) == packed(files)


def test_the_crafted_archives_differ_from_a_good_one_only_where_they_mean_to() -> None:
    assert made(*sorted(FILES.items())) == packed(FILES)


def test_any_unzip_can_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(FILES))) as file:
        assert file.testzip() is None
        assert {entry.filename: file.read(entry) for entry in file.infolist()} == FILES


def _symlink() -> bytes:
    return made(("a.txt", b"/etc/passwd"), external_attr=0o120777 << 16)


def _bomb_that_says_so() -> bytes:
    data = bytearray(made(("a.txt", b"x" * 1000)))
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, 22, archive.MOST_BYTES + 1)
    struct.pack_into("<L", data, central + 24, archive.MOST_BYTES + 1)
    return sealed_again(bytes(data))


def _bomb_that_does_not() -> bytes:
    data = bytearray(made(("a.txt", b"\0" * 10_000_000)))
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, 22, 10)
    struct.pack_into("<L", data, central + 24, 10)
    struct.pack_into("<L", data, 14, zlib.crc32(b"\0" * 10))
    struct.pack_into("<L", data, central + 16, zlib.crc32(b"\0" * 10))
    return sealed_again(bytes(data))


def _many_files() -> bytes:
    data = bytearray(packed(FILES))
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<HH", data, end + 8, 60_000, 60_000)
    return sealed_again(bytes(data))


def _between_entries() -> bytes:
    """Bytes that the directory does not speak of, before the first entry."""
    data = packed(FILES)
    hidden = b"PK\x03\x04hidden"
    end = data.rindex(b"PK\x05\x06")
    begin = data.index(b"PK\x01\x02")
    moved = bytearray(hidden + data)
    struct.pack_into("<L", moved, end + len(hidden) + 16, begin + len(hidden))
    at = begin + len(hidden)
    while moved[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", moved, at + 28)
        (offset,) = struct.unpack_from("<L", moved, at + 42)
        struct.pack_into("<L", moved, at + 42, offset + len(hidden))
        at += 46 + name + extra + comment
    return sealed_again(bytes(moved))


def _other_local_name() -> bytes:
    """A reader that goes by the local headers would see another name."""
    data = bytearray(packed(FILES))
    data[30:35] = b"b.txt"
    return sealed_again(bytes(data))


def _two_ends(plain: int) -> bytes:
    """A second end, of the form for large archives; the usual one names a directory so many bytes further on."""
    body = packed(FILES)[: -len(archive._comment(b""))]
    entries, end = body[:-22], bytearray(body[-22:])
    count, size, offset = struct.unpack_from("<HLL", end, 10)
    large = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(entries), 1)
    struct.pack_into("<LL", end, 12, size + len(large) + len(locator) - plain, offset + plain)
    return sealed_again(entries + large + locator + bytes(end) + archive._comment(b""))


def _end_of_another_directory() -> bytes:
    """The usual end, of a directory that is shorter than the one which begins there."""
    body = bytearray(packed(FILES)[: -len(archive._comment(b""))])
    (size,) = struct.unpack_from("<L", body, len(body) - 10)
    struct.pack_into("<L", body, len(body) - 10, size - 46)
    return sealed_again(bytes(body) + archive._comment(b""))


def _fewer_files_than_there_are() -> bytes:
    """Who goes by the count does not see the last one."""
    data = bytearray(packed(FILES))
    struct.pack_into("<HH", data, data.rindex(b"PK\x05\x06") + 8, len(FILES) - 1, len(FILES) - 1)
    return sealed_again(bytes(data))


CRAFTED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "no zip file"),
    "no zip": (lambda: b"hello" * 100, "no zip file"),
    "the head of one": (lambda: packed(FILES)[:-40], "no zip file|own checksum"),
    "another comment": (lambda: packed(FILES)[:-1] + b"x", "own checksum"),
    "without its comment": (lambda: _ordinary(), "own checksum"),
    "an entry twice": (lambda: made(("a", b"1"), ("a", b"2")), "two entries with the name 'a'"),
    "a way out": (lambda: made(("../a", b"1")), "names no file below"),
    "a way out from within": (lambda: made(("a/../../b", b"1")), "names no file below"),
    "an absolute path": (lambda: made(("/etc/passwd", b"1")), "names no file below"),
    "a drive": (lambda: made(("C:a", b"1")), "names no file below"),
    "a backslash": (lambda: made(("a\\b", b"1")), "names no file below"),
    "a dot": (lambda: made(("./a", b"1")), "names no file below"),
    "a directory": (lambda: made(("a/", b"")), "names no file below"),
    "a line break": (lambda: made(("a\nb", b"")), "names no file below"),
    "a link": (_symlink, "no plain file"),
    "an executable": (lambda: made(("a", b""), external_attr=0o100755 << 16), "no plain file"),
    "another time": (lambda: made(("a", b""), date_time=(2026, 1, 1, 0, 0, 0)), "form in which this suite"),
    "not compressed": (lambda: made(("a", b"1"), compress_type=zipfile.ZIP_STORED), "form in which this suite"),
    "an extra field": (lambda: made(("a", b"1"), extra=b"\xfe\xca\0\0"), "form in which this suite"),
    "a comment on an entry": (lambda: made(("a", b"1"), comment=b"hello"), "form in which this suite"),
    "not sorted": (lambda: made(("b", b"1"), ("a", b"2")), "not sorted"),
    "a bomb that says so": (_bomb_that_says_so, "MiB together"),
    "a bomb that does not": (_bomb_that_does_not, "not what the archive's directory says"),
    "very many files": (_many_files, "its end is not in the form"),
    "a second end for some readers": (lambda: _two_ends(0), "other readers may see other files"),
    "a second end with a directory of its own": (lambda: _two_ends(50), "other readers may see other files"),
    "the end of another directory": (_end_of_another_directory, "other readers may see other files"),
    "fewer files than there are": (_fewer_files_than_there_are, "other readers may see other files"),
    "something before the first": (_between_entries, "belongs to no file"),
    "another local name": (_other_local_name, "cannot be read|belongs to no file"),
}


def _ordinary() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as file:
        for name, data in FILES.items():
            file.writestr(name, data)
    return memory.getvalue()


@pytest.mark.parametrize("name", CRAFTED)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_another_archive_is_refused(name: str, tmp_path: Path) -> None:
    make, said = CRAFTED[name]
    data = make()
    with pytest.raises(BundleError, match=said):
        unpacked(data)
    bundle = tmp_path / "golive-crafted.zip"
    bundle.write_bytes(data)
    verified = verify(bundle, now=datetime.now(UTC))
    assert [look.name for look in verified.looks] == ["archive"]
    assert not verified.agreed


@given(data=st.data())
def test_a_flipped_byte_is_found(data: st.DataObject) -> None:
    sealed = packed(FILES)
    at = data.draw(st.integers(0, len(sealed) - 1))
    by = data.draw(st.integers(1, 255))
    with pytest.raises(BundleError):
        unpacked(sealed[:at] + bytes([sealed[at] ^ by]) + sealed[at + 1 :])


@settings(max_examples=400)
@given(data=st.data())
def test_bytes_that_were_changed_and_sealed_again_give_other_files_or_none(data: st.DataObject) -> None:
    sealed = packed(FILES)
    at = data.draw(st.integers(0, len(sealed) - 92))
    new = data.draw(st.binary(min_size=1, max_size=4))
    try:
        files = unpacked(sealed_again(sealed[:at] + new + sealed[at + len(new) :]))
    except BundleError:
        return
    assert all(isinstance(content, bytes) for content in files.values())


@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_it_stumble(data: bytes) -> None:
    for attempt in (data, packed(FILES)[:200] + data, data + packed(FILES), packed(FILES)[:-150] + data):
        try:
            files = unpacked(attempt)
        except BundleError:
            continue
        assert files == FILES


def test_the_checksum_is_that_of_the_bytes_before_it() -> None:
    sealed = packed(FILES)
    body, _, shown = sealed.rpartition(b"sha256 of all before this: ")
    assert shown.decode() == hashlib.sha256(body).hexdigest()
