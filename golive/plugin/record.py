"""From what a run left in memory to its evidence: the one place where the record is put together."""

import platform
from collections.abc import Iterator
from datetime import UTC
from functools import cache

from golive import __version__
from golive.connect.error_table import ERROR_TABLE
from golive.evidence.checklist import VERSION as REGISTER_VERSION
from golive.evidence.model import Attempt, ErrorRow, Evidence
from golive.evidence.model import Run as RunRecord
from golive.evidence.proof import proof_of_the_suite
from golive.evidence.source import commit, digest
from golive.evidence.stages import judged_errors
from golive.evidence.statements import Dossier
from golive.evidence.verdict import decide, judge_requirements
from golive.journeys.told import critical_path_s, journeys_told, matrix
from golive.plugin.aftermath import aftermath
from golive.plugin.asked import asked
from golive.plugin.attempts import earlier_attempts
from golive.plugin.integrating import carried, in_order, seen
from golive.plugin.run import Run
from golive.settings import describe

_digest = cache(digest)
_commit = cache(commit)


def begun(run: Run) -> Evidence:
    """The evidence of `run`, which has been opened, before anything was asked: what is known then."""
    return assemble(run, begins=True)


def assemble(run: Run, *, begins: bool = False) -> Evidence:
    """The evidence of `run`, which has been closed, or which `begins`: that is never complete."""
    checks = tuple(run.checks.values())
    exchanges = in_order((*run.recorder.exchanges, *carried(run)))
    journeys = journeys_told(run.conductor)
    record = run.source.record
    finished_at = run.clock.now()
    on = finished_at.astimezone(UTC).date()
    dossier = None if run.dossier is None else run.dossier.stated(finished_at)
    requirements = judge_requirements(checks, run.catalogue.register, dossier=dossier, scans=run.scans, on=on)
    complete = not (run.interrupted or begins)
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
            digest=_digest(run.root, run.catalogue.sources),
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
        errors=judged_errors(_error_rows(run), checks, exchanges),
        observations=run.recorder.observations,
        exchanges=exchanges,
        attempts=_attempts(run, dossier) if not begins else (),
        aftermath=aftermath(run, exchanges),
        asked=asked(run) if not begins else None,
        dossier=dossier,
        scans=run.scans,
        integration=seen(run),
    )


def _attempts(run: Run, dossier: Dossier | None) -> tuple[Attempt, ...]:
    record = run.source.record
    return earlier_attempts(run.report_dir, run.id, dossier) if record is None else record.attempts


def _error_rows(run: Run) -> Iterator[ErrorRow]:
    """The error table, and which checks provoke what."""
    for form in ERROR_TABLE.values():
        provoked_by = tuple(run.provoked_by.get(form.type, ()))
        yield ErrorRow(
            type=form.type,
            statuses=form.statuses,
            met_on=form.met_on,
            advice=form.advice.integrator,
            provoked_by=provoked_by,
            not_provoked_because=None
            if provoked_by
            else run.catalogue.unprovoked.get(form.type, "No check of this run provokes it."),
        )
