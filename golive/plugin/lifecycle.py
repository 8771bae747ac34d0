"""The run around pytest's own loop: preflight, journeys, clean-up, evidence, exit status."""

import os
from collections.abc import Generator

import pytest

from golive.evidence.verdict import gate_holds
from golive.interrupts import Interrupts
from golive.outcomes import Outcome, Owner
from golive.plugin import contract_watch, unfinished
from golive.plugin.asked import expected
from golive.plugin.occupied import occupy
from golive.plugin.outputs import EVIDENCE, write_all
from golive.plugin.preflight import probe_all
from golive.plugin.record import assemble, begun
from golive.plugin.replaying import compare_with_record
from golive.plugin.run import RUN, Run
from golive.plugin.scans import scan_all
from golive.plugin.selection import is_check, needs_of
from golive.settings import SettingsError
from golive.settings.scanned import holds_the_key

_INTERRUPTS = pytest.StashKey[Interrupts]()
_FAILURES = (Outcome.FAILED, Outcome.ERROR)
_BAD = pytest.StashKey[pytest.Session]()
"""The session of a run whose exit status cannot be 0."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Probe first; where a probe fails no check runs, and the run ends there with its one cause."""
    run = _run_of(session)
    if run is None or not any(is_check(item) for item in session.items):
        return None
    if session.testsfailed and not session.config.option.continue_on_collection_errors:
        return None  # pytest itself stops there
    occupy(run, session.config)
    session.config.stash[_INTERRUPTS] = interrupts = Interrupts()
    interrupts.begin()
    with interrupts.raised():
        _open(run)
        _look_at_the_env_file(run)
        _read_contract(run, session.config)
        run.probes = probe_all(run)
        unfinished.note_probes(run)
        if run.is_blocked:
            session.testsfailed += 1
            return True
        needs, checks = needs_of(run, session.items), sum(map(is_check, session.items))
        run.expected = expected(needs, checks, run.settings.fuzz_examples)
        run.begin_journeys(needs)
    return None


def _open(run: Run) -> None:
    unfinished.reserve(run)
    try:
        run.open()
    except SettingsError as exc:
        _nothing_to_report(run)
        raise pytest.UsageError(str(exc)) from None
    unfinished.begin(run, begun(run))


def _look_at_the_env_file(run: Run) -> None:
    """Whoever can read the key can charge with it: the partner is told, and so is the reviewer."""
    dotenv = run.root / ".env"
    if run.source.record is None and dotenv.is_file() and holds_the_key(dotenv, os.environ):
        from golive.scanning.tracked import carelessness  # late: collecting has no need of it

        for code, message in carelessness(dotenv):
            run.recorder.observe(code, message, owner=Owner.PARTNER, exchanges=())


def _read_contract(run: Run, config: pytest.Config) -> None:
    """The published contract, where it is asked for by URL; without it the run ends before it has begun."""
    try:
        contract_watch.fetch(config, run)
    except SettingsError as exc:
        _nothing_to_report(run)
        raise pytest.UsageError(str(exc)) from None


def _nothing_to_report(run: Run) -> None:
    """Nothing was asked of the target."""
    run.close(hurry=lambda: True)
    run.opened = False


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _interruptible(item))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _interruptible(item))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _interruptible(item))


def _interruptible(item: pytest.Item) -> Generator[None, object, object]:
    """A check's own code runs within, so Ctrl-C may raise there."""
    interrupts = item.config.stash.get(_INTERRUPTS, None)
    if interrupts is None:
        return (yield)
    with interrupts.raised():
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
    """Leave nothing open behind, write the evidence, and let `--gate` speak."""
    run = _run_of(session)
    try:
        if run is not None and run.opened:
            _finish(run, session, exitstatus)
        elif run is not None:
            unfinished.end(run)
    finally:
        if interrupts := session.config.stash.get(_INTERRUPTS, None):
            interrupts.end()


def _finish(run: Run, session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
    interrupts = session.config.stash[_INTERRUPTS]
    run.close(hurry=lambda: interrupts.seen or _ended_early(run, exitstatus))
    if interrupts.seen:
        run.interrupted = True
        session.exitstatus = exitstatus = pytest.ExitCode.INTERRUPTED
    contract_watch.compare_record(session.config, run)
    record = run.source.record
    run.scans = scan_all(run, hurry=lambda: interrupts.seen) if record is None else record.scans
    unfinished.say_what_was_not_written(run)
    evidence = assemble(run)
    session.config.stash[EVIDENCE] = evidence
    agrees = compare_with_record(session.config, run, evidence)
    try:
        write_all(evidence, run.report_dir, run.files)
    except OSError as fault:  # all else has been done: nothing is open, and the verdict can be told
        run.unwritten = fault
    else:
        unfinished.end(run)
    holds = not run.settings.gate or gate_holds(
        evidence.verdict, evidence.tests, evidence.preflight, complete=evidence.run.complete
    )
    if not (holds and agrees) or run.is_blocked or any(check.outcome in _FAILURES for check in evidence.tests):
        session.config.stash[_BAD] = session
        _fail(session)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The last word on the exit status: a mark such as `xfail`, or another plugin, makes no failure good."""
    if (session := config.stash.get(_BAD, None)) is not None:
        _fail(session)


def _fail(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _ended_early(run: Run, exitstatus: int | pytest.ExitCode) -> bool:
    """Whether something other than a failure ended the run: Ctrl-C, `pytest.exit`, an error of pytest itself."""
    if exitstatus == pytest.ExitCode.TESTS_FAILED:
        return False
    unfinished = any(check.outcome is Outcome.NOT_RUN for check in run.checks.values())
    return exitstatus in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR) or unfinished


def _run_of(session: pytest.Session) -> Run | None:
    if session.config.option.collectonly:
        return None
    return session.config.stash.get(RUN, None)
