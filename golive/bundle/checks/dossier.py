"""The dossier: its exhibits, how long it is valid, and the challenge that the run is bound to."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from golive.bundle.manifest import doubled, sha256
from golive.evidence import challenge
from golive.evidence.model import Evidence
from golive.evidence.statements import MOST_VALID_DAYS, Exhibit


def exhibits(evidence: Evidence, files: Mapping[str, bytes]) -> list[str]:
    """Each attached file is there, as the record says; each one that a statement names is in the list."""
    dossier = evidence.dossier
    if dossier is None:
        return []
    known = {exhibit.id for exhibit in dossier.exhibits}
    problems = [f"the exhibit {id_} is there twice" for id_ in doubled(exhibit.id for exhibit in dossier.exhibits)]
    for exhibit in dossier.exhibits:
        problems += _attached(exhibit, files)
    problems += [
        f"the attestation of {said.requirement_id} names {id_}, which is no exhibit"
        for said in dossier.attestations
        for id_ in said.exhibits
        if id_ not in known
    ]
    return problems


def _attached(exhibit: Exhibit, files: Mapping[str, bytes]) -> list[str]:
    if exhibit.path is None:
        return [] if exhibit.reference else [f"the exhibit {exhibit.id} is neither attached nor a reference"]
    if (data := files.get(exhibit.path)) is None:
        return [f"{exhibit.path} is missing"]
    if exhibit.size != len(data):
        return [f"{exhibit.path} has {len(data)} bytes, the record says {exhibit.size}"]
    return [] if exhibit.sha256 == sha256(data) else [f"{exhibit.path} is not the file that the record speaks of"]


def valid(evidence: Evidence, now: datetime) -> list[str]:
    """Whether the dossier is still valid at `now`."""
    dossier = evidence.dossier
    if dossier is None:
        return []
    if dossier.valid_until < evidence.run.finished_at:
        return [f"it was valid until {dossier.valid_until:%Y-%m-%d %H:%M} UTC, which is before the run ended"]
    if dossier.valid_until > evidence.run.finished_at + timedelta(days=MOST_VALID_DAYS, minutes=1):
        return [f"it is said to be valid for more than {MOST_VALID_DAYS} days after the run"]
    return [] if now <= dossier.valid_until else [f"it expired on {dossier.valid_until:%Y-%m-%d at %H:%M} UTC"]


def bound(evidence: Evidence) -> list[str]:
    """Whether the run's id holds the tag of the challenge: it could not be known before the challenge was given."""
    dossier = evidence.dossier
    if dossier is None or dossier.challenge is None:
        return []
    bound = challenge.is_bound(evidence.run.id, dossier.challenge)
    return [] if bound else [f"the run's id {evidence.run.id} is not bound to it"]
