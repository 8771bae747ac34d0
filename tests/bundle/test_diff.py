"""What changed between two records, and what is noise."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from golive.__main__ import main
from golive.bundle.changes.found import Differences, differences
from golive.evidence.model import Evidence
from tests.bundle.bench import FAILING, Base, Json, edited, rederived


def changed(base: Base, edit: Callable[[Json], object]) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """What changed, from the record to the edited one, by part."""
    found = differences(base.evidence, rederived(edited(base.evidence, edit)))
    return {part: [(c.what, c.old, c.new) for c in changes] for part, changes in found.parts.items() if changes}


def _failing(record: Json) -> Json:
    return next(check for check in record["tests"] if check["nodeid"] == FAILING)


def test_nothing_changed(base: Base) -> None:
    assert changed(base, dict) == {}
    assert not differences(base.evidence, base.evidence).in_outcomes


def test_a_check_that_was_mended_changes_what_follows_from_it(base: Base) -> None:
    found = changed(base, lambda r: _failing(r).update(outcome="passed", owner=None, message=None))
    assert found["checks"] == [(FAILING, "failed, partner", "passed")]
    assert found["verdict"] == [("verdict", "not ready", "incomplete")]
    assert ("ENV-ISOLATION", "not met (exercised)", "met (exercised)") in found["requirements"]
    assert found.keys() == {"checks", "verdict", "requirements"}


def test_new_checks_and_those_that_are_gone(base: Base) -> None:
    found = changed(base, lambda r: r["tests"][-1].update(nodeid="suites/test_99.py::test_new"))
    old, new = base.evidence.tests[-1], "suites/test_99.py::test_new"
    assert found["checks"] == [(old.nodeid, old.outcome.value, None), (new, None, old.outcome.value)]


@pytest.mark.parametrize(
    ("part", "edit", "change"),
    [
        ("verdict", lambda r: r["run"].update(complete=False), ("the record is", "complete", "interrupted")),
        ("verdict", lambda r: r["run"].update(rehearsal=False), ("the run was", "a rehearsal", "against DEV")),
        (
            "observations",
            lambda r: r["observations"].append({"code": "FIELD_MISSING", "owner": "cariqa", "message": "?"}),
            ("FIELD_MISSING (cariqa)", None, "1 of them"),
        ),
        (
            "errors provoked",
            lambda r: next(e for e in r["errors"] if e["type"] == "validation_error").update(outcome=None),
            ("validation_error", "provoked", "not provoked"),
        ),
        ("suite and options", lambda r: r["run"].update(suite_version="9.9"), ("suite version", "0.1.0", "9.9")),
        ("suite and options", lambda r: r["run"]["options"].update(tick=9.0), ("option tick", "0.1", "9.0")),
        ("dossier", lambda r: r["dossier"].update(version="3.3"), ("version", "3.2", "3.3")),
        ("dossier", lambda r: r["dossier"]["waivers"].clear(), None),
        ("dossier", lambda r: r["dossier"]["exhibits"][0].update(sha256="f" * 64), None),
        (
            "scans",
            lambda r: r["scans"].append({"what": "tree", "root": "app", "files": 3}),
            ("tree app", None, "0 findings in 3 files"),
        ),
    ],
    ids=["interrupted", "DEV", "observation", "error", "version", "option", "dossier", "waiver", "exhibit", "scan"],
)
def test_each_part_tells_its_own_changes(
    base: Base, part: str, edit: Callable[[Json], object], change: tuple[str, str | None, str | None] | None
) -> None:
    found = changed(base, edit)
    assert part in found
    if change is not None:
        assert change in found[part]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (0.1, 1.0, False),
        (0.1, 1.2, True),
        (1.2, 0.1, True),
        (10.0, 14.9, False),
        (10.0, 15.1, True),
        (100.0, 110.0, False),
    ],
)
def test_a_timing_is_told_beyond_a_second_and_a_half_more(base: Base, old: float, new: float, told: bool) -> None:
    def lasting(seconds: float) -> Evidence:
        return edited(base.evidence, lambda r: _failing(r).update(duration_s=seconds))

    found = differences(lasting(old), lasting(new))
    assert [c.what for c in found.parts["timings"]] == ([FAILING] if told else [])
    assert not found.in_outcomes


def test_every_part_is_one_of_those_that_are_told(base: Base) -> None:
    assert set(Differences.OUTCOMES) < differences(base.evidence, base.evidence).parts.keys()


# -- on the command line -------------------------------------------------------------------------------------


@pytest.fixture
def records(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The bundle, and the record in which the failing check was mended."""
    monkeypatch.chdir(tmp_path)
    Path("old.zip").write_bytes(base.sealed)
    mended = rederived(edited(base.evidence, lambda r: _failing(r).update(outcome="passed", owner=None, message=None)))
    Path("new.json").write_text(mended.model_dump_json(), encoding="utf-8")
    return "old.zip", "new.json"


def test_a_difference_in_outcomes(records: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *records]) == 1
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert max(map(len, lines)) <= 80
    assert "  verdict: not ready → incomplete" in lines
    assert lines[lines.index(f"  {FAILING}") + 1] == "      failed, partner → passed"
    assert lines[-1] == "the outcomes differ"


def test_no_difference(records: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", records[0], records[0]]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "no difference in outcomes"


def test_for_machines(records: tuple[str, str], base: Base, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *records, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["outcomes_differ"] is True
    assert said["old"] == said["new"] == base.evidence.run.id
    assert said["changes"]["checks"] == [{"what": FAILING, "old": "failed, partner", "new": "passed"}]


@pytest.mark.parametrize("content", [None, b"hello", b"{}", b"PK\x05\x06" + b"\0" * 18], ids=["none", "?", "{}", "zip"])
def test_what_is_no_record_is_one_line(
    records: tuple[str, str], capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    if content is not None:
        Path("other").write_bytes(content)
    for given in (["other", records[0]], [records[0], "other"]):
        assert main(["diff", *given]) == 4
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.splitlines()) == 1
        assert "other" in said.err
