"""What a scan amounts to: nothing found is clean only where everything was read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.scanned import ScanStatus, in_words, status_of
from golive.evidence.statements import Scan, ScanFinding

LEAK = ScanFinding(place="app.js", line=3, kind="the key in use")


def scan(**changed: Any) -> Scan:
    return Scan(**({"what": "tree", "root": "dist", "files": 12} | changed))


@pytest.mark.parametrize(
    ("scan", "status", "words"),
    [
        (scan(), ScanStatus.CLEAN, "nothing found"),
        (scan(findings=(LEAK,)), ScanStatus.FOUND, "1 secret found"),
        (scan(findings=(LEAK, LEAK), skipped=("x",)), ScanStatus.FOUND, "2 secrets found"),
        (
            scan(findings=(LEAK,), complete=False),
            ScanStatus.FOUND,
            "1 secret found, then broken off",
        ),
        (scan(files=0), ScanStatus.NOTHING_READ, "nothing was read"),
        (scan(files=0, skipped=("x",), complete=False), ScanStatus.NOTHING_READ, "nothing was read"),
        (scan(complete=False), ScanStatus.BROKEN_OFF, "nothing found, then broken off"),
        (scan(skipped=("a", "b")), ScanStatus.PARTLY_READ, "nothing found, but 2 places not read"),
        (scan(skipped=("a", "7 more"), unread=8), ScanStatus.PARTLY_READ, "nothing found, but 8 places not read"),
        (scan(skipped=("key",), unread=0), ScanStatus.PARTLY_READ, "nothing found, not all looked for"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_scan_is_told_by_what_it_read(scan: Scan, status: ScanStatus, words: str) -> None:
    assert (status_of(scan), in_words(scan)) == (status, words)


@given(st.integers(0, 2), st.booleans(), st.lists(st.just("x"), max_size=2), st.lists(st.just(LEAK), max_size=2))
def test_only_a_whole_scan_without_findings_is_clean(
    files: int, complete: bool, skipped: list[str], findings: list[ScanFinding]
) -> None:
    status = status_of(scan(files=files, complete=complete, skipped=tuple(skipped), findings=tuple(findings)))
    assert (status is ScanStatus.CLEAN) == bool(files and complete and not skipped and not findings)
