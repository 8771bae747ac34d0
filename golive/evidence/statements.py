"""What people say in the dossier (`golive.toml`), as the record holds it: who, what, and what no program can see.

Statements are never findings: an attestation may show a requirement that needs no more than that, a waiver asks the
reviewer for a decision, and neither turns a failure into anything else.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from golive.evidence.base import Model

MAX_AGE_DAYS = 90
"""An attestation older than this, on the day of the run, shows nothing any more: products change."""

MOST_VALID_DAYS = 90
"""After the end of the run, whatever a dossier says."""


MOST_WAIVED_DAYS = 180
"""From the day on which it is asked for; what stays open longer is to be asked for anew."""


class Contact(Model):
    """Whom to ask."""

    purpose: Literal["go-live", "support"]
    name: str
    channel: str = Field(description="how to reach them: an e-mail address, a telephone number, a ticket system's URL")
    hours: str = Field(description="when, with the time zone")


class Exhibit(Model):
    """A file that shows what a statement says, in `exhibits/` beside the record; or a reference to one elsewhere."""

    id: str = Field(description="e01, e02, … in the order of the dossier")
    name: str = Field(description="the file's own name, as the dossier gives it")
    path: str | None = Field(description="below the record's directory; null for a reference")
    reference: str | None = Field(default=None, description="where a video lies that is not attached")
    media_type: str | None = Field(description="by content, not by name: image/png, image/jpeg, application/pdf, …")
    size: int | None = Field(description="bytes as attached")
    sha256: str | None = Field(description="of the bytes as attached, metadata removed")
    removed: tuple[str, ...] = Field(default=(), description="metadata that was removed: EXIF, GPS, XMP, text, …")


class Answer(StrEnum):
    """What a person says of a requirement."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Attestation(Model):
    """One person's word for one requirement."""

    requirement_id: str
    answer: Answer
    name: str
    role: str
    on: date | None = Field(description="the day it was given, UTC; null for an answer of no")
    statement: str
    reason: str | None = Field(default=None, description="why it does not apply")
    exhibits: tuple[str, ...] = Field(default=(), description="ids of its exhibits")


class Waiver(Model):
    """A request to let a requirement be open for a while; it changes no status."""

    requirement_id: str
    owner: str = Field(description="who will close it")
    until: date
    reason: str


class Dossier(Model):
    """Who asks for production, and with what."""

    partner: str
    integration: str
    version: str = Field(description="of the integration")
    countries: tuple[str, ...] = Field(description="of operation, ISO 3166-1 alpha-2")
    contacts: tuple[Contact, ...]
    review: dict[str, str] = Field(default_factory=dict, description="by requirement id: what the reviewer may read")
    challenge: str | None = Field(default=None, description="given by Cariqa; the run's id is bound to it")
    valid_until: AwareDatetime
    sha256: str = Field(description="of the file that it was read from")
    attestations: tuple[Attestation, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()


class ScanFinding(Model):
    """A secret, or what looks like one, in a place where none may be. Never the secret itself."""

    place: str = Field(description="path below what was scanned, or the URL of the page or script")
    line: int = Field(description="from 1; 0 for a file that has no lines, and for a secret in a file's name")
    kind: str = Field(description="the key in use, another Connect token, a Stripe secret key, …")
    form: str = Field(default="plain", description="plain, base64, URL-encoded, …")


class Scan(Model):
    """One tree of files, or one web page with its scripts, looked through for secrets."""

    what: Literal["tree", "page"]
    root: str = Field(description="as it was given on the command line")
    files: int = Field(description="files or scripts that were read")
    skipped: tuple[str, ...] = Field(default=(), description="what could not be read, and why")
    unread: int | None = Field(default=None, description="places that were not read; skipped may sum some up")
    complete: bool = Field(default=True, description="false where it ended before it had gone through all")
    findings: tuple[ScanFinding, ...] = ()
