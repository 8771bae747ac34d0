"""The console: a line per section while it runs, the journeys live on a terminal, and the verdict at the end."""

import os
import textwrap
import threading
from collections import Counter
from collections.abc import Generator, Iterable
from typing import IO

import pytest
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from golive.evidence.model import Assurance, Evidence, Status, VerdictStatus
from golive.journeys.conductor import Journey
from golive.journeys.walk import Walk
from golive.outcomes import Outcome
from golive.plugin.asked import plan
from golive.plugin.bundling import BUNDLE
from golive.plugin.outputs import EVIDENCE
from golive.plugin.replaying import COMPARISON
from golive.plugin.run import RUN, Run
from golive.plugin.selection import section_of
from golive.report.tally import asked_in_words

PLAIN_WIDTH = 80
_TOLD = ("ENV_FILE_", "LEFT_BEHIND", "UNGUARDED")
"""What the codes of the observations begin with that nobody should have to look for in the report."""
_STYLE = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.ERROR: "red",
    Outcome.INCONCLUSIVE: "yellow",
}
_VERDICT_STYLE = {
    VerdictStatus.READY: "bold green",
    VerdictStatus.INCOMPLETE: "bold yellow",
    VerdictStatus.NOT_READY: "bold red",
}


class ReadinessConsole:
    """Speaks past pytest's capture, so that journeys are seen while a check waits for them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._run: Run = config.stash[RUN]
        self._own = getattr(config.option, "verbose", 0) <= 0  # with -v pytest's own lines say more
        self._stream = _past_capture()
        plain = not self._stream.isatty()
        self.console = Console(file=self._stream, width=PLAIN_WIDTH if plain else None, highlight=False)
        self._live: Live | None = None
        self._sections: dict[str, Counter[Outcome]] = {}
        self._section: str | None = None
        self._checked = False
        self._planned = False
        self._told: Counter[str] = Counter()
        self._watching = threading.Event()
        self._watcher: threading.Thread | None = None

    # -- while it runs ---------------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if self._own and reporter is not None:
            reporter.showfspath = False

    def pytest_report_header(self) -> list[str]:
        target, record = self._run.settings.target, self._run.source.record
        if record is not None:
            return [f"replay of go-live readiness run {record.run.id}: nothing is sent anywhere"]
        if not target.rehearsal:
            return [f"go-live readiness run {self._run.id} against DEV"]
        return [f"go-live rehearsal {self._run.id} (never evidence for go-live)", f"target: {target.named}"]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        section = section_of(nodeid)
        if section != self._section:
            self._close_section()
            self._section = section
            self._flush()
            self._tell_plan()
            self._watch()

    def _tell_plan(self) -> None:
        run = self._run
        if not self._planned and run.expected is not None and run.source.record is None:
            self._say(plan(run))
        self._planned = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport):  # type: ignore[no-untyped-def]
        """Without -v no letter for a check: its section gets a line. pytest's summary at the end has its words."""
        result = yield
        if self._own and not self._checked and result and report.nodeid in self._run.checks:
            return result[0], "", ""
        return result

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        if (check := self._run.checks.get(nodeid)) is not None:
            self._sections.setdefault(section_of(nodeid), Counter())[check.outcome] += 1

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """The journeys are told until all have ended, also when no check waits for them any more."""
        self._checked = True
        self._close_section()
        try:
            return (yield)
        finally:
            self._unwatch()

    def _flush(self) -> None:
        """What pytest wrote itself comes first: its stream is buffered where there is no terminal."""
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.flush()

    def _close_section(self) -> None:
        counts = self._sections.pop(self._section, None) if self._section else None
        if not counts or not self._own:
            return
        line = Text(f"  {self._section:<16}")
        for outcome in (Outcome.PASSED, Outcome.INCONCLUSIVE, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED):
            if counts[outcome]:
                line.append(f"{counts[outcome]:>4} {outcome}", style=_STYLE.get(outcome, ""))
        self.console.print(line)

    # -- the journeys ----------------------------------------------------------------------------------------

    def _watch(self) -> None:
        if self._watcher is not None or self._run.conductor is None or not self._own:
            return
        if self.console.is_terminal:
            self._live = Live(get_renderable=self._table, console=self.console, transient=True, refresh_per_second=5)
            self._live.start()
        self._watcher = threading.Thread(target=self._tell_events, name="console", daemon=True)
        self._watcher.start()

    def _unwatch(self) -> None:
        self._watching.set()
        if self._watcher is not None:
            self._watcher.join()
        if self._live is not None:
            self._live.stop()
        else:
            self._tell_new_events()

    def _tell_events(self) -> None:
        """Without a terminal: a line for each thing that a journey lived through, as it happens."""
        while not self._watching.wait(0.2):
            if self._live is None:
                self._tell_new_events()

    def _tell_new_events(self) -> None:
        for journey in self._run.conductor.journeys if self._run.conductor else ():
            events = journey.timeline.events
            for event in events[self._told[journey.name] :]:
                self.console.print(
                    Text(f"    {event.at:%H:%M:%S} {event.actor}: {event.what}, {event.text}"[:PLAIN_WIDTH])
                )
            self._told[journey.name] = len(events)

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 4), show_header=False)
        for journey in self._run.conductor.journeys if self._run.conductor else ():
            if not journey.timeline.has_ended:
                table.add_row(Text(journey.name), Text(journey.timeline.doing, style="cyan"), Text(_energy(journey)))
        return table

    # -- the end ---------------------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        evidence = self._config.stash.get(EVIDENCE, None)
        if evidence is not None:
            self._tell_verdict(evidence)
        self._stream.close()

    def _tell_verdict(self, evidence: Evidence) -> None:
        out = self.console
        self._flush()
        status = evidence.verdict.status
        rehearsal = ["(a rehearsal: never evidence for go-live)"] if evidence.run.rehearsal else []
        replay = [f"(replay of {evidence.run.replay_of})"] if evidence.run.replay_of else []
        heading = Text(_beside("Verdict: " + status.replace("_", " "), *rehearsal, *replay, width=out.width))
        heading.stylize(_VERDICT_STYLE[status], len("Verdict: "), len("Verdict: ") + len(status))
        out.print()
        out.print(heading, soft_wrap=True)
        for probe in evidence.preflight:
            if probe.outcome is Outcome.FAILED:
                self._say(f"{probe.owner}: {probe.message}", style="red")
                self._say(f"{probe.remedy}")
        for check in evidence.tests:
            if check.outcome in (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE):
                where = f" [{check.evse_id}]" if check.evse_id else ""
                said = f"{check.outcome}, {check.owner}: {check.section}{where}: {check.message}"
                self._say(said, style=_STYLE[check.outcome])
        self._tell_requirements(evidence)
        self._tell_scans(evidence)
        for observation in evidence.observations:
            if observation.code.startswith(_TOLD):
                self._say(f"{observation.owner}: {observation.message}", style="yellow")
        for note in self._run.notes:
            self._say(note, style="yellow")
        if (comparison := self._config.stash.get(COMPARISON, None)) is not None:
            for line in comparison.sentences():
                self._say(f"replay: {line}", style="" if comparison.agrees else "red")
        for silence in evidence.asked.silences if evidence.asked else ():
            self._say(f"environment: {silence}", style="yellow")
        if evidence.asked:
            self._say(f"requests: {asked_in_words(evidence.asked)}")
        self._say(
            f"wall clock {evidence.run.wall_s:.1f} s, {len(evidence.exchanges)} exchanges, "
            f"{len(evidence.observations)} observations, seed {evidence.run.seed}"
        )
        for line in self._config.stash.get(BUNDLE, ()):
            out.print(Text(line), soft_wrap=True)
        if self._run.unwritten is None:
            out.print(Text(f"Report: {self._run.report_dir / 'evidence.html'}"), soft_wrap=True)

    def _tell_requirements(self, evidence: Evidence) -> None:
        met = [r for r in evidence.requirements if r.status in (Status.MET, Status.NOT_APPLICABLE)]
        self._say(f"{len(met)} of {len(evidence.requirements)} requirements met")
        for status, words in ((Status.NOT_MET, "not met"), (Status.INCONCLUSIVE, "inconclusive")):
            self._tell_ids(words, (r.id for r in evidence.requirements if r.status is status))
        not_shown = [r for r in evidence.requirements if r.status is Status.NOT_SHOWN]
        self._tell_ids("not shown by this run", (r.id for r in not_shown if r.needed is Assurance.EXERCISED))
        for needed in (Assurance.OBSERVED, Assurance.ATTESTED):
            self._tell_ids(f"partner's move, still to be {needed}", (r.id for r in not_shown if r.needed is needed))

    def _tell_scans(self, evidence: Evidence) -> None:
        if not evidence.scans:
            return
        from golive.scanning.told import summary  # late: few ask for it

        for scan in evidence.scans:
            self._say(f"looked for tokens: {summary(scan)}", style="red" if scan.findings else "")

    def _tell_ids(self, words: str, ids: Iterable[str]) -> None:
        if named := ", ".join(ids):
            self._say(f"{words}: {named}")

    def _say(self, text: str, *, style: str = "") -> None:
        """A paragraph below the verdict, its further lines set in so that the next one is told from it."""
        paragraph = textwrap.wrap(
            text,
            self.console.width,
            initial_indent="  ",
            subsequent_indent="      ",
            break_on_hyphens=False,
        )
        self.console.print(Text("\n".join(paragraph), style=style), soft_wrap=True)


def _beside(first: str, *others: str, width: int) -> str:
    """Phrases on one line as far as they fit, the others each set in below."""
    lines = [first]
    for phrase in others:
        if len(lines[-1]) + 2 + len(phrase) <= width:
            lines[-1] += f"  {phrase}"
        else:
            lines.append(f"  {phrase}")
    return "\n".join(lines)


def _energy(journey: Journey) -> str:
    if isinstance(journey, Walk) and journey.polls and journey.polls[-1][1].kwh is not None:
        return f"{journey.polls[-1][1].kwh} kWh"
    return ""


def _past_capture() -> IO[str]:
    """The standard output as it is outside pytest's capture, which is not under way while pytest configures itself."""
    return os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace", buffering=1)
