"""What a record says of the partner's integration is judged again from the partner's exchanges."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from golive.bundle.checks.integration import rules
from golive.bundle.verify import verify
from golive.evidence.model import Evidence
from tests.bundle.bench import Json, edited
from tests.plugin.launch import Finished, run_pytest

SHARED, PROGRESS = "DEQRMEF7GRC21", "DE*EUL*EAUT0002*01"
ERROR = "already-charging"
CHECKS = "suites/test_12_integration.py"


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The example app on two EVSEs, with one error provoked."""
    return run_pytest(
        tmp_path_factory.mktemp("driven"),
        "--integration=examples.partner_app.adapter:make",
        f"--evse={SHARED}",
        f"--evse={PROGRESS}",
        f"--provoke={ERROR}",
        "--fuzz-examples=0",
        CHECKS,
    )


@pytest.fixture(scope="module")
def record(driven: Finished) -> Evidence:
    return Evidence.model_validate_json((driven.report / "evidence.json").read_bytes())


def test_a_bundle_with_an_integration_is_agreed(driven: Finished) -> None:
    (bundle,) = driven.report.glob("golive-*.zip")
    verified = verify(Path(bundle), now=datetime.now(UTC))
    assert verified.agreed, [look for look in verified.looks if look.name == "integration"]
    (said,) = [look.said for look in verified.looks if look.name == "integration"]
    assert said == "22 rules and 1 provoked error judged again, the same"


def test_a_record_without_an_integration_has_nothing_to_judge(record: Evidence) -> None:
    assert rules(record.model_copy(update={"integration": None}), same_suite=True) == []


def rule(record: Json, name: str) -> Json:
    return next(dict_ for dict_ in record["integration"]["rules"] if dict_["rule"] == name)


def breaks(name: str) -> Callable[[Json], object]:
    return lambda record: rule(record, name).update(status="broken")


def _stop_sent_twice(record: Json) -> None:
    at = next(
        n
        for n, x in enumerate(record["exchanges"])
        if x["actor"] == "partner" and x["operation"] == "users_charging_stop_create"
    )
    again = dict(record["exchanges"][at], id="x9999")
    began = datetime.fromisoformat(again["started_at"]) + timedelta(seconds=again["took_s"] + 0.05)
    record["exchanges"].append(again | {"started_at": began.isoformat()})


def _a_bad_charge(record: Json) -> None:
    record["integration"]["charges"][0].update(outcome="failed", owner="partner", message="no receipt")


def of_meeting(record: Json, what: str, at: int = 0) -> Json:
    id_ = record["integration"]["meeting"][what][at]
    return next(exchange for exchange in record["exchanges"] if exchange["id"] == id_)


def _goes_on(record: Json) -> None:
    left_alone = record["integration"]["charges"][-1]
    assert not left_alone["stops"]
    for exchange in record["exchanges"]:
        if exchange["id"] in left_alone["exchanges"] and exchange["response"]:
            exchange["response"]["body"] = (exchange["response"]["body"] or "").replace('active":false', 'active":true')


EDITS: dict[str, tuple[Callable[[Json], Any], str]] = {
    "a rule that was kept is broken": (breaks("stop-once"), "stop-once is broken there, kept when judged again"),
    "a check passed on a rule that was broken": (breaks("stop-once"), "[stop-once] passed, and the record has"),
    "other words": (lambda record: rule(record, "stop-once").update(message="All is well."), "stop-once differs in"),
    "a rule less": (lambda record: record["integration"]["rules"].pop(), "is missing"),
    "a rule twice": (lambda record: record["integration"]["rules"].append(rule(record, "stop-once")), "twice"),
    "a rule that nobody knows": (
        lambda record: record["integration"]["rules"].append(rule(record, "stop-once") | {"rule": "be-kind"}),
        "there is no rule be-kind",
    ),
    "a rule after an error": (
        lambda record: record["integration"]["provoked"][0]["rules"][0].update(status="broken"),
        f"after {ERROR}: ",
    ),
    "what an app showed": (
        lambda record: record["integration"]["provoked"][0]["shown"][-1].update(message='{"error": "no"}'),
        f"after {ERROR}: ",
    ),
    "an exchange that breaks a rule": (_stop_sent_twice, "stop-once is kept there, broken when judged again"),
    "a rule at the busy station": (
        lambda record: record["integration"]["meeting"]["rules"][0].update(status="broken"),
        "at the busy station: ",
    ),
    "a meeting without a cause": (
        lambda record: record["integration"]["meeting"].update(outcome="inconclusive", owner="environment"),
        "passed, and the record has test_a_second_driver_meets_a_busy_station as inconclusive",
    ),
    "a second driver who was not refused": (
        lambda record: of_meeting(record, "answered")["response"].update(status=201, body='{"id": "another"}'),
        "at the busy station: the second driver's start on DEQRMEF7GRC21 opened session another",
    ),
    "a first charge that did not go on": (
        lambda record: of_meeting(record, "looked", -1)["response"].update(body='{"results": []}'),
        "could not be read while it was active",
    ),
    "a charge that nobody stopped and failed": (
        lambda record: record["integration"]["charges"][-1].update(outcome="failed", owner="partner"),
        "test_a_charge_that_nobody_stops_comes_to_its_end as failed",
    ),
    "a charge that nobody stopped and that goes on": (_goes_on, "which nobody stopped, ended"),
    "the session of another charge": (
        lambda record: record["integration"]["charges"][0].update(session_id="another"),
        "began its session another",
    ),
    "the user of another charge": (
        lambda record: record["integration"]["charges"][1].update(user_id="another"),
        "no exchange of the charge on",
    ),
    "a charge that failed": (_a_bad_charge, "passed, and the record has"),
    "an error that nobody provoked": (
        lambda record: record["integration"]["provoked"].pop(),
        f"[{ERROR}] passed, and the record has nothing of {ERROR}",
    ),
    "a charge less": (
        lambda record: record["integration"]["charges"].pop(0),
        "passed, and the record has nothing of",
    ),
    "no meeting": (
        lambda record: record["integration"].update(meeting=None),
        "passed, and the record has nothing of test_a_second_driver_meets_a_busy_station",
    ),
    "an error that was not met": (
        lambda record: record["integration"]["provoked"][0].update(met=False),
        f"[{ERROR}] passed, and the record has {ERROR} as not met",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_found(record: Evidence, name: str) -> None:
    edit, found = EDITS[name]
    said = rules(edited(record, edit), same_suite=True)
    assert any(found in each for each in said), said


@pytest.mark.parametrize("name", ["other words", "a rule less", "a rule that nobody knows"])
def test_another_suite_may_put_it_otherwise(record: Evidence, name: str) -> None:
    edit, _ = EDITS[name]
    assert rules(edited(record, edit), same_suite=False) == []


def test_another_suite_may_not_come_to_something_else(record: Evidence) -> None:
    assert rules(edited(record, breaks("stop-once")), same_suite=False)


def test_what_was_sent_after_the_watching_is_not_judged(record: Evidence) -> None:
    """A backend may go on while other checks run: what its check said holds for the record too."""
    assert record.integration is not None
    assert record.integration.watched_until is not None

    def later(record: Json) -> None:
        _stop_sent_twice(record)
        record["exchanges"][-1]["started_at"] = record["integration"]["watched_until"]

    assert rules(edited(record, later), same_suite=True) == []
