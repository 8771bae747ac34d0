"""How much a run is going to ask of its target, and how much it asked: plan at its start, figures at its end."""

from golive.evidence.asked import Asked
from golive.journeys.conductor import Needs
from golive.plugin.run import Run
from golive.politeness.budget import PER_EVSE

_WALK, _UNSTOPPED, _BUSY, _REFUSALS, _REFUSED_START = 30, 40, 30, 17, 10
"""Requests of a journey, as a rehearsal needs them; a slow CDR takes some more."""

_CHECKS_PER_REQUEST, _FUZZED_INPUTS = 2, 5
"""Of the checks' own requests: most read what the journeys left."""


def expected(needs: Needs, checks: int, fuzz_examples: int) -> int:
    """About how many requests these journeys and so many checks take."""
    return (
        _WALK * len(needs.walks)
        + _UNSTOPPED * (needs.unstopped is not None)
        + _BUSY * needs.busy
        + _REFUSALS * needs.refusals
        + _REFUSED_START * len(needs.refused_starts)
        + checks // _CHECKS_PER_REQUEST
        + _FUZZED_INPUTS * fuzz_examples
    )


def plan(run: Run) -> str:
    """What the console says before the first check."""
    budget, settings = run.gate.budget, run.settings
    are = "is 1" if budget.evses == 1 else f"are {budget.evses}"
    rate = "" if settings.max_rate is None else f", {settings.max_rate:g} per second"
    return (
        f"plan: about {run.expected:,} requests to {settings.target.named}, {budget.bound:,} at most "
        f"({PER_EVSE} for each EVSE, of which there {are}, {budget.most_beside} besides); "
        f"at most {settings.max_in_flight} at once{rate}"
    )


def asked(run: Run) -> Asked | None:
    """The figures of `run`, which has been closed; of a replay those of the recorded run."""
    if run.source.record is not None:
        return run.source.record.asked
    gate, budget = run.gate, run.gate.budget
    return Asked(
        sent=budget.sent,
        held_back=gate.held_back,
        expected=run.expected,
        bound=budget.bound,
        by_evse=dict(sorted(budget.by_evse.items())),
        bound_per_evse=PER_EVSE,
        beside=budget.beside,
        bound_beside=budget.most_beside,
        at_once=gate.most_seen,
        bound_at_once=run.settings.max_in_flight,
        bound_per_second=run.settings.max_rate,
        silences=tuple(change.message for change in gate.changes),
    )
