"""The dossier: its exhibits, how long it is valid, its scans, and the challenge that the run is bound to."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from golive.bundle.manifest import doubled, sha256
from golive.evidence import challenge
from golive.evidence.exhibit_kinds import PICTURES, SUFFIXES, TEXT, kind_of
from golive.evidence.integration import screenshots
from golive.evidence.model import Evidence
from golive.evidence.statements import MOST_VALID_DAYS, MOST_WAIVED_DAYS, Exhibit
from golive.evidence.words import says_something
from golive.report.exhibits import is_ours


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def exhibits(evidence: Evidence, files: Mapping[str, bytes]) -> list[str]:
    """Each attached file is there, as the record says, and of a kind that can only be read; each one that a statement
    names is in the list."""
    problems = [
        *(f"{path} is there twice, but for capital letters" for path in doubled(map(str.casefold, evidence.attached))),
        *(fault for path in screenshots(evidence.integration) for fault in _screen(path, files)),
    ]
    dossier = evidence.dossier
    if dossier is None:
        return problems
    known = {exhibit.id for exhibit in dossier.exhibits}
    problems += [f"the exhibit {id_} is there twice" for id_ in doubled(exhibit.id for exhibit in dossier.exhibits)]
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
        if not exhibit.reference:
            return [f"the exhibit {exhibit.id} is neither attached nor a reference"]
        whole = exhibit.reference.startswith("https://")
        return [] if whole else [f"the exhibit {exhibit.id} refers to something else than an https address"]
    if (data := files.get(exhibit.path)) is None:
        return [f"{exhibit.path} is missing"]
    if exhibit.size != len(data):
        return [f"{exhibit.path} has {len(data)} bytes, the record says {exhibit.size}"]
    if exhibit.sha256 != sha256(data):
        return [f"{exhibit.path} is not the file that the record speaks of"]
    return _of_a_kind(exhibit.path, data, (exhibit.media_type or "",))


def _screen(path: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """A picture of what drivers were shown; the record has no digest of it."""
    if path not in files:
        yield f"{path} is missing"
    else:
        yield from _of_a_kind(path, files[path], PICTURES)


def _of_a_kind(path: str, data: bytes, kinds: tuple[str, ...]) -> list[str]:
    """Nothing else than a run attaches may lie behind a link of the page, such as another page with a program in it."""
    if not is_ours(path):
        return [f"{path} is none of the names that exhibits have"]
    kind = kind_of(data)
    fits = kind in kinds and path.endswith(SUFFIXES[kind]) and (kind != TEXT or _is_text(data))
    return [] if fits else [f"{path} is no {' or '.join(each for each in kinds if each) or 'file of a known kind'}"]


def scanned(evidence: Evidence) -> list[str]:
    """As many scans as were asked for. A replay has those of its record; a run that was broken off may lack some."""
    run, asked = evidence.run, 0
    if run.replay_of is not None or not run.complete:
        return []
    for name in ("scan", "scan_url"):
        places = run.options.get(name)
        asked += len(places) if isinstance(places, list) else 0
    return [] if asked == len(evidence.scans) else [f"{asked} were asked for, {len(evidence.scans)} are told"]


def valid(evidence: Evidence, now: datetime) -> list[str]:
    """Whether the dossier is still valid at `now`, and its waivers are such as one can ask for."""
    dossier, finished_at = evidence.dossier, evidence.run.finished_at
    if dossier is None:
        return []
    last = finished_at.astimezone(UTC).date() + timedelta(days=MOST_WAIVED_DAYS)
    problems = [
        f"{waiver.requirement_id} is said to be waived until {waiver.until}, more than {MOST_WAIVED_DAYS} days on"
        for waiver in dossier.waivers
        if waiver.until > last
    ]
    problems += [
        f"the waiver of {waiver.requirement_id} has no owner or no reason"
        for waiver in dossier.waivers
        if not (says_something(waiver.owner) and says_something(waiver.reason))
    ]
    until = f"{dossier.valid_until:%Y-%m-%d %H:%M} UTC"
    if dossier.valid_until < finished_at:
        problems.append(f"it was valid until {until}, which is before the run ended")
    elif dossier.valid_until > finished_at + timedelta(days=MOST_VALID_DAYS, minutes=1):
        problems.append(f"it is said to be valid for more than {MOST_VALID_DAYS} days after the run")
    elif now > dossier.valid_until:
        problems.append(f"it expired on {until}")
    return problems


def bound(evidence: Evidence) -> list[str]:
    """Whether the run's id holds the tag of the challenge: it could not be known before the challenge was given."""
    dossier = evidence.dossier
    if dossier is None or dossier.challenge is None:
        return []
    bound = challenge.is_bound(evidence.run.id, dossier.challenge)
    return [] if bound else [f"the run's id {evidence.run.id} is not bound to it"]
