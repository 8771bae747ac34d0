"""The run among others: earlier attempts, what it left, what was scanned, and the reconciliation sheet."""

from dataclasses import dataclass

from golive.evidence.model import Evidence
from golive.evidence.scanned import ScanStatus, in_words, status_of, unread_places
from golive.evidence.statements import Scan
from golive.outcomes import Outcome
from golive.report.marks import VERDICTS, Mark, Tone
from golive.report.reconciliation import Row, rows
from golive.report.text import instant, plural
from golive.report.views.links import Anchors, Links

MOST_ROWS = 2_000
"""Rows of the reconciliation sheet on the page; the CSV has all."""
_CLEAN = Mark("left clean", "tick", "good")
_KEPT = Mark("users were kept", "ring", "warn")
_NOT_CLEAN = Mark("not left clean", "cross", "bad")
_SCANS: dict[ScanStatus, tuple[str, Tone]] = {
    ScanStatus.FOUND: ("cross", "bad"),
    ScanStatus.NOTHING_READ: ("triangle", "warn"),
    ScanStatus.BROKEN_OFF: ("diamond", "warn"),
    ScanStatus.PARTLY_READ: ("ring", "quiet"),
    ScanStatus.CLEAN: ("tick", "good"),
}
_UNKNOWN = Mark("the record does not say", "ring", "quiet")


@dataclass(frozen=True)
class AttemptRow:
    run_id: str
    started: str
    target: str
    selection: str
    verdict: Mark
    counts: str
    is_this: bool


@dataclass(frozen=True)
class Left:
    """The proof that the target was left clean, or what it lacks."""

    mark: Mark
    facts: tuple[tuple[str, tuple[str, ...], str], ...]
    users: tuple[tuple[str, tuple[str, ...]], ...]
    left_behind: tuple[str, ...]


@dataclass(frozen=True)
class ScanView:
    what: str
    root: str
    read: str
    mark: Mark
    unread: str
    skipped: tuple[str, ...]
    findings: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class SheetRow:
    row: Row
    related: str
    exchanges: Links


@dataclass(frozen=True)
class Sheet:
    kinds: tuple[tuple[str, tuple[SheetRow, ...]], ...]
    total: int
    left_out: int


def attempts(evidence: Evidence) -> tuple[AttemptRow, ...]:
    """Earlier runs, oldest first, and this one at the end."""
    earlier = [
        AttemptRow(
            run_id=each.run_id,
            started=instant(each.started_at),
            target=each.target_kind,
            selection=_selection(each.selection, complete=each.complete, died=each.died),
            verdict=VERDICTS[each.verdict],
            counts=_counts(each.failed, each.inconclusive, each.total),
            is_this=False,
        )
        for each in evidence.attempts
    ]
    run, checks = evidence.run, evidence.tests
    this = AttemptRow(
        run_id=run.id,
        started=instant(run.started_at),
        target=run.target_kind,
        selection=_selection(run.selection, complete=run.complete, died=run.died),
        verdict=VERDICTS[evidence.verdict.status],
        counts=_counts(
            sum(check.outcome is Outcome.FAILED for check in checks),
            sum(check.outcome is Outcome.INCONCLUSIVE for check in checks),
            len(checks),
        ),
        is_this=True,
    )
    return (*earlier, this)


def _selection(selection: str, *, complete: bool, died: bool) -> str:
    ended = "; killed" if died else "" if complete else "; interrupted"
    return f"{selection or 'all checks'}{ended}"


def _counts(failed: int, inconclusive: int, total: int) -> str:
    return f"{failed:,} failed, {inconclusive:,} inconclusive of {total:,}"


def left(evidence: Evidence) -> Left:
    """What the run found open and what it left, with a word on whether that is clean."""
    after = evidence.aftermath
    users = tuple(
        (word, tuple(user.user_id for user in after.users if user.fate == fate))
        for fate, word in (("left", "could not be removed"), ("kept", "kept"), ("deleted", "deleted"))
    )
    told = bool(after.started or after.users or after.open_before or after.left_behind)
    unclean = bool(after.open_after or after.left_behind or users[0][1])
    return Left(
        mark=_NOT_CLEAN if unclean else _KEPT if users[1][1] else _CLEAN if told else _UNKNOWN,
        facts=(
            ("Sessions open before the run (of prepared users)", after.open_before, "none"),
            ("Sessions that this run opened", after.started, "none"),
            ("Of these still open at the end", after.open_after, "none"),
        ),
        users=users,
        left_behind=after.left_behind,
    )


def scans(evidence: Evidence) -> tuple[ScanView, ...]:
    return tuple(_scan(each) for each in evidence.scans)


def _scan(scan: Scan) -> ScanView:
    icon, tone = _SCANS[status_of(scan)]
    return ScanView(
        what="files below" if scan.what == "tree" else "page and its scripts at",
        root=scan.root,
        read=f"{plural(scan.files, 'file' if scan.what == 'tree' else 'part')} read",
        mark=Mark(in_words(scan), icon, tone),
        unread=f"{unread} not read" if (unread := unread_places(scan)) else "why",
        skipped=scan.skipped,
        findings=tuple((each.place, str(each.line), each.kind, each.form) for each in scan.findings),
    )


def sheet(evidence: Evidence, anchors: Anchors) -> Sheet:
    """The rows of the reconciliation sheet by kind, with links to their exchanges."""
    found = rows(evidence)
    views = [SheetRow(row, " ".join(row.related_ids), anchors.exchanges(row.exchanges)) for row in found[:MOST_ROWS]]
    kinds = {"Users": "user", "Sessions": "session", "Invoices": "invoice"}
    return Sheet(
        kinds=tuple((name, tuple(view for view in views if view.row.kind == kind)) for name, kind in kinds.items()),
        total=len(found),
        left_out=max(len(found) - MOST_ROWS, 0),
    )
