"""Allure's results, with what it does not know of: requirements, exchanges as steps, the inconclusive outcome."""

import json
from collections.abc import Generator
from functools import partial

import allure
import allure_commons
import pytest
from allure_commons.model2 import Status, TestResult, TestResultContainer

from golive.evidence.model import CheckResult, Exchange
from golive.outcomes import Outcome
from golive.plugin.masking import mask_attributes
from golive.plugin.run import RUN, Run
from golive.plugin.selection import is_check

MOST_STEPS = 10
"""Exchanges of a check shown as steps; all are in the evidence, where the requirement links lead."""
_OUTCOME = "golive-outcome"


_STATUS = {
    Outcome.ERROR: Status.BROKEN,
    Outcome.FAILED: Status.FAILED,
    Outcome.INCONCLUSIVE: Status.UNKNOWN,
}
"""Allure knows no inconclusive outcome; its `unknown` is what comes closest, and neither passed nor skipped."""


class OwnStatus:
    """Allure judges by whether an exception is an AssertionError; here the finding decides, the worst of its phases.

    It also takes messages and tracebacks from the exceptions themselves: they are masked before they are written.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: TestResultContainer) -> None:
        self._mask(container)

    def _mask(self, thing: object) -> None:
        run = self._config.stash.get(RUN, None)
        if run is not None and run.opened:
            mask_attributes(thing, run.redactor)

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        self._mask(result)
        found = {label.value for label in result.labels or () if label.name == _OUTCOME}
        for outcome, status in _STATUS.items():  # worst first
            if outcome in found:
                result.status = status
                return


class FullDisk:
    """Allure writes while checks run: what it cannot write is no reason to end the run in the middle."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def _written(self) -> Generator[None, object, object]:
        try:
            return (yield)
        except OSError as fault:
            self._config.stash[RUN].unwritten = fault
            return None

    @allure_commons.hookimpl(wrapper=True)
    def report_result(self) -> Generator[None, object, object]:
        return (yield from self._written())

    @allure_commons.hookimpl(wrapper=True)
    def report_container(self) -> Generator[None, object, object]:
        return (yield from self._written())

    @allure_commons.hookimpl(wrapper=True)
    def report_attached_file(self) -> Generator[None, object, object]:
        return (yield from self._written())

    @allure_commons.hookimpl(wrapper=True)
    def report_attached_data(self) -> Generator[None, object, object]:
        return (yield from self._written())


def pytest_configure(config: pytest.Config) -> None:
    if RUN in config.stash and _is_asked(config):
        for name, plugin in (("golive-status", OwnStatus(config)), ("golive-full-disk", FullDisk(config))):
            allure_commons.plugin_manager.register(plugin, name)
            config.add_cleanup(partial(allure_commons.plugin_manager.unregister, plugin))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Name the requirements before the check, and show its exchanges as steps after it."""
    run = item.config.stash.get(RUN, None)
    if run is None or not run.opened or not is_check(item) or not _is_asked(item.config):
        return (yield)
    check = run.checks[item.nodeid]
    allure.dynamic.title(check.title)
    allure.dynamic.feature(check.section)
    allure.dynamic.description(_description(run, check))
    for id_ in check.requirement_ids:
        allure.dynamic.tag(id_)
        allure.dynamic.link(_address(run, id_), name=id_)
    try:
        return (yield)
    finally:
        _show_exchanges(run, item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],  # noqa: ARG001 - pytest names the arguments
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    run = item.config.stash.get(RUN, None)
    finding = run.findings.get((item.nodeid, report.when or "")) if run else None
    if finding is not None and _is_asked(item.config):
        allure.dynamic.label(_OUTCOME, finding[0].value)
        allure.dynamic.label("owner", finding[1].value)
    return report


def _address(run: Run, requirement_id: str) -> str:
    """Where the report says of this line: seen from a report that Allure makes beside `allure-results`."""
    row = next(n for n, requirement in enumerate(run.catalogue.register, start=1) if requirement.id == requirement_id)
    return f"../evidence.html#requirement-{row}"


def _description(run: Run, check: CheckResult) -> str:
    """The check's sentence and the lines it serves, in Markdown. Allure 3 makes no link of a relative address among a
    check's links, but it does so here."""
    lines = {requirement.id: requirement for requirement in run.catalogue.register}
    served = [
        f"- [{id_}]({_address(run, id_)}) {lines[id_].title} ({lines[id_].source})" for id_ in check.requirement_ids
    ]
    return "\n".join([check.title, "", *served])


def _is_asked(config: pytest.Config) -> bool:
    return bool(getattr(config.option, "allure_report_dir", None))


def _show_exchanges(run: Run, nodeid: str) -> None:
    ids = set(run.standing.get(nodeid, ())[:MOST_STEPS])
    for exchange in run.recorder.exchanges if ids else ():
        if exchange.id in ids:
            with allure.step(_headline(exchange)):
                body = json.dumps(exchange.model_dump(mode="json"), indent=1, ensure_ascii=False)
                allure.attach(body, name=exchange.id, attachment_type=allure.attachment_type.JSON)


def _headline(exchange: Exchange) -> str:
    answer = str(exchange.response.status) if exchange.response else exchange.error.kind if exchange.error else "?"
    provoked = f" (provoked by the gateway: {exchange.provoked})" if exchange.provoked is not None else ""
    return f"{exchange.actor}: {exchange.request.method} {exchange.request.url} → {answer}{provoked}"
