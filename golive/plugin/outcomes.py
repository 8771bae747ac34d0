"""What became of a check: passed, failed, inconclusive, skipped, or an error of the harness itself.

The exception's type decides (`golive.judging`). Inconclusive is an outcome of its own: pytest counts it neither as
passed nor as failed nor as skipped.
"""

import warnings
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from golive.evidence.model import CheckResult
from golive.judging import conclude
from golive.outcomes import Conclusion, Outcome, Owner
from golive.plugin.masking import mask_report, mask_trace, mask_tracing, mask_warning, masked_logs
from golive.plugin.run import RUN, Run
from golive.plugin.selection import is_check

_WORSE = list(Outcome)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Whatever is sent while a check runs is recorded under its node id."""
    run = item.config.stash.get(RUN, None)
    if run is None or not run.opened or not is_check(item):
        return (yield)
    run.checks[item.nodeid] = run.checks[item.nodeid].model_copy(update={"message": "was interrupted"})
    with run.recorder.running(item.nodeid) as exchanges:
        run.standing[item.nodeid] = exchanges
        try:
            return (yield)
        finally:
            check = run.checks[item.nodeid]
            run.checks[item.nodeid] = done = check.model_copy(update={"exchanges": tuple(exchanges)})
            if run.unfinished is not None:
                run.unfinished.check(done)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge each phase of a check; innermost, so that every other report sees the same outcome."""
    report = yield
    run = item.config.stash.get(RUN, None)
    if run is None or not run.opened:
        return report
    mask_report(report, run.redactor)
    if not is_check(item):
        return report
    finding = _lacking(run, item.nodeid) or _finding(report, call, run.standing[item.nodeid])
    _enter(run, item.nodeid, report, finding)
    if finding is None:
        return report
    outcome, owner, message = finding
    run.findings[item.nodeid, report.when or ""] = (outcome, owner)
    report.user_properties += [("outcome", outcome.value), ("owner", owner.value)]
    said = f"{outcome.value}, {owner.value}: {run.redactor.text(message)}"
    if outcome is Outcome.INCONCLUSIVE:
        report.outcome = "inconclusive"  # type: ignore[assignment]
    elif report.outcome != "failed":
        report.outcome = "failed"
    if outcome is not Outcome.ERROR and isinstance(call.excinfo and call.excinfo.value, Conclusion):
        report.longrepr = said
    report.sections.append(("go-live finding", said))
    return report


def _lacking(run: Run, nodeid: str) -> tuple[Outcome, Owner, str] | None:
    """What rests on a request that the record of a replay does not answer is no finding, whatever came of it; said
    once, in the phase that asked."""
    if run.checks[nodeid].outcome is Outcome.ERROR:
        return None
    unanswered = run.source.unanswered
    lacking = next((unanswered[id_] for id_ in run.standing[nodeid] if id_ in unanswered), None)
    return None if lacking is None else (Outcome.ERROR, Owner.SUITE, lacking)


def _finding(
    report: pytest.TestReport, call: pytest.CallInfo[None], evidence: list[str]
) -> tuple[Outcome, Owner, str] | None:
    if call.excinfo is None:
        if report.when == "call" and report.passed and not evidence:
            return Outcome.ERROR, Owner.SUITE, "the check passed without reading any evidence"
        return None
    if report.skipped:
        return None
    exc = call.excinfo.value
    conclusion = conclude(exc)
    if conclusion is None or report.when == "teardown":
        return Outcome.ERROR, Owner.SUITE, f"{type(exc).__name__}: {exc}"
    return conclusion.outcome, conclusion.owner, conclusion.message


def _enter(run: Run, nodeid: str, report: pytest.TestReport, finding: tuple[Outcome, Owner, str] | None) -> None:
    check = run.checks[nodeid]
    update: dict[str, object] = {"duration_s": round(check.duration_s + report.duration, 4)}
    if finding is not None:
        outcome, owner, message = finding
        if _WORSE.index(outcome) < _WORSE.index(check.outcome):
            update |= {"outcome": outcome, "owner": owner, "message": run.redactor.text(message)}
    elif report.skipped and check.outcome in (Outcome.NOT_RUN, Outcome.PASSED):
        update |= {"outcome": Outcome.SKIPPED, "message": run.redactor.text(_reason(report))}
    elif report.when == "call" and report.passed and check.outcome is Outcome.NOT_RUN:
        update |= {"outcome": Outcome.PASSED, "message": None}
    run.checks[nodeid] = CheckResult.model_validate(check.model_dump() | update)


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return "was skipped"


class _Told:
    """What is told and belongs to no check: warnings, modules that cannot be collected, tracebacks of pytest's own
    errors, and where Ctrl-C struck (`--full-trace`)."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._run = config.stash[RUN]

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        mask_warning(warning_message, self._run.redactor)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        mask_report(report, self._run.redactor)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object) -> None:
        self._mask(excrepr)

    @pytest.hookimpl(trylast=True)
    def pytest_keyboard_interrupt(self) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        self._mask(getattr(terminal, "_keyboardinterrupt_memo", None))

    def _mask(self, trace: object) -> None:
        mask_trace(trace, self._run.redactor)


def pytest_configure(config: pytest.Config) -> None:
    if RUN not in config.stash:
        return
    config.pluginmanager.register(_Told(config), "golive-tracebacks")
    run = config.stash[RUN]
    mask_tracing(config, lambda: run.redactor)
    open_ = ExitStack()
    open_.enter_context(masked_logs(lambda: run.redactor))
    config.add_cleanup(open_.close)


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> tuple[str, str, object] | None:
    """pytest's own word for it, with inconclusive and the harness's errors told apart."""
    run = config.stash.get(RUN, None)
    outcome, _ = run.findings.get((report.nodeid, report.when or ""), (None, None)) if run else (None, None)
    if outcome is Outcome.INCONCLUSIVE:
        return "inconclusive", "?", ("INCONCLUSIVE", {"yellow": True})
    if outcome is Outcome.ERROR:
        return "error", "E", ("ERROR", {"red": True})
    if outcome is Outcome.FAILED:
        return "failed", "F", ("FAILED", {"red": True})
    return None
