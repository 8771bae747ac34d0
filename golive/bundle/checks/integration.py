"""What the traffic rules say of the partner's integration, judged again, and the checks that go by it."""

import re
from collections.abc import Iterator
from typing import Any, Final

from golive.evidence.integration import Charge, Integration, Meeting, RuleResult, RuleStatus
from golive.evidence.model import Evidence
from golive.guard import is_loopback
from golive.integration.busy import conclude
from golive.integration.judging import judged
from golive.integration.wire import has_ended, of_partner, session_of, starts_on, user_of
from golive.outcomes import Conclusion, Outcome
from golive.traffic import DEFAULT_BOUNDS, Bounds

_OF_ANY_SUITE: Final = ("status",)
"""What a rule came to; its words may be others in another version of the suite."""

_CHECK: Final = re.compile(r"suites/test_12_integration\.py::(\w+)(?:\[(.+)\])?$")
_OF_RULES: Final = "test_the_traffic_keeps_the_rule"
"""Its rules are compared one by one."""
_MEETING: Final = "test_a_second_driver_meets_a_busy_station"
_UNSTOPPED: Final = "test_a_charge_that_nobody_stops_comes_to_its_end"


def rules(evidence: Evidence, *, same_suite: bool) -> list[str]:
    """Each rule's result over the partner's exchanges and after each provoked error, and no check that passed without
    what it stands on. Nothing where no integration was under test."""
    told = evidence.integration
    if told is None:
        return []
    traffic = of_partner(evidence.exchanges)
    again = judged(told, traffic, base_url=evidence.run.target, bounds=_bounds(evidence))
    return [
        *_differing("", told.rules, again.rules, same_suite=same_suite),
        *(
            fault
            for was, is_ in zip(told.provoked, again.provoked, strict=True)
            for fault in _differing(f"after {was.name}: ", was.rules, is_.rules, same_suite=same_suite)
        ),
        *_met(told.meeting, again.meeting, evidence, same_suite=same_suite),
        *(fault for charge in told.charges for fault in _charged(charge, evidence, told)),
        *_passed_without_cause(evidence, told),
    ]


def _bounds(evidence: Evidence) -> Bounds:
    """As the run had them: on this machine a charge goes as fast as the simulator's ticks."""
    run = evidence.run
    tick: Any = run.options.get("tick")
    is_local = run.target_kind == "simulator" or is_loopback(run.target)
    return Bounds.for_tick(float(tick)) if is_local and isinstance(tick, int | float) else DEFAULT_BOUNDS


def _differing(
    where: str, told: tuple[RuleResult, ...], again: tuple[RuleResult, ...], *, same_suite: bool
) -> Iterator[str]:
    theirs, ours = {result.rule: result for result in told}, {result.rule: result for result in again}
    if len(theirs) != len(told):
        yield f"{where}a rule stands there twice"
    if same_suite:
        yield from (f"{where}the rule {name} is missing" for name in ours if name not in theirs)
        yield from (f"{where}there is no rule {name}" for name in theirs if name not in ours)
    compared = tuple(RuleResult.model_fields) if same_suite else _OF_ANY_SUITE
    for name in theirs.keys() & ours.keys():
        was, is_ = theirs[name], ours[name]
        if was.status != is_.status:
            yield f"{where}{name} is {was.status.value} there, {is_.status.value} when judged again"
        elif members := [member for member in compared if getattr(was, member) != getattr(is_, member)]:
            yield f"{where}{name} differs in {', '.join(members)}"


def _charged(charge: Charge, evidence: Evidence, told: Integration) -> Iterator[str]:
    """A charge that came to its end was begun by the partner's backend, there and by that user."""
    if told.kind == "gateway" or charge.outcome is not Outcome.PASSED:
        return
    named = set(charge.exchanges)
    starts = starts_on((e for e in evidence.exchanges if e.id in named), charge.evse_id)
    if not any(session_of(e) == charge.session_id and user_of(e) == charge.user_id for e in starts):
        yield f"no exchange of the charge on {charge.evse_id} began its session {charge.session_id}"
    theirs = [e for e in evidence.exchanges if e.id in named]
    if not charge.stops and not has_ended(theirs, charge.session_id or ""):
        yield f"no exchange shows that the session {charge.session_id}, which nobody stopped, ended"


def _met(was: Meeting | None, is_: Meeting | None, evidence: Evidence, *, same_suite: bool) -> Iterator[str]:
    """Two drivers at one VCP: what the integration made of it, and, where all was well, what the API did."""
    if was is None or is_ is None:
        return
    yield from _differing("at the busy station: ", was.rules, is_.rules, same_suite=same_suite)
    if was.outcome is not Outcome.PASSED:
        return
    by_id = {exchange.id: exchange for exchange in evidence.exchanges}
    start = next((by_id[id_] for id_ in was.answered if id_ in by_id), None)
    looked = [by_id[id_] for id_ in was.looked if id_ in by_id]
    if start is None or was.first_session_id is None:
        yield "at the busy station: no start of the second driver stands there"
        return
    try:
        conclude(start, was.evse_id or "", was.first_user_id, was.first_session_id, looked, lambda _session: False)
    except Conclusion as other:
        yield f"at the busy station: {other.message}"


def _passed_without_cause(evidence: Evidence, told: Integration) -> Iterator[str]:
    """A check that passed is on a rule that was kept, a charge that ended well, or an error that was coped with: and
    what that was stands in the record."""
    there = {charge.evse_id if charge.stops else _UNSTOPPED for charge in told.charges}
    there |= {each.name for each in told.provoked} | ({_MEETING} if told.meeting is not None else set())
    bad = {result.rule: result.status.value for result in told.rules if result.status is not RuleStatus.KEPT}
    failed = [charge for charge in told.charges if charge.outcome is not Outcome.PASSED]
    bad |= {charge.evse_id if charge.stops else _UNSTOPPED: charge.outcome.value for charge in failed}
    if (met := told.meeting) is not None:
        broken = [result.rule for result in met.rules if result.status is RuleStatus.BROKEN]
        if broken or met.outcome is not Outcome.PASSED:
            bad[_MEETING] = f"broken: {', '.join(broken)}" if broken else met.outcome.value
    for each in told.provoked:
        broken = [result.rule for result in each.rules if result.status is RuleStatus.BROKEN]
        if broken or not each.met:
            bad[each.name] = f"broken: {', '.join(broken)}" if broken else "not met"
    for check in evidence.tests:
        found = _CHECK.match(check.nodeid)
        if check.outcome is not Outcome.PASSED or found is None:
            continue
        if (on := found[2] or found[1]) in bad:
            yield f"{check.nodeid.rpartition('::')[2]} passed, and the record has {on} as {bad[on]}"
        elif on not in there and found[1] != _OF_RULES:
            yield f"{check.nodeid.rpartition('::')[2]} passed, and the record has nothing of {on}"
