"""The exchanges against each other and the run: none missing, none moved, all sent where the record says."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from golive.evidence.model import Evidence, Exchange
from golive.guard import DEV_URL

_OURS = re.compile(r"cariqa-golive/(\S+) \(run (\S+)\)(?: \([^()]*\))?")
SLACK = timedelta(seconds=5)
"""The clock of a machine may be set right while a run is under way; so far back or forth is no contradiction."""


def in_order(evidence: Evidence) -> list[str]:
    """Ids without a gap, in the order in which the requests began."""
    problems: list[str] = []
    for n, exchange in enumerate(evidence.exchanges, start=1):
        if exchange.id != f"x{n:04d}":
            problems.append(f"{exchange.id} stands where x{n:04d} belongs")
            break
    for one, next_ in zip(evidence.exchanges, evidence.exchanges[1:], strict=False):
        if next_.started_at < one.started_at - SLACK:
            problems.append(f"{next_.id} began before {one.id}")
    return problems


def in_the_window(evidence: Evidence) -> list[str]:
    """Everything happened between the run's begin and its end. A replay has the times of the run that it replays."""
    run = evidence.run
    problems: list[str] = []
    if run.finished_at < run.started_at - SLACK:
        problems.append("the run ended before it began")
    if abs((run.finished_at - run.started_at).total_seconds() - run.wall_s) > SLACK.total_seconds():
        problems.append(f"its wall clock of {run.wall_s} s is not the time between begin and end")
    if run.replay_of is not None:
        return problems
    begin, end = run.started_at - SLACK, run.finished_at + SLACK
    problems += [
        f"{exchange.id} lies outside of it"
        for exchange in evidence.exchanges
        if not begin <= exchange.started_at <= end - timedelta(seconds=max(0.0, exchange.took_s))
    ]
    for journey in evidence.journeys:
        instants = (journey.started_at, journey.finished_at, *(event.at for event in journey.events))
        if not all(begin <= instant <= end for instant in (*instants, *(r.at for r in journey.readings))):
            problems.append(f"the journey of {journey.name} lies outside of it")
    return problems


def by_this_run(evidence: Evidence) -> list[str]:
    """Each request of the suite's own client names the run and the suite's version, to the API and to the record.
    A replay shows the requests of the run that it replays, which another version may have sent."""
    run = evidence.run
    problems: list[str] = []
    for exchange in evidence.exchanges:
        agent = exchange.request.headers.get("user-agent", "")
        if (named := _OURS.fullmatch(agent)) is None:
            continue
        version, id_ = named.groups()
        ours = (version, id_) == (run.suite_version, run.id) if run.replay_of is None else id_ == run.replay_of
        problems += [] if ours else [f"{exchange.id} was sent by {agent}"]
    return problems


def to_the_target(evidence: Evidence) -> list[str]:
    """Rehearsal or DEV is a matter of where the requests went, not of what is said."""
    run = evidence.run
    problems: list[str] = []
    if run.rehearsal != (run.target_kind != "dev"):
        problems.append(f"rehearsal is {str(run.rehearsal).lower()}, but the target is {run.target_kind}")
    if evidence.verdict.rehearsal != run.rehearsal:
        problems.append("verdict and run do not agree on whether it was a rehearsal")
    if run.target_kind == "dev" and run.target != DEV_URL:
        problems.append(f"the target dev is {DEV_URL}, not {run.target}")
    strays = [exchange for exchange in evidence.exchanges if not _went_there(exchange, run.target)]
    problems += [f"{exchange.id} went to {_origin(exchange.request.url)}" for exchange in strays]
    told: dict[str, object] = {
        "url": run.target,
        "target": run.target_kind,
        "seed": run.seed,
        "key_fingerprint": run.key_fingerprint,
    }
    problems += [
        f"{name} is {run.options[name]} among the options, {value} in the run"
        for name, value in told.items()
        if name in run.options and run.options[name] != value
    ]
    return problems


def _went_there(exchange: Exchange, target: str) -> bool:
    """Whether a call of the API went to the target; the card processor and what has no operation are no such calls."""
    if exchange.operation is None or exchange.operation.startswith("stripe_"):
        return True
    return exchange.request.url.startswith(f"{target.rstrip('/')}/")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
