"""Do what a journal leaves to be done, over the network."""

import contextlib
from pathlib import Path
from typing import IO, Any

from pydantic import SecretStr

from golive.clock import SystemClock
from golive.connect import ConnectClient
from golive.recording import Recorder, Redactor, live_transport
from golive.safekeeping import journal
from golive.safekeeping.release import Release, Released


class _Notes:
    """The journal is carried on where the run left it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def closed(self, number: int) -> None:
        self._append(closed=number)

    def removed(self, user_id: str) -> None:
        self._append(removed=user_id)

    def _append(self, **entry: Any) -> None:
        with contextlib.suppress(OSError):  # a full disk keeps nobody from stopping a session
            journal.append(self._file, entry)


def finish(path: Path, key: SecretStr, *, file: IO[bytes], actor: str, until_s: float | None = None) -> Released | None:
    """Do what the journal at `path` leaves to be done, for `until_s` seconds or as long as it says itself.

    Returns what was done, None where nothing can be read. Raises `ForbiddenTarget` where the journal names a host that
    is refused.
    """
    told = journal.read(path)
    if told is None:
        return None
    clock = SystemClock()
    recorder = Recorder(Redactor({"CONNECT_API_KEY": key}), clock)
    transport = live_transport(recorder)
    try:
        client = ConnectClient(
            told.header.url,
            key,
            actor=actor,
            transport=transport,
            recorder=recorder,
            clock=clock,
            user_agent=f"cariqa-golive ({actor} of run {told.header.run_id})",
        )
        return Release(
            told, client, clock, _Notes(file), until_s=told.header.guarded_s if until_s is None else until_s
        ).run()
    finally:
        transport.close()
