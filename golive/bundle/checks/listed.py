"""The manifest against the files, the foot of the page and the record."""

from collections.abc import Mapping
from contextlib import suppress

from golive.bundle.errors import BundleError
from golive.bundle.foot import PAGE, ZEROS, digest_in, with_digest
from golive.bundle.manifest import Manifest, doubled, sha256
from golive.bundle.opening import RECORD
from golive.evidence.model import Evidence
from golive.report import VIEWS

_LOG = "log.html"
_ALLURE = "allure-results/"


def with_zeros(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files as the manifest has them: the page with zeros in its foot, where it has one."""
    found = dict(files)
    with suppress(KeyError, BundleError):
        found[PAGE] = with_digest(files[PAGE], ZEROS)
    return found


def in_manifest(manifest: Manifest, files: Mapping[str, bytes]) -> list[str]:
    """What the manifest and the files do not share."""
    entries = {entry.path: entry for entry in manifest.files}
    problems = [f"{path} is listed twice" for path in doubled(entry.path for entry in manifest.files)]
    if list(entries) != sorted(entries):
        problems.append("its entries are not sorted")
    problems += [f"{path} is missing" for path in entries if path not in files]
    problems += [f"{path} is not listed" for path in files if path not in entries]
    for path, data in files.items():
        if path in entries and entries[path].size != len(data):
            problems.append(f"{path} has {len(data)} bytes, {entries[path].size} are listed")
        elif path in entries and entries[path].sha256 != sha256(data):
            problems.append(f"{path} has another SHA-256")
    return problems


def in_the_foot(files: Mapping[str, bytes], digest: str) -> list[str]:
    """Whether the page's foot shows the manifest's digest."""
    if PAGE not in files:
        return [f"{PAGE} is missing"]
    try:
        shown = digest_in(files[PAGE])
    except BundleError as problem:
        return [str(problem)]
    return [] if shown == digest else [f"the foot of {PAGE} shows {shown[:12]}…"]


def of_the_record(manifest: Manifest, evidence: Evidence) -> list[str]:
    """What the manifest says of the run, against the record."""
    challenge = evidence.dossier.challenge if evidence.dossier else None
    pairs = (
        ("run id", manifest.run_id, evidence.run.id),
        ("rehearsal", manifest.rehearsal, evidence.run.rehearsal),
        ("verdict", manifest.verdict, evidence.verdict.status),
        ("suite version", manifest.suite_version, evidence.run.suite_version),
        ("register version", manifest.register_version, evidence.run.register_version),
        ("challenge", manifest.challenge, challenge),
    )
    return [f"{what}: {ours} in the manifest, {theirs} in the record" for what, ours, theirs in pairs if ours != theirs]


def strangers(files: Mapping[str, bytes], evidence: Evidence) -> list[str]:
    """Files that no run leaves."""
    known = {RECORD, _LOG, *VIEWS, *evidence.attached}
    return [f"{path} belongs to no run" for path in files if path not in known and not path.startswith(_ALLURE)]
