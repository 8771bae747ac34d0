"""Which checks a replay leaves out because the recorded run did."""

from collections.abc import Iterable

from golive.evidence.model import Evidence
from golive.outcomes import Outcome


def left_out(record: Evidence, nodeids: Iterable[str]) -> dict[str, tuple[Outcome, str | None]]:
    """The checks among `nodeids` that the recorded run did not judge, with what its record says of them.

    Those that were not run count where others were: a run that ended in its preflight ends there again. A check that
    the record does not know is newer than it, unless the recorded run was narrowed to files.
    """
    recorded = {check.nodeid: check for check in record.tests}
    idle = {Outcome.DESELECTED}
    if any(check.outcome not in (Outcome.DESELECTED, Outcome.NOT_RUN) for check in record.tests):
        idle.add(Outcome.NOT_RUN)
    found: dict[str, tuple[Outcome, str | None]] = {}
    for nodeid in nodeids:
        check = recorded.get(nodeid)
        if check is not None and check.outcome in idle:
            found[nodeid] = check.outcome, check.message
        elif check is None and _names_files(record.run.selection):
            found[nodeid] = Outcome.DESELECTED, "was not among the checks that the recorded run was narrowed to"
    return found


def _names_files(selection: str) -> bool:
    return ".py" in selection or "suites/" in selection
