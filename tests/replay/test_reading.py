"""Where a record may lie, and what is refused in one line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from golive.bundle.archive import packed
from golive.evidence.model import Evidence
from golive.replay import UnreadableRecord, read_record
from golive.replay.reading import Recorded
from tests.replay.bench import exchange
from tests.report.samples import rehearsal

EXHIBIT = b"a picture"


@pytest.fixture
def record() -> bytes:
    return rehearsal().model_dump_json().encode()


def in_a_directory(directory: Path, record: bytes) -> Path:
    (directory / "exhibits").mkdir()
    (directory / "exhibits" / "e01-a.png").write_bytes(EXHIBIT)
    (directory / "evidence.json").write_bytes(record)
    return directory


def in_a_file(directory: Path, record: bytes) -> Path:
    return in_a_directory(directory, record) / "evidence.json"


def in_a_bundle(directory: Path, record: bytes) -> Path:
    bundle = directory / "golive.zip"
    bundle.write_bytes(packed({"evidence.json": record, "exhibits/e01-a.png": EXHIBIT, "log.html": b"<p>"}))
    return bundle


@pytest.mark.parametrize("place", [in_a_directory, in_a_file, in_a_bundle])
def test_a_record_is_read_with_its_exhibits(
    place: Callable[[Path, bytes], Path], tmp_path: Path, record: bytes
) -> None:
    recorded = read_record(place(tmp_path, record))
    assert recorded.evidence == rehearsal()
    assert recorded.exhibits == {"exhibits/e01-a.png": EXHIBIT}


def _without(record: bytes, member: str) -> bytes:
    shortened = json.loads(record)
    del shortened[member]
    return json.dumps(shortened).encode()


REFUSED: dict[str, tuple[Callable[[Path, bytes], Path], Callable[[bytes], bytes], str]] = {
    "no JSON": (in_a_file, lambda _: b"\x00\x01", "holds no record of a run"),
    "nested without end": (in_a_file, lambda _: b"[" * 200_000, "holds no record of a run"),
    "another JSON": (in_a_file, lambda _: b'{"seed": 7}', "holds no record of a run"),
    "another schema": (
        in_a_file,
        lambda r: r.replace(b'"schema_version":"1"', b'"schema_version":"2"', 1),
        "version 1",
    ),
    "a member less": (in_a_directory, lambda r: _without(r, "run"), "cannot read: run: Field required"),
    "no bundle": (in_a_file, lambda _: b"PK\x03\x04 something", "is no bundle of this suite"),
}


@pytest.mark.parametrize(("place", "spoil", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_record_is_refused(
    place: Callable[[Path, bytes], Path], spoil: Callable[[bytes], bytes], says: str, tmp_path: Path, record: bytes
) -> None:
    with pytest.raises(UnreadableRecord, match=says) as caught:
        read_record(place(tmp_path, spoil(record)))
    assert len(str(caught.value).splitlines()) == 1


def test_a_bundle_that_was_changed_is_refused(tmp_path: Path, record: bytes) -> None:
    bundle = in_a_bundle(tmp_path, record)
    data = bytearray(bundle.read_bytes())
    data[200] ^= 1
    bundle.write_bytes(data)
    with pytest.raises(UnreadableRecord, match="is no bundle of this suite"):
        read_record(bundle)


def test_a_bundle_without_a_record_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "other.zip"
    bundle.write_bytes(packed({"log.html": b"<p>"}))
    with pytest.raises(UnreadableRecord, match=r"holds no evidence\.json"):
        read_record(bundle)


def test_a_directory_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecord, match=r"holds no evidence\.json"):
        read_record(tmp_path)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecord, match="cannot be read"):
        read_record(tmp_path / "nowhere")


def test_which_prepared_user_a_driver_had_is_told_by_its_requests() -> None:
    sample = rehearsal()
    entries = (
        exchange(1, "/users/u1/charging/sessions/", actor="preflight", test="a check"),
        exchange(2, "/users/", actor="driver A"),
        exchange(3, "/users/u2/charging/start/", actor="driver A", method="POST"),
        exchange(4, "/users/u1/charging/sessions/", actor="driver A"),
        exchange(5, "/users/u3/", actor="driver B"),
    )
    run = sample.run.model_copy(update={"prepared_users": ("u1:pm_1", "u2:pm_2")})
    evidence: Evidence = sample.model_copy(update={"run": run, "exchanges": entries})
    assert Recorded(evidence).lent() == {"driver A": "u2"}
