"""A run in a process of its own, watched while it lives: what the process list shows of it and of its children, and
files that it removes again."""

import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.plugin.launch import PATIENCE_S, ROOT, Finished, clean_environment
from tests.secrets.search import Place, below

_PAUSE_S = 0.03


class Watch:
    """Looks again and again until it is ended. `places` are all distinct things that were seen."""

    def __init__(self, pid: int, directory: Path) -> None:
        self._pid = pid
        self._directory = directory
        self._seen: dict[Place, None] = {}
        self._last: dict[str, str | bytes] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> list[Place]:
        self._over.set()
        self._thread.join()
        return [*self._seen, *self._last.items()]

    def _look(self) -> None:
        while not self._over.wait(_PAUSE_S):
            for pid in _family(self._pid):
                for name in ("cmdline", "environ", "comm"):
                    with suppress(OSError):  # it has ended, or is not ours
                        self._seen[f"process {name}", Path(f"/proc/{pid}/{name}").read_bytes()] = None
            for where, content in below(self._directory, ending=".jsonl"):
                self._last[f"while it ran: {where}"] = content  # they only grow


def _family(pid: int) -> list[int]:
    """The process and all that it started, and those that they started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def watched(
    directory: Path, command: Sequence[str], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> tuple[Finished, list[Place]]:
    """The run, and all that could be seen of it: its output, what it left below `directory`, and what it was seen to
    do."""
    directory.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=clean_environment(directory / "home", env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    watch = Watch(process.pid, directory)
    try:
        stdout, stderr = process.communicate(timeout=PATIENCE_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        seen = watch.end()
    said = stdout.decode("utf-8", "replace"), stderr.decode("utf-8", "replace")
    finished = Finished(process.returncode, *said, str(directory))
    return finished, [("stdout", stdout), ("stderr", stderr), *seen, *below(directory)]
