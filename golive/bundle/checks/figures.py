"""How much the run says that it asked, against its exchanges, its options and itself; and the figures of its proof."""

from typing import Final

from golive.evidence.exchange import by_the_suite
from golive.evidence.model import Evidence, Exchange
from golive.evidence.proof import proof_of_the_suite

HELD_BACK: Final = frozenset({"BudgetSpent", "CircuitOpen", "RunEnding"})
"""The faults of requests that the suite itself did not send."""

_CONTRACT: Final = "contract"
_OBSERVED: Final = "CIRCUIT_OPEN"


def asked(evidence: Evidence) -> list[str]:
    """What does not add up. A run that was broken off, and a replay, have other exchanges than were counted."""
    told, run = evidence.asked, evidence.run
    if told is None:
        return []
    problems = []
    if sum(told.by_evse.values()) + told.beside != told.sent:
        problems.append(f"{told.sent} requests are not those for each EVSE and those besides together")
    evses = len(run.options.get("evse") or evidence.evses)
    if told.bound != told.bound_per_evse * evses + told.bound_beside:
        problems.append(f"the bound of {told.bound} requests is not that of {evses} EVSEs and besides together")
    for name, bound in (("max_in_flight", told.bound_at_once), ("max_rate", told.bound_per_second)):
        if run.options.get(name, bound) != bound:
            problems.append(f"{name} is {run.options[name]} among the options, {bound} among the requests")
    if not set(told.by_evse) <= {row.evse_id for row in evidence.evses}:
        problems.append("requests are told for an EVSE that is not listed")
    if run.complete and run.replay_of is None:
        problems += _counted(evidence)
    return problems


def proven(evidence: Evidence) -> list[str]:
    """The suite's own proof, where this checkout is the suite that the record names: it carries the same figures."""
    if evidence.run.proof == (ours := proof_of_the_suite()):
        return []
    if ours is None:
        return ["it shows figures, and this checkout, which is the same suite, carries none"]
    return [f"its figures are not those of this checkout: {ours.defects_caught} of {ours.defects_seeded} defects"]


def _counted(evidence: Evidence) -> list[str]:
    told = evidence.asked
    if told is None:
        return []
    problems = []
    exchanges = [e for e in by_the_suite(evidence.exchanges) if e.operation is not None or e.actor != _CONTRACT]
    held = sum(map(_was_held_back, exchanges))
    if (told.sent, told.held_back) != (len(exchanges) - held, held):
        problems.append(
            f"{told.sent} requests were sent and {told.held_back} held back; the exchanges show "
            f"{len(exchanges) - held} and {held}"
        )
    observed = [observation.message for observation in evidence.observations if observation.code == _OBSERVED]
    if sorted(told.silences) != sorted(observed):
        problems.append("the silences are not those of the observations")
    return problems


def _was_held_back(exchange: Exchange) -> bool:
    return exchange.error is not None and exchange.error.kind in HELD_BACK
