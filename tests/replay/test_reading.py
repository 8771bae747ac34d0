"""Where a record may lie, and what is refused in one line."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from golive.bundle.archive import MOST_BYTES, packed
from golive.evidence.model import Evidence
from golive.plugin.outputs import write_all
from golive.replay import UnreadableRecord, read_record
from golive.replay.reading import Recorded
from tests.replay.bench import exchange
from tests.report import people
from tests.report.samples import rehearsal

EXHIBIT = b"a picture"


def with_exhibits(*paths: str) -> Evidence:
    dossier = people.dossier()
    exhibits = [
        dossier.exhibits[0].model_copy(update={"id": f"e{number:02d}", "path": path})
        for number, path in enumerate(paths, start=1)
    ]
    return rehearsal().model_copy(update={"dossier": dossier.model_copy(update={"exhibits": tuple(exhibits)})})


@pytest.fixture
def record() -> bytes:
    return with_exhibits("exhibits/e01-a.png").model_dump_json().encode()


def in_a_directory(directory: Path, record: bytes) -> Path:
    (directory / "exhibits").mkdir()
    for name in ("e01-a.png", "e02-nobodys.png"):
        (directory / "exhibits" / name).write_bytes(EXHIBIT)
    (directory / "evidence.json").write_bytes(record)
    return directory


def in_a_file(directory: Path, record: bytes) -> Path:
    return in_a_directory(directory, record) / "evidence.json"


def in_a_bundle(directory: Path, record: bytes) -> Path:
    bundle = directory / "golive.zip"
    files = {"evidence.json": record, "exhibits/e01-a.png": EXHIBIT, "exhibits/e02-nobodys.png": EXHIBIT}
    bundle.write_bytes(packed({**files, "log.html": b"<p>", "manifest.json": b"{}"}))
    return bundle


@pytest.mark.parametrize("place", [in_a_directory, in_a_file, in_a_bundle])
def test_a_record_is_read_with_its_exhibits(
    place: Callable[[Path, bytes], Path], tmp_path: Path, record: bytes
) -> None:
    recorded = read_record(place(tmp_path, record))
    assert recorded.evidence == with_exhibits("exhibits/e01-a.png")
    assert recorded.exhibits == {"exhibits/e01-a.png": EXHIBIT}


def _without(record: bytes, member: str) -> bytes:
    shortened = json.loads(record)
    del shortened[member]
    return json.dumps(shortened).encode()


REFUSED: dict[str, tuple[Callable[[Path, bytes], Path], Callable[[bytes], bytes], str]] = {
    "no JSON": (in_a_file, lambda _: b"\x00\x01", "is no JSON"),
    "nested without end": (in_a_file, lambda _: b"[" * 200_000, "is no JSON"),
    "another JSON": (in_a_file, lambda _: b'{"seed": 7}', "is no record of this version"),
    "another schema": (
        in_a_file,
        lambda r: r.replace(b'"schema_version":"1"', b'"schema_version":"2"', 1),
        "schema_version: Input should be '1'",
    ),
    "a member less": (in_a_directory, lambda r: _without(r, "run"), "run: Field required"),
    "a member twice": (in_a_file, lambda r: b'{"seed":1,"seed":2,' + r[1:], "two members named 'seed'"),
    "a member twice, in a bundle": (in_a_bundle, lambda r: b'{"tests":[],' + r[1:], "two members named 'tests'"),
    "no bundle": (in_a_file, lambda _: b"PK\x03\x04 something", "is no zip file"),
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
    with pytest.raises(UnreadableRecord, match="not those that were sealed"):
        read_record(bundle)


def test_a_bundle_is_measured_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "huge.zip"
    with bundle.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(MOST_BYTES + 1)  # a sparse file: nobody has to wait for it
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("was read whole"))
    with pytest.raises(UnreadableRecord, match="is larger than 512 MiB"):
        read_record(bundle)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "record.zip")
    with pytest.raises(UnreadableRecord, match="is no regular file"):
        read_record(tmp_path / "record.zip")
    os.mkfifo(tmp_path / "evidence.json")
    with pytest.raises(UnreadableRecord, match=r"holds no evidence\.json"):
        read_record(tmp_path)


STRAYS = ("exhibits/a/b.png", "exhibits/../evidence.json", "../outside.png", "/outside.png", "log.html")


@pytest.mark.parametrize("path", STRAYS)
def test_what_a_record_calls_an_exhibit_elsewhere_is_not_taken(path: str, tmp_path: Path) -> None:
    record = with_exhibits(path, "exhibits/e02-b.png")
    for place in (tmp_path / "run" / "exhibits" / "a" / "b.png", tmp_path / "run" / "exhibits" / "e02-b.png"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(EXHIBIT)
    (tmp_path / "outside.png").write_bytes(EXHIBIT)
    (tmp_path / "run" / "log.html").write_bytes(EXHIBIT)
    (tmp_path / "run" / "evidence.json").write_text(record.model_dump_json(), encoding="utf-8")
    recorded = read_record(tmp_path / "run")
    assert recorded.exhibits == {"exhibits/e02-b.png": EXHIBIT}
    write_all(record, tmp_path / "views", {path: EXHIBIT, **recorded.exhibits})
    written = {str(file.relative_to(tmp_path / "views")) for file in (tmp_path / "views").rglob("*.png")}
    assert written == {"exhibits/e02-b.png"}
    assert (tmp_path / "outside.png").read_bytes() == EXHIBIT
    assert not Path("/outside.png").exists()


def test_a_nested_path_in_a_bundle_is_not_taken(tmp_path: Path) -> None:
    record = with_exhibits("exhibits/a/b.png")
    files = {"evidence.json": record.model_dump_json().encode(), "exhibits/a/b.png": EXHIBIT, "manifest.json": b"{}"}
    (tmp_path / "nested.zip").write_bytes(packed(files))
    assert read_record(tmp_path / "nested.zip").exhibits == {}


def test_exhibits_beside_a_record_have_a_bound_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("golive.replay.reading.MOST_BYTES", 2 * len(EXHIBIT) - 1)
    record = with_exhibits("exhibits/e01-a.png", "exhibits/e02-nobodys.png")
    with pytest.raises(UnreadableRecord, match="has exhibits of more than"):
        read_record(in_a_directory(tmp_path, record.model_dump_json().encode()))


def test_a_bundle_without_a_record_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "other.zip"
    bundle.write_bytes(packed({"log.html": b"<p>", "manifest.json": b"{}"}))
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
