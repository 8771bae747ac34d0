"""The archive: a zip file in one exact form, so that the same files give the same bytes, and reading it is safe.

Sorted names, one fixed time, no extra fields, nothing between the entries. Its comment holds the SHA-256 of all that
stands before it, so that a transmission error is told at once from an edit. Nothing of it is ever written to a disk
when it is read, and no more is decompressed than its directory announces and the bounds allow.
"""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from golive.bundle.errors import BundleError

MOST_FILES = 50_000
MOST_BYTES = 512 * 2**20
"""Of all files together, decompressed; the archive itself may be no larger either."""

_LEVEL = 3  # of 9: the record is text, and more effort saves a tenth
_TIME = (1980, 1, 1, 0, 0, 0)
_LABEL = b"sha256 of all before this: "
_COMMENT = len(_LABEL) + 64
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_LOCATOR_64 = 20
"""Bytes of what leads to a second end, for archives of more than 4 GiB. Python goes by that one wherever it stands,
others only where the first says so: they would see two different archives."""
_SAFE = re.compile(r"[^\x00-\x1f\x7f\\:]+")


def packed(files: Mapping[str, bytes]) -> bytes:
    """The archive with these files."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, data in sorted(files.items()):
            archive.writestr(_entry(name), data, zipfile.ZIP_DEFLATED, _LEVEL)
        archive.comment = _LABEL + b"0" * 64
    body = memory.getvalue()[:-_COMMENT]
    return body + _comment(body)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of an archive that `packed` made; `BundleError` says why it is none."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise BundleError("it is no zip file, or not a whole one")
    if len(data) > MOST_BYTES:
        raise BundleError(f"it is larger than {MOST_BYTES // 2**20} MiB")
    body = data[:-_COMMENT]
    if data[-_COMMENT:] != _comment(body):
        raise BundleError("its bytes are not those that were sealed: its own checksum says otherwise")
    end = body[-_END.size :]
    signature, disk, other_disk, here, total, size, offset, comment = _END.unpack(end)
    if (signature, disk, other_disk, comment) != (b"PK\x05\x06", 0, 0, _COMMENT) or here != total or here > MOST_FILES:
        raise BundleError("its end is not in the form in which this suite writes it")
    if offset + size != len(body) - _END.size or body[: -_END.size][-_LOCATOR_64:].startswith(b"PK\x06\x07"):
        raise BundleError("its end names another directory than the one before it: other readers may see other files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if (archive.start_dir, len(archive.infolist())) != (offset, here):
                raise BundleError("its directory is not the one that its end names: other readers may see other files")
            return _read(archive, data)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, RuntimeError) as problem:
        raise BundleError(f"it cannot be read as a zip file: {problem}") from None


def _read(archive: zipfile.ZipFile, data: bytes) -> dict[str, bytes]:
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise BundleError(f"its files are larger than {MOST_BYTES // 2**20} MiB together")
    files: dict[str, bytes] = {}
    at = 0
    for entry in entries:
        _refuse(entry, files)
        name = entry.filename.encode()
        if entry.header_offset != at or data[at : at + _LOCAL_HEADER.size + len(name)] != _header(entry, name):
            raise BundleError(f"something stands before the entry {entry.filename!r} that belongs to no file")
        begin = at + _LOCAL_HEADER.size + len(name)
        at = begin + entry.compress_size
        files[entry.filename] = _inflated(entry, data[begin:at])
    if at != archive.start_dir:
        raise BundleError("something stands behind the last entry that belongs to no file")
    if list(files) != sorted(files):
        raise BundleError("its entries are not sorted by name")
    return files


def _refuse(entry: zipfile.ZipInfo, files: Mapping[str, bytes]) -> None:
    name = entry.filename
    if name in files:
        raise BundleError(f"it has two entries with the name {name!r}")
    path = PurePosixPath(name)
    if not _SAFE.fullmatch(name) or path.is_absolute() or ".." in path.parts or str(path) != name:
        raise BundleError(f"the entry {name!r} names no file below the bundle")
    if entry.external_attr != _entry(name).external_attr or entry.create_system != 3:
        raise BundleError(f"the entry {name!r} is no plain file")
    form = (entry.date_time, entry.compress_type, entry.extra, entry.comment, entry.flag_bits & ~0x800)
    if form != (_TIME, zipfile.ZIP_DEFLATED, b"", b"", 0):
        raise BundleError(f"the entry {name!r} is not in the form in which this suite writes it")


def _inflated(entry: zipfile.ZipInfo, compressed: bytes) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    found = stream.decompress(compressed, entry.file_size + 1)
    whole = stream.eof and not stream.unused_data and not stream.unconsumed_tail
    if not whole or len(found) != entry.file_size or zlib.crc32(found) != entry.CRC:
        raise BundleError(f"the entry {entry.filename!r} is not what the archive's directory says of it")
    return found


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, wherever it is made: the same files give the same bytes
    entry.external_attr = 0o100644 << 16
    return entry


def _header(entry: zipfile.ZipInfo, name: bytes) -> bytes:
    """The local header as `packed` writes it, from what the directory says."""
    date, time = (1 << 5) | 1, 0  # 1980-01-01 00:00 in the form of DOS
    sizes = (entry.CRC, entry.compress_size, entry.file_size)
    return (
        _LOCAL_HEADER.pack(b"PK\x03\x04", 20, entry.flag_bits, zipfile.ZIP_DEFLATED, time, date, *sizes, len(name), 0)
        + name
    )


def _comment(body: bytes) -> bytes:
    return _LABEL + hashlib.sha256(body).hexdigest().encode()
