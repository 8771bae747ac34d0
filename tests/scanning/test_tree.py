"""A tree of files: what is read, what is not, and that each of the two is said."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from golive.evidence.statements import Scan
from golive.scanning import TreeBounds, scan_tree
from golive.scanning.kinds import Kind
from tests.scanning.samples import KEY, OTHER

SECRET = SecretStr(KEY)
PLANT = f"first\nkey = '{KEY}'\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "partner"
    (root / "src" / "deep").mkdir(parents=True)
    (root / "src" / "main.py").write_text("print('nothing here')\n", encoding="utf-8")
    return root


def plant(file: Path, content: str | bytes = PLANT) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def git(root: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(root), *args], check=True, capture_output=True)


def places(scan: Scan) -> list[tuple[str, int]]:
    return [(found.place, found.line) for found in scan.findings]


# -- what is read --------------------------------------------------------------------------------------------


def test_a_clean_tree_is_read_and_nothing_is_found(tree: Path) -> None:
    assert scan_tree(tree, SECRET) == Scan(what="tree", root=str(tree), files=1, unread=0)


def test_a_finding_names_path_and_line(tree: Path) -> None:
    plant(tree / "src" / "deep" / "config.ts")
    plant(tree / "a.yml", f"x: 1\ny: 2\nz: {OTHER}")
    assert places(scan_tree(tree, SECRET)) == [("a.yml", 3), ("src/deep/config.ts", 2)]


def test_without_a_key_all_else_is_found(tree: Path) -> None:
    plant(tree / "a.js", f"'{OTHER}'")
    assert [found.kind for found in scan_tree(tree).findings] == [Kind.TOKEN]


@pytest.mark.parametrize("name", ["bundle.min.js", "bundle.js.map", "app.css", "index.html", "LICENSE", ".npmrc"])
def test_every_name_is_read(tree: Path, name: str) -> None:
    plant(tree / "dist" / name)
    assert places(scan_tree(tree, SECRET)) == [(f"dist/{name}", 2)]


def test_a_binary_file_is_read_byte_by_byte(tree: Path) -> None:
    plant(tree / "app.bundle", b"\xc6\x1f\0\0" + KEY.encode() + b"\0")
    assert places(scan_tree(tree, SECRET)) == [("app.bundle", 0)]


def test_one_file_may_be_given(tree: Path) -> None:
    scan = scan_tree(plant(tree / "only.py"), SECRET)
    assert (scan.files, places(scan)) == (1, [("only.py", 2)])


def test_the_record_of_a_scan_holds_no_part_of_the_key(tree: Path) -> None:
    plant(tree / f"{KEY}.txt")
    plant(tree / ".venv" / "x")
    (tree / f"{KEY}-link").symlink_to("/")
    shown = scan_tree(tree, SECRET).model_dump_json()
    assert not [KEY[at : at + 12] for at in range(len(KEY) - 11) if KEY[at : at + 12] in shown]


def test_a_secret_in_the_name_of_a_file_is_a_finding(tree: Path) -> None:
    plant(tree / f"{OTHER}.txt", "nothing")
    (found,) = scan_tree(tree, SECRET).findings
    assert (found.place, found.line, found.kind, found.form) == (
        "[redacted].txt", 0, Kind.TOKEN, "in the name of the file"
    )  # fmt: skip


def test_a_name_that_is_no_text_is_shown_all_the_same(tree: Path) -> None:
    plant(Path(os.fsdecode(os.fsencode(tree) + b"/\xff\x1b[2J.js")))
    scan = scan_tree(tree, SECRET)
    assert places(scan) == [("\\xff\\x1b[2J.js", 2)]
    assert scan.model_dump_json()


@given(depth=st.integers(0, 30), number=st.integers(1, 12), at=st.data())
@settings(max_examples=20, deadline=None)
def test_wherever_it_lies_it_is_found(
    tmp_path_factory: pytest.TempPathFactory, depth: int, number: int, at: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("tree")
    chosen = at.draw(st.integers(0, number - 1))
    here = root.joinpath(*(f"d{level}" for level in range(depth)))
    for file in range(number):
        plant(here / f"f{file}", PLANT if file == chosen else "nothing")
    scan = scan_tree(root, SECRET)
    assert (scan.files, len(scan.findings)) == (number, 1)
    assert scan.findings[0].place.endswith(f"f{chosen}")


# -- what is not, with a word --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [".git", "node_modules", ".venv", ".hg", ".svn"])
def test_what_others_keep_is_not_entered(tree: Path, name: str) -> None:
    plant(tree / "app" / name / "x.js")
    scan = scan_tree(tree, SECRET)
    assert scan.findings == ()
    assert [note.startswith(f"app/{name}: ") for note in scan.skipped] == [True]


def test_a_virtual_environment_is_known_by_its_mark(tree: Path) -> None:
    plant(tree / "env39" / "pyvenv.cfg", "home = /usr")
    plant(tree / "env39" / "lib.py")
    assert scan_tree(tree, SECRET).skipped == ("env39: other people's code, not read",)


def test_a_large_file_is_not_read(tree: Path) -> None:
    plant(tree / "big.js", "x" * 2_000_001 + KEY)
    scan = scan_tree(tree, SECRET, bounds=TreeBounds(file_bytes=2_000_000))
    assert (scan.findings, scan.skipped) == ((), ("big.js: larger than 2 MB, not read",))
    assert len(scan_tree(tree, SECRET).findings) == 1


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c"], ids=["zip", "gzip", "7z"])
def test_a_compressed_file_is_not_opened(tree: Path, magic: bytes) -> None:
    plant(tree / "app.bin", magic + KEY.encode())
    assert scan_tree(tree, SECRET).skipped == ("app.bin: compressed, not opened",)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_what_may_not_be_read_is_told(tree: Path) -> None:
    plant(tree / "closed.js").chmod(0)
    (tree / "shut").mkdir(mode=0)
    assert scan_tree(tree, SECRET).skipped == (
        "closed.js: cannot be read (Permission denied)",
        "shut: cannot be read (Permission denied)",
    )


def test_a_refusal_of_the_file_system_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("golive.scanning.tree.os.open", refuse)
    scan = scan_tree(tree, SECRET)
    assert (scan.files, scan.skipped) == (0, ("src/main.py: cannot be read (Permission denied)",))


def test_a_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    assert scan_tree(tree, SECRET).skipped == ("pipe: no ordinary file",)


def test_links_are_not_followed(tree: Path, tmp_path: Path) -> None:
    plant(tmp_path / "elsewhere" / "x.js")
    (tree / "out").symlink_to(tmp_path / "elsewhere")
    (tree / "out.js").symlink_to(tmp_path / "elsewhere" / "x.js")
    (tree / "broken").symlink_to("nowhere")
    (tree / "loop").symlink_to(tree)
    (tree / "self").symlink_to("self")
    (tree / "inside.py").symlink_to(plant(tree / "src" / "real.py"))
    scan = scan_tree(tree, SECRET)
    assert places(scan) == [("src/real.py", 2)]
    assert sorted(scan.skipped) == [
        "broken: a link that leads nowhere",
        "out.js: a link that leads out of the tree, not followed",
        "out: a link that leads out of the tree, not followed",
    ]


def test_a_link_may_be_what_is_given(tree: Path, tmp_path: Path) -> None:
    plant(tree / "a.js")
    (tmp_path / "link").symlink_to(tree)
    (tmp_path / "one.js").symlink_to(tree / "a.js")
    assert places(scan_tree(tmp_path / "link", SECRET)) == [("a.js", 2)]
    assert places(scan_tree(tmp_path / "one.js", SECRET)) == [("one.js", 2)]


@pytest.mark.parametrize(
    ("bounds", "files", "said"),
    [
        (TreeBounds(files=3), 3, "3 files were read: the rest was not"),
        (TreeBounds(all_bytes=20), 1, "0 MB were read: the rest was not"),
        (TreeBounds(findings=2), 2, "2 findings: the rest was not read"),
    ],
    ids=["files", "bytes", "findings"],
)
def test_the_bounds_are_told(tree: Path, bounds: TreeBounds, files: int, said: str) -> None:
    for number in range(6):
        plant(tree / f"{number}.js")
    scan = scan_tree(tree, SECRET, bounds=bounds)
    assert (scan.files, scan.skipped[-1], scan.complete) == (files, said, False)


def test_many_findings_in_one_file_are_cut_short(tree: Path) -> None:
    plant(tree / "a.txt", "\n".join([KEY] * 10))
    scan = scan_tree(tree, SECRET, bounds=TreeBounds(file_findings=4))
    assert len(scan.findings) == 4
    assert scan.skipped == ("a.txt: has 4 findings, of which no more are listed",)


def test_many_notes_of_one_kind_are_told_as_a_number(tree: Path) -> None:
    for number in range(25):
        plant(tree / f"{number:02}" / "node_modules" / "x")
    scan = scan_tree(tree, SECRET)
    skipped = scan.skipped
    assert (len(skipped), scan.unread, scan.complete) == (21, 25, True)
    assert skipped[-1] == "5 more: other people's code, not read"


def test_who_is_in_a_hurry_gets_what_there_is(tree: Path) -> None:
    scan = scan_tree(tree, SECRET, hurry=lambda: True)
    assert (scan.files, scan.skipped) == (0, ("interrupted: what follows was not read",))


def test_a_key_as_short_as_a_word_is_not_looked_for(tree: Path) -> None:
    scan = scan_tree(tree, SecretStr("print"))
    assert scan.findings == ()
    assert scan.skipped == ("the key in use: has fewer than 8 characters and was not looked for",)


# -- .env ----------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tree: Path) -> Path:
    git(tree, "init", "-q")
    plant(tree / ".gitignore", ".env\n.env.*\n!.env.example\ndist/\n")
    return tree


@pytest.mark.parametrize("name", [".env", ".env.local", "api/.env"])
def test_an_env_file_that_git_ignores_stays_on_the_machine(repository: Path, name: str) -> None:
    plant(repository / name)
    scan = scan_tree(repository, SECRET)
    assert scan.findings == ()
    assert f"{name}: not tracked by git, not read" in scan.skipped


def test_an_env_file_that_git_tracks_is_read(repository: Path) -> None:
    plant(repository / ".env")
    git(repository, "add", "-f", ".env")
    assert places(scan_tree(repository, SECRET)) == [(".env", 2)]


def test_an_env_file_that_git_would_take_is_read(repository: Path) -> None:
    plant(repository / ".env.example")
    assert places(scan_tree(repository, SECRET)) == [(".env.example", 2)]


def test_an_env_file_in_a_built_frontend_is_read(repository: Path) -> None:
    plant(repository / "dist" / ".env")
    assert places(scan_tree(repository, SECRET)) == [("dist/.env", 2)]
    assert places(scan_tree(repository / "dist", SECRET)) == [(".env", 2)]


def test_another_file_that_git_ignores_is_read(repository: Path) -> None:
    plant(repository / "dist" / "app.js")
    assert places(scan_tree(repository, SECRET)) == [("dist/app.js", 2)]


def test_an_env_file_without_git_is_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tree / ".env")
    assert places(scan_tree(tree, SECRET)) == [(".env", 2)]
    monkeypatch.setenv("PATH", "")
    assert places(scan_tree(tree, SECRET)) == [(".env", 2)]
