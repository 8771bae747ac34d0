"""A scan in words, for a terminal."""

from golive.evidence.scanned import in_words
from golive.evidence.statements import Scan, ScanFinding


def summary(scan: Scan) -> str:
    """One sentence: what was looked through, how much was found, and the first place."""
    if not scan.files:
        return f"{scan.root}: {in_words(scan)}" + (f" ({scan.skipped[0]})" if scan.skipped else "")
    read = f"{scan.root}: {_count(scan.files, 'file' if scan.what == 'tree' else 'part')} read"
    first = f", the first in {finding(scan.findings[0])}" if scan.findings else ""
    return f"{read}, {in_words(scan)}{first}"


def finding(found: ScanFinding) -> str:
    """Place, line, kind and form."""
    line = f":{found.line}" if found.line else ""
    form = "" if found.form == "plain" else f" ({found.form})"
    return f"{found.place}{line}: {found.kind}{form}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
