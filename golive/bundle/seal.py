"""Makes the bundle of a run, or refuses to."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from golive.bundle.archive import MOST_BYTES, MOST_FILES, packed
from golive.bundle.errors import BundleError
from golive.bundle.foot import PAGE, ZEROS, with_digest
from golive.bundle.manifest import NAME, manifest_of, sha256
from golive.bundle.writing import PARTIAL, write_whole
from golive.evidence.model import Evidence

Finds = Callable[[Iterable[bytes]], str | None]
"""What a secret is called that stands in one of these files, in any form; None where none does."""

_OURS = re.compile(r"golive-[a-z0-9-]+\.zip(?:\.sig)?")
_LONGEST_SLUG = 40


@dataclass(frozen=True)
class Sealed:
    """A bundle that was written, and the digest of its manifest in hexadecimal digits."""

    path: Path
    digest: str


def bundle_name(evidence: Evidence) -> str:
    """`golive-<partner>-<run id>.zip`; a run without a dossier is `unnamed`."""
    partner = evidence.dossier.partner if evidence.dossier else ""
    return f"golive-{slug(partner) or 'unnamed'}-{evidence.run.id}.zip"


def slug(name: str) -> str:
    """Letters and digits of ASCII, the rest as hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-")


def seal(directory: Path, evidence: Evidence, *, parts: Iterable[str], finds: Finds) -> Sealed:
    """Write the bundle of `evidence` into the report's directory, and its manifest's digest into the page's foot.

    `parts` are the files and directories below `directory` that this run wrote; one that is not there is left out.
    Raises BundleError where a file holds a secret, whether it is a part or not, and where no bundle can be made of
    the parts; OSError where a file cannot be read or written. There is no bundle then, and nothing was changed.
    """
    files = {path: (directory / path).read_bytes() for path in _listed(directory, parts)}
    for needed in ("evidence.json", PAGE):
        if needed not in files:
            raise BundleError(f"{directory / needed} is missing: there is nothing to bundle")
    _refuse_secrets(directory, files, finds)
    files[PAGE] = with_digest(files[PAGE], ZEROS)
    manifest = manifest_of(evidence, files).written()
    digest = sha256(manifest)
    files[PAGE] = with_digest(files[PAGE], digest)
    path = directory / bundle_name(evidence)
    write_whole(path, packed(files | {NAME: manifest}))
    write_whole(directory / PAGE, files[PAGE])
    return Sealed(path, digest)


def _listed(directory: Path, parts: Iterable[str]) -> Iterator[str]:
    """The files of the parts as paths below the directory, with slashes; no link is followed."""
    for part in dict.fromkeys(parts):
        for file in _files(directory / part):
            if file.suffix != PARTIAL and not file.is_symlink():
                yield file.relative_to(directory).as_posix()


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    for root, directories, names in os.walk(place):
        directories.sort()
        yield from (Path(root, name) for name in sorted(names))


def _refuse_secrets(directory: Path, files: dict[str, bytes], finds: Finds) -> None:
    """No file of the directory may hold a secret: whoever hands over the bundle may hand over the directory too."""
    others = [file for file in _files(directory) if file.is_file() and not _OURS.fullmatch(file.name)]
    beside = [file for file in others if file.relative_to(directory).as_posix() not in files]
    size = sum(file.stat().st_size for file in beside) + sum(map(len, files.values()))
    if len(beside) + len(files) > MOST_FILES or size > MOST_BYTES:
        raise BundleError(
            f"{directory} holds more than {MOST_FILES} files or {MOST_BYTES // 2**20} MiB; "
            "give the report a directory of its own (--report-dir)"
        )
    contents = files | {file.relative_to(directory).as_posix(): file.read_bytes() for file in beside}
    if finds(contents.values()) is None:
        return
    for name, data in contents.items():
        if (secret := finds([data])) is not None:
            raise BundleError(
                f"{directory / name} holds {secret}; take it out (or away from the report's directory) and run again"
            )
