"""A tree of files: source code, or a built frontend."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from golive.evidence.statements import Scan, ScanFinding
from golive.scanning.key import LEAST
from golive.scanning.notes import Notes
from golive.scanning.text import Search
from golive.scanning.tracked import is_env_file, stays_here

SHORT_KEY: Final = f"the key in use: has fewer than {LEAST} characters and was not looked for"
INTERRUPTED: Final = "interrupted: what follows was not read"
IN_A_NAME: Final = "in the name of the file"

_NOT_ENTERED: Final = {
    ".git": "not read, nor the history in it",
    ".hg": "not read, nor the history in it",
    ".svn": "not read, nor the history in it",
    ".venv": "other people's code, not read",
    "node_modules": "other people's code, not read",
}
_COMPRESSED: Final = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd")


@dataclass(frozen=True)
class TreeBounds:
    """How much is read: files in all, bytes of one file and of all, findings in one file and in all."""

    files: int = 50_000
    file_bytes: int = 20_000_000
    all_bytes: int = 2_000_000_000
    file_findings: int = 50
    findings: int = 1_000


def scan_tree(
    path: Path,
    key: SecretStr | None = None,
    *,
    bounds: TreeBounds = TreeBounds(),
    hurry: Callable[[], bool] = lambda: False,
) -> Scan:
    """Look through all files below `path`, or the one file that it is, in the order of their names.

    `key` is looked for in every form; secrets of a known shape are found without it. Not read, each with a word in
    `skipped`: what git keeps, `.venv` and `node_modules`, compressed files, files beyond the bounds, what the file
    system refuses, links that lead out of the tree, and a `.env` that git ignores. A link within the tree is not
    followed: what it names is read in its own place. `hurry` is asked before each file; true ends the scan.
    """
    return _TreeScan(path, key, bounds, hurry).done()


class _TreeScan:
    def __init__(self, path: Path, key: SecretStr | None, bounds: TreeBounds, hurry: Callable[[], bool]) -> None:
        self._given = path
        self._root = path if path.is_dir() else path.parent
        self._real_root = os.path.realpath(self._root)
        self._bounds = bounds
        self._hurry = hurry
        self._notes = Notes()
        self._files = 0
        self._bytes = 0
        self._findings: list[ScanFinding] = []
        value = key.get_secret_value() if key is not None else ""
        if 0 < len(value) < LEAST:
            self._notes.add(SHORT_KEY)
            value = ""
        self._search = Search(value)
        self._complete = True

    def done(self) -> Scan:
        entries = self._below(self._root) if self._given.is_dir() else iter([self._given])
        for file in entries:
            if (reason := self._enough()) is not None:
                self._notes.add(reason)
                self._complete = False
                break
            self._read(file)
        return Scan(
            what="tree",
            root=self._search.masked(_printable(str(self._given)))[0],
            files=self._files,
            skipped=self._notes.told(),
            unread=self._notes.places,
            complete=self._complete,
            findings=tuple(self._findings[: self._bounds.findings]),
        )

    def _enough(self) -> str | None:
        bounds = self._bounds
        if self._hurry():
            return INTERRUPTED
        if self._files >= bounds.files:
            return f"{bounds.files} files were read: the rest was not"
        if self._bytes >= bounds.all_bytes:
            return f"{bounds.all_bytes // 1_000_000} MB were read: the rest was not"
        if len(self._findings) >= bounds.findings:
            return f"{bounds.findings} findings: the rest was not read"
        return None

    # -- which files -----------------------------------------------------------------------------------------

    def _below(self, directory: Path) -> Iterator[Path]:
        """The files below, without recursion: a tree may be deeper than Python's stack."""
        todo = [directory]
        while todo:
            here = todo.pop()
            try:
                with os.scandir(here) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as fault:
                self._skip(_said(fault), here)
                continue
            below: list[Path] = []
            for entry in entries:
                path = Path(entry.path)
                if entry.is_symlink():
                    self._judge_link(path)
                elif not entry.is_dir():
                    yield path
                elif self._is_entered(entry.name, path):
                    below.append(path)
            todo += reversed(below)

    def _is_entered(self, name: str, path: Path) -> bool:
        reason = _NOT_ENTERED.get(name)
        if reason is None and (path / "pyvenv.cfg").is_file():
            reason = _NOT_ENTERED[".venv"]
        if reason is not None:
            self._skip(reason, path)
        return reason is None

    def _judge_link(self, link: Path) -> None:
        target = os.path.realpath(link)
        if not os.path.lexists(target):
            self._skip("a link that leads nowhere", link)
        elif os.path.commonpath([target, self._real_root]) != self._real_root:
            self._skip("a link that leads out of the tree, not followed", link)

    # -- one file --------------------------------------------------------------------------------------------

    def _read(self, file: Path) -> None:
        if is_env_file(file.name) and stays_here(file):
            self._skip("not tracked by git, not read", file)
            return
        try:
            data = self._bytes_of(file)
        except OSError as fault:
            self._skip(_said(fault), file)
            return
        if data is None:
            return
        self._files += 1
        self._bytes += len(data)
        place, names_secret = self._search.masked(self._place(file))
        if names_secret:
            self._findings += self._search.findings(os.fsencode(self._place(file)), place, most=1)
            self._findings[-1] = self._findings[-1].model_copy(update={"line": 0, "form": IN_A_NAME})
        found = self._search.findings(data, place, most=self._bounds.file_findings)
        if len(found) == self._bounds.file_findings:
            self._notes.add(f"has {len(found)} findings, of which no more are listed", place)
        self._findings += found

    def _bytes_of(self, file: Path) -> bytes | None:
        """The file's content; None, and a note, where it is not to be read. Raises `OSError`."""
        most = self._bounds.file_bytes
        follow = 0 if file == self._given else os.O_NOFOLLOW
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | follow)  # a pipe is not waited for
        with open(handle, "rb") as opened:  # noqa: PTH123 - a descriptor
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                self._skip("no ordinary file", file)
                return None
            data = opened.read(most + 1)
        if len(data) > most:
            self._skip(f"larger than {most // 1_000_000} MB, not read", file)
            return None
        if data.startswith(_COMPRESSED):
            self._skip("compressed, not opened", file)
            return None
        return data

    def _skip(self, reason: str, path: Path) -> None:
        self._notes.add(reason, self._search.masked(self._place(path))[0])

    def _place(self, path: Path) -> str:
        return _printable(path.relative_to(self._root).as_posix())


def _printable(path: str) -> str:
    """A path as text that any reader can show: undecodable bytes and control characters are escaped."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _said(fault: OSError) -> str:
    return f"cannot be read ({fault.strerror or type(fault).__name__})"
