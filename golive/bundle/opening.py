"""Opens a bundle, or a record on its own, for whoever wants to read it."""

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from golive.bundle.archive import MOST_BYTES, unpacked
from golive.bundle.errors import BundleError, NotThereError
from golive.bundle.manifest import NAME
from golive.evidence.model import Evidence

RECORD = "evidence.json"
MOST_VALUES = 5_000_000
"""In a record, which is some five times what a run of 10,000 exchanges leaves. A few hundred kilobytes can unpack to
so many that no machine has the memory to read them."""


@dataclass(frozen=True)
class Opened:
    """A bundle's files by their paths, the manifest apart."""

    files: Mapping[str, bytes]
    manifest: bytes


def open_bundle(path: Path) -> Opened:
    """The files of a bundle; NotThereError where there is no such file, BundleError where it is no whole bundle."""
    files = unpacked(_bytes_of(path))
    if NAME not in files:
        raise BundleError(f"it has no {NAME}")
    manifest = files.pop(NAME)
    return Opened(files, manifest)


def evidence_of(path: Path) -> Evidence:
    """The record in a bundle, or in an `evidence.json` of its own. Nothing of it is verified but its form."""
    data = _bytes_of(path)
    if data[:2] == b"PK":
        data = unpacked(data).get(RECORD, b"")
    return read_record(data)


def read_record(data: bytes) -> Evidence:
    """The record; BundleError names the member that this version cannot read."""
    _members_once(data)
    try:
        return Evidence.model_validate_json(data)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BundleError(f"{RECORD} is no record of this version: {place}: {first['msg']}") from None


def _members_once(data: bytes) -> None:
    """Of two members with one name each reader would take the one it likes."""

    def unique(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            name = next(name for name in names if names.count(name) > 1)
            raise BundleError(f"{RECORD} has an object with two members named {name!r}")

    try:
        if sum(data.count(sign) for sign in (b",", b"[", b"{")) > MOST_VALUES:
            raise BundleError(f"{RECORD} has more than {MOST_VALUES:,} values, which no run leaves")
        json.loads(data, object_pairs_hook=unique)
    except (ValueError, RecursionError) as problem:
        raise BundleError(f"{RECORD} is no JSON: {problem}") from None


def regular(path: Path) -> int:
    """The size of a regular file in bytes; NotThereError where there is none, or something else than a file."""
    try:
        status = path.stat()
    except OSError as problem:
        raise NotThereError(f"{path} cannot be read: {problem.strerror or problem}") from None
    if not stat.S_ISREG(status.st_mode):
        kind = "a directory" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
        raise NotThereError(f"{path} cannot be read: it is {kind}; name a regular file")
    return status.st_size


def _bytes_of(path: Path) -> bytes:
    if regular(path) > MOST_BYTES:
        raise BundleError(f"it is larger than {MOST_BYTES // 2**20} MiB")
    try:
        return path.read_bytes()
    except OSError as problem:
        raise NotThereError(f"{path} cannot be read: {problem.strerror or problem}") from None
