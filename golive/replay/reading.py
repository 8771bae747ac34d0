"""The record out of a bundle, a report directory or an evidence.json."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from golive.evidence.model import HOLD_WATCH, Evidence
from golive.replay.errors import UnreadableRecord
from golive.replay.gaps import first_gaps
from golive.replay.shelf import Shelf

RECORD: Final = "evidence.json"
MOST_BYTES: Final = 256 * 2**20
"""Of the exhibits beside an evidence.json together."""


@dataclass(frozen=True)
class Recorded:
    """A record, and the exhibits that lay beside it by their path."""

    evidence: Evidence
    exhibits: Mapping[str, bytes] = field(default_factory=dict)

    def shelf(self) -> Shelf:
        """Its exchanges, to be asked for again."""
        groups = [journey.actors for journey in self.evidence.journeys]
        asked_again = [exchange for exchange in self.evidence.exchanges if exchange.actor != HOLD_WATCH]
        return Shelf(asked_again, groups, first_gaps(self.evidence))

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
    from golive.bundle.errors import BundleError  # late: few runs are replays

    try:
        return _from_files(path)
    except OSError as fault:
        raise UnreadableRecord(f"cannot be read ({fault.strerror}); give a bundle or a report directory") from None
    except BundleError as fault:
        raise UnreadableRecord(f"cannot be replayed: {fault}; give a record as this suite wrote it") from None


def _from_files(path: Path) -> Recorded:
    from golive.bundle.opening import evidence_of, open_bundle, read_record

    if path.is_dir():
        if not (path / RECORD).is_file():
            raise UnreadableRecord(f"holds no {RECORD}; give the report directory of a run, or its bundle")
        return _with_exhibits(evidence_of(path / RECORD), _beside(path))
    if path.exists() and not path.is_file():
        raise UnreadableRecord("is no regular file; give a bundle or a report directory")
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    if not is_zip:
        return _with_exhibits(evidence_of(path), _beside(path.parent))
    files = open_bundle(path).files
    if RECORD not in files:
        raise UnreadableRecord(f"holds no {RECORD}; give a bundle of this suite")
    return _with_exhibits(read_record(files[RECORD]), files.get)


def _with_exhibits(evidence: Evidence, bytes_of: Callable[[str], bytes | None]) -> Recorded:
    """A record may come from anywhere: only what it names itself is taken, and that only as exhibits are named."""
    from golive.report.exhibits import is_ours

    found = {path: bytes_of(path) for path in evidence.attached if is_ours(path)}
    return Recorded(evidence, {path: data for path, data in found.items() if data is not None})


def _beside(directory: Path) -> Callable[[str], bytes | None]:
    """The exhibits beside an evidence.json; all together they have their bound."""
    left = MOST_BYTES

    def read(path: str) -> bytes | None:
        nonlocal left
        file = directory / path
        if file.is_symlink() or not file.is_file():
            return None
        with file.open("rb") as opened:
            data = opened.read(left + 1)
        if len(data) > left:
            raise UnreadableRecord(f"has exhibits of more than {MOST_BYTES // 2**20} MiB beside it")
        left -= len(data)
        return data

    return read
