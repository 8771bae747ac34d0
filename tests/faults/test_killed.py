"""A run that is killed leaves a partial record, which never passes for that of a run that came to its end."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from golive.__main__ import main
from golive.bundle.seal import seal
from golive.evidence import partial
from golive.evidence.model import Evidence
from golive.report import VIEWS
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.faults.survival import EVSE, assert_survived, survive, validate, wait_for_guardian
from tests.plugin.bench import BRISK, CANARY_KEY, CANARY_PUBLISHABLE_KEY, TICK, keys_of
from tests.plugin.launch import PATIENCE_S, ROOT, clean_environment, pytest_command, run_pytest
from tests.secrets.search import below, leaks

SELECTED = ("-k", "users or charging or cdr", f"--evse={EVSE}", "--start-timeout=3")
"""The guardian waits for a start without an answer as long as one may take; only then it removes the users."""
OPTIONS = SimulatorOptions(tick=TICK, key=CANARY_KEY, publishable_key=CANARY_PUBLISHABLE_KEY)


@dataclass
class UnderWay:
    """A run that has written so many lines of its record."""

    sim: EmbeddedSimulator
    report: Path
    process: subprocess.Popen[bytes]

    @property
    def file(self) -> Path:
        return self.report / partial.NAME

    def kill(self) -> bytes:
        """Kill -9. Returns what is on disk then."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)
        return self.file.read_bytes()


@contextmanager
def under_way(directory: Path, lines: int) -> Iterator[UnderWay]:
    report = directory / "report"
    with EmbeddedSimulator(OPTIONS) as sim:
        command = pytest_command(f"--report-dir={report}", f"--target={sim.url}", *BRISK, *SELECTED)
        environment = clean_environment(directory / "home", keys_of(sim))
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            run = UnderWay(sim, report, process)
            over = time.monotonic() + PATIENCE_S
            try:
                while _lines(run.file) < lines:
                    assert process.poll() is None, "it ended before it was killed"
                    assert time.monotonic() < over
                    os.sched_yield()
                yield run
            finally:
                process.kill()
                wait_for_guardian(sim)


def _lines(file: Path) -> int:
    try:
        return file.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def _record(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("lines", [1, 10, 40, 90, 140])
def test_what_was_written_when_it_was_killed_is_recovered(
    tmp_path: Path, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with under_way(tmp_path, lines) as run:
        data = run.kill()
    assert not (run.report / "evidence.json").exists(), "nothing that could be taken for a record"
    assert leaks([("unfinished.jsonl", data)], [CANARY_KEY, CANARY_PUBLISHABLE_KEY]) == []
    assert main(["recover", str(run.report)]) == 0, capsys.readouterr().err
    assert "partial" in capsys.readouterr().out
    record = _record(run.report)
    evidence = validate(record)
    assert (evidence.run.complete, evidence.run.died) == (False, True)
    assert evidence.verdict.status == "incomplete"
    assert leaks(below(run.report), [CANARY_KEY, CANARY_PUBLISHABLE_KEY]) == []
    ended = {entry["exchange"]["id"] for entry in _whole(data) if _has_ended(entry)}
    assert ended <= {exchange.id for exchange in evidence.exchanges if exchange.response or exchange.error}
    assert len(ended) > lines / 4 - 5
    assert {check["nodeid"] for check in record["tests"]} == {check.nodeid for check in _begun(data).tests}
    _assert_said_on_every_view(run.report)
    _assert_verified_as_partial(run.report, evidence, capsys)
    assert main(["recover", str(run.report)]) == 4
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["recover", str(run.report), "--to", str(tmp_path / "elsewhere")]) == 0


def _whole(data: bytes) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in data.split(b"\n")[:-1])


def _has_ended(entry: dict[str, Any]) -> bool:
    exchange = entry.get("exchange")
    return bool(exchange and (exchange["response"] or exchange["error"]))


def _begun(data: bytes) -> Evidence:
    return Evidence.model_validate(next(_whole(data))["begun"])


def _assert_said_on_every_view(folder: Path) -> None:
    assert "killed" in (folder / "evidence.html").read_text(encoding="utf-8")
    assert "Partial" in (folder / "summary.md").read_text(encoding="utf-8")
    assert 'name="complete" value="false"' in (folder / "junit.xml").read_text(encoding="utf-8")


def _assert_verified_as_partial(folder: Path, evidence: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    """It agrees with itself in everything, and the last line says that it is no whole run's."""
    sealed = seal(folder, evidence, parts=("evidence.json", *VIEWS), finds=lambda _files: None)
    capsys.readouterr()
    status = main(["verify", str(sealed.path)])
    said = " ".join(capsys.readouterr().out.split())
    assert status == 0, said
    assert "agreed on the record: it is partial, the run was killed" in said


def test_nobody_else_writes_where_a_run_is_under_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with under_way(tmp_path, 10) as run:
        run.process.send_signal(signal.SIGSTOP)  # so that it does not end meanwhile
        before = run.file.read_bytes()
        assert main(["recover", str(run.report)]) == 4
        assert "under way" in capsys.readouterr().err
        second = run_pytest(tmp_path, f"--target={run.sim.url}", *BRISK, *SELECTED, env=keys_of(run.sim))
        assert second.status == 4, second.output
        assert "another run is writing there" in second.output
        assert "Traceback" not in second.output
        assert run.file.read_bytes() == before
        run.kill()


def test_a_run_in_the_folder_of_one_that_died_puts_its_record_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with under_way(tmp_path, 40) as run:
        data = run.kill()
        second = run_pytest(tmp_path, f"--target={run.sim.url}", *BRISK, *SELECTED, env=keys_of(run.sim))
    assert second.status == 0, second.output
    assert second.evidence["run"]["complete"] is True
    died = _begun(data).run.id
    aside = run.report / f"unfinished-{died}.jsonl"
    assert aside.read_bytes() == data
    assert not run.file.exists()
    assert main(["recover", str(aside)]) == 4, "the folder has a record, that of another run"
    assert main(["recover", str(aside), "--to", str(tmp_path / "of the dead")]) == 0
    assert _record(tmp_path / "of the dead")["run"]["id"] == died
    assert main(["recover", str(run.report)]) == 4
    assert "ended by itself" in capsys.readouterr().err


def test_a_run_that_ends_by_itself_leaves_no_partial_record(tmp_path: Path) -> None:
    finished = survive(tmp_path)
    assert_survived(finished, owners=set(), passes=True)
    assert list(finished.report.glob("unfinished*")) == []
    assert finished.evidence["run"]["died"] is False


def test_a_disk_that_is_full_does_not_end_the_run(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    finished = survive(tmp_path, env={"FAULTS_FULL_DISK": "1"})
    assert_survived(finished, owners=set(), passes=True)
    (seen,) = [seen for seen in finished.evidence["observations"] if seen["code"] == "NO_PARTIAL_RECORD"]
    assert seen["owner"] == "environment"
    assert "No space left" in seen["message"]
