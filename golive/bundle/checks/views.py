"""The views, rendered anew from the record and compared byte for byte."""

from collections.abc import Mapping

from golive import __version__
from golive.bundle.opening import RECORD
from golive.evidence.model import Evidence
from golive.evidence.source import digest
from golive.report import VIEWS


def other_suite(evidence: Evidence) -> str | None:
    """Why the views of this record cannot be rendered here as they were then; None where they can."""
    theirs = evidence.run
    if theirs.suite_version != __version__:
        return f"the suite was version {theirs.suite_version}, this checkout is {__version__}"
    if theirs.digest != (ours := digest()):
        return f"the suite's files were {theirs.digest[:12]}…, this checkout's are {ours[:12]}…"
    return None


def rendered(evidence: Evidence, files: Mapping[str, bytes]) -> list[str]:
    """Views that are not what this record gives; the page is compared with zeros in its foot."""
    problems = (
        [] if files[RECORD] == evidence.model_dump_json(indent=1).encode() else [f"{RECORD} is written otherwise"]
    )
    for name, render in VIEWS.items():
        if name not in files:
            problems.append(f"{name} is missing")
        elif files[name] != (again := render(evidence, files.get).encode()):
            at = next((n for n, (a, b) in enumerate(zip(files[name], again, strict=False)) if a != b), len(again))
            problems.append(f"{name} differs from byte {at:,} on")
    return problems
