"""Prints how long the page of a large record takes and how large it gets: `python scripts/bench_report.py`.

10,000 exchanges have to take at most 5 s and 25 MB, or it ends with 1; time has to be linear in their number.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from golive.evidence.integration import Charge, Integration, ProvokedError, RuleResult, RuleStatus, Shown
from golive.evidence.model import (
    CheckResult,
    Evidence,
    Exchange,
    Request,
    Response,
    Run,
    Verdict,
    VerdictStatus,
)
from golive.outcomes import Outcome
from golive.report import render_html

MOST_SECONDS, MOST_MEGABYTES = 5.0, 25.0
"""For 10,000 exchanges."""
BEGUN = datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
STATION = {
    "name": "Ladepark",
    "evses": [{"evse_id": f"DE*CIQ*E{n:04d}*1", "status": "AVAILABLE"} for n in range(40)],
    "price_groups": [{"type": "AC", "power": 22, "prices": {"kwh_price": ["0.54"] * 7}}] * 6,
}


def exchange(number: int) -> Exchange:
    """Nine polls of a session, then a station's details of some kilobytes; a session is polled some forty times."""
    charge = number // 40 + 1
    session = {"id": f"s{charge}", "is_active": True, "consumed_energy": f"{number % 100}.000", "evse_id": "DE*PWA*1"}
    return Exchange(
        id=f"x{number:04d}",
        actor=f"driver {number % 8}" if number % 2 else "partner",
        operation="session_get",
        started_at=BEGUN + timedelta(milliseconds=20 * number),
        took_s=0.012,
        request=Request(
            method="GET",
            url=f"https://dev.connect.cariqa.com/api/v1/users/8/charging-sessions/s{charge}/",
            headers={"Authorization": "Bearer $CONNECT_API_KEY", "Accept": "application/json", "User-Agent": "golive"},
        ),
        response=Response(
            status=200,
            headers={"content-type": "application/json", "date": "Sun, 01 Mar 2026 10:15:00 GMT", "vary": "Accept"},
            body=json.dumps(session if number % 10 else STATION),
        ),
    )


def integration(exchanges: tuple[Exchange, ...]) -> Integration:
    """Rules that stand on many exchanges, eight charges whose requests were sent by turns, and provoked errors."""
    ids = [x.id for x in exchanges if x.actor == "partner"]
    seen = tuple(Shown(at=BEGUN + timedelta(seconds=n), state="charging", kwh=f"{n}.0") for n in range(240))
    rules = tuple(
        RuleResult(
            rule=f"rule-{n}",
            title=f"Rule {n}",
            requirement_ids=(f"BE-{n % 5 + 2}",),
            status=RuleStatus.KEPT,
            message="Kept.",
            exchanges=tuple(ids[:: n + 1]),
        )
        for n in range(20)
    )
    charges = tuple(
        Charge(driver=f"driver {n}", evse_id=f"E{n}", session_id=f"s{n}", shown=seen, exchanges=tuple(ids[n::8]))
        for n in range(8)
    )
    provoked = tuple(
        ProvokedError(
            name=f"error-{n}",
            title=f"Error {n}",
            met=True,
            answered=tuple(ids[n * 20 : n * 20 + 1]),
            followed=tuple(ids[n * 20 + 1 : n * 20 + 20]),
            shown=seen[n * 6 : n * 6 + 6],
            rules=rules[:6],
        )
        for n in range(25)
    )
    return Integration(kind="adapter", name="bench", charges=charges, rules=rules, provoked=provoked)


def record(size: int) -> Evidence:
    """A record of `size` exchanges and a check for each hundred of them."""
    exchanges = tuple(exchange(number) for number in range(1, size + 1))
    checks = tuple(
        CheckResult(
            nodeid=f"suites/test_bench.py::test_{n}",
            title=f"Check {n}.",
            section=f"section {n // 20}",
            requirement_ids=(),
            outcome=Outcome.PASSED,
            exchanges=tuple(x.id for x in exchanges[n * 100 : n * 100 + 100 : 3]),
        )
        for n in range(size // 100)
    )
    run = Run(
        id="bench",
        started_at=BEGUN,
        finished_at=BEGUN + timedelta(minutes=4),
        target="https://dev.connect.cariqa.com",
        target_kind="dev",
        rehearsal=False,
        complete=True,
        suite_version="0",
        commit=None,
        digest="0",
        python="3",
        options={},
        seed=0,
        key_fingerprint=None,
        wall_s=240,
        critical_path_s=None,
    )
    verdict = Verdict(status=VerdictStatus.INCOMPLETE, rehearsal=False, reasons=())
    return Evidence(run=run, verdict=verdict, tests=checks, exchanges=exchanges, integration=integration(exchanges))


def main() -> int:
    render_html(record(1))  # the templates are compiled once
    print("exchanges   seconds   ms each       MB")
    took: dict[int, float] = {}
    megabytes = 0.0
    for size in (1_000, 2_500, 5_000, 10_000):
        evidence = record(size)
        took[size] = float("inf")
        for _ in range(3):  # the best of three: other work on the machine only ever adds
            begun = time.perf_counter()
            page = render_html(evidence)
            took[size] = min(took[size], time.perf_counter() - begun)
        megabytes = len(page.encode()) / 1e6
        print(f"{size:9,} {took[size]:9.2f} {took[size] / size * 1000:9.3f} {megabytes:8.1f}")
    print(f"10,000 take {took[10_000] / took[5_000]:.2f} times as long as 5,000; linear is 2.00")
    return 0 if took[10_000] <= MOST_SECONDS and megabytes <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
