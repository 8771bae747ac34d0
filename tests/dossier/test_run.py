"""The dossier in the life of a run."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.dossier.bench import ATTESTED, filled, identified, png, put
from tests.dossier.test_pictures import exif, saved, smooth
from tests.plugin.launch import Finished, error_lines, run_pytest
from tests.plugin.mini import make_project
from tests.plugin.rehearsals import WHOLE
from tests.plugin.servers import html, serving

KEY = "canary+connect/key=with%odd~0a1b2c3d4e5f"
CHECK = """
@requirement("DEV-USERS")
def test_the_key_is_accepted(looked):
    assert looked is not None
"""


def project(directory: Path) -> Path:
    """A project with one check."""
    return make_project(directory / "project", test_01_sample=CHECK)


def run(directory: Path, *args: str, env: Mapping[str, str] | None = None) -> Finished:
    return run_pytest(directory, *args, cwd=project(directory), env=env)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run with a whole dossier that lies in the checkout, one picture of which was taken by a telephone."""
    directory = tmp_path_factory.mktemp("run")
    today = datetime.now(UTC).date()
    text = (
        filled(today).replace('# challenge = ""', 'challenge = "c-17"').replace("# valid_days = 30", "valid_days = 7")
    )
    put(project(directory), text, {"picture.png": saved(smooth(), "PNG", exif=exif())})
    return run_pytest(directory, cwd=directory / "project")


def test_the_record_holds_the_dossier_and_goes_by_it(finished: Finished) -> None:
    assert finished.status == 0, finished.output
    stated = finished.evidence["dossier"]
    assert (stated["partner"], stated["challenge"]) == ("Example Charging", "c-17")
    ended = datetime.fromisoformat(finished.evidence["run"]["finished_at"])
    assert datetime.fromisoformat(stated["valid_until"]) == ended + timedelta(days=7)
    shown = {each["id"]: each for each in finished.evidence["requirements"]}
    assert [id_ for id_, each in shown.items() if each["assurance"] == "attested"] == ATTESTED
    assert {shown[id_]["status"] for id_ in ATTESTED} == {"met"}
    assert finished.verdict == "incomplete"


def test_the_digest_in_the_record_is_that_of_the_file(finished: Finished) -> None:
    file = Path(finished.directory) / "project" / "golive.toml"
    assert finished.evidence["dossier"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_what_is_attached_lies_beside_the_record_without_what_it_told(finished: Finished) -> None:
    (exhibit,) = finished.evidence["dossier"]["exhibits"]
    attached = (finished.report / exhibit["path"]).read_bytes()
    assert hashlib.sha256(attached).hexdigest() == exhibit["sha256"]
    assert exhibit["removed"] == ["EXIF", "GPS"]
    assert b"Canary" in (Path(finished.directory) / "project" / "picture.png").read_bytes()
    for file in finished.report.rglob("*"):
        assert not file.is_file() or b"Canary" not in file.read_bytes()


def test_a_whole_rehearsal_with_a_whole_dossier_leaves_open_only_what_is_to_be_observed(tmp_path: Path) -> None:
    file = put(tmp_path / "dossier", filled(datetime.now(UTC).date()))
    finished = run_pytest(tmp_path, *WHOLE, f"--dossier={file}")
    assert finished.status == 0, finished.output
    shown = {each["id"]: (each["status"], each["assurance"]) for each in finished.evidence["requirements"]}
    assert {id_: shown[id_] for id_ in ATTESTED} == dict.fromkeys(ATTESTED, ("met", "attested"))
    assert [id_ for id_, (status, _) in shown.items() if status != "met"] == [f"BE-{n}" for n in range(2, 7)]
    assert finished.verdict == "incomplete"


def test_exhibits_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    old = tmp_path / "report" / "exhibits"
    old.mkdir(parents=True)
    (old / "e01-old.png").write_bytes(png())
    (old / "mine.txt").write_text("x")
    file = put(tmp_path / "dossier", filled(datetime.now(UTC).date()))
    finished = run(tmp_path, f"--dossier={file}")
    assert finished.status == 0, finished.output
    assert sorted(each.name for each in old.iterdir()) == ["e01-picture.png", "mine.txt"]


def test_a_run_without_a_dossier_has_none(tmp_path: Path) -> None:
    finished = run(tmp_path)
    assert finished.status == 0, finished.output
    assert finished.evidence["dossier"] is None
    assert not (finished.report / "exhibits").exists()


# -- refusals ------------------------------------------------------------------------------------------------


def refused(directory: Path, text: str, **files: bytes) -> str:
    """The one line with which a run ends before anything is sent."""
    project(directory)
    put(directory / "project", text, {name.replace("__", "."): content for name, content in files.items()})
    with serving(html) as server:
        finished = run_pytest(
            directory, f"--target={server.url}", cwd=directory / "project", env={"CONNECT_API_KEY": KEY}
        )
    assert finished.status == 4, finished.output
    assert server.hits == []
    assert not finished.report.exists()
    assert KEY not in finished.output
    (line,) = error_lines(finished)
    return line


def test_a_fault_ends_the_run_before_anything_is_sent(tmp_path: Path) -> None:
    text = identified().replace('"Example Charging"', "7")
    number = text.splitlines().index(next(line for line in text.splitlines() if line.startswith("partner"))) + 1
    assert refused(tmp_path, text) == (
        f'ERROR: golive.toml, line {number}: partner: is no text; write it in quotes, as in "…"'
    )


def test_a_dossier_that_is_named_and_not_there_is_refused(tmp_path: Path) -> None:
    finished = run(tmp_path, "--dossier=nowhere.toml")
    assert finished.status == 4
    (line,) = error_lines(finished)
    assert line.startswith("ERROR: --dossier: 'nowhere.toml' is no file that exists; ")


def test_a_dossier_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (project(tmp_path) / "golive.toml").symlink_to("nowhere.toml")
    finished = run_pytest(tmp_path, cwd=tmp_path / "project")
    assert finished.status == 4
    assert error_lines(finished)[0].startswith("ERROR: golive.toml: cannot be read (No such file or directory)")


FORMS = {
    "plain": KEY,
    "in a URL": quote(KEY, safe=""),
    "JSON": json.dumps({"key": KEY})[1:-1].replace('"', "'"),
    "base64": base64.b64encode(KEY.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_key_in_the_dossier_is_refused_with_its_line(tmp_path: Path, form: str) -> None:
    text = identified() + f"\n# a comment with {form}\n"
    number = text.count("\n")
    assert refused(tmp_path, text).startswith(
        f"ERROR: golive.toml, line {number}: holds CONNECT_API_KEY; take it out, and have it rotated"
    )


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_key_in_an_attached_text_is_refused(tmp_path: Path, form: str) -> None:
    text = filled(datetime.now(UTC).date()).replace("picture.png", "api.log")
    line = refused(tmp_path, text, api__log=f"GET /users/ {form}\n".encode())
    assert line.startswith("ERROR: golive.toml: the file 'api.log' that it names holds CONNECT_API_KEY")


def test_the_key_for_dev_is_refused_in_a_rehearsal_too(tmp_path: Path) -> None:
    put(project(tmp_path), identified() + f"\n# {KEY}\n")
    finished = run_pytest(tmp_path, cwd=tmp_path / "project", env={"CONNECT_API_KEY": KEY})
    assert finished.status == 4
    assert KEY not in finished.output
    assert "holds a key that is set here for other runs (1); take it out" in error_lines(finished)[0]


def test_a_client_secret_in_an_attached_text_is_refused(tmp_path: Path) -> None:
    secret = "seti_1ABC_secret_" + "Canary0a1b2c3d4e"
    text = filled(datetime.now(UTC).date()).replace("picture.png", "api.log")
    line = refused(tmp_path, text, api__log=f'{{"client_secret": "{secret}"}}\n'.encode())
    assert line.startswith("ERROR: golive.toml: the file 'api.log' that it names holds ")
    assert "Canary" not in line


def test_collecting_reads_neither_the_dossier_nor_what_it_names(tmp_path: Path) -> None:
    (project(tmp_path) / "golive.toml").write_text("no TOML at all")
    finished = run_pytest(tmp_path, "--collect-only", "-q", cwd=tmp_path / "project")
    assert finished.status == 0, finished.output
    assert "test_the_key_is_accepted" in finished.stdout
