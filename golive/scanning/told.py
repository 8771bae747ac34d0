"""A scan in words, for a terminal."""

from golive.evidence.statements import Scan, ScanFinding


def summary(scan: Scan) -> str:
    """One sentence: what was looked through, how much was found, and the first place."""
    if not scan.files:
        return f"{scan.root}: nothing was read" + (f" ({scan.skipped[0]})" if scan.skipped else "")
    read = f"{scan.root}: {_count(scan.files, 'file' if scan.what == 'tree' else 'answer')} read"
    if scan.findings:
        return f"{read}, {_count(len(scan.findings), 'secret')} found, the first in {finding(scan.findings[0])}"
    return f"{read}, no secret found" + (f"; {_count(len(scan.skipped), 'thing')} not read" if scan.skipped else "")


def finding(found: ScanFinding) -> str:
    """Place, line, kind and form."""
    line = f":{found.line}" if found.line else ""
    form = "" if found.form == "plain" else f" ({found.form})"
    return f"{found.place}{line}: {found.kind}{form}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
