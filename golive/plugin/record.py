"""From what a run left in memory to its evidence: the one place where the record is put together."""

import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path

from golive import __version__
from golive.connect.error_table import ERROR_TABLE, ErrorForm
from golive.evidence.checklist import VERSION as REGISTER_VERSION
from golive.evidence.exchange import error_type_of
from golive.evidence.model import ErrorRow, Evidence, Exchange
from golive.evidence.model import Run as RunRecord
from golive.evidence.proof import proof_of_the_suite
from golive.evidence.source import digest
from golive.evidence.verdict import decide, judge_requirements
from golive.journeys.told import critical_path_s, journeys_told, matrix
from golive.outcomes import Outcome
from golive.plugin.aftermath import aftermath
from golive.plugin.attempts import earlier_attempts
from golive.plugin.run import Run
from golive.settings import describe

_WORST_FIRST = list(Outcome)


def assemble(run: Run) -> Evidence:
    """The evidence of `run`, which has been closed."""
    checks = tuple(run.checks.values())
    exchanges = run.recorder.exchanges
    journeys = journeys_told(run.conductor)
    record = run.source.record
    finished_at = run.clock.now()
    on = finished_at.astimezone(UTC).date()
    dossier = None if run.dossier is None else run.dossier.stated(finished_at)
    requirements = judge_requirements(checks, run.catalogue.register, dossier=dossier, scans=run.scans, on=on)
    complete = not run.interrupted
    rehearsal = run.settings.target.rehearsal
    path = critical_path_s(journeys)
    return Evidence(
        run=RunRecord(
            id=run.id,
            started_at=run.started_at,
            finished_at=finished_at,
            target=run.settings.target.url or "",
            target_kind=run.settings.target.kind,
            rehearsal=rehearsal,
            complete=complete,
            selection=run.selection,
            suite_version=__version__,
            commit=_commit(run.root),
            digest=digest(run.root, run.catalogue.sources),
            python=platform.python_version(),
            options=describe(run.settings),
            seed=run.settings.seed,
            key_fingerprint=run.settings.key_fingerprint,
            wall_s=round(run.clock.monotonic() - run.began, 3),
            critical_path_s=None if path is None else round(path, 3),
            proof=proof_of_the_suite(),
            register_version=REGISTER_VERSION,
            replay_of=None if record is None else record.run.id,
            prepared_users=tuple(f"{user.user_id}:{user.payment_method_id}" for user in run.settings.users),
        ),
        verdict=decide(
            requirements,
            checks,
            run.probes,
            rehearsal=rehearsal,
            complete=complete,
            dossier=dossier,
            scans=run.scans,
            on=on,
        ),
        preflight=run.probes,
        requirements=requirements,
        tests=checks,
        evses=matrix(run.catalogue.vcps, run.conductor, checks),
        journeys=journeys,
        errors=_error_rows(run, exchanges),
        observations=run.recorder.observations,
        exchanges=exchanges,
        attempts=earlier_attempts(run.report_dir, run.id, dossier) if record is None else record.attempts,
        aftermath=aftermath(run, exchanges),
        dossier=dossier,
        scans=run.scans,
    )


def _error_rows(run: Run, exchanges: Iterable[Exchange]) -> tuple[ErrorRow, ...]:
    seen: dict[str, list[str]] = {}
    for exchange in exchanges:
        if (error_type := error_type_of(exchange)) is not None:
            seen.setdefault(error_type, []).append(exchange.id)
    return tuple(_error_row(run, form, tuple(seen.get(form.type, ()))) for form in ERROR_TABLE.values())


def _error_row(run: Run, form: ErrorForm, seen: tuple[str, ...]) -> ErrorRow:
    """A row whose checks met another documented answer in its place is not provoked, and says so."""
    checks = [run.checks[nodeid] for nodeid in run.provoked_by.get(form.type, ())]
    worst = min((check.outcome for check in checks), key=_WORST_FIRST.index, default=None)
    reason = None
    if not checks:
        reason = run.catalogue.unprovoked.get(form.type, "No check of this run provokes it.")
    elif worst is Outcome.PASSED and not seen:
        worst, reason = None, "The API answered with another documented error where this one was possible."
    return ErrorRow(
        type=form.type,
        statuses=form.statuses,
        met_on=form.met_on,
        advice=form.advice.integrator,
        provoked_by=tuple(check.nodeid for check in checks),
        outcome=worst,
        not_provoked_because=reason,
        seen=seen,
    )


def _commit(root: Path) -> str | None:
    """The commit of the checkout, marked where files differ from it; None outside a checkout."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{commit}{' with changes' if changed else ''}"


def _git(root: Path, *args: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", "-C", str(root), *args],  # noqa: S607 - git from the path, as the user has it
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    return done.stdout.strip()
