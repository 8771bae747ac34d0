"""The views, rendered anew from the record and compared byte for byte; by what they say, where that cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass

from golive import __version__
from golive.bundle.checks.content import contradictions
from golive.bundle.foot import PAGE, is_of_record
from golive.bundle.opening import RECORD
from golive.evidence.model import Evidence
from golive.evidence.source import digest
from golive.evidence.writing import written
from golive.report import VIEWS


def other_suite(evidence: Evidence) -> str | None:
    """Why the views of this record cannot be rendered here as they were then; None where they can."""
    theirs = evidence.run
    if theirs.suite_version != __version__:
        return f"the suite was version {theirs.suite_version}, this checkout is {__version__}"
    if theirs.digest != (ours := digest()):
        return f"the suite's files were {theirs.digest[:12]}…, this checkout's are {ours[:12]}…"
    return None


@dataclass(frozen=True)
class Compared:
    """What was found, and which views are not what this checkout makes of the record, to the byte."""

    problems: list[str]
    by_content: tuple[str, ...] = ()


def compared(evidence: Evidence, files: Mapping[str, bytes], *, same_suite: bool) -> Compared:
    """The views against the record; the page is compared with zeros in its foot.

    Views of another suite may put the record otherwise: what they say is compared then.
    """
    again = rendered(evidence, files)
    problems = [f"{name} is missing" for name in again if name not in files]
    if PAGE in files and not is_of_record(files[PAGE], files[RECORD]):
        problems.append(f"{PAGE} says that it was made from another {RECORD}")
    others = [name for name in again if name in files and files[name] != again[name]]
    if not same_suite:
        said = [said for name in others for said in contradictions(name, files[name], evidence)]
        return Compared(problems + said, tuple(others))
    if files[RECORD] != written(evidence):
        problems.append(f"{RECORD} is written otherwise")
    for name in others:
        pairs = enumerate(zip(files[name], again[name], strict=False))
        at = next((n for n, (a, b) in pairs if a != b), min(len(files[name]), len(again[name])))
        problems.append(f"{name} differs from byte {at:,} on")
    return Compared(problems)


def rendered(evidence: Evidence, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The views as this checkout makes them of the record, with zeros in the page's foot."""
    return {name: render(evidence, files.get).encode() for name, render in VIEWS.items()}
