"""pytest-html's log, with what it does not know of: the inconclusive outcome, requirements, exchanges."""

from collections.abc import Generator
from html import escape
from pathlib import Path

import pytest

from golive.outcomes import Outcome
from golive.plugin.run import RUN

MOST_LINKS = 12
_FILTERS = "const possibleFilters = ["
_STYLE = "<style>span.inconclusive, .inconclusive .col-result { color: #b26a00; }</style>"


class LogColumns:
    """Columns of the log: the requirements that a check serves, the exchanges that it stands on."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._errors: dict[str, pytest.TestReport] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """An error of the harness within a check is not to stand there as a failed check.

        pytest has counted it by the time of the teardown, when pytest-html writes the check's rows.
        """
        run = self._config.stash.get(RUN, None)
        if report.when == "call" and run and run.findings.get((report.nodeid, "call"), (None,))[0] is Outcome.ERROR:
            self._errors[report.nodeid] = report
        if report.when == "teardown" and (error := self._errors.pop(report.nodeid, None)) is not None:
            error.outcome = "error"  # type: ignore[assignment]

    def pytest_html_report_title(self, report: object) -> None:
        report.title = "Go-live readiness: log of the checks"  # type: ignore[attr-defined]

    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        prefix.append(_STYLE)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """The page's script shows the outcomes that it lists and hides all others: inconclusive joins the list."""
        try:
            result = yield
        except OSError as fault:  # pytest-html writes its page last of all
            self._config.stash[RUN].unwritten = fault
            return None
        log = Path(self._config.option.htmlpath or "")
        if log.is_file():
            page = log.read_text(encoding="utf-8")
            log.write_text(page.replace(_FILTERS, f"{_FILTERS}\n    'inconclusive',", 1), encoding="utf-8")
        return result

    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        cells.insert(2, "<th>Requirements</th>")
        cells.insert(3, "<th>Exchanges</th>")

    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        run = self._config.stash.get(RUN, None)
        check = run.checks.get(report.nodeid) if run else None
        ids = " ".join(check.requirement_ids) if check else ""
        exchanges = run.standing.get(report.nodeid, []) if run else []
        links = [f'<a href="evidence.html#{id_}">{id_}</a>' for id_ in map(escape, exchanges[:MOST_LINKS])]
        if len(exchanges) > MOST_LINKS:
            links.append(f"and {len(exchanges) - MOST_LINKS} more")
        cells.insert(2, f"<td>{escape(ids)}</td>")
        cells.insert(3, f"<td>{' '.join(links)}</td>")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if RUN not in config.stash or not config.pluginmanager.hasplugin("html"):
        return
    config.pluginmanager.register(LogColumns(config), "golive-log-columns")
    for plugin in config.pluginmanager.get_plugins():
        # pytest-html has no way to announce an outcome: its table of them is filled here.
        outcomes = getattr(getattr(plugin, "_report", None), "outcomes", None)
        if isinstance(outcomes, dict):
            outcomes["inconclusive"] = {"label": "Inconclusive", "value": 0}
