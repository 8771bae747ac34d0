"""Writes the record of a run while it is under way, so that something is left of one that is killed."""

import errno
import os
import re
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from golive.evidence import partial
from golive.evidence.base import Model
from golive.evidence.model import CheckResult, Evidence, Exchange, Observation, Probe
from golive.journeys.conductor import Journey
from golive.journeys.told import journey_told, lived_rows
from golive.outcomes import Owner
from golive.plugin.run import Run
from golive.safekeeping import locks

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Unfinished:
    """The file of a run that is under way; safe to use from several threads.

    It is locked for as long as it is open. A disk that is full ends it, and nothing else.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self.fault: OSError | None = None
        """Why nothing more is written; None while all goes well."""
        try:
            self._file = _opened(path)
        except OSError as fault:
            self.fault = fault

    # -- what is added ---------------------------------------------------------------------------------------

    def begun(self, evidence: Evidence) -> None:
        """The first line: what is known before anything was asked."""
        self._add(partial.HEAD, evidence)

    def probe(self, probe: Probe) -> None:
        self._add(partial.PROBE, probe)

    def check(self, check: CheckResult) -> None:
        self._add(partial.CHECK, check)

    def exchange(self, exchange: Exchange) -> None:
        self._add(partial.EXCHANGE, exchange)

    def observation(self, observation: Observation) -> None:
        self._add(partial.OBSERVATION, observation)

    def journey(self, run: Run, journey: Journey) -> None:
        """A journey that has ended, and its row of the matrix: those of the others are still being lived."""
        told = journey_told(journey)
        self._add(partial.JOURNEY, told)
        for row in lived_rows(run.catalogue.vcps, run.conductor):
            if (row.evse_id, row.session_id) == (told.evse_id, told.session_id):
                self._add(partial.EVSE, row)

    # -- its end ---------------------------------------------------------------------------------------------

    def over(self) -> None:
        """The whole record has been written: this one is not needed any more."""
        with self._lock:
            if self._file is not None:
                with suppress(OSError):
                    self._file.close()
                with suppress(OSError):
                    self._path.unlink()
            self._file = None

    def _add(self, kind: str, thing: Model) -> None:
        self._write(kind, thing.model_dump_json())

    def _write(self, kind: str, value: str) -> None:
        line = f'{{"{kind}":{value}}}\n'.encode("utf-8", "replace")
        with self._lock:
            if self._file is None or self.fault is not None:
                return
            try:
                if self._file.write(line) != len(line):
                    self.fault = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError as fault:
                self.fault = fault


def _opened(path: Path) -> IO[bytes]:
    """A new file, locked so that nobody takes this run for one that has died. That of a run that died here before is
    put aside under that run's id. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _put_aside(path)
    file = path.open("xb", buffering=0)
    locks.claim(file)
    return file


def _put_aside(path: Path) -> None:
    try:
        with path.open("rb") as former:
            id_ = partial.run_id_of(former.readline())
    except FileNotFoundError:
        return
    if id_ is not None and _ID.fullmatch(id_):
        path.replace(path.with_name(f"{path.stem}-{id_}{path.suffix}"))
    else:
        path.unlink()


def reserve(run: Run) -> None:
    """Make the file before anything else is begun; the directory is this run's alone (`golive.plugin.occupied`). A
    replay can be run again at any time, so nothing is kept of it."""
    if run.source.record is None:
        run.unfinished = Unfinished(run.report_dir / partial.NAME)


def begin(run: Run, evidence: Evidence) -> None:
    """Write down from now on what `run`, which has been opened, learns."""
    if run.unfinished is not None:
        run.unfinished.begun(evidence)
        run.recorder.listener = run.unfinished


def note_probes(run: Run) -> None:
    """The preflight is over."""
    if run.unfinished is not None:
        for probe in run.probes:
            run.unfinished.probe(probe)


def end(run: Run) -> None:
    """The evidence of `run` is whole on disk, or there is none to be written."""
    if run.unfinished is not None:
        run.unfinished.over()


def say_what_was_not_written(run: Run) -> None:
    """A disk that is full is nobody's failure, but whoever kills the run is to know that nothing is left of it."""
    if run.unfinished is not None and (fault := run.unfinished.fault) is not None:
        run.recorder.observe(
            "NO_PARTIAL_RECORD",
            f"the record could not be written while the run was under way: {fault.strerror or fault}",
            owner=Owner.ENVIRONMENT,
            exchanges=(),
        )
