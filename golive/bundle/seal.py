"""Makes the bundle of a run, or refuses to."""

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable
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
    """`golive-<partner>-<run id>.zip`; a run without a dossier is `unnamed`, a replay says that it is one."""
    partner = evidence.dossier.partner if evidence.dossier else ""
    replay = "" if evidence.run.replay_of is None else "-replay"
    return f"golive-{slug(partner) or 'unnamed'}-{evidence.run.id}{replay}.zip"


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
    everything = _everything(directory)
    _refuse_secrets(directory, everything, finds)
    wanted = tuple(dict.fromkeys(parts))
    files = {path: data for path, data in everything.items() if _is_part(path, wanted)}
    for needed in ("evidence.json", PAGE):
        if needed not in files:
            raise BundleError(f"{directory / needed} is missing: there is nothing to bundle")
    files[PAGE] = with_digest(files[PAGE], ZEROS)
    manifest = manifest_of(evidence, files).written()
    digest = sha256(manifest)
    files[PAGE] = with_digest(files[PAGE], digest)
    path = directory / bundle_name(evidence)
    write_whole(path, packed(files | {NAME: manifest}))
    write_whole(directory / PAGE, files[PAGE])
    return Sealed(path, digest)


def _is_part(path: str, parts: Iterable[str]) -> bool:
    return not path.endswith(PARTIAL) and any(path == part or path.startswith(f"{part}/") for part in parts)


def _everything(directory: Path) -> dict[str, bytes]:
    """Every file of the directory but earlier bundles, by its path below it, with slashes; no link is followed."""
    found: dict[str, bytes] = {}
    size = 0
    for root, directories, names in os.walk(directory):
        directories.sort()
        below = Path(root).relative_to(directory).as_posix()
        for name in sorted(names):
            file = os.path.join(root, name)  # noqa: PTH118 - there may be thousands
            if _OURS.fullmatch(name) or not stat.S_ISREG((status := os.lstat(file)).st_mode):
                continue
            size += status.st_size
            if len(found) >= MOST_FILES or size > MOST_BYTES:
                raise BundleError(
                    f"{directory} holds more than {MOST_FILES} files or {MOST_BYTES // 2**20} MiB; "
                    "give the report a directory of its own (--report-dir)"
                )
            with open(file, "rb") as content:  # noqa: PTH123 - the same
                found[name if below == "." else f"{below}/{name}"] = content.read()
    return found


def _refuse_secrets(directory: Path, files: dict[str, bytes], finds: Finds) -> None:
    """No file of the directory may hold a secret: whoever hands over the bundle may hand over the directory too."""
    if finds(files.values()) is None:
        return
    for name, data in files.items():
        if (secret := finds([data])) is not None:
            raise BundleError(
                f"{directory / name} holds {secret}; take it out (or away from the report's directory) and run again"
            )
