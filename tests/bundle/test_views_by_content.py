"""Views that another suite wrote: what they say is held against the record, and the last line says that no more was."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from golive.__main__ import main
from golive.bundle.checks.content import contradictions
from golive.bundle.checks.views import compared
from golive.bundle.foot import PAGE, with_digest
from golive.bundle.looks import Result
from golive.bundle.opening import RECORD
from golive.bundle.verify import Verified, verify
from golive.report import VIEWS
from tests.bundle.bench import FAILING, Base, Files, archived, edited, whole

pytestmark = pytest.mark.usefixtures("same_suite")
NAME = FAILING.rpartition("::")[2]
NOTE = b"<!-- as another suite would put it -->"


@pytest.fixture(scope="module")
def other(base: Base) -> Base:
    """The record says that another suite wrote it."""
    return Base(edited(base.evidence, lambda record: record["run"].update(digest="0" * 64)), base.others)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "golive-sample.zip"


def put_otherwise(files: Files) -> None:
    """Each view in other bytes that say the same."""
    files[PAGE] = files[PAGE].replace(b"</body>", NOTE + b"</body>")
    files["junit.xml"] = files["junit.xml"].replace(b"</testsuites>", NOTE + b"</testsuites>")
    files["summary.md"] += b"\nSaid by another suite.\n"
    files["reconciliation.csv"] = files["reconciliation.csv"].replace(b"\n", b"\r\n")


def seen(verified: Verified) -> tuple[Result, str]:
    (views,) = [look for look in verified.looks if look.name == "views"]
    return views.result, views.said


def test_the_digest_of_another_suite_alone_spares_no_view(other: Base, bundle: Path, today: datetime) -> None:
    bundle.write_bytes(other.sealed)
    verified = verify(bundle, now=today)
    assert seen(verified)[0] is Result.AGREES
    assert verified.reservations == ()


def test_views_that_say_the_same_are_agreed_with_a_reservation(
    other: Base, bundle: Path, today: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    files = dict(other.files)
    put_otherwise(files)
    bundle.write_bytes(archived(other.evidence, files))
    result, said = seen(verify(bundle, now=today))
    assert result is Result.IN_PART, said
    assert all(name in said for name in VIEWS)
    assert main(["verify", str(bundle)]) == 0
    last = capsys.readouterr().out.partition("\nagreed")[2]
    assert " ".join(last.split()).startswith(
        "on the record: the views were compared by content only; the verdict is not"
    )
    assert main(["verify", str(bundle), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["reservations"] == ["the views were compared by content only"]
    assert "by content only" in told["conclusion"]


def _replace(path: str, old: str, new: str, count: int = -1) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        assert old.encode() in files[path], f"{path} has no {old}"
        files[path] = files[path].replace(old.encode(), new.encode(), count)

    return edit


def _in_the_row(of: str, old: str, new: str) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        page = files[PAGE].decode()
        at = page.index(of)
        begin, end = page.rindex("<tr", 0, at), page.index("</tr>", at)
        assert old in page[begin:end]
        files[PAGE] = (page[:begin] + page[begin:end].replace(old, new) + page[end:]).encode()

    return edit


FORGERIES = {
    "the page has another verdict": (_replace(PAGE, "Not ready", "Ready"), "is not the verdict"),
    "only its heading has": (_replace(PAGE, "</svg>Not ready <small>", "</svg>Ready <small>"), "h1 is not the verdict"),
    "the page is no rehearsal": (_replace(PAGE, "Rehearsal", "Run"), "whether it was a rehearsal"),
    "a requirement is met on the page": (_in_the_row(">FE-2</code>", "not shown", "met"), "FE-2 is not"),
    "a check passed on the page": (_in_the_row(f"<code>{NAME}</code>", "failed", "passed"), f"{NAME} is not said"),
    "a row of the page is hidden": (_replace(PAGE, ">FE-2</code>", "><template>FE-2</template></code>"), "FE-2 is not"),
    "the page shows another": (_replace(PAGE, "<main", '<iframe srcdoc="Ready"></iframe><main'), "<iframe>"),
    "JUnit has a pass": (
        lambda files: files.update({"junit.xml": files["junit.xml"].replace(b"failure", b"success")}),
        "is passed there",
    ),
    "JUnit lacks a check": (_replace("junit.xml", f'name="{NAME}"', 'name="test_other"'), "not there as failed"),
    "JUnit has another verdict": (_replace("junit.xml", 'value="not_ready"', 'value="ready"'), "its verdict is ready"),
    "JUnit is no rehearsal": (_replace("junit.xml", 'value="true"', 'value="false"'), "its rehearsal is false"),
    "JUnit counts otherwise": (_replace("junit.xml", 'readiness" tests="', 'readiness" tests="1'), "it counts 1"),
    "JUnit expands": (_replace("junit.xml", "<testsuites", '<!DOCTYPE t [<!ENTITY a "b">]><testsuites', 1), "entities"),
    "JUnit is none": (_replace("junit.xml", "</testsuites>", ""), "cannot be read"),
    "the summary has another verdict": (_replace("summary.md", "Not ready:", "Ready:"), "is not the verdict"),
    "the summary has two": (_replace("summary.md", "### Checks", "## ✓ Ready: all\n### Checks"), "is not the verdict"),
    "the summary is no rehearsal": (_replace("summary.md", "Rehearsal", "Run"), "whether it was a rehearsal"),
    "the summary counts otherwise": (_replace("summary.md", "| **all** |", "| **all** | 3"), "counts the outcomes"),
    "the summary leaves a line out": (_replace("summary.md", "**FE-2**", "**FE-1**"), "FE-2 is not said"),
    "the sheet has another user": (_replace("reconciliation.csv", "\nuser,", "\nuser,9"), "nowhere in the record"),
    "the sheet lacks a session": (_replace("reconciliation.csv", "\nsession,", "\nvisit,"), "is missing"),
    "the sheet is no text": (lambda files: files.update({"reconciliation.csv": b"\xff"}), "cannot be read"),
    "a view is gone": (lambda files: files.pop("summary.md"), "summary.md is missing"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_view_that_says_something_else_is_not_agreed(
    other: Base, bundle: Path, today: datetime, forgery: str
) -> None:
    edit, said = FORGERIES[forgery]
    files = dict(other.files)
    put_otherwise(files)
    edit(files)
    bundle.write_bytes(archived(other.evidence, files))
    assert seen(verify(bundle, now=today))[0] is Result.DIFFERS
    assert said in " ".join(compared(other.evidence, files, same_suite=False).problems)


@pytest.mark.parametrize("name", [PAGE, "junit.xml", "summary.md"])
def test_a_view_of_another_run_is_not_agreed(other: Base, name: str) -> None:
    view = other.files[name].replace(other.evidence.run.id.encode(), b"20200101t000000z-aaaaaa-00")
    assert any("run" in said for said in contradictions(name, view, other.evidence))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_the_record_itself_says_what_it_says(other: Base, name: str) -> None:
    assert contradictions(name, other.files[name], other.evidence) == []


# -- written anew --------------------------------------------------------------------------------------------


def test_the_views_are_written_anew_from_the_record(
    other: Base, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = dict(other.files)
    put_otherwise(files)
    bundle.write_bytes(archived(other.evidence, files))
    folder = tmp_path / "of" / "mine"
    assert main(["verify", str(bundle), "--render", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "rendered: " in said
    digest = said.splitlines()[1].removeprefix("manifest: ")
    page = (folder / PAGE).read_bytes()
    assert NOTE not in page
    assert page == with_digest(whole(other.evidence, other.others)[PAGE], digest)
    exhibits = {path for path in other.files if path.startswith("exhibits/")}
    written = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert set(written) == {*VIEWS, *exhibits}
    assert all(written[path] == other.files[path] for path in {*VIEWS, *exhibits} - {PAGE})


def test_a_page_of_a_record_that_is_not_agreed_keeps_its_zeros(
    base: Base, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = edited(base.evidence, lambda record: record["verdict"].update(status="ready"))
    bundle.write_bytes(archived(forged, whole(forged, base.others)))
    assert main(["verify", str(bundle), "--render", str(tmp_path / "anew")]) == 1
    assert "from a record that is NOT agreed" in " ".join(capsys.readouterr().out.split())
    assert (tmp_path / "anew" / PAGE).read_bytes() == whole(forged, base.others)[PAGE]


def test_nothing_is_written_over(base: Base, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle.write_bytes(base.sealed)
    assert main(["verify", str(bundle), "--render", str(tmp_path)]) == 4
    told = capsys.readouterr()
    assert "name a new folder" in told.err
    assert len(told.err.splitlines()) == 1
    assert [file.name for file in tmp_path.iterdir()] == [bundle.name]


def test_a_record_that_cannot_be_read_gives_no_views(
    base: Base, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle.write_bytes(archived(base.evidence, {**base.files, RECORD: b"{}"}))
    assert main(["verify", str(bundle), "--render", str(tmp_path / "anew")]) == 1
    assert "nothing was written" in capsys.readouterr().out
    assert not (tmp_path / "anew").exists()
