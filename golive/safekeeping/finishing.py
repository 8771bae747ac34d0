"""Do what a journal leaves to be done, over the network."""

from io import FileIO
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from golive import __version__
from golive.clock import SystemClock, WaitingClock
from golive.connect import ConnectClient, RetryPolicy, Timeouts
from golive.connect.models.base import ApiModel
from golive.connect.sender import user_agent
from golive.evidence.base import build_all
from golive.guard import ForbiddenTarget
from golive.politeness.budget import Budget
from golive.politeness.gate import Gate
from golive.politeness.transport import PoliteTransport
from golive.recording import Recorder, Redactor, live_transport
from golive.safekeeping import journal
from golive.safekeeping.journal import Begun, Header, Pen, Told
from golive.safekeeping.release import Release, Released, stop

ANSWER_S: Final = (1.0, 1.0, 1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds that an answer may take, by the round: where a connection is dead, or one was cut off, the next try is what
helps. A stop that was acted on says so when it is sent again."""


def _gate(header: Header, clock: WaitingClock) -> Gate:
    """As many at once and in a second as the run itself might send. Clean-up is held back by nothing else."""
    return Gate(
        clock,
        most_at_once=max(1, header.at_once),
        per_second=header.per_second if header.per_second > 0 else None,
        budget=Budget(evses=0, fuzz_examples=0),
        pause_s=0.0,
    )


class _Notes:
    """The journal is carried on where the run left it."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def closed(self, number: int) -> None:
        self._pen.note(closed=number)

    def made(self, user_id: str, external_id: str) -> None:
        self._pen.note(made=user_id, external_id=external_id)

    def unmade(self, external_id: str) -> None:
        self._pen.note(unmade=external_id)

    def removed(self, user_id: str) -> None:
        self._pen.note(removed=user_id)


class Finisher:
    """All that is needed to finish for one run, loaded and connected to nothing yet: whoever makes one loses no time
    when it comes to it. Raises `ForbiddenTarget` where the journal names a host that is refused."""

    def __init__(self, header: Header, key: SecretStr, file: FileIO, *, actor: str) -> None:
        if not header.is_sealed_with(key):
            raise ForbiddenTarget(
                "what the journal says of its run was not written by a run with this key, or was altered; no key is "
                "sent where it leads"
            )
        build_all(ApiModel)
        self._pen = Pen(file)
        self._clock = SystemClock()
        recorder = Recorder(Redactor({"CONNECT_API_KEY": key}), self._clock)
        self._transport = PoliteTransport(live_transport(recorder), _gate(header, self._clock))
        self._clients = [
            ConnectClient(
                header.url,
                key,
                actor=actor,
                transport=self._transport,
                recorder=recorder,
                clock=self._clock,
                timeouts=Timeouts(connect_s=seconds, read_s=seconds, start_s=seconds),
                user_agent=user_agent(__version__, header.run_id),
                retry=RetryPolicy(tries=1, looks=1),
            )
            for seconds in ANSWER_S
        ]

    def finish(self, told: Told, *, until_s: float, users_s: float, at_once: bool = False) -> Released:
        """Stop and remove what `told` has, for at most so many seconds (`Release`)."""
        release = Release(
            told, self._clients, self._clock, _Notes(self._pen), until_s=until_s, users_s=users_s, at_once=at_once
        )
        return release.run()

    def cut(self, begun: Begun, *, whole_user: bool) -> bool:
        """Stop a session that has lasted too long. Returns whether there is nothing more to stop for now."""
        try:
            for session_id in stop(self._clients[-2], begun, whole_user=whole_user):
                self._pen.note(cut=session_id)
        except Exception:  # whatever it is: it is tried again
            return False
        return True

    def now(self) -> float:
        """Seconds since 1970, as the journal counts them."""
        return self._clock.now().timestamp()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


def finish_file(
    path: Path, key: SecretStr, file: FileIO, *, actor: str, until_s: float, users_s: float, at_once: bool = False
) -> Released | None:
    """Do what the journal at `path` leaves to be done. Returns what was done, None where nothing can be read."""
    told = journal.read(path)
    if told is None:
        return None
    finisher = Finisher(told.header, key, file, actor=actor)
    try:
        return finisher.finish(told, until_s=until_s, users_s=users_s, at_once=at_once)
    finally:
        finisher.close()
