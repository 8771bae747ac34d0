"""The folder of a watching: the journal of its starts, and its record so far, each for as long as it is needed."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from golive.evidence import partial
from golive.evidence.model import Evidence
from golive.plugin.keeping import Keeping
from golive.plugin.unfinished import Unfinished
from golive.recording import Recorder
from golive.settings import Settings


class Place:
    """Within, starts are written down, and guarded where the target outlives this process. A folder into which nothing
    came is removed. Raises `OSError` where it cannot be made, and `SettingsError` where it cannot be written."""

    def __init__(self, directory: Path, settings: Settings, run_id: str, say: Callable[[str], None]) -> None:
        self.directory = directory
        self.keeping: Keeping | None = None
        self._settings = settings
        self._run_id = run_id
        self._say = say
        self._unfinished: Unfinished | None = None

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._settings.target.kind != "simulator":  # an embedded one ends with this process
            partners_users_stay = self._settings.model_copy(update={"keep_users": True})
            self.keeping = Keeping(self.directory, partners_users_stay, self._run_id, prefix="", lost=self._unguarded)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.keeping is not None and (left := self.keeping.end()) is not None:
            self._say(left)
        with suppress(OSError):
            self.directory.rmdir()

    def record(self, recorder: Recorder, begun: Evidence) -> None:
        """Write down from now on what `recorder` learns: `python -m golive recover` makes a record of it, should this
        process be killed. `begun` is what is known by now."""
        self._unfinished = Unfinished(self.directory / partial.NAME)
        self._unfinished.begun(begun)
        recorder.listener = self._unfinished

    def recorded(self) -> None:
        """The whole record has been written."""
        if self._unfinished is not None:
            self._unfinished.over()

    def _unguarded(self, why: str) -> None:
        self._say(f"No process guards what is begun from now on ({why}): end this one by Ctrl-C, and not otherwise.")
