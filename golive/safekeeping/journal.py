"""What a run has begun on its target, on disk before it is sent: `journal.jsonl` beside the run's report.

One JSON object a line, each written through to the disk. A line that is torn because the power went is as good as
not written: what it would have announced was not sent yet. No key is in it, only its fingerprint.
"""

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from golive.safekeeping import locks

NAME: Final = "journal.jsonl"


@dataclass(frozen=True)
class Header:
    """Whose journal it is."""

    run_id: str
    url: str
    key_fingerprint: str
    keep_users: bool = False
    patience_s: float = 60.0
    """How long a start that was sent may take to show up as a session, in seconds."""
    guarded_s: float = 15 * 60.0
    """How long the guardian goes on where the target cannot be reached, in seconds."""


class Journal:
    """Written by the run; safe to use from several threads. The file is locked for as long as it is open, so that
    nobody takes a run that is under way for one that has died."""

    def __init__(self, path: Path, header: Header) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = threading.Lock()
        self._file: IO[bytes] = path.open("ab")
        locks.hold(self._file)
        self._write(run=vars(header))

    def starting(self, number: int, user_id: str, evse_id: str) -> None:
        """A start is about to be sent; `number` tells it from the others of this run. Raises `OSError` where that
        cannot be written: the start must not be sent then."""
        self._write(starting=number, user_id=user_id, evse_id=evse_id)

    def began(self, number: int, session_id: str) -> None:
        """The start was answered with this session."""
        self._note(began=number, session_id=session_id)

    def closed(self, number: int) -> None:
        """The session has ended, or the start began none."""
        self._note(closed=number)

    def made(self, user_id: str) -> None:
        """The run made this user."""
        self._note(made=user_id)

    def removed(self, user_id: str) -> None:
        """The user is gone."""
        self._note(removed=user_id)

    def close(self) -> None:
        """The run is over; what it left is for the guardian, or for `python -m golive release`."""
        with self._lock, suppress(OSError):
            self._file.close()

    def _note(self, **entry: Any) -> None:
        """What has happened already: a full disk must not keep the run from going on to tidy up."""
        with suppress(OSError, ValueError):
            self._write(**entry)

    def _write(self, **entry: Any) -> None:
        with self._lock:
            append(self._file, entry)


def append(file: IO[bytes], entry: Mapping[str, Any]) -> None:
    """Write one line through to the disk. Raises `OSError` where that is not possible."""
    file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())


@dataclass(frozen=True)
class Begun:
    """A start that may have left a session open; `session_id` is None where no answer is known."""

    number: int
    user_id: str
    evse_id: str
    session_id: str | None = None


@dataclass
class Told:
    """What a journal says: what may still be open, and which users are still there."""

    header: Header
    begun: dict[int, Begun] = field(default_factory=dict)
    users: dict[str, None] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be done: no session, and no user that should be removed."""
        return not self.begun and (self.header.keep_users or not self.users)


def read(path: Path) -> Told | None:
    """What the journal says; None where it does not even say whose it is. Raises `OSError`."""
    told: Told | None = None
    for line in path.read_bytes().split(b"\n"):
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # torn, or the end
        if isinstance(entry, dict):
            told = _add(told, entry)
    return told


def _add(told: Told | None, entry: dict[str, Any]) -> Told | None:
    match entry:
        case {"run": dict(header)}:
            with suppress(TypeError):
                return Told(Header(**header))
        case _ if told is None:
            return None
        case {"starting": int(number), "user_id": str(user_id), "evse_id": str(evse_id)}:
            told.begun[number] = Begun(number, user_id, evse_id)
        case {"began": int(number), "session_id": str(session_id)} if number in told.begun:
            begun = told.begun[number]
            told.begun[number] = Begun(number, begun.user_id, begun.evse_id, session_id)
        case {"closed": int(number)}:
            told.begun.pop(number, None)
        case {"made": str(user_id)}:
            told.users[user_id] = None
        case {"removed": str(user_id)}:
            told.users.pop(user_id, None)
    return told
