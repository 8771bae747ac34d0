"""A replay in the life of a run: the record is read before anything else, and what came of it is held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from golive.plugin.integrating import carried
from golive.plugin.sources import Replay, Source, source_of
from golive.settings import Former, Settings, Wrong

if TYPE_CHECKING:
    from golive.evidence.model import Evidence
    from golive.evidence.statements import Dossier
    from golive.plugin.run import Run
    from golive.replay import Comparison, Recorded

COMPARISON: pytest.StashKey[Comparison] = pytest.StashKey()


class Replaying:
    """The record that `--replay` names, read once."""

    def __init__(self) -> None:
        self._recorded: Recorded | None = None

    def recall(self, path: Path) -> Former:
        """What the record tells of its run's settings. Raises `Wrong`."""
        from golive.replay import UnreadableRecord, read_record  # late: few runs are replays

        try:
            self._recorded = read_record(path)
        except UnreadableRecord as fault:
            raise Wrong(str(fault)) from None
        run = self._recorded.evidence.run
        return Former(
            run_id=run.id,
            target_kind=run.target_kind,
            url=run.target,
            options=run.options,
            seed=run.seed,
            users=run.prepared_users,
            key_fingerprint=run.key_fingerprint,
        )

    @property
    def dossier(self) -> CarriedDossier | None:
        """The record's dossier, None where it has none."""
        if self._recorded is None or self._recorded.evidence.dossier is None:
            return None
        return CarriedDossier(self._recorded.evidence.dossier, self._recorded.exhibits)

    def source(self, settings: Settings) -> Source:
        """Where the run's answers come from: the record, where one was named."""
        return source_of(settings) if self._recorded is None else Replay(self._recorded)


@dataclass(frozen=True)
class CarriedDossier:
    """The dossier of a record, taken over as it is."""

    dossier: Dossier
    files: Mapping[str, bytes]

    def stated(self, finished_at: datetime) -> Dossier:  # noqa: ARG002 - it is valid until when it was
        return self.dossier


def compare_with_record(config: pytest.Config, run: Run, evidence: Evidence) -> bool:
    """Hold a replay against its record, for the console. Returns whether every check came to the same."""
    source = run.source
    if not isinstance(source, Replay):
        return True
    from golive.replay import compare

    theirs = {exchange.id for exchange in carried(run)}
    unasked = [id_ for id_ in source.shelf.unasked if id_ not in theirs]
    comparison = compare(source.record, evidence, unasked=len(unasked), unanswered=source.unanswered)
    config.stash[COMPARISON] = comparison
    return comparison.agrees
