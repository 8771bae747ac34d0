"""The record out of a bundle, a report directory or an evidence.json."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from golive.evidence.model import Evidence
from golive.replay.errors import UnreadableRecord
from golive.replay.gaps import first_gaps
from golive.replay.shelf import Shelf

RECORD: Final = "evidence.json"
EXHIBITS: Final = "exhibits/"
MOST_BYTES: Final = 256 * 2**20
"""Of an evidence.json, and of the exhibits beside it together."""


@dataclass(frozen=True)
class Recorded:
    """A record, and the exhibits that lay beside it by their path."""

    evidence: Evidence
    exhibits: Mapping[str, bytes] = field(default_factory=dict)

    def shelf(self) -> Shelf:
        """Its exchanges, to be asked for again."""
        groups = [journey.actors for journey in self.evidence.journeys]
        return Shelf(self.evidence.exchanges, groups, first_gaps(self.evidence))

    def lent(self) -> dict[str, str]:
        """Which prepared user each driver had, as far as its requests tell."""
        prepared = {pair.partition(":")[0] for pair in self.evidence.run.prepared_users}
        found: dict[str, str] = {}
        for exchange in self.evidence.exchanges:
            named = re.search(r"/users/([^/?]+)/", exchange.request.url)
            if exchange.test is None and named is not None and named[1] in prepared:
                found.setdefault(exchange.actor, named[1])
        return found


def read_record(path: Path) -> Recorded:
    """The record in `path`: a bundle, a report directory, or an evidence.json. Raises `UnreadableRecord`."""
    try:
        return _from_files(path)
    except OSError as fault:
        raise UnreadableRecord(f"cannot be read ({fault.strerror}); give a bundle or a report directory") from None


def _from_files(path: Path) -> Recorded:
    if path.is_dir():
        return _from_directory(path)
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if not is_zip:
        return Recorded(_evidence(_bounded(path)), _exhibits_beside(path.parent))
    from golive.bundle.archive import unpacked  # late: only a bundle needs it
    from golive.bundle.errors import BundleError

    try:
        files = unpacked(path.read_bytes())
    except BundleError as fault:
        raise UnreadableRecord(f"is no bundle of this suite ({fault}); give one as it was written") from None
    if RECORD not in files:
        raise UnreadableRecord(f"holds no {RECORD}; give a bundle of this suite")
    exhibits = {name: data for name, data in files.items() if name.startswith(EXHIBITS)}
    return Recorded(_evidence(files[RECORD]), exhibits)


def _from_directory(directory: Path) -> Recorded:
    if not (directory / RECORD).is_file():
        raise UnreadableRecord(f"holds no {RECORD}; give the report directory of a run, or its bundle")
    return Recorded(_evidence(_bounded(directory / RECORD)), _exhibits_beside(directory))


def _exhibits_beside(directory: Path) -> dict[str, bytes]:
    files = [file for file in sorted((directory / EXHIBITS).glob("*")) if file.is_file() and not file.is_symlink()]
    if sum(file.stat().st_size for file in files) > MOST_BYTES:
        raise UnreadableRecord(f"has exhibits of more than {MOST_BYTES // 2**20} MiB beside it")
    return {f"{EXHIBITS}{file.name}": file.read_bytes() for file in files}


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableRecord(f"is larger than {MOST_BYTES // 2**20} MiB; give the record of a run")
    return data


def _evidence(data: bytes) -> Evidence:
    try:
        return Evidence.model_validate_json(data)
    except ValidationError as fault:
        raise UnreadableRecord(_why_not(data, fault)) from None


def _why_not(data: bytes, fault: ValidationError) -> str:
    try:
        version = json.loads(data)["schema_version"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return "holds no record of a run; give a bundle, a report directory or an evidence.json"
    if version != "1":
        return "holds a record in another form than this suite reads (schema version 1); use the suite that wrote it"
    first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))[:120] or "the whole"
    return f"holds a record that this suite cannot read: {place}: {first['msg']}"
