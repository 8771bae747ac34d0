"""A whole rehearsal: every section, every listed EVSE ID, every report; and the same again."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fixtures.catalogue import LISTED_VCPS
from golive.evidence.schema import SCHEMA_FILE
from tests.plugin import rehearsals
from tests.plugin.conftest import Shared
from tests.plugin.launch import Finished

SECTIONS = {
    "credentials",
    "users",
    "billing",
    "payment methods",
    "stations",
    "charging",
    "busy",
    "progress",
    "cdr",
    "errors",
    "traffic",
}
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][AB0]")


@pytest.fixture
def rehearsal(shared: Shared) -> Finished:
    return shared("embedded", rehearsals.embedded)


@pytest.fixture
def on_a_terminal(shared: Shared) -> Finished:
    return shared("terminal", rehearsals.on_a_terminal)


def test_everything_passes(rehearsal: Finished) -> None:
    assert rehearsal.bad() == {}
    assert rehearsal.status == 0, rehearsal.output
    assert {check["section"] for check in rehearsal.checks} == SECTIONS
    assert not rehearsal.stderr, "nothing was left open for the interpreter to complain of"


def test_the_record_is_whole_and_keeps_to_its_schema(rehearsal: Finished) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(rehearsal.evidence)
    run = rehearsal.evidence["run"]
    assert run["complete"] is True
    assert run["rehearsal"] is True
    assert run["selection"] == ""
    assert run["seed"] == 7
    assert run["critical_path_s"] <= run["wall_s"]
    assert all(probe["outcome"] == "passed" for probe in rehearsal.evidence["preflight"])
    assert rehearsal.evidence["observations"] == []
    assert not any((x["error"] or {}).get("kind") == "Unfinished" for x in rehearsal.evidence["exchanges"])


def test_every_request_tells_who_sent_it(rehearsal: Finished) -> None:
    run = rehearsal.evidence["run"]
    ours = f"cariqa-golive/{run['suite_version']} (run {run['id']}) ("
    agents = [exchange["request"]["headers"].get("user-agent", "") for exchange in rehearsal.evidence["exchanges"]]
    assert all(agent.startswith(ours) and agent.endswith(")") for agent in agents)
    assert f"{ours}01_credentials::the_key_is_accepted)" in agents
    assert any(f"{ours}driver " in agent for agent in agents)


def test_a_rehearsal_keeps_within_its_plan(rehearsal: Finished) -> None:
    asked = rehearsal.evidence["asked"]
    assert asked["sent"] == len(rehearsal.evidence["exchanges"]) == asked["beside"] + sum(asked["by_evse"].values())
    assert set(asked["by_evse"]) == {str(vcp) for vcp in LISTED_VCPS}
    assert max(asked["by_evse"].values()) < asked["bound_per_evse"] / 2
    assert 0.6 < asked["sent"] / asked["expected"] < 1.5
    assert (asked["held_back"], asked["silences"]) == (0, [])
    assert asked["at_once"] <= asked["bound_at_once"]
    told = " ".join(rehearsal.stdout.split())
    assert f"plan: about {asked['expected']} requests to the embedded DEV, " in told
    assert f"requests: {asked['sent']} of at most {asked['bound']:,}; " in told
    assert f"Requests: {asked['sent']} of at most " in (rehearsal.report / "summary.md").read_text(encoding="utf-8")
    assert f"<dd>{asked['sent']} of at most " in (rehearsal.report / "evidence.html").read_text(encoding="utf-8")


def test_every_file_is_there(rehearsal: Finished) -> None:
    assert {entry.name for entry in rehearsal.report.iterdir()} == {
        "evidence.json",
        "evidence.html",
        "junit.xml",
        "allure-results",
        "log.html",
        "summary.md",
        "reconciliation.csv",
        f"golive-unnamed-{rehearsal.evidence['run']['id']}.zip",
    }
    assert len(rehearsal.allure()) > 50
    assert {result["status"] for result in rehearsal.allure().values()} == {"passed"}


def test_a_rehearsal_is_never_ready(rehearsal: Finished) -> None:
    assert rehearsal.verdict == "incomplete"
    statuses = {r["id"]: r["status"] for r in rehearsal.evidence["requirements"]}
    assert {id_ for id_, status in statuses.items() if status == "met"} == {
        id_ for id_ in statuses if id_.startswith(("DEV-", "VCP", "ENV-"))
    }
    assert set(statuses.values()) == {"met", "not_shown"}


@pytest.mark.parametrize("vcp", LISTED_VCPS, ids=str)
def test_every_listed_evse_went_through_every_stage(rehearsal: Finished, vcp: object) -> None:
    (row,) = [row for row in rehearsal.evidence["evses"] if row["evse_id"] == str(vcp)]
    progress = "not_applicable" if row["vcp_type"] == "shared" else "met"
    assert {stage: cell["status"] for stage, cell in row["stages"].items()} == {
        "located": "met",
        "started": "met",
        "progressed": progress,
        "stopped": "met",
        "settled": "met",
        "invoiced": "met",
    }
    assert row["session_id"]
    assert row["held_s"] > 0
    (walk,) = [j for j in rehearsal.evidence["journeys"] if j["session_id"] == row["session_id"]]
    assert walk["evse_id"] == row["evse_id"]
    assert walk["ended_by"] is None
    assert walk["receipt"]["session_id"] == row["session_id"]
    assert walk["readings"]


def test_progress_shows_in_the_readings(rehearsal: Finished) -> None:
    for walk in rehearsal.evidence["journeys"]:
        if walk["kind"] == "walk" and walk["vcp_type"] == "progress":
            energies = [float(reading["kwh"]) for reading in walk["readings"] if reading["kwh"] is not None]
            assert energies == sorted(energies)
            assert len(set(energies)) > 1


def test_the_busy_test_has_two_actors(rehearsal: Finished) -> None:
    (busy,) = [journey for journey in rehearsal.evidence["journeys"] if journey["kind"] == "busy"]
    assert len(busy["actors"]) == 2
    assert {event["actor"] for event in busy["events"]} == set(busy["actors"])
    refused = [event["what"] for event in busy["events"] if event["status"] == "refused"]
    assert refused == ["start", "read A's session", "stop A's session"]


def test_each_row_of_the_error_table_was_met_or_has_a_reason(rehearsal: Finished) -> None:
    rows = {row["type"]: row for row in rehearsal.evidence["errors"]}
    assert len(rows) == 11
    for type_, row in rows.items():
        met = row["outcome"] == "passed"
        assert bool(row["seen"]) == met, type_
        assert bool(row["not_provoked_because"]) != met, type_
    assert {type_ for type_, row in rows.items() if row["outcome"] == "passed"} == {
        "validation_error",
        "payment_method_error",
        "payment_error",
        "pre_authorization_failed",
        "already_charging",
        "billing_data_required",
        "charging_provider_error",
        "already_stopped",
    }


# -- the console ---------------------------------------------------------------------------------------------


def test_the_console_keeps_to_80_columns(rehearsal: Finished) -> None:
    long = [line for line in rehearsal.stdout.splitlines() if len(line) > 80]
    assert [line for line in long if "/" not in line and not line.startswith(("plugins:", "platform "))] == []


def test_the_console_has_a_line_for_each_section_and_the_path_last(rehearsal: Finished) -> None:
    lines = rehearsal.stdout.splitlines()
    for section in SECTIONS:
        assert sum(bool(re.match(rf"  {section} +\d+ passed$", line)) for line in lines) == 1, section
    assert [line for line in lines if line.strip()][-1] == f"Report: {rehearsal.report / 'evidence.html'}"
    assert "\x1b" not in rehearsal.stdout
    assert "never evidence for go-live" in rehearsal.stdout


def test_a_terminal_shows_the_journeys_live_and_ends_clean(on_a_terminal: Finished) -> None:
    assert on_a_terminal.status == 0, on_a_terminal.stdout
    shown = on_a_terminal.stdout
    assert "Traceback" not in shown
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h"), "the cursor was hidden and not shown again"
    plain = ESCAPES.sub("", shown).replace("\r", "")
    assert re.search(r"driver DE\*PWA\*EALP22541X01617\*01 +(ready|located|started|progressed|settled)", plain)
    after = plain[plain.index("Verdict: ") :]
    assert "driver " not in after
    assert after.rstrip().endswith(f"Report: {on_a_terminal.report / 'evidence.html'}")


# -- the same again ------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_outcomes(rehearsal: Finished, on_a_terminal: Finished) -> None:
    def concluded(finished: Finished) -> dict[str, tuple[str, str]]:
        return {c["nodeid"]: (c["outcome"], c["title"]) for c in finished.checks}

    assert concluded(on_a_terminal) == concluded(rehearsal)
    assert on_a_terminal.evidence["verdict"] == rehearsal.evidence["verdict"]
    assert on_a_terminal.evidence["run"]["key_fingerprint"] == rehearsal.evidence["run"]["key_fingerprint"]
    assert on_a_terminal.evidence["run"]["id"] != rehearsal.evidence["run"]["id"]


def test_the_same_seed_tries_the_same_nonsense(rehearsal: Finished, on_a_terminal: Finished) -> None:
    def nonsense(finished: Finished) -> list[tuple[str, str | None]]:
        return [
            (x["request"]["url"].partition("/api/v1")[2], x["request"]["body"])
            for x in finished.evidence["exchanges"]
            if "test_nonsense" in (x["test"] or "") and x["response"]["status"] != 201
        ]

    assert nonsense(on_a_terminal) == nonsense(rehearsal)
    assert len(nonsense(rehearsal)) >= 10


def test_a_rehearsal_says_so_on_the_page(rehearsal: Finished) -> None:
    page = Path(rehearsal.report / "evidence.html").read_text(encoding="utf-8")
    assert "ehearsal" in page
    assert all(str(vcp) in page for vcp in LISTED_VCPS)
