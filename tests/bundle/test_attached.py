"""What lies behind a link of the page, or beside it, can only be read: a record may come from anywhere."""

from datetime import datetime
from pathlib import Path

import pytest

from golive.bundle import opening
from golive.bundle.archive import packed, unpacked
from golive.bundle.checks import allure, dossier
from golive.bundle.errors import BundleError
from golive.bundle.looks import Result
from golive.bundle.manifest import sha256
from golive.bundle.opening import RECORD, read_record
from golive.bundle.verify import verify
from golive.evidence.integration import Charge, Integration, Shown
from golive.evidence.model import Evidence
from golive.report.exhibits import is_ours
from tests.bundle.bench import NOTES, PICTURE, Base, Json, archived, edited, whole

PROGRAM = b"<script>alert(1)</script>"

ATTACHED = {
    "a page": ("exhibits/e02-support.html", PROGRAM, "text/html"),
    "a page that is called text": ("exhibits/e02-support.html", PROGRAM, "text/plain"),
    "a drawing with a program": ("exhibits/e02-support.svg", PROGRAM, "image/svg+xml"),
    "a page as a picture": ("exhibits/e02-support.png", PROGRAM, "image/png"),
    "a picture as text": ("exhibits/e02-support.txt", b"\xff\xd8\xff\xe0", "text/plain"),
    "a text of zeros": ("exhibits/e02-support.txt", b"\0", "text/plain"),
    "a kind that nobody knows": ("exhibits/e02-support.txt", b"text", None),
    "a file beside the page": ("approval.txt", b"Approved.", "text/plain"),
    "a file below": ("exhibits/a/b.txt", b"text", "text/plain"),
    "a name in signs of two forms": ("exhibits/e02-u\u0308.txt", b"text", "text/plain"),
    "a name that differs in its letters' size": (PICTURE.upper().replace("EXHIBITS", "exhibits"), b"", "image/png"),
}


@pytest.mark.parametrize("name", ATTACHED)
def test_nothing_else_is_attached_than_a_run_attaches(
    base: Base, same_suite: None, today: datetime, tmp_path: Path, name: str
) -> None:
    path, data, kind = ATTACHED[name]

    def edit(record: Json) -> None:
        told = {"path": path, "media_type": kind, "size": len(data), "sha256": sha256(data)}
        record["dossier"]["exhibits"][1].update(told)

    evidence = edited(base.evidence, edit)
    others = {other: content for other, content in base.others.items() if other != NOTES} | {path: data}
    bundle = tmp_path / "golive-sample.zip"
    bundle.write_bytes(archived(evidence, whole(evidence, others)))
    verified = verify(bundle, now=today)
    assert [look.name for look in verified.looks if look.result is Result.DIFFERS] == ["exhibits"]


@pytest.mark.parametrize(
    ("path", "files", "said"),
    [
        ("exhibits/screen-01.png", {}, "exhibits/screen-01.png is missing"),
        ("exhibits/screen-01.png", {"exhibits/screen-01.png": PROGRAM}, "is no image/png or image/jpeg"),
        ("screen.html", {"screen.html": PROGRAM}, "screen.html is none of the names that exhibits have"),
        ("exhibits/screen-01.png", {"exhibits/screen-01.png": b"\xff\xd8\xff\xe0"}, None),
    ],
    ids=["missing", "a page", "elsewhere", "a JPEG"],
)
def test_a_picture_of_a_screen_is_there_and_one(
    base: Base, path: str, files: dict[str, bytes], said: str | None
) -> None:
    shown = Shown(at=base.evidence.run.started_at, attachment=path)
    seen = Integration(kind="manual", name="Ada", charges=(Charge(driver="one", evse_id="a", shown=(shown,)),))
    found = dossier.exhibits(base.evidence.model_copy(update={"dossier": None, "integration": seen}), files)
    assert [said in each for each in found if said is not None] == ([True] if said is not None else [])


@pytest.mark.parametrize("suffix", ["html", "svg", "htm", "pdf.html", "PNG"])
def test_no_link_of_the_page_leads_to_what_a_browser_would_run(suffix: str) -> None:
    assert is_ours("exhibits/e01-a.png")
    assert not is_ours(f"exhibits/e01-a.{suffix}")


def test_nothing_hides_among_the_attachments_of_allure(base: Base) -> None:
    told = b'{"attachments": [{"name": "log", "source": "index.html"}]}'
    files = {**base.files, "allure-results/1-container.json": told, "allure-results/index.html": PROGRAM}
    assert allure.results(base.evidence, base.files) == []
    assert allure.results(base.evidence, files) == [
        "allure-results/index.html is no attachment as this suite makes them"
    ]


def test_a_record_of_more_values_than_memory_has_room_for_is_not_read(base: Base, tmp_path: Path) -> None:
    """Packed, it is a few kilobytes."""
    many = b'{"run": [' + b"[]," * (opening.MOST_VALUES // 2) + b"[]]}"
    with pytest.raises(BundleError, match=r"evidence.json has more than 5,000,000 values, which no run leaves"):
        read_record(many)
    assert len(packed({RECORD: many})) < 100_000
    usual = read_record(unpacked(base.sealed)[RECORD])
    assert isinstance(usual, Evidence)
