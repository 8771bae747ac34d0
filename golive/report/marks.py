"""How each closed word of the record is marked: a word, a shape and a tone, so that none rests on colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from golive.evidence.integration import RuleStatus
from golive.evidence.model import Assurance, StageStatus, Status, VcpType, VerdictStatus
from golive.evidence.statements import Answer
from golive.outcomes import Outcome, Owner

Tone = Literal["good", "bad", "warn", "quiet", "plain"]


@dataclass(frozen=True)
class Mark:
    """A word, the icon beside it (a symbol of `icons.html.j2`) and the tone it is coloured in."""

    word: str
    icon: str
    tone: Tone


OUTCOMES: Mapping[Outcome, Mark] = MappingProxyType(
    {
        Outcome.ERROR: Mark("error", "triangle", "bad"),
        Outcome.FAILED: Mark("failed", "cross", "bad"),
        Outcome.INCONCLUSIVE: Mark("inconclusive", "diamond", "warn"),
        Outcome.SKIPPED: Mark("skipped", "dash", "quiet"),
        Outcome.NOT_RUN: Mark("not run", "ring", "quiet"),
        Outcome.DESELECTED: Mark("deselected", "square", "quiet"),
        Outcome.PASSED: Mark("passed", "tick", "good"),
    }
)

STATUSES: Mapping[Status, Mark] = MappingProxyType(
    {
        Status.NOT_MET: Mark("not met", "cross", "bad"),
        Status.INCONCLUSIVE: Mark("inconclusive", "diamond", "warn"),
        Status.NOT_SHOWN: Mark("not shown", "ring", "warn"),
        Status.MET: Mark("met", "tick", "good"),
        Status.NOT_APPLICABLE: Mark("not applicable", "dash", "quiet"),
    }
)

STAGES: Mapping[StageStatus, Mark] = MappingProxyType(
    {
        StageStatus.FAILED: Mark("failed", "cross", "bad"),
        StageStatus.INCONCLUSIVE: Mark("inconclusive", "diamond", "warn"),
        StageStatus.NOT_RUN: Mark("not run", "ring", "quiet"),
        StageStatus.MET: Mark("met", "tick", "good"),
        StageStatus.NOT_APPLICABLE: Mark("not applicable", "dash", "quiet"),
    }
)

VERDICTS: Mapping[VerdictStatus, Mark] = MappingProxyType(
    {
        VerdictStatus.NOT_READY: Mark("Not ready", "cross", "bad"),
        VerdictStatus.INCOMPLETE: Mark("Incomplete", "diamond", "warn"),
        VerdictStatus.READY: Mark("Ready", "tick", "good"),
    }
)

# The icon is a stair of three steps, filled up to the level: the eye sees how far the showing reaches.
ASSURANCES: Mapping[Assurance, Mark] = MappingProxyType(
    {
        Assurance.OBSERVED: Mark("observed", "stair-3", "plain"),
        Assurance.ATTESTED: Mark("attested", "stair-2", "plain"),
        Assurance.EXERCISED: Mark("exercised", "stair-1", "plain"),
        Assurance.NONE: Mark("none", "stair-0", "quiet"),
    }
)

ANSWERS: Mapping[Answer, Mark] = MappingProxyType(
    {
        Answer.YES: Mark("yes", "pen", "plain"),
        Answer.NO: Mark("no", "ring", "warn"),
        Answer.NOT_APPLICABLE: Mark("not applicable", "dash", "quiet"),
    }
)
"""A word is a pen, never a tick: what somebody says is not what this suite saw."""

RULES: Mapping[RuleStatus, Mark] = MappingProxyType(
    {
        RuleStatus.BROKEN: Mark("broken", "cross", "bad"),
        RuleStatus.NOT_SHOWN: Mark("not shown", "ring", "warn"),
        RuleStatus.KEPT: Mark("kept", "tick", "good"),
    }
)

WAIVER = Mark("waiver", "flag", "warn")

OWNERS: Mapping[Owner, str] = MappingProxyType(
    {
        Owner.PARTNER: "Partner",
        Owner.CARIQA: "Cariqa",
        Owner.ENVIRONMENT: "Environment",
        Owner.SUITE: "This suite",
    }
)

VCP_TYPES: Mapping[VcpType, str] = MappingProxyType(
    {VcpType.SHARED: "type 1, shared", VcpType.PROGRESS: "type 2, progress"}
)

AT_A_BUSY_STATION = "when a second driver came to a busy station"
"""Where a rule was broken that is judged at the meeting of two drivers."""

INTEGRATIONS: Mapping[str, str] = MappingProxyType(
    {
        "adapter": "driven through its adapter",
        "manual": "driven by a person",
        "gateway": "watched at the gateway; nobody of this suite drove it",
    }
)
"""How the partner's integration came to be seen, by its kind."""

REHEARSAL = "Rehearsal: not against DEV, never evidence for go-live"


def reaches(shown: Assurance, needed: Assurance) -> bool:
    """Whether `shown` is at least as strong as `needed` (`Assurance` lists the strongest first)."""
    order = list(Assurance)
    return order.index(shown) <= order.index(needed)
