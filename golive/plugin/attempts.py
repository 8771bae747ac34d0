"""Earlier runs of the same dossier in the same folder, so that a rerun is seen as one."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from golive.evidence import partial
from golive.evidence.model import Attempt
from golive.evidence.partial import NAME
from golive.evidence.statements import Dossier
from golive.outcomes import Outcome

MOST_LOOKED_AT = 100
"""Folders beside the run's own that are looked into, newest name first."""
_LARGEST = 64 * 1024 * 1024


def earlier_attempts(report_dir: Path, run_id: str, dossier: Dossier | None) -> tuple[Attempt, ...]:
    """The runs whose records lie in folders beside `report_dir`, oldest first: those of the same partner's same
    integration, whatever its version. Without a dossier nobody applies for anything, and there are no attempts.

    A run that was killed is told by what it had written by then. A record that cannot be read is left out: it may be
    any file.
    """
    if dossier is None:
        return ()
    ours = [record for record in _records(report_dir) if _is_of(dossier, record)]
    # A folder that was used again holds its last record only, which names those before it.
    found = [*(one for record in ours for one in _named_in(record)), *map(_attempt, ours)]
    earlier = {attempt.run_id: attempt for attempt in found if attempt is not None and attempt.run_id != run_id}
    return tuple(sorted(earlier.values(), key=lambda attempt: (attempt.started_at, attempt.run_id)))


def _records(report_dir: Path) -> Iterator[dict[str, Any]]:
    own = report_dir.resolve()
    try:
        folders = sorted((path for path in own.parent.iterdir() if path.is_dir()), reverse=True)
    except OSError:
        return
    for folder in folders[:MOST_LOOKED_AT]:
        for file in sorted(folder.glob(f"{Path(NAME).stem}*.jsonl")):
            yield from _read(file, _of_a_dead_run)
        yield from _read(folder / "evidence.json", json.loads)  # last: what is whole says more


def _read(file: Path, reader: Callable[[bytes], Any]) -> Iterator[dict[str, Any]]:
    try:
        if file.stat().st_size <= _LARGEST and isinstance(record := reader(file.read_bytes()), dict):
            yield record
    except (OSError, ValueError, RecursionError):
        return


def _of_a_dead_run(data: bytes) -> dict[str, Any]:
    """Raises `ValueError` where nothing can be made of it."""
    return partial.read(data).model_dump(mode="json")


def _is_of(dossier: Dossier, record: dict[str, Any]) -> bool:
    other = record.get("dossier")
    return isinstance(other, dict) and all(other.get(x) == getattr(dossier, x) for x in ("partner", "integration"))


def _named_in(record: dict[str, Any]) -> Iterator[Attempt]:
    """The attempts that a record names itself."""
    named = record.get("attempts")
    for attempt in named if isinstance(named, list) else ():
        with suppress(ValueError):
            yield Attempt.model_validate(attempt)


def _attempt(record: dict[str, Any]) -> Attempt | None:
    try:
        run, checks = record["run"], record["tests"]
        if run.get("replay_of") is not None:
            return None  # a replay asked nothing of the target
        outcomes = [check["outcome"] for check in checks]
        return Attempt.model_validate(
            {
                "run_id": run["id"],
                "started_at": run["started_at"],
                "target_kind": run["target_kind"],
                "complete": run["complete"],
                "selection": run["selection"],
                "verdict": record["verdict"]["status"],
                "failed": outcomes.count(Outcome.FAILED),
                "inconclusive": outcomes.count(Outcome.INCONCLUSIVE),
                "total": len(outcomes),
                "died": run.get("died", False),
            }
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
