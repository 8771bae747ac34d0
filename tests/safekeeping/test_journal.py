"""The journal: what was about to be sent is known, wherever the writing broke off."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.safekeeping import journal, locks
from golive.safekeeping.journal import Begun, Header, Journal, Told, read

HEADER = Header("run", "http://127.0.0.1:1", "0123456789ab")


def test_a_start_is_open_until_it_is_closed(tmp_path: Path) -> None:
    written = Journal(tmp_path / "run" / journal.NAME, HEADER)
    written.made("user")
    written.starting(1, "user", "EVSE")
    assert told(written).begun == {1: Begun(1, "user", "EVSE")}
    written.began(1, "session")
    assert told(written).begun == {1: Begun(1, "user", "EVSE", "session")}
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


def test_users_that_are_to_be_kept_leave_nothing_to_be_done(tmp_path: Path) -> None:
    written = Journal(tmp_path / journal.NAME, Header("run", "http://127.0.0.1:1", "0", keep_users=True))
    written.made("user")
    assert told(written).is_settled
    written.close()


ENTRIES = st.lists(
    st.tuples(st.sampled_from(["starting", "began", "closed", "made", "removed"]), st.integers(1, 4)), max_size=30
)


@given(ENTRIES, st.integers(0, 5000))
def test_wherever_the_file_breaks_off_it_says_what_its_whole_lines_say(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, int]], cut: int
) -> None:
    """A start is announced in a whole line before it is sent, so none that was sent is forgotten."""
    folder = tmp_path_factory.mktemp("journal")
    written = Journal(folder / journal.NAME, HEADER)
    values = {"starting": ("u", "e"), "began": ("s",)}
    for what, number in entries:
        getattr(written, what)(*((f"u{number}",) if what in ("made", "removed") else (number, *values.get(what, ()))))
    written.close()
    torn = written.path.read_bytes()[:cut]
    (folder / "torn").write_bytes(torn)
    (folder / "whole").write_bytes(torn[: torn.rfind(b"\n") + 1])
    found, expected = read(folder / "torn"), read(folder / "whole")
    if expected is not None:
        assert found is not None
        assert (found.begun, found.users) == (expected.begun, expected.users) or _is_one_line_further(torn, found)


def _is_one_line_further(torn: bytes, found: Told) -> bool:
    """The last line is whole but for its end: what it announces counts."""
    return torn.endswith(b"}") and found is not None


def test_what_cannot_be_written_is_not_begun(tmp_path: Path) -> None:
    written = Journal(tmp_path / journal.NAME, HEADER)
    written.close()
    with pytest.raises(ValueError, match="closed file"):
        written.starting(1, "user", "EVSE")
    written.closed(1)  # what has happened already is no reason to stop tidying up


def test_a_journal_is_cared_for_until_it_is_closed(tmp_path: Path) -> None:
    written = Journal(tmp_path / journal.NAME, HEADER)
    with written.path.open("ab") as other:
        assert not locks.claim(other)
    written.close()
    with written.path.open("ab") as other:
        assert locks.claim(other)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "\n\n", '{"starting": 1}', '{"run": {}}', '{"run": 3}', "\x00" * 50]
)
def test_what_is_no_journal_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / journal.NAME).write_text(content, encoding="utf-8")
    assert read(tmp_path / journal.NAME) is None
