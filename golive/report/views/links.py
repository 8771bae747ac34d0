"""Anchors of the page, and references to them that can never lead nowhere."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from golive.evidence.model import Evidence
from golive.report.tally import joined

_PLAIN_EXCHANGE = re.compile(r"x[0-9]{1,9}")
_SHOWN = 8
_FOLDED = 100
"""References that are folded away: drivers charge at once, and then few neighbours can be joined."""
_REQUIREMENT = re.compile(r"\b([A-Z][A-Z0-9]*-[A-Z0-9-]*[A-Z0-9])\b")


@dataclass(frozen=True)
class Link:
    """A word and the anchor it leads to; no anchor where the record lacks what is named. `provoked` marks an exchange
    that was answered in the API's place."""

    text: str
    anchor: str | None
    provoked: bool = False


@dataclass(frozen=True)
class Links:
    """References: the first few, and the rest that is folded away."""

    shown: tuple[Link, ...]
    more: tuple[Link, ...]
    count: int
    left_out: int = 0
    kind: Literal["ids", "names"] = "ids"


class Anchors:
    """Where on the page each exchange, check, requirement, statement and journey stands."""

    def __init__(self, evidence: Evidence) -> None:
        self._exchanges = {
            x.id: x.id if _PLAIN_EXCHANGE.fullmatch(x.id) else f"exchange-{n}"
            for n, x in enumerate(evidence.exchanges, 1)
        }
        self._provoked = {x.id for x in evidence.exchanges if x.provoked is not None}
        self._checks = {check.nodeid: f"check-{n}" for n, check in enumerate(evidence.tests, 1)}
        self._requirements = {found.id: f"requirement-{n}" for n, found in enumerate(evidence.requirements, 1)}
        dossier = evidence.dossier
        attested = dict.fromkeys(said.requirement_id for said in dossier.attestations) if dossier else {}
        waived = dict.fromkeys(waiver.requirement_id for waiver in dossier.waivers) if dossier else {}
        self._attestations = {id_: f"attestation-{n}" for n, id_ in enumerate(attested, 1)}
        self._waivers = {id_: f"waiver-{n}" for n, id_ in enumerate(waived, 1)}
        self._walks = {
            journey.evse_id: self.journey(n) for n, journey in enumerate(evidence.journeys) if journey.kind == "walk"
        }

    def exchange(self, identifier: str) -> str | None:
        return self._exchanges.get(identifier)

    def check(self, nodeid: str) -> str | None:
        return self._checks.get(nodeid)

    def requirement(self, identifier: str) -> str | None:
        return self._requirements.get(identifier)

    @staticmethod
    def rule(position: int) -> str:
        """The anchor of the traffic rule at `position` (from 0) in the record."""
        return f"rule-{position + 1}"

    @staticmethod
    def provoked(position: int) -> str:
        """The anchor of the provoked error at `position` (from 0) in the record."""
        return f"provoked-{position + 1}"

    def attestation(self, requirement_id: str) -> str | None:
        return self._attestations.get(requirement_id)

    def waiver(self, requirement_id: str) -> str | None:
        return self._waivers.get(requirement_id)

    @staticmethod
    def journey(position: int) -> str:
        """The anchor of the journey at `position` (from 0) in the record."""
        return f"journey-{position + 1}"

    def walk(self, evse_id: str) -> str | None:
        return self._walks.get(evse_id)

    def exchanges(self, ids: Sequence[str]) -> Links:
        """Links to `ids`; neighbours are joined, both ends of the row linked. What was provoked stands for itself."""
        links: list[Link] = []
        told = 0
        for first, last, count in joined(ids, apart=self._provoked):
            links.append(Link(first, self.exchange(first), first in self._provoked))
            if last != first:
                links.append(Link(f"…{last}", self.exchange(last)))
            told += count
            if len(links) >= _SHOWN + _FOLDED:
                break
        return Links(tuple(links[:_SHOWN]), tuple(links[_SHOWN:]), len(ids), len(ids) - told)

    def checks(self, nodeids: Iterable[str]) -> Links:
        """Links to checks, named without their file."""
        links = [Link(short(nodeid), self.check(nodeid)) for nodeid in nodeids]
        return Links(tuple(links[:_SHOWN]), tuple(links[_SHOWN:]), len(links), kind="names")

    def requirements(self, ids: Iterable[str]) -> Links:
        links = [Link(identifier, self.requirement(identifier)) for identifier in ids]
        return Links(tuple(links), (), len(links))

    def linked(self, text: str) -> tuple[Link, ...]:
        """`text` in pieces, those that name a requirement of the record as links to it."""
        return tuple(Link(piece, self.requirement(piece)) for piece in _REQUIREMENT.split(text) if piece)


def short(nodeid: str) -> str:
    """A check's name for people who know its section: no file, no `test_`, words apart so that lines can break."""
    name, bracket, parameter = nodeid.rpartition("::")[2].removeprefix("test_").partition("[")
    return name.replace("_", " ") + (" " + bracket + parameter if bracket else "")
