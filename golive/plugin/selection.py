"""Which checks run, and which journeys they need. What is left out is kept in the record."""

from collections.abc import Sequence

import pytest

from golive.evidence.model import Assurance, CheckResult, Stage
from golive.journeys.conductor import Needs
from golive.journeys.vcp import Vcp
from golive.outcomes import Outcome
from golive.plugin.options import bare
from golive.plugin.run import RUN, Run
from golive.plugin.uncollected import ids_named_in, whole
from golive.settings.values import MANUAL

_LEFT_OUT = {"outcome": Outcome.DESELECTED, "message": "was deselected by the command line"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(  # type: ignore[no-untyped-def]
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
):
    """Enter every collected check into the record before anything deselects it."""
    run = config.stash.get(RUN, None)
    if run is None:
        return (yield)
    items[:] = [item for item in items if _is_meant(run, item)]
    for item in items:
        if is_check(item):
            _enter(run, item)
            if (vcp := vcp_of(item)) is not None:
                item.extra_keyword_matches.add(bare(vcp.evse_id))
    _deselect_other_evses(run, config, items)
    _deselect_as_recorded(run, config, items)
    result = yield
    run.selection = _selection(config, run)
    if not config.option.collectonly:
        _enter_what_was_left_out(session, run)
    return result


def _is_meant(run: Run, item: pytest.Item) -> bool:
    """Where no integration is under test, its checks are no part of the run; some are none where a person drives."""
    marks = list(item.iter_markers("integration"))
    if run.settings.integration == MANUAL:
        return not any(mark.kwargs.get("by") == "adapter" for mark in marks)
    return run.settings.integration is not None or not marks


def _enter(run: Run, item: pytest.Item) -> None:
    run.checks[item.nodeid] = described(item)
    for mark in item.iter_markers("provokes"):
        for error_type in mark.args:
            run.provoked_by.setdefault(error_type, []).append(item.nodeid)


def _enter_what_was_left_out(session: pytest.Session, run: Run) -> None:
    """The checks that pytest did not collect, and files whose checks nobody can tell: none counts as met."""
    found = whole(session)
    meant = [item for item in found.items.values() if _is_meant(run, item)]
    left_out = [item for item in meant if is_check(item) and item.nodeid not in run.checks]
    for item in left_out:
        _enter(run, item)
        run.checks[item.nodeid] = run.checks[item.nodeid].model_copy(update=_LEFT_OUT)
    for nodeid, reason in found.skipped.items():
        _enter_file(session, run, nodeid, Outcome.DESELECTED, f"are skipped as a whole: {reason}")
    for nodeid, fault in found.unreadable.items():
        _enter_file(session, run, nodeid, Outcome.NOT_RUN, f"could not be collected ({fault})")
    said = [run.selection] if run.selection else []
    if left_out and not said:
        said.append("checks were left out while they were collected")
    said += [f"without {nodeid}, which is skipped as a whole" for nodeid in found.skipped]
    said += [f"without {nodeid}, which could not be collected" for nodeid in found.unreadable]
    run.selection = " ".join(said)
    order = {nodeid: place for place, nodeid in enumerate(found.items)}
    in_order = sorted(run.checks, key=lambda nodeid: order.get(nodeid, len(order)))
    run.checks = {nodeid: run.checks[nodeid] for nodeid in in_order}


def _enter_file(session: pytest.Session, run: Run, nodeid: str, outcome: Outcome, message: str) -> None:
    """A file in place of its checks."""
    run.checks[nodeid] = CheckResult(
        nodeid=nodeid,
        title="The checks of this file.",
        section=section_of(nodeid),
        requirement_ids=ids_named_in(session.config.rootpath / nodeid, [line.id for line in run.catalogue.register]),
        outcome=outcome,
        message=message,
    )


def _deselect_other_evses(run: Run, config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = run.settings.evse
    if not wanted:
        return
    out = [item for item in items if (vcp := vcp_of(item)) is not None and vcp.evse_id not in wanted]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def _deselect_as_recorded(run: Run, config: pytest.Config, items: list[pytest.Item]) -> None:
    """A replay runs what the recorded run ran, and what its suites did not know yet."""
    if run.source.record is None:
        return
    from golive.replay import left_out  # late: few runs are replays

    found = left_out(run.source.record, [item.nodeid for item in items if is_check(item)])
    out = [item for item in items if item.nodeid in found]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item.nodeid not in found]
    for nodeid, (outcome, message) in found.items():
        run.checks[nodeid] = run.checks[nodeid].model_copy(update={"outcome": outcome, "message": message})


def _selection(config: pytest.Config, run: Run) -> str:
    """What narrowed the run, as it was typed; empty for all checks. A replay begins with what narrowed its record."""
    option, record = config.option, run.source.record
    parts = [f"--evse {evse_id}" for evse_id in run.settings.evse]
    if record is not None:
        parts = [record.run.selection] if record.run.selection else []
    resumed = getattr(option, "stepwise", False)
    flags = (("-k", option.keyword), ("-m", option.markexpr), ("--lf", getattr(option, "lf", False)), ("--sw", resumed))
    for flag, value in flags:
        if value:
            parts.append(flag if value is True else f"{flag} {value}")
    for flag, values in (
        ("--deselect", option.deselect),
        ("--ignore", option.ignore),
        ("--ignore-glob", option.ignore_glob),
    ):
        parts += [f"{flag} {value}" for value in values or ()]
    testpaths = config.getini("testpaths")
    parts += [
        arg
        for arg in config.args
        if arg.rstrip("/") not in (*testpaths, *(str(config.rootpath / p) for p in testpaths))
    ]
    return " ".join(parts)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """A deselected check is listed as such: nothing vanishes."""
    for item in items:
        run = item.config.stash.get(RUN, None)
        if run is not None and item.nodeid in run.checks:
            run.checks[item.nodeid] = run.checks[item.nodeid].model_copy(update=_LEFT_OUT)


def is_check(item: pytest.Item) -> bool:
    """A check is a test that is bound to requirements."""
    return item.get_closest_marker("requirement") is not None


def vcp_of(item: pytest.Item) -> Vcp | None:
    """The VCP that a check is parametrized with."""
    callspec = getattr(item, "callspec", None)
    vcp = callspec.params.get("vcp") if callspec is not None else None
    return vcp if isinstance(vcp, Vcp) else None


def described(item: pytest.Item) -> CheckResult:
    """The record of a check that has not run yet."""
    marks = list(item.iter_markers("requirement"))
    stages = [mark.kwargs.get("stage") for mark in marks]
    stage = next((stage for stage in stages if isinstance(stage, Stage)), None)
    vcp = vcp_of(item)
    function = getattr(item, "function", None)
    paragraphs = (getattr(function, "__doc__", None) or item.name).strip().split("\n\n")
    sentence = " ".join(paragraphs[0].split())
    return CheckResult(
        nodeid=item.nodeid,
        title=sentence.rstrip(".") + ".",
        section=section_of(item.nodeid),
        requirement_ids=tuple(dict.fromkeys(id_ for mark in marks for id_ in mark.args)),
        evse_id=vcp.evse_id if vcp else None,
        stage=stage,
        shows=Assurance.OBSERVED if item.get_closest_marker("integration") else Assurance.EXERCISED,
        outcome=Outcome.NOT_RUN,
        message="was not run",
    )


def section_of(nodeid: str) -> str:
    """`suites/test_04_payment_methods.py::…` stands in the section `payment methods`."""
    stem = nodeid.split("::")[0].rsplit("/", 1)[-1].removesuffix(".py").removeprefix("test_")
    return stem.lstrip("0123456789_").replace("_", " ")


def needs_of(run: Run, items: Sequence[pytest.Item]) -> Needs:
    """The journeys that the selected checks ask for, by the fixtures they name."""
    asked = [item for item in items if is_check(item)]
    names = {name for item in asked for name in getattr(item, "fixturenames", ())}
    walks = {vcp_of(item) for item in asked if "journeys" in getattr(item, "fixturenames", ())}
    selected = run.selected_vcps
    shared = tuple(vcp for vcp in selected if vcp.is_shared)
    progress = [vcp for vcp in selected if not vcp.is_shared]
    return Needs(
        walks=tuple(vcp for vcp in run.catalogue.vcps if vcp in walks),
        unstopped=progress[-1] if progress and "unstopped" in names else None,
        shared=shared,
        busy=bool(shared) and "busy" in names,
        refusals=bool(shared) and "refusals" in names,
        refused_starts=run.catalogue.refused_starts if "refused_starts" in names else {},
        refused_on=(progress or selected)[0],
        integration="integration" in names,
    )
