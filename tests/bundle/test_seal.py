"""Sealing: the same files, the same bundle; whole or not at all; and not with a secret in any file."""

import base64
import os
import shutil
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

import pytest

from golive.bundle import seal as sealing
from golive.bundle.archive import unpacked
from golive.bundle.errors import BundleError
from golive.bundle.foot import PAGE, ZEROS, digest_in
from golive.bundle.manifest import NAME, read_manifest, sha256
from golive.bundle.opening import RECORD
from golive.bundle.seal import Sealed, bundle_name, seal, slug
from golive.evidence.model import Evidence
from golive.recording import Redactor
from golive.report import VIEWS
from tests.bundle.bench import NOTES, PICTURE, Base

KEY = 'canary+connect/key="with%odd&signs"~0a1b2c3d4e5f'
CLIENT_SECRET = "seti_1Abc_secret_QwErTyUiOp123456"
PARTS = (RECORD, *VIEWS, PICTURE, NOTES, "log.html", "allure-results")


@pytest.fixture
def redactor() -> Redactor:
    known = Redactor({"CONNECT_API_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_canary51H8x2eZvKYlo2C0aQ"})
    known.learn(CLIENT_SECRET)
    return known


@pytest.fixture
def report(base: Base, tmp_path: Path) -> Path:
    """A report's directory as a run leaves it, with few of Allure's files."""
    directory = tmp_path / "report"
    few = [path for path in base.files if not path.startswith("allure-results/")]
    few += [path for path in base.files if path.startswith("allure-results/")][:5]
    for path in few:
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(base.files[path])
    return directory


def sealed(report: Path, evidence: Evidence, redactor: Redactor, parts: Iterable[str] = PARTS) -> Sealed:
    return seal(report, evidence, parts=parts, finds=redactor.found_in)


def test_everything_is_in_it(report: Path, base: Base, redactor: Redactor) -> None:
    made = sealed(report, base.evidence, redactor)
    assert made.path == report / f"golive-voltfahrt-sohne-gmbh-{base.evidence.run.id}.zip"
    files = unpacked(made.path.read_bytes())
    there = {path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file()}
    assert files.keys() - {NAME} == there - {made.path.name}
    assert all((report / path).read_bytes() == data for path, data in files.items() if path != NAME)
    manifest = read_manifest(files[NAME])
    assert [entry.path for entry in manifest.files] == sorted(files.keys() - {NAME})
    assert made.digest == sha256(files[NAME])


def test_the_foot_of_both_pages_has_the_digest(report: Path, base: Base, redactor: Redactor) -> None:
    assert digest_in((report / PAGE).read_bytes()) == ZEROS
    made = sealed(report, base.evidence, redactor)
    assert digest_in((report / PAGE).read_bytes()) == made.digest
    assert digest_in(unpacked(made.path.read_bytes())[PAGE]) == made.digest


def test_the_same_files_give_the_same_bytes(report: Path, base: Base, redactor: Redactor, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(report, tmp_path / "elsewhere")
    for file in elsewhere.rglob("*"):
        os.utime(file, (0, 0))
    one, other = sealed(report, base.evidence, redactor), sealed(elsewhere, base.evidence, redactor)
    assert one.path.read_bytes() == other.path.read_bytes()
    assert sealed(report, base.evidence, redactor) == one, "sealed again, it is what it was"
    assert one.path.read_bytes() == other.path.read_bytes()


def test_what_no_run_wrote_stays_out(report: Path, base: Base, redactor: Redactor) -> None:
    (report / "golive-unnamed-20260101t000000z-abcdef-00.zip").write_bytes(b"an earlier one")
    (report / "golive-unnamed-20260101t000000z-abcdef-00.zip.sig").write_bytes(b"its signature")
    (report / "junit.xml.partial").write_bytes(b"half")
    (report / "private-notes.txt").write_bytes(b"mine")
    (report / "allure-results" / "link.json").symlink_to(report / "private-notes.txt")
    (report / "allure-results" / "half.json.partial").write_bytes(b"half")
    files = unpacked(sealed(report, base.evidence, redactor).path.read_bytes())
    assert not {path for path in files if "golive-" in path or "private" in path or "partial" in path or "link" in path}


def test_what_was_not_written_is_left_out(report: Path, base: Base, redactor: Redactor) -> None:
    (report / "log.html").unlink()
    assert "log.html" not in unpacked(sealed(report, base.evidence, redactor).path.read_bytes())


@pytest.mark.parametrize("missing", [RECORD, PAGE])
def test_without_record_or_page_there_is_nothing_to_seal(
    report: Path, base: Base, redactor: Redactor, missing: str
) -> None:
    (report / missing).unlink()
    with pytest.raises(BundleError, match=missing):
        sealed(report, base.evidence, redactor)
    assert not list(report.glob("*.zip"))


@pytest.mark.parametrize("places", ["", '<code id="manifest-digest">' + "0" * 64 + "</code>"])
def test_a_page_has_one_place_for_the_digest(report: Path, base: Base, redactor: Redactor, places: str) -> None:
    page = (report / PAGE).read_text(encoding="utf-8")
    (report / PAGE).write_text(page.replace("manifest-digest", "other") + places * 2, encoding="utf-8")
    with pytest.raises(BundleError, match="places for the manifest's digest"):
        sealed(report, base.evidence, redactor)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Voltfahrt GmbH", "voltfahrt-gmbh"),
        ("  Straße & Söhne  ", "strasse-sohne"),
        ("../../etc/passwd", "etc-passwd"),
        ("電気", ""),
        ("a" * 100, "a" * 40),
        ("x\0y\nz", "x-y-z"),
    ],
)
def test_a_partners_name_in_a_file_name(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_run_without_a_dossier_is_unnamed(base: Base) -> None:
    nobody = base.evidence.model_copy(update={"dossier": None})
    assert bundle_name(nobody) == f"golive-unnamed-{base.evidence.run.id}.zip"


def test_a_replay_is_not_taken_for_the_run_that_it_replays(base: Base) -> None:
    run = base.evidence.run.model_copy(update={"replay_of": base.evidence.run.id})
    assert bundle_name(base.evidence.model_copy(update={"run": run})).endswith(f"{run.id}-replay.zip")


# -- whole or not at all -------------------------------------------------------------------------------------


class Crash(Exception):  # noqa: N818 - what stands for a loss of power
    pass


def _fails(*_: object, **__: object) -> object:
    raise Crash


class _FullDisk:
    """A file that takes half of what is written to it."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "wb")  # noqa: PTH123, SIM115 - Path.open is what this stands in for

    def __enter__(self) -> "_FullDisk":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        self._file.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")


STEPS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "packing": lambda patch: patch.setattr(sealing, "packed", _fails),
    "opening": lambda patch: patch.setattr(Path, "open", _fails),
    "writing": lambda patch: patch.setattr(Path, "open", lambda path, _: _FullDisk(path)),
    "syncing": lambda patch: patch.setattr(os, "fsync", _fails),
    "replacing": lambda patch: patch.setattr(os, "replace", _fails),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_leaves_the_former_one_whole(
    report: Path, base: Base, redactor: Redactor, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made = sealed(report, base.evidence, redactor)
    former, page = made.path.read_bytes(), (report / PAGE).read_bytes()
    (report / "summary.md").write_text("another", encoding="utf-8")
    with monkeypatch.context() as patch:
        STEPS[step](patch)
        with pytest.raises((Crash, OSError)):
            sealed(report, base.evidence, redactor)
    assert made.path.read_bytes() == former
    assert (report / PAGE).read_bytes() == page
    assert not list(report.rglob("*.partial"))
    assert sealed(report, base.evidence, redactor).path.read_bytes() != former, "once nothing fails, it is replaced"


def test_what_a_crash_left_behind_is_in_nobodys_way(report: Path, base: Base, redactor: Redactor) -> None:
    (report / f"{bundle_name(base.evidence)}.partial").write_bytes(b"half of one")
    made = sealed(report, base.evidence, redactor)
    assert unpacked(made.path.read_bytes())
    assert not list(report.glob("*.partial"))


# -- secrets -------------------------------------------------------------------------------------------------


FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "base64": lambda s: base64.b64encode(s.encode()),
    "base64 of user and password": lambda s: base64.b64encode(f"user:{s}".encode()),
    "URL-safe base64": lambda s: base64.urlsafe_b64encode(f"{s}:".encode()),
    "hexadecimal": lambda s: s.encode().hex().encode(),
    "in a URL": lambda s: quote(s, safe="").encode(),
    "in a URL in a URL": lambda s: quote(quote(s, safe=""), safe="").encode(),
    "in JSON": lambda s: s.replace('"', '\\"').encode(),
    "in JSON in JSON": lambda s: s.replace('"', '\\\\\\"').encode(),
    "in HTML": lambda s: s.replace("&", "&amp;").replace('"', "&#34;").encode(),
    "in UTF-16": lambda s: s.encode("utf-16-le"),
}
PLACES = {
    "the log": "log.html",
    "an attachment of Allure": "allure-results/0-attachment.json",
    "a picture": PICTURE,
    "a file that is no part": "notes/private.bin",
    "a partial file": "evidence.html.partial",
}


@pytest.mark.parametrize("secret", [KEY, CLIENT_SECRET, "pk_test_canary51H8x2eZvKYlo2C0aQ"], ids=lambda s: s[:6])
@pytest.mark.parametrize("form", FORMS)
def test_a_secret_in_any_form_is_found(redactor: Redactor, form: str, secret: str) -> None:
    data = b"a few words \x93\xff " + FORMS[form](secret) + b" and more"
    assert redactor.found_in([data]) is not None
    assert redactor.found_in([b"nothing", data.replace(b"\xff", b"")]) is not None
    harmless = redactor.text(f"words {secret} and more, {KEY}").encode()
    assert redactor.found_in([harmless]) is None, "a placeholder is no secret"


def test_a_secret_in_a_compressed_stream_of_a_pdf_is_found(redactor: Redactor) -> None:
    page = zlib.compress(f"BT (Bearer {KEY}) Tj ET".encode())
    head = b"%PDF-1.7\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n"
    assert redactor.found_in([head + page + b"\nendstream\n"])
    assert redactor.found_in([head + b"no stream of zlib\nendstream\n"]) is None


@pytest.mark.parametrize(
    "unknown", ["pi_3Zz_secret_0123456789abcdef", "sk_test_4eC39HqLyjWDarjtT1zdp7dc", "rk_live_4eC39HqLyjWDarjtT1zdp"]
)
def test_what_looks_like_a_secret_is_taken_for_one(redactor: Redactor, unknown: str) -> None:
    assert redactor.found_in([f"<p>{unknown}</p>".encode()])


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_in_any_file_prevents_the_bundle(report: Path, base: Base, redactor: Redactor, place: str) -> None:
    path = report / PLACES[place]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b" " + FORMS["base64"](KEY))
    page = (report / PAGE).read_bytes()
    with pytest.raises(BundleError, match="CONNECT_API_KEY") as refusal:
        sealed(report, base.evidence, redactor)
    assert PLACES[place] in str(refusal.value)
    assert KEY not in str(refusal.value)
    assert not list(report.glob("*.zip"))
    assert (report / PAGE).read_bytes() == page


def test_a_directory_that_holds_everything_is_not_searched_for_ever(
    report: Path, base: Base, redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST_FILES", 5)
    with pytest.raises(BundleError, match="a directory of its own"):
        sealed(report, base.evidence, redactor)
