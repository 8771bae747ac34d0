"""The files that a dossier names: looked at by content, made harmless, counted and digested."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from golive.dossier.documents import check_pdf, check_text
from golive.dossier.pictures import cleaned
from golive.dossier.unusable import UnusableFile
from golive.evidence.exhibit_kinds import PDF, PICTURES, PNG, SUFFIXES, TEXT, kind_of
from golive.evidence.statements import Exhibit

MOST_BYTES: Final = 2 * 1024 * 1024
"""Of one file, before and after its metadata is removed."""
MOST_BYTES_IN_ALL: Final = 12 * 1024 * 1024
"""Of all files of a dossier, as attached."""
DIRECTORY: Final = "exhibits"
"""Beside the record."""


@dataclass
class Folder:
    """The folder of a dossier and what was attached from it so far; the same file is attached once."""

    root: Path

    def __post_init__(self) -> None:
        self.exhibits: list[Exhibit] = []
        self.files: dict[str, bytes] = {}
        self._ids: dict[object, str] = {}

    def attach(self, name: str) -> str:
        """The id of the exhibit that the file becomes. Raises `UnusableFile`."""
        file = self._inside(name)
        own = PurePosixPath(name)  # a link's target may have a name that no text can hold
        if file in self._ids:
            return self._ids[file]
        content = _read(file)
        media_type = kind_of(content)
        _refuse_suffix(own, media_type)
        content, removed = _harmless(content, media_type)
        if len(content) > MOST_BYTES:
            raise UnusableFile(f"is larger than {_mib(MOST_BYTES)} without its metadata; make it smaller")
        if sum(map(len, self.files.values())) + len(content) > MOST_BYTES_IN_ALL:
            raise UnusableFile(f"makes all files more than {_mib(MOST_BYTES_IN_ALL)}; make some smaller")
        number = self._next_id()
        path = f"{DIRECTORY}/{number}-{_safe(own)}"
        self.files[path] = content
        self.exhibits.append(
            Exhibit(
                id=number,
                name=own.name,
                path=path,
                media_type=media_type,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                removed=removed,
            )
        )
        self._ids[file] = number
        return number

    def refer(self, url: str, sha256: str | None) -> str:
        """The id of the exhibit for a video that lies elsewhere."""
        if (url, sha256) in self._ids:
            return self._ids[url, sha256]
        number = self._next_id()
        self.exhibits.append(
            Exhibit(id=number, name="video", path=None, reference=url, media_type=None, size=None, sha256=sha256)
        )
        self._ids[url, sha256] = number
        return number

    def _next_id(self) -> str:
        return f"e{len(self.exhibits) + 1:02}"

    def _inside(self, name: str) -> Path:
        """The file itself, which has to lie in the folder, also where links lead to it."""
        if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or PureWindowsPath(name).root:
            raise UnusableFile("is an absolute path; put the file beside the dossier and name it from there")
        try:
            root = self.root.resolve(strict=True)
            file = (root / name).resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            raise UnusableFile("is no file that exists; name it from the dossier's folder on") from None
        if root not in file.parents:
            raise UnusableFile("lies outside of the dossier's folder; put the file itself beside the dossier")
        return file


def _read(file: Path) -> bytes:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise UnusableFile("is no file; name a file")
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_size > MOST_BYTES:
                raise UnusableFile(f"is larger than {_mib(MOST_BYTES)}; make it smaller")
            content = opened.read(MOST_BYTES + 1)
    except OSError as fault:
        raise UnusableFile(f"cannot be read ({fault.strerror}); look at its permissions") from None
    if len(content) > MOST_BYTES:
        raise UnusableFile(f"is larger than {_mib(MOST_BYTES)}; make it smaller")
    return content


def _harmless(content: bytes, media_type: str) -> tuple[bytes, tuple[str, ...]]:
    if media_type in PICTURES:
        return cleaned(content, "PNG" if media_type == PNG else "JPEG")
    (check_pdf if media_type == PDF else check_text)(content)
    return content, ()


def _refuse_suffix(file: PurePosixPath, media_type: str) -> None:
    suffixes = SUFFIXES[media_type]
    if file.suffix.lower() in suffixes:
        return
    if media_type == TEXT and file.suffix.lower() in {s for known in SUFFIXES.values() for s in known}:
        raise UnusableFile(f"is no {file.suffix[1:].upper()} by its content; export it again")
    raise UnusableFile(f"is {media_type} by its content; give it the suffix {' or '.join(suffixes)}")


def _safe(file: PurePosixPath) -> str:
    """A name that every file system, archive and link takes."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", file.stem).strip("-")[:60] or "file"
    return f"{stem}{file.suffix.lower()}"


def _mib(count: int) -> str:
    return f"{count // (1024 * 1024)} MiB"
