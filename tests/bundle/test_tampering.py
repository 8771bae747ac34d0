"""Every way to tamper with a bundle, naively and with care: what finds it."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from golive.bundle.archive import packed, unpacked
from golive.bundle.foot import PAGE, with_digest
from golive.bundle.looks import Result
from golive.bundle.manifest import NAME, sha256
from golive.bundle.opening import RECORD
from golive.bundle.verify import Verified, verify
from golive.evidence.checklist import VERSION
from tests.bundle.bench import Base, Json, archived, edited, whole
from tests.bundle.tamperings import FILE_EDITS, ONLY_TOLD_APART, RECORD_EDITS, OfFiles, OfRecord

pytestmark = pytest.mark.usefixtures("same_suite")


def found(verified: Verified) -> set[str]:
    return {seen.name for seen in verified.looks if seen.result is Result.DIFFERS}


def looked_at(tmp_path: Path, bundle: bytes, now: datetime, digest: str | None = None) -> Verified:
    path = tmp_path / "golive-sample.zip"
    path.write_bytes(bundle)
    return verify(path, now=now, manifest_digest=digest)


def told_apart(bundle: bytes) -> str:
    """What `--manifest-digest` is compared with."""
    return sha256(unpacked(bundle)[NAME])


def test_the_bundle_that_is_tampered_with_is_agreed(base: Base, tmp_path: Path, today: datetime) -> None:
    verified = looked_at(tmp_path, base.sealed, today, base.digest)
    assert {seen.name: seen.said for seen in verified.looks if seen.result is not Result.AGREES} == {}


@pytest.mark.parametrize("tampering", RECORD_EDITS, ids=str)
def test_a_naive_edit_of_the_record_is_found(base: Base, tmp_path: Path, today: datetime, tampering: OfRecord) -> None:
    record = edited(base.evidence, tampering.edit).model_dump_json(indent=1).encode()
    bundle = packed({**unpacked(base.sealed), RECORD: record})
    assert "manifest" in found(looked_at(tmp_path, bundle, today))


@pytest.mark.parametrize("tampering", RECORD_EDITS, ids=str)
def test_a_careful_edit_of_the_record_is_found(
    base: Base, tmp_path: Path, today: datetime, tampering: OfRecord
) -> None:
    """Manifest, foot and views are those of the edited record."""
    evidence = tampering.careful(base.evidence)
    assert evidence != base.evidence
    bundle = archived(evidence, whole(evidence, base.others))
    said = found(looked_at(tmp_path, bundle, today))
    if tampering.found_by is ONLY_TOLD_APART:
        assert said == set()
    else:
        assert tampering.found_by in said
    assert told_apart(bundle) != base.digest, "whoever was told it finds anything"


@pytest.mark.parametrize("tampering", FILE_EDITS, ids=str)
def test_a_naive_edit_of_a_file_is_found(base: Base, tmp_path: Path, today: datetime, tampering: OfFiles) -> None:
    files = unpacked(base.sealed)
    tampering.edit(files)
    assert "manifest" in found(looked_at(tmp_path, packed(files), today))


@pytest.mark.parametrize("tampering", FILE_EDITS, ids=str)
def test_a_careful_edit_of_a_file_is_found(base: Base, tmp_path: Path, today: datetime, tampering: OfFiles) -> None:
    """The manifest lists what is there, and the foot shows its digest."""
    files = dict(base.files)
    tampering.edit(files)
    bundle = archived(base.evidence, files)
    said = found(looked_at(tmp_path, bundle, today))
    if tampering.found_by is ONLY_TOLD_APART:
        assert said == set()
    else:
        assert tampering.found_by in said
        assert "manifest" not in said
    assert told_apart(bundle) != base.digest


def test_what_only_a_digest_told_apart_finds_is_a_short_list() -> None:
    """Whatever is added here is to be told in the README's chapter on verifying."""
    held = [tampering.name for tampering in (*RECORD_EDITS, *FILE_EDITS) if tampering.found_by is ONLY_TOLD_APART]
    assert held == [
        "who attested is another",
        "a failure has another reason everywhere",
        "the challenge is not mentioned",
        "a check was quicker",
        "the selection is not mentioned",
        "the suite's digest is another",
        "a time in Allure's containers",
        "a byte of the log",
        "the log is gone",
    ]


def test_a_digest_that_was_told_apart_is_compared(base: Base, tmp_path: Path, today: datetime) -> None:
    assert found(looked_at(tmp_path, base.sealed, today, "0" * 64)) == {"digest"}


# -- manifest and foot ---------------------------------------------------------------------------------------


def test_another_digest_in_the_foot_is_found(base: Base, tmp_path: Path, today: datetime) -> None:
    files = unpacked(base.sealed)
    files[PAGE] = with_digest(files[PAGE], sha256(b"another"))
    assert found(looked_at(tmp_path, packed(files), today)) == {"foot"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"verdict": "not_ready"', '"verdict": "ready"'),
        ('"rehearsal": true', '"rehearsal": false'),
        ('"challenge": "a word', '"challenge": "the word'),
        (f'"register_version": "{VERSION}"', '"register_version": "0"'),
        ('"format": "1"', '"format": "2"'),
        ('"path": "evidence.html"', '"path": "evidence.htm"'),
        ('\n "files"', '\n  "files"'),
    ],
)
def test_an_edited_manifest_is_found_though_the_foot_has_its_digest(
    base: Base, tmp_path: Path, today: datetime, old: str, new: str
) -> None:
    files = unpacked(base.sealed)
    assert old.encode() in files[NAME]
    files[NAME] = files[NAME].replace(old.encode(), new.encode())
    files[PAGE] = with_digest(files[PAGE], sha256(files[NAME]))
    said = found(looked_at(tmp_path, packed(files), today))
    assert said & {"manifest", "manifest's run"}
    assert "foot" not in said


def test_a_bundle_without_manifest_is_none(base: Base, tmp_path: Path, today: datetime) -> None:
    files = unpacked(base.sealed)
    del files[NAME]
    assert found(looked_at(tmp_path, packed(files), today)) == {"archive"}


@pytest.mark.parametrize("missing", [RECORD, PAGE])
def test_a_bundle_without_its_record_or_page_is_not_agreed(
    base: Base, tmp_path: Path, today: datetime, missing: str
) -> None:
    files = dict(base.files)
    del files[missing]
    assert found(looked_at(tmp_path, archived(base.evidence, files), today))


# -- time ----------------------------------------------------------------------------------------------------


def test_an_expired_dossier_is_not_agreed(base: Base, tmp_path: Path) -> None:
    dossier = base.evidence.dossier
    assert dossier is not None
    day = dossier.valid_until
    assert found(looked_at(tmp_path, base.sealed, day)) == set()
    assert found(looked_at(tmp_path, base.sealed, day.replace(year=day.year + 1))) == {"validity"}


# -- another version of the suite ----------------------------------------------------------------------------


def test_a_record_of_another_suite_is_judged_by_what_it_came_to(base: Base, tmp_path: Path, today: datetime) -> None:
    """Its words may be others, and it may lack members that came later; its outcomes may not differ."""

    def older(record: Json) -> None:
        record["run"]["digest"] = "0" * 64
        record["verdict"]["reasons"] = ["As it was put then."]
        for requirement in record["requirements"]:
            requirement["reason"] = requirement["reason"] and "As it was put then."
            del requirement["owner"]

    record = json.loads(base.evidence.model_dump_json())
    older(record)
    then = json.dumps(record, indent=1).encode()
    page = base.files[PAGE].replace(sha256(base.files[RECORD]).encode(), sha256(then).encode())
    files = {**base.files, RECORD: then, PAGE: page}
    verified = looked_at(tmp_path, archived(base.evidence, files), today)
    assert found(verified) == set()
    assert {seen.name for seen in verified.looks if seen.result is Result.NOT_COMPARED} == {"digest"}
    assert {seen.name for seen in verified.looks if seen.result is Result.IN_PART} == {
        "requirements",
        "verdict",
        "views",
    }
    record["requirements"][0]["status"] = "met"
    record["requirements"][1]["assurance"] = "observed"
    record["run"]["wall_s"] = "long"
    files[RECORD] = json.dumps(record, indent=1).encode()
    assert found(looked_at(tmp_path, archived(base.evidence, files), today)) == {"record"}
    record["run"]["wall_s"] = base.evidence.run.wall_s
    files[RECORD] = json.dumps(record, indent=1).encode()
    assert "requirements" in found(looked_at(tmp_path, archived(base.evidence, files), today))


@pytest.mark.parametrize(
    ("edit", "reservation"),
    [
        (lambda r: r["verdict"].update(reasons=["Approved."]), "the words of the verdict were not compared"),
        (lambda r: r["requirements"][0].update(title="Nothing."), "the words of the requirements were not compared"),
    ],
    ids=["a reason", "a title"],
)
def test_other_words_than_here_are_a_reservation_though_the_views_have_them_too(
    base: Base, tmp_path: Path, today: datetime, edit: Callable[[Json], object], reservation: str
) -> None:
    """Whoever claims another suite may change them, and render the page with this one."""

    def of_another_suite(record: Json) -> None:
        record["run"]["digest"] = "0" * 64

    def forged(record: Json) -> None:
        of_another_suite(record)
        edit(record)

    honest, other = edited(base.evidence, of_another_suite), edited(base.evidence, forged)
    verified = looked_at(tmp_path, archived(honest, whole(honest, base.others)), today)
    assert (verified.agreed, verified.reservations) == (True, ())
    verified = looked_at(tmp_path, archived(other, whole(other, base.others)), today)
    assert (verified.agreed, verified.reservations) == (True, (reservation,))


def test_a_page_of_another_record_is_not_agreed_whoever_wrote_it(base: Base, tmp_path: Path, today: datetime) -> None:
    """What no view shows in words is held by the digest of the record in the page's foot."""
    record = json.loads(base.evidence.model_dump_json())
    record["run"]["digest"] = "0" * 64
    record["aftermath"]["users"][0]["actor"] = "somebody else"
    files = {**base.files, RECORD: json.dumps(record, indent=1).encode()}
    assert found(looked_at(tmp_path, archived(base.evidence, files), today)) == {"views"}
