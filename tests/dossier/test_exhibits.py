"""Which files a dossier may attach, and what becomes of them."""

import hashlib
import os
import re
from pathlib import Path

import pytest
from PIL import Image

from golive.dossier import exhibits
from golive.dossier.exhibits import MOST_BYTES, MOST_BYTES_IN_ALL, Folder
from golive.dossier.unusable import UnusableFile
from tests.dossier.bench import png
from tests.dossier.test_documents import pdf
from tests.dossier.test_pictures import exif, saved, smooth

REPORT_ARE_OURS = re.compile(r"exhibits/[A-Za-z0-9_-][A-Za-z0-9._-]*\.(?:png|jpe?g|pdf|txt|log|md|csv|json)")


def folder(root: Path, **files: bytes) -> Folder:
    """A folder with files; `__` in a name stands for the dot."""
    for name, content in files.items():
        (root / name.replace("__", ".")).write_bytes(content)
    return Folder(root)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", png(), "image/png"),
        ("a.JPG", saved(smooth(), "JPEG"), "image/jpeg"),
        ("a.jpeg", saved(smooth(), "JPEG"), "image/jpeg"),
        ("a.pdf", pdf(), "application/pdf"),
        ("a.txt", b"a word", "text/plain"),
        ("a.log", b"a line\n", "text/plain"),
        ("a.csv", b"a;b\n", "text/plain"),
        ("a.md", b"# a\n", "text/plain"),
        ("a.json", b"{}", "text/plain"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_file_is_known_by_its_content(tmp_path: Path, name: str, content: bytes, media_type: str) -> None:
    (tmp_path / name).write_bytes(content)
    made = Folder(tmp_path)
    assert made.attach(name) == "e01"
    (exhibit,) = made.exhibits
    assert exhibit.path is not None
    attached = made.files[exhibit.path]
    assert (exhibit.media_type, exhibit.name) == (media_type, name)
    assert (exhibit.size, exhibit.sha256) == (len(attached), hashlib.sha256(attached).hexdigest())
    assert exhibit.path == f"exhibits/e01-a{Path(name).suffix.lower()}"


def test_what_was_removed_is_told_and_the_digest_is_of_what_is_attached(tmp_path: Path) -> None:
    content = saved(smooth(), "JPEG", exif=exif())
    made = folder(tmp_path, a__jpg=content)
    made.attach("a.jpg")
    (exhibit,) = made.exhibits
    assert exhibit.removed == ("EXIF", "GPS")
    assert exhibit.sha256 != hashlib.sha256(content).hexdigest()
    assert b"Canary" in content
    assert b"Canary" not in made.files["exhibits/e01-a.jpg"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jpg", png(), "is image/png by its content; give it the suffix .png"),
        ("a.png", saved(smooth(), "JPEG"), "is image/jpeg by its content; give it the suffix .jpg or .jpeg"),
        ("a.html", b"<script>alert(1)</script>", "is text/plain by its content; give it the suffix .txt or"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is text/plain by its content"),
        ("a", pdf(), "is application/pdf by its content; give it the suffix .pdf"),
        ("a.png", b"a text", "is no PNG by its content; export it again"),
        ("a.pdf", b"<html>", "is no PDF by its content; export it again"),
        ("a.txt", pdf(), "is application/pdf by its content"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "is text/plain by its content|none of PNG"),
        ("a.png", b"\x89PNG\r\n\x1a\n broken", "is a broken PNG"),
        ("a.txt", b"\xff\xfe", "is none of PNG, JPEG, PDF and UTF-8 text"),
        ("a.pdf", pdf(b"<< /S /JavaScript >>"), "has JavaScript in it"),
    ],
)
def test_what_is_not_what_it_is_called_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    made = Folder(tmp_path)
    with pytest.raises(UnusableFile, match=said):
        made.attach(name)
    assert (made.exhibits, made.files) == ([], {})


def test_a_picture_that_is_an_archive_too_leaves_as_a_picture(tmp_path: Path) -> None:
    made = folder(tmp_path, a__png=png() + b"PK\x03\x04canary.exe")
    made.attach("a.png")
    assert b"canary" not in made.files["exhibits/e01-a.png"]
    assert made.exhibits[0].removed == ("data after the picture",)


@pytest.mark.parametrize("name", ["/etc/hostname", "C:\\a.txt", "c:a.txt", "\\\\host\\a.txt", "\\a.txt"])
def test_an_absolute_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableFile, match="is an absolute path"):
        Folder(tmp_path).attach(name)


@pytest.mark.parametrize("name", ["../a.txt", "down/../../a.txt", "link.txt", "linked/a.txt", "."])
def test_what_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "dossier"
    (inside / "down").mkdir(parents=True)
    (tmp_path / "a.txt").write_text("a secret of the machine")
    (inside / "link.txt").symlink_to(tmp_path / "a.txt")
    (inside / "linked").symlink_to(tmp_path)
    with pytest.raises(UnusableFile, match="lies outside of the dossier's folder"):
        Folder(inside).attach(name)


@pytest.mark.parametrize("name", ["nowhere.txt", "a\0b", "x" * 300, "loop.txt", "file.txt/below"])
def test_what_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(UnusableFile, match="is no file that exists"):
        Folder(tmp_path).attach(name)


def test_what_is_no_plain_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    (tmp_path / "down").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("down", "pipe.txt"):
        with pytest.raises(UnusableFile, match="is no file; name a file"):
            Folder(tmp_path).attach(name)


def test_a_link_within_the_folder_is_the_same_file(tmp_path: Path) -> None:
    made = folder(tmp_path, a__txt=b"a word")
    (tmp_path / "same.txt").symlink_to(tmp_path / "a.txt")
    assert [made.attach(name) for name in ("a.txt", "same.txt", "./a.txt")] == ["e01", "e01", "e01"]


def test_a_file_has_a_most_size(tmp_path: Path) -> None:
    made = folder(tmp_path, most__txt=b"a" * MOST_BYTES, more__txt=b"a" * (MOST_BYTES + 1))
    assert made.attach("most.txt") == "e01"
    with pytest.raises(UnusableFile, match="is larger than 2 MiB; make it smaller"):
        made.attach("more.txt")


def test_all_files_have_a_most_size(tmp_path: Path) -> None:
    count = MOST_BYTES_IN_ALL // MOST_BYTES
    made = folder(tmp_path, **{f"f{n}__txt": b"%d" % n + b"a" * (MOST_BYTES - 1) for n in range(count + 1)})
    for number in range(count):
        made.attach(f"f{number}.txt")
    with pytest.raises(UnusableFile, match="makes all files more than 12 MiB"):
        made.attach(f"f{count}.txt")


def test_a_picture_that_grows_past_the_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = saved(Image.effect_noise((200, 200), 80), "PNG")
    made = folder(tmp_path, a__png=content)
    monkeypatch.setattr(exhibits, "cleaned", lambda *_: (b"\0" * (MOST_BYTES + 1), ()))
    with pytest.raises(UnusableFile, match="is larger than 2 MiB without its metadata"):
        made.attach("a.png")


@pytest.mark.parametrize(
    "name", ["ein Bild (1).png", "Zürich.png", "-x.png", "a" * 200 + ".png", "\u202egnp.png", "'\".png"]
)
def test_an_attached_file_has_a_name_that_every_system_takes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(png())
    made = Folder(tmp_path)
    made.attach(name)
    assert made.exhibits[0].name == name
    (path,) = made.files
    assert REPORT_ARE_OURS.fullmatch(path)
    assert path.endswith(".png")
    assert len(path) < 100


def test_two_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    for each in ("one", "two"):
        (tmp_path / each).mkdir()
        (tmp_path / each / "a.txt").write_text(each)
    made = Folder(tmp_path)
    assert [made.attach("one/a.txt"), made.attach("two/a.txt")] == ["e01", "e02"]
    assert made.files == {"exhibits/e01-a.txt": b"one", "exhibits/e02-a.txt": b"two"}


def test_a_file_that_a_link_leads_to_has_the_name_that_the_dossier_gives_it(tmp_path: Path) -> None:
    target = os.fsencode(tmp_path) + b"/caf\xe9"
    Path(os.fsdecode(target)).write_bytes(png())
    (tmp_path / "coffee.png").symlink_to(os.fsdecode(target))
    made = Folder(tmp_path)
    made.attach("coffee.png")
    (exhibit,) = made.exhibits
    assert (exhibit.name, exhibit.path) == ("coffee.png", "exhibits/e01-coffee.png")
    assert exhibit.model_dump_json()
