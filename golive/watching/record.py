"""From what was watched to its evidence and files."""

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from golive import __version__
from golive.bundle.writing import write_whole
from golive.evidence.checklist import VERSION as REGISTER_VERSION
from golive.evidence.integration import Charge, Integration, ProvokedError
from golive.evidence.model import Aftermath, Evidence, Exchange, Run
from golive.evidence.proof import proof_of_the_suite
from golive.evidence.source import commit, digest
from golive.evidence.verdict import decide, judge_requirements
from golive.evidence.writing import written
from golive.gateway import Handle, Provocation
from golive.integration.judging import judged
from golive.integration.wire import of_partner
from golive.journeys.sessions import OpenSessions
from golive.recording import Recorder
from golive.report import VIEWS, no_exhibits
from golive.settings import Settings
from golive.traffic import DEFAULT_BOUNDS, Bounds
from golive.traffic.calls import Call
from golive.traffic.charges import charges_of, seen_going_on

SELECTION: Final = "no checks: the partner's backend was watched through the gateway"
NAME: Final = "python -m golive gateway"


@dataclass(frozen=True)
class Watched:
    """Everything that a watching leaves in memory."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    wall_s: float
    settings: Settings
    options: dict[str, Any]
    recorder: Recorder
    sessions: OpenSessions
    handles: Sequence[Handle] = ()
    never_armed: Sequence[Provocation] = ()
    left_behind: Sequence[str] = ()
    complete: bool = False
    is_over: bool = False


def assemble(watched: Watched) -> Evidence:
    """The evidence; until the watching is over, what is known of it by then. It has no checks, so its verdict is never
    `ready`: what is observed is told by the rules."""
    exchanges = watched.recorder.exchanges
    rehearsal = watched.settings.target.rehearsal
    on = watched.finished_at.astimezone(UTC).date()
    requirements = judge_requirements((), on=on)
    return Evidence(
        run=Run(
            id=watched.run_id,
            started_at=watched.started_at,
            finished_at=watched.finished_at,
            target=watched.settings.target.url or "",
            target_kind=watched.settings.target.kind,
            rehearsal=rehearsal,
            complete=watched.complete,
            selection=SELECTION,
            suite_version=__version__,
            commit=commit(),
            digest=digest(),
            python=platform.python_version(),
            options=watched.options,
            seed=watched.settings.seed,
            key_fingerprint=watched.settings.key_fingerprint,
            wall_s=round(watched.wall_s, 3),
            critical_path_s=None,
            proof=proof_of_the_suite(),
            register_version=REGISTER_VERSION,
        ),
        verdict=decide(requirements, (), (), rehearsal=rehearsal, complete=watched.complete, on=on),
        requirements=requirements,
        observations=watched.recorder.observations,
        exchanges=exchanges,
        aftermath=Aftermath(
            started=watched.sessions.started,
            open_after=watched.sessions.open_ids,
            holds=watched.sessions.holds.told(),
            left_behind=tuple(watched.left_behind),
        ),
        # the rules judge what was seen to its end
        integration=_integration(watched, of_partner(exchanges)) if watched.is_over else None,
    )


def write(evidence: Evidence, directory: Path) -> None:
    """Write the record, and what is made from it. Raises `OSError`."""
    directory.mkdir(parents=True, exist_ok=True)
    write_whole(directory / "evidence.json", written(evidence))
    for name, render in VIEWS.items():
        write_whole(directory / name, render(evidence, no_exhibits).encode())


def _integration(watched: Watched, traffic: Sequence[Exchange]) -> Integration:
    """What the partner's exchanges show, and what the rules make of them."""
    target = watched.settings.target
    seen = Integration(
        kind="gateway",
        name=NAME,
        charges=tuple(_charges(traffic)),
        provoked=tuple(_provoked(watched, traffic)),
        watched_until=watched.finished_at,
    )
    bounds = Bounds.for_tick(watched.settings.tick) if target.local else DEFAULT_BOUNDS
    return judged(seen, traffic, base_url=target.url or "", bounds=bounds)


def _charges(traffic: Sequence[Exchange]) -> Iterator[Charge]:
    """The sessions that the backend began, as its traffic tells them."""
    calls = [Call.of(exchange) for exchange in traffic]
    for charge in seen_going_on(charges_of(calls)):
        of_it = (charge.start, *(read.call for read in charge.reads), *charge.stops)
        ids = sorted({call.id for call in of_it if call is not None}, key=lambda id_: (len(id_), id_))
        evse_id = (charge.start.evse if charge.start else None) or "not seen"
        yield Charge(
            driver=f"of user {charge.user}",
            evse_id=evse_id,
            user_id=charge.user,
            session_id=charge.id,
            exchanges=tuple(ids),
        )


def _provoked(watched: Watched, traffic: Sequence[Exchange]) -> Iterator[ProvokedError]:
    """What was provoked, and what the backend sent after each, up to the next one."""
    place = {exchange.id: at for at, exchange in enumerate(traffic)}
    began = [place[handle.exchanges[0]] if handle.exchanges else None for handle in watched.handles]
    for n, handle in enumerate(watched.handles):
        end = next((at for at in began[n + 1 :] if at is not None), len(traffic))
        begin = began[n]
        later = [] if begin is None else traffic[begin + 1 : end]
        followed = [exchange for exchange in later if exchange.id not in handle.exchanges]
        yield ProvokedError(
            name=handle.provocation.name,
            title=handle.provocation.title,
            error_type=handle.provocation.error_type,
            status=handle.provocation.status,
            met=handle.met.is_set(),
            answered=handle.exchanges,
            followed=tuple(exchange.id for exchange in followed),
            watched_until=watched.finished_at,
        )
    for provocation in watched.never_armed:
        yield ProvokedError(
            name=provocation.name,
            title=provocation.title,
            error_type=provocation.error_type,
            status=provocation.status,
            met=False,
        )
