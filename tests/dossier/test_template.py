"""`python -m golive init`, and what its template leads to once it is filled in."""

import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from golive.__main__ import COMMANDS, main
from golive.dossier.template import template
from golive.evidence.checklist import REQUIREMENTS
from golive.evidence.model import Assurance, Status
from golive.evidence.verdict import judge_requirements
from tests.dossier.bench import ATTESTED, TODAY, filled, identified, png, put, read
from tests.dossier.test_pictures import exif

TITLES = {requirement.id: requirement.title for requirement in REQUIREMENTS}


def test_the_template_asks_for_every_line_that_can_be_attested_and_answers_no() -> None:
    text = template(REQUIREMENTS)
    tables = tomllib.loads(text)["attestation"]
    assert [table["requirement"] for table in tables] == ATTESTED
    assert {table["answer"] for table in tables} == {"no"}
    for id_ in ATTESTED:
        assert f"# {id_}: {TITLES[id_]}\n" in text


def test_the_template_says_which_lines_may_not_apply() -> None:
    parts = template(REQUIREMENTS).split("\n[[attestation]]\n")
    asked = dict(zip(ATTESTED, parts, strict=False))
    told = [id_ for id_, before in asked.items() if 'It may be "not_applicable".' in before.rpartition("\n\n")[2]]
    assert told == ["FE-4", "REV-6"]


def test_the_template_asks_for_every_text_that_is_reviewed() -> None:
    text = template(REQUIREMENTS)
    reviewed = [id_ for id_ in ATTESTED if id_.startswith("REV-")]
    assert list(tomllib.loads(text)["review"]) == reviewed
    for id_ in reviewed:
        assert f'# {TITLES[id_]}\n{id_} = ""\n' in text


def test_no_line_of_the_template_is_too_wide_for_a_terminal() -> None:
    assert max(map(len, template(REQUIREMENTS).splitlines())) <= 110


def test_the_template_names_the_option_as_pytest_takes_it() -> None:
    """With a blank, pytest takes the file's directory for its own, and then knows no --dossier."""
    assert "pytest --dossier=FILE" in template(REQUIREMENTS)
    assert "--dossier " not in template(REQUIREMENTS)


def test_the_template_loads_once_it_says_who_and_what(tmp_path: Path) -> None:
    loaded = read(tmp_path, identified())
    assert loaded.partner == "Example Charging"
    assert len(loaded.attestations) == len(ATTESTED)


def test_the_template_filled_in_shows_every_line_that_needs_a_word(tmp_path: Path) -> None:
    dossier = read(tmp_path, filled()).stated(datetime(2026, 3, 2, tzinfo=UTC))
    judged = {each.id: each for each in judge_requirements((), dossier=dossier, on=TODAY)}
    assert [id_ for id_, each in judged.items() if each.status is Status.MET] == ATTESTED
    assert {judged[id_].assurance for id_ in ATTESTED} == {Assurance.ATTESTED}


def test_the_waiver_that_the_template_shows_can_be_used(tmp_path: Path) -> None:
    text = identified()
    start = text.index("# [[waiver]]")
    lines = text[start:].split("\n\n", 1)[0]
    given = lines.replace("# ", "", 1).replace("\n# ", "\n").replace('""', '"x"').replace("2026-12-31", "2026-04-01")
    assert read(tmp_path, text + "\n" + given).waivers[0].requirement_id == "FE-4"


# -- the command ---------------------------------------------------------------------------------------------


def test_init_writes_the_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "golive.toml"
    assert main(["init", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == template(REQUIREMENTS)
    assert capsys.readouterr().out == f"Wrote {file}. Fill it in, then run pytest --dossier={file}\n"


def test_init_writes_here_where_no_file_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "golive", "init"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "golive.toml").is_file()


@pytest.mark.parametrize("there", ["file", "folder", "broken link"])
def test_init_overwrites_nothing(tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "golive.toml"
    if there == "file":
        file.write_text("mine")
    elif there == "folder":
        file.mkdir()
    else:
        file.symlink_to(tmp_path / "nowhere")
    assert main(["init", str(file)]) == 4
    error = capsys.readouterr().err
    assert error == f"ERROR: {file}: is there already and is left as it is; name another file\n"
    assert not (tmp_path / "nowhere").exists()
    if there == "file":
        assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["nowhere/golive.toml", "a\0b", "x" * 300])
def test_init_says_when_it_cannot_write(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / name)]) == 4
    assert "cannot be written" in capsys.readouterr().err


def test_check_says_what_a_dossier_shows_and_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = datetime.now(UTC).date()
    text = filled(today).replace('requirement = "FE-2"\nanswer = "yes"', 'requirement = "FE-2"\nanswer = "no"')
    away = 'requirement = "FE-4"\nanswer = "not_applicable"\nreason = "No app."'
    text = text.replace('requirement = "FE-4"\nanswer = "yes"', away)
    text += f'\n[[waiver]]\nrequirement = "FE-2"\nowner = "Ada Example"\nuntil = {today}\nreason = "Next week."\n'
    file = put(tmp_path, text, {"picture.png": png(exif=exif())})
    assert main(["check", str(file)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"{file} can be used: Example Charging, Example app 2.4.0"
    attested = [id_ for id_ in ATTESTED if id_ not in ("FE-2", "FE-4")]
    assert told[1:5] == [
        f"  attested: {', '.join(attested)}",
        "  not applicable: FE-4",
        "  still to be attested: FE-2",
        f"  waived until {today}: FE-2",
    ]
    assert told[5].startswith("  e01: picture.png, image/png, ")
    assert told[5].endswith(" bytes, without its EXIF, GPS")


@pytest.mark.parametrize("name", ["golive.toml", "nowhere.toml"])
def test_check_refuses_what_a_run_would_refuse(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, template(REQUIREMENTS))
    assert main(["check", str(tmp_path / name)]) == 4
    error = capsys.readouterr().err
    assert error.startswith(f"ERROR: {tmp_path / name}")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ([], "COMMAND"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["init", "a", "b"], "python -m golive init: unrecognized arguments: b"),
        (["init", "--force"], "unrecognized arguments: --force"),
    ],
    ids=["nothing", "unknown", "too much", "unknown option"],
)
def test_a_command_line_that_cannot_be_used_is_refused_in_one_line(
    line: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line) == 4
    error = capsys.readouterr().err
    assert error.startswith("ERROR: ")
    assert error.count("\n") == 1
    assert said in error


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"python -m golive {name}" in capsys.readouterr().out


def test_the_help_names_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(command.help in told for command in COMMANDS.values())
