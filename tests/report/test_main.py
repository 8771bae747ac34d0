"""`python -m golive.report` renders a stored record again."""

import subprocess
import sys
from pathlib import Path

import pytest

from golive.report import render_html
from golive.report.__main__ import main
from tests.report import people, samples


def test_a_stored_record_gives_the_page_it_gave_before(tmp_path: Path) -> None:
    source, target = tmp_path / "evidence.json", tmp_path / "out.html"
    source.write_text(samples.rehearsal().model_dump_json(), encoding="utf-8")
    assert main([str(source), str(target)]) == 0
    assert target.read_text(encoding="utf-8") == render_html(samples.rehearsal())


def test_exhibits_are_read_from_beside_the_record(tmp_path: Path) -> None:
    source, target = tmp_path / "evidence.json", tmp_path / "out.html"
    source.write_text(samples.rehearsal().model_dump_json(), encoding="utf-8")
    (tmp_path / "exhibits").mkdir()
    for path, content in people.FILES.items():
        (tmp_path / path).write_bytes(content)
    assert main([str(source), str(target)]) == 0
    assert target.read_text(encoding="utf-8") == render_html(samples.rehearsal(), people.FILES.get)
    assert "data:image/png;base64," in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "is no record of this version"), ('{"run": {}}', "run."), (None, "cannot be read")],
    ids=["broken", "incomplete", "missing"],
)
def test_a_file_that_is_no_record_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
) -> None:
    source = tmp_path / "evidence.json"
    if content is not None:
        source.write_text(content, encoding="utf-8")
    assert main([str(source), str(tmp_path / "out.html")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_wrong_arguments_show_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("usage: python -m golive.report")


def test_importing_the_views_brings_in_no_templates() -> None:
    heavy = "{'jinja2', 'markupsafe', 'golive.report.html'} & set(sys.modules)"
    asked = f"import sys; before = {heavy}; import golive.report, golive.report.exhibits; print({heavy} - before)"
    printed = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, encoding="utf-8").stdout
    assert printed.strip() == "set()"
