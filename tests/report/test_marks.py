"""Every closed word has its mark, and every mark its shape."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

import golive.report
from golive.evidence.model import Assurance, StageStatus, Status, VcpType, VerdictStatus
from golive.outcomes import Outcome, Owner
from golive.report import marks

WORDS: dict[type[StrEnum], Mapping[Any, object]] = {
    Outcome: marks.OUTCOMES,
    Status: marks.STATUSES,
    StageStatus: marks.STAGES,
    VerdictStatus: marks.VERDICTS,
    Assurance: marks.ASSURANCES,
    Owner: marks.OWNERS,
    VcpType: marks.VCP_TYPES,
}


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_each_word_is_marked(words: type[StrEnum]) -> None:
    assert set(WORDS[words]) == set(words)


@pytest.mark.parametrize(
    "marked",
    [marks.OUTCOMES, marks.STATUSES, marks.STAGES, marks.VERDICTS, marks.ASSURANCES],
    ids=["outcomes", "statuses", "stages", "verdicts", "assurances"],
)
def test_within_a_set_no_two_marks_share_a_shape(marked: Mapping[Any, marks.Mark]) -> None:
    assert len({mark.icon for mark in marked.values()}) == len(marked)


def test_every_shape_is_drawn() -> None:
    drawn = (Path(golive.report.__file__).parent / "templates" / "icons.html.j2").read_text(encoding="utf-8")
    symbols = set(re.findall(r'id="i-([a-z]+)"', drawn)) | {f"stair-{n}" for n in range(4)}
    used = {mark.icon for words in list(WORDS.values())[:5] for mark in words.values() if isinstance(mark, marks.Mark)}
    assert used <= symbols


def test_exercised_never_reaches_attested_or_observed() -> None:
    assert not marks.reaches(Assurance.EXERCISED, Assurance.ATTESTED)
    assert not marks.reaches(Assurance.ATTESTED, Assurance.OBSERVED)
    assert marks.reaches(Assurance.OBSERVED, Assurance.EXERCISED)
