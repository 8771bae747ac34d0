"""The dossier as it is before anybody wrote in it, made from the register of requirements."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from golive.evidence.checklist import Backing, Requirement
from golive.evidence.model import Assurance

_HEAD = Path(__file__).with_name("template.toml")

_REVIEW = """
# What the reviewer may read "Before go-live": a few sentences each, more lines between three quotation marks.
[review]
"""

_ATTESTATIONS = """
# What no program can see, one table each. The answer counts once it is "yes" with all of:
#   name, role     who says so
#   date           the day, without quotation marks, at most 90 days before the run
#   statement      what exactly was looked at or done
#   evidence       files beside this one: PNG, JPEG, PDF or UTF-8 text, at most 2 MiB each and 12 MiB in all.
#                  Where a picture was taken, and with what, is removed from it before it is attached.
#   video          instead of or beside them, the https URL of a short video (and video_sha256, its digest)
# Where it says so, a line may also be answered "not_applicable", with name, role, date, statement and:
#   reason         why it does not apply to you
"""

_BACKING = {
    Backing.STATEMENT: "a statement",
    Backing.EXHIBIT: "a statement, and a file or a video that shows it",
    Backing.REVIEW: "a statement, and its text under [review]",
}

_FIELDS = """\
answer = "no"
name = ""
role = ""
# date = 2026-03-02
statement = ""
evidence = []
"""


def template(register: Sequence[Requirement]) -> str:
    """A whole `golive.toml` with every requirement that an attestation can show."""
    asked = [requirement for requirement in register if requirement.needed is Assurance.ATTESTED]
    review = [requirement for requirement in asked if requirement.backing is Backing.REVIEW]
    parts = [_HEAD.read_text(encoding="utf-8"), _REVIEW]
    parts += [f'# {requirement.title}\n{requirement.id} = ""\n' for requirement in review]
    parts.append(_ATTESTATIONS)
    section = ""
    for requirement in asked:
        if requirement.section != section:
            section = requirement.section
            parts.append(f"\n# ---- {section} ".ljust(100, "-") + "\n")
        parts.append(_attestation(requirement))
    return "".join(parts)


def _attestation(requirement: Requirement) -> str:
    title = textwrap.fill(f"{requirement.id}: {requirement.title}", 96, initial_indent="# ", subsequent_indent="# ")
    needs = f"# A yes needs {_BACKING[requirement.backing]}."
    if requirement.may_not_apply:
        needs += ' It may be "not_applicable".'
    return f'\n{title}\n{needs}\n[[attestation]]\nrequirement = "{requirement.id}"\n{_FIELDS}'
