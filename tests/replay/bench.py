"""Records to be replayed, replays of them without a network, and how the two compare."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from golive.evidence.model import Exchange, Request, Response, TransportFault
from tests.plugin.launch import ROOT, Finished, run_pytest

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BASE = "https://dev.example.org/api/v1"


def replayed(
    directory: Path, record: Path, *args: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> Finished:
    """The suites of `cwd` on the record, in a process that must not open a connection."""
    return run_pytest(directory, "-p", "tests.replay.offline", f"--replay={record}", *args, cwd=cwd, env=env)


def concluded(finished: Finished) -> dict[str, tuple[str, str | None, str | None]]:
    """What each check came to: outcome, owner, message."""
    return {c["nodeid"]: (c["outcome"], c["owner"], c["message"]) for c in finished.checks}


def edited(record: Path, directory: Path, edit: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of an evidence.json that was changed."""
    evidence = json.loads(record.read_text(encoding="utf-8"))
    edit(evidence)
    directory.mkdir(parents=True, exist_ok=True)
    copy = directory / "evidence.json"
    copy.write_text(json.dumps(evidence), encoding="utf-8")
    return copy


def without(wanted: Any) -> Any:
    """An edit that removes the first exchange for which `wanted` holds."""

    def edit(evidence: dict[str, Any]) -> None:
        evidence["exchanges"].remove(next(e for e in evidence["exchanges"] if wanted(e)))

    return edit


def said(finished: Finished) -> str:
    """What the console shows, whatever the width of its lines."""
    return " ".join(finished.stdout.split())


def erred(finished: Finished) -> set[str]:
    return {nodeid for nodeid, (outcome, _, _) in concluded(finished).items() if outcome == "error"}


def exchange(
    number: int,
    path: str = "/users/",
    *,
    method: str = "GET",
    actor: str = "driver",
    test: str | None = None,
    at: float = 0.0,
    took: float = 0.1,
    body: str | None = None,
    authorization: str | None = "Bearer $CONNECT_API_KEY",
    answer: str | None = "{}",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    truncated: bool = False,
    fault: TransportFault | None = None,
) -> Exchange:
    """A recorded exchange, `at` seconds after the run began; `answer` None: no response."""
    response = Response(
        status=status,
        headers={"content-type": "application/json", **(headers or {})},
        body=answer,
        truncated=truncated,
    )
    return Exchange(
        id=f"x{number:04d}",
        actor=actor,
        test=test,
        started_at=BEGAN + timedelta(seconds=at),
        took_s=took,
        request=Request(
            method=method,
            url=f"{BASE}{path}",
            headers={} if authorization is None else {"authorization": authorization},
            body=body,
        ),
        response=None if answer is None else response,
        error=fault,
    )
