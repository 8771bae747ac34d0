"""The journal: what was about to be sent is known, wherever the writing broke off."""

import errno
import os
import signal
import subprocess
import sys
import time
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.safekeeping import locks
from golive.safekeeping.journal import Begun, Header, Journal, Pen, Told, name_of, read
from tests.plugin.launch import ROOT

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NAME = name_of("run")
HEADER = Header("run", "http://127.0.0.1:1", "0123456789ab")


def test_a_start_is_open_until_it_is_closed(tmp_path: Path) -> None:
    written = Journal(tmp_path / "run" / NAME, HEADER)
    written.made("user")
    written.starting(1, "user", "EVSE", shared=True)
    (sent,) = told(written).begun.values()
    assert sent == Begun(1, "user", "EVSE", None, shared=True, at=sent.at)
    written.began(1, "session")
    (answered,) = told(written).begun.values()
    assert answered == Begun(1, "user", "EVSE", "session", shared=True, at=answered.at)
    assert time.time() - 60 < sent.at <= answered.at
    assert not told(written).is_settled
    written.closed(1)
    assert list(told(written).users) == ["user"]
    assert not told(written).is_settled
    written.removed("user")
    assert told(written).is_settled
    written.close()


def told(written: Journal) -> Told:
    found = read(written.path)
    assert found is not None
    return found


def test_a_start_that_was_refused_is_no_longer_on_its_way_until_it_is_sent_again(tmp_path: Path) -> None:
    written = Journal(tmp_path / NAME, HEADER)
    for _ in range(2):
        written.starting(1, "user", "EVSE", shared=True)
        assert not told(written).begun[1].refused
        written.refused(1)
        assert told(written).begun[1].refused
    written.close()


def test_an_answer_that_comes_after_all_opens_the_start_again(tmp_path: Path) -> None:
    """Somebody else may have looked for its session in vain and struck it out meanwhile."""
    written = Journal(tmp_path / NAME, HEADER)
    written.starting(1, "user", "EVSE", shared=True)
    written.closed(1)
    assert told(written).is_settled
    written.began(1, "session")
    assert told(written).begun[1].session_id == "session"
    written.close()


def test_a_line_that_the_disk_did_not_take_spoils_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Journal(tmp_path / NAME, HEADER)
    written.starting(1, "user", "EVSE", shared=True)
    with HalfFull(written.path) as full, monkeypatch.context() as patch:
        patch.setattr(written, "_pen", Pen(full))
        with pytest.raises(OSError, match="No space"):
            written.starting(2, "user", "OTHER", shared=True)
        full.room = 10_000
        written.starting(3, "user", "THIRD", shared=False)
    with written.path.open("r+b", buffering=0) as file:
        Pen(file).write(made="somebody")
    assert set(told(written).begun) == {1, 3}
    assert list(told(written).users) == ["somebody"]
    written.close()


class HalfFull(FileIO):
    """Takes ten bytes, and no more."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "a")
        self.room = 10

    def write(self, data: "ReadableBuffer", /) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = memoryview(data)[: self.room]
        self.room -= len(taken)
        return super().write(taken)


def test_users_that_are_to_be_kept_leave_nothing_to_be_done(tmp_path: Path) -> None:
    written = Journal(tmp_path / NAME, Header("run", "http://127.0.0.1:1", "0", keep_users=True))
    written.made("user")
    assert told(written).is_settled
    written.close()


ABOUT_USERS = ("making", "unmade", "made", "removed")
WORDS = ("starting", "refused", "began", "closed", *ABOUT_USERS)
ENTRIES = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(1, 4)),
    max_size=30,
)


@given(ENTRIES, st.integers(0, 5000))
def test_wherever_the_file_breaks_off_it_says_what_its_whole_lines_say(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, int]], cut: int
) -> None:
    """A start is announced in a whole line before it is sent, so none that was sent is forgotten."""
    folder = tmp_path_factory.mktemp("journal")
    written = Journal(folder / NAME, HEADER)
    for what, number in entries:
        if what == "starting":
            written.starting(number, "u", "e", shared=True)
        elif what == "began":
            written.began(number, "s")
        else:
            getattr(written, what)(f"u{number}" if what in ABOUT_USERS else number)
    written.close()
    torn = written.path.read_bytes()[:cut]
    (folder / "torn").write_bytes(torn)
    (folder / "whole").write_bytes(torn[: torn.rfind(b"\n") + 1])
    found, expected = read(folder / "torn"), read(folder / "whole")
    if expected is not None:
        assert found is not None
        assert found == expected or _is_one_line_further(torn, found)


def _is_one_line_further(torn: bytes, found: Told) -> bool:
    """The last line is whole but for its end: what it announces counts."""
    return torn.endswith(b"}") and found is not None


def test_what_cannot_be_written_is_not_begun(tmp_path: Path) -> None:
    written = Journal(tmp_path / NAME, HEADER)
    written.close()
    with pytest.raises(ValueError, match="closed file"):
        written.starting(1, "user", "EVSE", shared=True)
    written.closed(1)  # what has happened already is no reason to stop tidying up


def test_a_journal_is_cared_for_until_it_is_closed(tmp_path: Path) -> None:
    written = Journal(tmp_path / NAME, HEADER)
    with written.path.open("ab") as other:
        assert not locks.claim(other)
    written.close()
    with written.path.open("ab") as other:
        assert locks.claim(other)


FORKING = """
import os, sys, time
from pathlib import Path
from golive.safekeeping.journal import Header, Journal
written = Journal(Path(sys.argv[1]), Header("run", "http://127.0.0.1:1", "0"))
if os.fork() == 0:
    print(os.getpid(), flush=True)
    time.sleep(60)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there")
def test_what_a_run_forked_does_not_care_for_its_journal(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with subprocess.Popen([sys.executable, "-c", FORKING, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        child = int(run.stdout.readline())
        try:
            run.wait(60)
            with path.open("ab") as other:
                assert locks.claim(other)
        finally:
            os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "\n\n", '{"starting": 1}', '{"run": {}}', '{"run": 3}', "\x00" * 50]
)
def test_what_is_no_journal_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_text(content, encoding="utf-8")
    assert read(tmp_path / NAME) is None
