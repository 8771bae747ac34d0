"""The register of requirements: every sentence of the vendor's document that asks for something.

Source: "Environments and testing" of the Connect API documentation; `source` names the heading, and the line under
it where the heading is a list. `needed` is the weakest assurance that shows a requirement: what a partner's backend
does can be seen on the wire (`observed`); what only a person can see is `attested`; how DEV itself behaves towards
the partner's key is `exercised` by this suite. A line about the partner's own work is never met by `exercised`.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from golive.evidence.model import Assurance

VERSION = "2"
"""Of the register: a newer one may judge an older record differently."""

DIGESTS = {
    "1": "f0ee175dbc18bd10157fe6debb291a61a6a5dce09cd1becd3c3dce40198bd087",
    "2": "be52c996ed14f527351980b1efaabe9cff08c55bc1edfd8facd1db56e5a97ec3",
}
"""SHA-256 of the register (`register_digest`) by its version. A record names no more than the version that it went by:
whoever changes a line of the register raises VERSION and adds an entry; none that is here is ever changed."""


class Backing(StrEnum):
    """What an attestation of `yes` has to bring with it."""

    STATEMENT = "statement"  # a signed sentence: the thing itself must not be shown (a token), or is an act of the team
    EXHIBIT = "exhibit"  # a picture, document, log or video: the line speaks of what a driver sees
    REVIEW = "review"  # a text under [review]: the line asks for something that Cariqa can read


@dataclass(frozen=True)
class Requirement:
    """One line of the checklist; `no_check` says why this suite's own client checks nothing for it, `may_not_apply`
    whether a partner can say, with a reason, that it does not hold for them."""

    id: str
    title: str
    section: str
    source: str
    needed: Assurance
    no_check: str | None = None
    backing: Backing = Backing.STATEMENT
    may_not_apply: bool = False


_MAY_NOT_APPLY = frozenset({"FE-4", "REV-6"})
"""The document says of these alone that they hold where they apply; any other line is asked of every partner."""

_ONLY_ATTESTED = "Only people can see this in the partner's own product: it is to be attested."


def _lines(
    prefix: str,
    section: str,
    rows: tuple[tuple[str, Assurance, str | None], ...],
    backing: Backing = Backing.STATEMENT,
) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(
            id_, title, section, f"{section}, line {n}", needed, no_check, backing, may_not_apply=id_ in _MAY_NOT_APPLY
        )
        for n, (title, needed, no_check) in enumerate(rows, start=1)
        for id_ in (f"{prefix}-{n}",)
    )


def _one(id_: str, title: str, source: str) -> Requirement:
    section = "Development environment" if id_.startswith(("DEV", "ENV")) else "Virtual charging points"
    return Requirement(id_, title, section, source, Assurance.EXERCISED)


_OBSERVED = Assurance.OBSERVED
_ATTESTED = Assurance.ATTESTED
_TYPE_1 = "Type 1: Shared VCP without Progress Updates"
_TYPE_2 = "Type 2: VCP with Progress Updates"

REQUIREMENTS: tuple[Requirement, ...] = (
    *_lines(
        "BE",
        "Backend Integration",
        (
            ("The backend keeps the API token in a safe place", _ATTESTED, _ONLY_ATTESTED),
            ("Each request carries the right Bearer token", _OBSERVED, None),
            ("The backend creates users and looks them up", _OBSERVED, None),
            ("The backend starts and stops charging", _OBSERVED, None),
            ("The backend polls the charging session", _OBSERVED, None),
            ("The backend logs API errors and handles them safely", _OBSERVED, None),
        ),
    ),
    *_lines(
        "FE",
        "Frontend Integration",
        (
            ("The frontend collects payment methods", _ATTESTED, _ONLY_ATTESTED),
            ("The frontend was tried with the test payment methods", _ATTESTED, _ONLY_ATTESTED),
            ("The driver can see the charging status", _ATTESTED, _ONLY_ATTESTED),
            ("The driver can stop the charge wherever that applies", _ATTESTED, _ONLY_ATTESTED),
            ("Error messages make sense to a driver", _ATTESTED, _ONLY_ATTESTED),
            ("Loading and retry states are taken care of", _ATTESTED, _ONLY_ATTESTED),
        ),
        Backing.EXHIBIT,
    ),
    *_lines(
        "REV",
        "Before go-live",
        (
            ("The user journey as built can be reviewed", _ATTESTED, _ONLY_ATTESTED),
            ("The payment method set-up can be reviewed", _ATTESTED, _ONLY_ATTESTED),
            ("The handling of charging sessions can be reviewed", _ATTESTED, _ONLY_ATTESTED),
            ("The behaviour on errors can be reviewed", _ATTESTED, _ONLY_ATTESTED),
            ("Support is ready for drivers", _ATTESTED, _ONLY_ATTESTED),
            ("The rules of each country of operation are met", _ATTESTED, _ONLY_ATTESTED),
        ),
        Backing.REVIEW,
    ),
    *_lines(
        "PROD",
        "Production Environment",
        (
            ("The backend keeps the production token in a safe place", _ATTESTED, _ONLY_ATTESTED),
            ("The frontend's payment integration is configured for production", _ATTESTED, _ONLY_ATTESTED),
            ("Backend and user-facing flows cope with charging errors", _ATTESTED, _ONLY_ATTESTED),
            ("The team has tested its integration end to end in DEV", _ATTESTED, _ONLY_ATTESTED),
        ),
    ),
    _one("DEV-USERS", "Users are created and managed in DEV", "Development Environment, flow 1"),
    _one("DEV-PAYMENT", "Payment methods are added in test mode", "Development Environment, flow 2"),
    _one("DEV-STATIONS", "Stations and connectors are discovered", "Development Environment, flow 3"),
    _one("DEV-CHARGING", "Charging sessions are started and stopped", "Development Environment, flow 4"),
    _one("DEV-HISTORY", "The history of charging sessions is read", "Development Environment, flow 5"),
    _one("DEV-UPDATES", "Updates of a charging session are handled", "Development Environment, flow 6"),
    _one("VCP1-START", "A session is started on each listed shared VCP", _TYPE_1),
    _one("VCP1-STOP", "A session on a shared VCP is stopped, as soon as possible", _TYPE_1),
    _one("VCP1-CDR", "The final CDR of a shared VCP is received; energy does not rise before it", _TYPE_1),
    _one("VCP1-BUSY", "A second driver meets a busy station", "Testing Busy Station Behavior"),
    _one("VCP2-PROGRESS", "Consumed energy rises over up to ten progress messages", _TYPE_2),
    _one("VCP2-AFTER-STOP", "Progress that continues after a stop is coped with", _TYPE_2),
    _one("VCP2-CDR", "The final CDR of a VCP with progress arrives by itself", _TYPE_2),
    _one("ENV-ISOLATION", "Only a key that was issued for DEV works in DEV", "Environments"),
    _one("ENV-NO-PROD", "Production is not used for testing", "Production Environment, closing warning"),
)

BY_ID: dict[str, Requirement] = {requirement.id: requirement for requirement in REQUIREMENTS}


def register_digest(register: Iterable[Requirement] = REQUIREMENTS) -> str:
    """SHA-256, in lower-case hexadecimal digits, over every member of every line, in order."""
    lines = [asdict(requirement) for requirement in register]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()
