"""What a scan amounts to. Finding nothing says little of what was not read, so that each view says which it was.

Pure functions over the record; verdict, page, summary and console take status and words from here.
"""

from enum import StrEnum

from golive.evidence.statements import Scan


class ScanStatus(StrEnum):
    """From what weighs most: only the last one is clean."""

    FOUND = "found"
    NOTHING_READ = "nothing read"
    BROKEN_OFF = "broken off"
    PARTLY_READ = "partly read"
    CLEAN = "clean"


def status_of(scan: Scan) -> ScanStatus:
    """The first that is true of it."""
    if scan.findings:
        return ScanStatus.FOUND
    if not scan.files:
        return ScanStatus.NOTHING_READ
    if not scan.complete:
        return ScanStatus.BROKEN_OFF
    return ScanStatus.PARTLY_READ if scan.skipped else ScanStatus.CLEAN


def in_words(scan: Scan) -> str:
    """A few words: what was found, and what stands in the way of taking nothing for clean."""
    unread = unread_places(scan)
    places = f"{unread} place{'' if unread == 1 else 's'} not read"
    match status_of(scan):
        case ScanStatus.FOUND:
            found = f"{len(scan.findings)} secret{'' if len(scan.findings) == 1 else 's'} found"
            return found if scan.complete else f"{found}, then broken off"
        case ScanStatus.NOTHING_READ:
            return "nothing was read"
        case ScanStatus.BROKEN_OFF:
            return "nothing found, then broken off"
        case ScanStatus.PARTLY_READ:
            return f"nothing found, but {places}" if unread else "nothing found, not all looked for"
        case ScanStatus.CLEAN:
            return "nothing found"


def unread_places(scan: Scan) -> int:
    """How many places the scan names as not read; `skipped` may sum several up in one entry."""
    return scan.unread if scan.unread is not None else len(scan.skipped)


def of_scan(scan: Scan) -> str:
    """What was looked through, for a sentence."""
    noun = "file" if scan.what == "tree" else "part"
    return f"{scan.root} ({scan.files} {noun}{'' if scan.files == 1 else 's'})"
