"""The list of what is in a bundle: path, size and SHA-256 of every file, and which run it is of."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import ValidationError

from golive.bundle.errors import BundleError
from golive.evidence.base import Model
from golive.evidence.model import Evidence, VerdictStatus

NAME = "manifest.json"


class Entry(Model):
    """One file of the bundle; the page is entered as it is with zeros in its foot (`golive.bundle.foot`)."""

    path: str
    size: int
    sha256: str


class Manifest(Model):
    """No time of its own: the same files give the same manifest."""

    format: Literal["1"] = "1"
    run_id: str
    rehearsal: bool
    verdict: VerdictStatus
    suite_version: str
    register_version: str
    challenge: str | None
    files: tuple[Entry, ...]

    def written(self) -> bytes:
        """As it is put into the bundle."""
        return (json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n").encode()


def manifest_of(evidence: Evidence, files: Mapping[str, bytes]) -> Manifest:
    """The manifest of these files, sorted by their paths; the page's foot is to hold zeros."""
    return Manifest(
        run_id=evidence.run.id,
        rehearsal=evidence.run.rehearsal,
        verdict=evidence.verdict.status,
        suite_version=evidence.run.suite_version,
        register_version=evidence.run.register_version,
        challenge=evidence.dossier.challenge if evidence.dossier else None,
        files=tuple(Entry(path=path, size=len(data), sha256=sha256(data)) for path, data in sorted(files.items())),
    )


def read_manifest(data: bytes) -> Manifest:
    """The manifest, or `BundleError` where these bytes are not exactly what this suite would have written."""
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BundleError(f"{NAME} is no manifest: {place}: {first['msg']}") from None
    if manifest.written() != data:
        raise BundleError(f"{NAME} is not in the form in which this suite writes it")
    return manifest


def sha256(data: bytes) -> str:
    """In lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def doubled(paths: Iterable[str]) -> list[str]:
    """What is named more than once."""
    seen: set[str] = set()
    return [path for path in paths if path in seen or seen.add(path)]  # type: ignore[func-returns-value]
