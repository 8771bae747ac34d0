"""Runs that died before they could tidy up, and whose guardian could not either: a later one finishes for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from golive.safekeeping import journal, locks
from golive.safekeeping.finishing import finish_file
from golive.safekeeping.journal import Told
from golive.safekeeping.release import Released

MOST_LOOKED_AT: Final = 200
"""Folders that are looked into, newest name first."""


@dataclass(frozen=True)
class Former:
    """A journal that leaves something to be done."""

    path: Path
    told: Told


def unfinished(folder: Path) -> Iterator[Former]:
    """What lies in `folder` and in the folders in it, and leaves something to be done. What cannot be read is passed
    over."""
    try:
        inner = sorted((path for path in folder.iterdir() if path.is_dir()), reverse=True)[:MOST_LOOKED_AT]
    except OSError:
        return
    for path in (path for place in (folder, *inner) for path in sorted(place.glob(journal.PATTERN))):
        try:
            told = journal.read(path)
        except OSError:
            continue
        if told is not None and not told.is_settled:
            yield Former(path, told)


def finish(former: Former, key: SecretStr, *, until_s: float, users_s: float, at_once: bool = False) -> Released | None:
    """Stop and remove what the former run left (`golive.safekeeping.release.Release`); None where its run, or its
    guardian, is still at work.

    Raises `ForbiddenTarget` for a journal that names a host that is refused, `OSError` where it cannot be written.
    """
    with former.path.open("r+b", buffering=0) as file:
        if not locks.claim(file):
            return None
        return finish_file(former.path, key, file, actor="release", until_s=until_s, users_s=users_s, at_once=at_once)
