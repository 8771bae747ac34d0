"""`verify` on the command line: what it says, in 80 columns, and its exit status."""

import json
from pathlib import Path

import pytest

from golive.__main__ import main
from golive.bundle.commands.words import harmless
from tests.bundle.bench import FAILING, Base, archived, edited, whole

pytestmark = pytest.mark.usefixtures("same_suite")


@pytest.fixture
def bundle(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("golive-sample.zip").write_bytes(base.sealed)
    return Path("golive-sample.zip")


@pytest.fixture
def embellished(base: Base, bundle: Path) -> Path:
    def edit(record: dict[str, object]) -> None:
        for check in record["tests"]:  # type: ignore[attr-defined]
            if check["nodeid"] == FAILING:
                check.update(outcome="passed", owner=None, message=None)

    evidence = edited(base.evidence, edit)
    bundle.write_bytes(archived(evidence, whole(evidence, base.others)))
    return bundle


def test_an_agreed_bundle(bundle: Path, base: Base, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(bundle), "--manifest-digest", base.digest.upper()]) == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert lines[:2] == ["golive-sample.zip", f"manifest: {base.digest}"]
    assert lines[-1] == "agreed: the verdict is not ready (a rehearsal: never evidence for go-live)"
    assert max(map(len, lines)) <= 80
    assert "differs" not in said
    assert "not compared" not in said


def test_one_that_is_not(embellished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(embellished)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("  differs       requirements") for line in lines)
    assert any(line.startswith("NOT agreed: ") for line in lines)


def test_for_machines(embellished: Path, base: Base, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(embellished), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["agreed"] is False
    assert said["run_id"] == base.evidence.run.id
    assert said["rehearsal"] is True
    assert said["verdict"] == "not_ready"
    assert said["manifest_sha256"] != base.digest
    assert {"name": "digest", "result": "not compared"}.items() <= said["looked_at"][3].items()
    assert {seen["result"] for seen in said["looked_at"]} == {"agrees", "differs", "not compared"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.zip"], "none.zip cannot be read"),
        (["."], "cannot be read"),
        ([], "the following arguments are required: BUNDLE"),
        (["golive-sample.zip", "--manifest-digest", "abc"], "not 64 hexadecimal digits"),
        (["golive-sample.zip", "--nonsense"], "unrecognized arguments"),
    ],
)
def test_a_command_line_that_cannot_be_used(
    bundle: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["verify", *arguments]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert said in told.err


def test_a_file_that_is_no_bundle_is_not_agreed(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle.write_bytes(b"hello")
    assert main(["verify", str(bundle)]) == 1
    assert "differs       archive         it is no zip file" in capsys.readouterr().out


def test_a_hostile_name_does_nothing_to_a_terminal(
    base: Base, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {**base.files, "\u202egnp.\u009b31m.txt": b"?"}
    bundle.write_bytes(archived(base.evidence, files))
    assert main(["verify", str(bundle)]) == 1
    said = capsys.readouterr().out
    assert "\u202e" not in said
    assert "\u009b" not in said
    assert "\\u202egnp" in said


def test_words_for_a_terminal() -> None:
    assert harmless("a\x1b[31m\tb\n\u2066c ü 電") == "a\\x1b[31m b \\u2066c ü 電"
