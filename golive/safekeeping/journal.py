"""What a run has begun on its target, on disk before it is sent: a journal beside the run's report.

One JSON object a line, each written through to the disk. A line that is torn because the power went or the disk is
full is as good as not written: what it would have announced was not sent. No key is in it, only its fingerprint, and a
seal that nobody can make without it.
"""

import hmac
import json
import os
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from io import FileIO
from pathlib import Path
from typing import Any, Final, get_type_hints

from pydantic import SecretStr

from golive.clock import SystemClock
from golive.safekeeping import locks

PATTERN: Final = "journal-*.jsonl"


def name_of(run_id: str) -> str:
    """The file's name: runs that use the same folder, one after the other or at once, have a journal each."""
    return f"journal-{run_id}.jsonl"


@dataclass(frozen=True)
class Header:
    """Whose journal it is. Times are seconds."""

    run_id: str
    url: str
    key_fingerprint: str
    keep_users: bool = False
    user_prefix: str = ""
    """What the external ids of the run's users begin with, so that one is found whose id never came to be known."""
    patience_s: float = 60.0
    """How long a start that was sent may take to show up as a session."""
    guarded_s: float = 15 * 60.0
    """How long the guardian goes on where something cannot be stopped or removed."""
    max_hold_s: float = 60.0
    """How long a session on a shared VCP may last."""
    at_once: int = 8
    """How many requests may be under way to the target."""
    per_second: float = 0.0
    """How many may begin in a second; 0 sets no bound."""
    seal: str = ""
    """Shows that who wrote all this had the key: a file from elsewhere must not lead the key to another host."""

    def sealed(self, key: SecretStr) -> "Header":
        """The same, with its seal: 32 hexadecimal digits of an HMAC-SHA-256 under the key."""
        words = json.dumps(asdict(replace(self, seal="")), sort_keys=True)
        made = hmac.new(key.get_secret_value().encode(), f"cariqa-golive journal: {words}".encode(), "sha256")
        return replace(self, seal=made.hexdigest()[:32])

    def is_sealed_with(self, key: SecretStr) -> bool:
        """Whether a run that had this key wrote it, and nobody has altered it since."""
        return hmac.compare_digest(self.seal.encode(), self.sealed(key).seal.encode())


class Pen:
    """Appends JSON lines, each written through to the disk; safe to use from several threads."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._torn = file.seek(0, os.SEEK_END) > 0  # whether the last line is whole is not known

    def write(self, **entry: Any) -> None:
        """Raises `OSError` where the line is not on disk, `ValueError` where the file has been closed."""
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            rest = memoryview(b"\n" + line if self._torn else line)
            self._torn = True
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
            self._torn = False

    def note(self, **entry: Any) -> None:
        """Write down what has happened already: a full disk keeps nobody from tidying up."""
        with suppress(OSError, ValueError):
            self.write(**entry)


class Journal:
    """Written by the run; safe to use from several threads. The file is locked for as long as it is open, so that
    nobody takes a run that is under way for one that has died. Raises `OSError` where it cannot be written."""

    def __init__(self, path: Path, header: Header) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.told = Told(header)
        """What it would say if every line of it could be written."""
        self._starts: dict[int, Begun] = {}
        self._lock = threading.Lock()
        self._clock = SystemClock()
        self._file = path.open("ab", buffering=0)
        try:
            locks.hold(self._file)
            self._pen = Pen(self._file)
            self._pen.write(run=vars(header))
            locks.sync_folder(path.parent)
        except BaseException:
            self._file.close()
            raise

    def starting(self, number: int, user_id: str, evse_id: str, *, shared: bool) -> None:
        """A start is about to be sent; `number` tells it from the others of this run. Raises `OSError` where that
        cannot be written: the start must not be sent then."""
        entry = {"starting": number, "user_id": user_id, "evse_id": evse_id, "shared": shared, "at": self._now()}
        self._pen.write(**entry)
        self._remember(entry)

    def refused(self, number: int) -> None:
        """The start was refused: nothing is on its way any more."""
        self._note(refused=number)

    def began(self, number: int, session_id: str) -> None:
        """The start was answered with this session."""
        self._note(began=number, session_id=session_id, at=self._now())

    def closed(self, number: int) -> None:
        """The session has ended, or the start began none."""
        self._note(closed=number)

    def making(self, external_id: str) -> None:
        """A user with this external id is about to be asked for."""
        self._note(making=external_id)

    def unmade(self, external_id: str) -> None:
        """There is no user with this external id."""
        self._note(unmade=external_id)

    def made(self, user_id: str, external_id: str | None = None) -> None:
        """The run made this user, who may have been announced."""
        self._note(made=user_id, external_id=external_id)

    def removed(self, user_id: str) -> None:
        """The user is gone."""
        self._note(removed=user_id)

    def _note(self, **entry: Any) -> None:
        self._pen.note(**entry)
        self._remember(entry)

    def _remember(self, entry: Mapping[str, Any]) -> None:
        with self._lock:
            _add(self.told, self._starts, entry)

    def cut(self) -> frozenset[str]:
        """The sessions that the guardian stopped because they lasted too long."""
        try:
            told = read(self.path)
        except OSError:
            return frozenset()
        return frozenset() if told is None else frozenset(told.cut)

    def close(self) -> None:
        """The run is over; what it left is for the guardian, or for `python -m golive release`."""
        with suppress(OSError):
            self._file.close()

    def _now(self) -> float:
        return round(self._clock.now().timestamp(), 3)


@dataclass(frozen=True)
class Begun:
    """A start that may have left a session open; `session_id` is None where no answer is known. `at`: when it was
    sent, or answered, in seconds since 1970."""

    number: int
    user_id: str
    evse_id: str
    session_id: str | None = None
    shared: bool = False
    at: float = 0.0
    refused: bool = False


@dataclass
class Told:
    """What a journal says: what may still be open, which users are still there, which the run ever made, and by their
    external ids those that were asked for without an answer."""

    header: Header
    begun: dict[int, Begun] = field(default_factory=dict)
    users: dict[str, None] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be done: no session, and no user that should be removed or looked for."""
        return not self.begun and (self.header.keep_users or not (self.users or self.asked))


def read(path: Path) -> Told | None:
    """What the journal says; None where it does not even say whose it is. Raises `OSError`."""
    return said(path.read_bytes().split(b"\n"))


def said(lines: Iterable[bytes]) -> Told | None:
    """What these lines of a journal say; None where they do not even say whose it is."""
    told: Told | None = None
    starts: dict[int, Begun] = {}
    for line in lines:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue  # torn, or the end
        if isinstance(entry, dict):
            told = _add(told, starts, entry)
    return told


def _add(told: Told | None, starts: dict[int, Begun], entry: Mapping[str, Any]) -> Told | None:
    match entry:
        case {"run": dict(header)} if told is None:
            return _begun_with(header)
        case _ if told is None:
            return None
        case {"starting": int(number), "user_id": str(user_id), "evse_id": str(evse_id)}:
            shared, at = entry.get("shared") is True, _seconds(entry.get("at"))
            told.begun[number] = starts[number] = Begun(number, user_id, evse_id, None, shared, at)
        case {"refused": int(number)} if number in told.begun:
            told.begun[number] = replace(told.begun[number], refused=True)
        case {"began": int(number), "session_id": str(session_id)} if number in starts:
            at = _seconds(entry.get("at"))
            told.begun[number] = replace(starts[number], session_id=session_id, at=at)
        case {"closed": int(number)}:
            told.begun.pop(number, None)
        case {"cut": str(session_id)}:
            told.cut.add(session_id)
        case {"making": str(external_id)}:
            told.asked.add(external_id)
        case {"unmade": str(external_id)}:
            told.asked.discard(external_id)
        case {"made": str(user_id)}:
            told.users[user_id] = None
            told.made.add(user_id)
            told.asked.discard(str(entry.get("external_id")))
        case {"removed": str(user_id)}:
            told.users.pop(user_id, None)
    return told


def _begun_with(header: Mapping[str, Any]) -> Told | None:
    """None where it is not what this version writes."""
    kinds = {name: (int, float) if kind is float else kind for name, kind in get_type_hints(Header).items()}
    if not all(name in kinds and isinstance(value, kinds[name]) for name, value in header.items()):
        return None
    with suppress(TypeError):  # something is missing
        return Told(Header(**header))
    return None


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
