"""Records of runs that never happened, with every state a report has to show."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from golive.evidence.model import (
    CheckResult,
    ErrorRow,
    Evidence,
    Observation,
    Probe,
    Run,
    Verdict,
    VerdictStatus,
)
from golive.evidence.verdict import decide, judge_requirements
from golive.outcomes import Outcome, Owner
from tests.report import integrations, people
from tests.report.record import Record, at
from tests.report.walks import BUSY, WALKS, busy, evse_row, walk

BASE = "http://127.0.0.1:8400"


def run(**changes: Any) -> Run:
    values: dict[str, Any] = {
        "id": "20260301T101500Z-7f3a",
        "started_at": at(0),
        "finished_at": at(34.2),
        "target": BASE,
        "target_kind": "simulator",
        "rehearsal": True,
        "complete": True,
        "suite_version": "0.1.0",
        "commit": "686b39e4c1d0a2f6dca9b75c0a1be77cafe00123",
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "python": "3.13.1",
        "options": {"tick": 0.2, "fuzz_examples": 20, "evse": [], "keep_users": False, "gate": False},
        "seed": 20260301,
        "key_fingerprint": "sha256:1c9d…77e2",
        "wall_s": 34.2,
        "critical_path_s": 31.9,
    }
    return Run(**values | changes)


@cache
def rehearsal() -> Evidence:
    """A whole run with something of everything: passed, failed, inconclusive, error, skipped, deselected."""
    record = Record(BASE)
    checks = _plain_checks(record)
    rows, journeys = [], []
    for plan in WALKS:
        result = walk(record, plan)
        journeys.append(result)
        rows.append(evse_row(plan, result))
        checks += _walk_checks(plan.evse_id, result.session_id, [e for ev in result.events for e in ev.exchanges])
    meeting = busy(record)
    journeys.append(meeting)
    checks.append(
        _check(
            "busy",
            f"test_a_second_driver_meets_a_busy_station[{BUSY}]",
            "While A charges, B's start is refused with a documented busy answer.",
            ("VCP1-BUSY",),
            evse_id=BUSY,
            exchanges=[e for event in meeting.events for e in event.exchanges],
        )
    )
    return evidence(
        run=run(),
        checks=checks,
        preflight=_preflight(record),
        evses=rows,
        journeys=journeys,
        errors=_error_rows(record, checks),
        observations=_observations(record),
        exchanges=record.exchanges,
        dossier=people.dossier(),
        scans=people.scans(),
        attempts=people.attempts(),
        aftermath=people.aftermath(),
    )


def evidence(*, run: Run, checks: Sequence[CheckResult], **parts: Any) -> Evidence:
    """A record whose requirements and verdict follow from its checks, as in a real run."""
    said: dict[str, Any] = {name: parts[name] for name in ("dossier", "scans") if name in parts}
    said["on"] = run.finished_at.date()
    requirements = judge_requirements(checks, **said)
    probes = parts.get("preflight", ())
    verdict = decide(requirements, checks, probes, rehearsal=run.rehearsal, complete=run.complete, **said)
    tuples = {name: tuple(part) if isinstance(part, Sequence) else part for name, part in parts.items()}
    return Evidence(run=run, verdict=verdict, requirements=requirements, tests=tuple(checks), **tuples)


@cache
def integrated() -> Evidence:
    """The same run with the partner's own integration under test."""
    whole = rehearsal()
    record = Record(BASE)
    record.exchanges += whole.exchanges
    seen = integrations.integration(record)
    parts = {name: getattr(whole, name) for name in Evidence.model_fields if name not in _MADE}
    checks = (*whole.tests, *integrations.checks(seen))
    return evidence(**parts, checks=checks, exchanges=record.exchanges, integration=seen)


_MADE = {"schema_version", "verdict", "requirements", "tests", "exchanges", "integration"}


def dev() -> Evidence:
    """The same run against DEV, so not a rehearsal."""
    whole = rehearsal()
    dev_run = run(target="https://dev.connect.cariqa.com", target_kind="dev", rehearsal=False)
    return whole.model_copy(update={"run": dev_run, "verdict": whole.verdict.model_copy(update={"rehearsal": False})})


def brief() -> Evidence:
    """A little of everything, for tools that are slow on a long page."""
    whole = integrated()
    of_a_charge = [x for x in whole.exchanges if x.actor == integrations.PARTNER]
    few = {
        "exchanges": (*whole.exchanges[:6], *of_a_charge[:8], *(x for x in of_a_charge if x.provoked is not None)),
        "journeys": (*whole.journeys[:2], whole.journeys[-1]),
        "evses": whole.evses[:3],
        "tests": whole.tests[:10],
    }
    return whole.model_copy(update=few)


def unsigned() -> Evidence:
    """The same run without a dossier, a scan or an earlier attempt."""
    whole = rehearsal()
    return evidence(
        run=whole.run,
        checks=whole.tests,
        preflight=whole.preflight,
        evses=whole.evses,
        journeys=whole.journeys,
        errors=whole.errors,
        observations=whole.observations,
        exchanges=whole.exchanges,
    )


def empty() -> Evidence:
    """A record of nothing at all."""
    verdict = Verdict(status=VerdictStatus.INCOMPLETE, rehearsal=True, reasons=())
    return Evidence(run=run(commit=None, key_fingerprint=None, critical_path_s=None), verdict=verdict)


def interrupted() -> Evidence:
    """A run narrowed to one VCP and broken off by Ctrl-C."""
    whole = rehearsal()
    return whole.model_copy(update={"run": run(complete=False, selection="-k DE*PWA --evse DE*PWA*EALP22541X01617*01")})


def stopped_by_preflight() -> Evidence:
    """The key was refused: one cause, its owner and the remedy, and no check ran."""
    record = Record(BASE)
    refused = record.get("preflight", "/users/", 403, {"detail": "Authentication failed."})
    probe = Probe(
        name="key accepted",
        outcome=Outcome.FAILED,
        owner=Owner.PARTNER,
        message="DEV refuses the key (403).",
        remedy="Use the key that Cariqa issued for DEV; a production key does not work there.",
        exchanges=(refused,),
    )
    checks = [
        _check(
            "users",
            f"test_{n}",
            f"Check number {n}.",
            ("DEV-USERS",),
            outcome=Outcome.NOT_RUN,
            owner=Owner.PARTNER,
            message="The preflight ended the run: DEV refuses the key (403).",
        )
        for n in range(30)
    ]
    return evidence(run=run(), checks=checks, preflight=[probe], exchanges=record.exchanges)


def _check(section: str, name: str, title: str, ids: tuple[str, ...], **values: Any) -> CheckResult:
    exchanges = tuple(dict.fromkeys(values.pop("exchanges", ())))
    values = {"outcome": Outcome.PASSED, "duration_s": 0.12} | values
    return CheckResult(
        nodeid=f"suites/test_{section}.py::{name}",
        title=title,
        section=section,
        requirement_ids=ids,
        exchanges=exchanges,
        **values,
    )


def _preflight(record: Record) -> list[Probe]:
    me = record.get("preflight", "/users/?page_size=1", 200, {"count": 0, "results": []})
    passed = {"outcome": Outcome.PASSED, "exchanges": (me,)}
    return [
        Probe(name="target reachable", message="Answered in 4 ms.", **passed),
        Probe(name="key accepted", message="200 on the list of users.", **passed),
        Probe(name="Stripe key", message="A test key, accepted.", **passed),
        Probe(
            name="clock",
            outcome=Outcome.INCONCLUSIVE,
            owner=Owner.ENVIRONMENT,
            message="The answers carry no Date header: the skew cannot be told.",
            remedy="Nothing to do; times are compared within the API's own answers.",
        ),
        Probe(name="listed EVSEs known", message="8 of 8 found.", **passed),
    ]


def _plain_checks(record: Record) -> list[CheckResult]:
    user = {
        "id": "4711",
        "email": "a@example.org",
        "locale": "de",
        "custom_properties": {"external_id": "e-1"},
    }
    made = record.post("surveyor", "/users/", {"email": "a@example.org", "locale": "de"}, 201, user)
    read = record.get("surveyor", "/users/4711/", 200, user)
    denied = record.get("surveyor", "/users/4711/", 401, {"detail": "Authentication credentials were not provided."})
    lost = record.lost("surveyor", "/stations/partners/")
    html = record.get("surveyor", "/stations/tile/?x=1&y=1&z=1", 500, "<html><h1>Server Error</h1></html>")
    return [
        _check(
            "credentials",
            "test_no_header_is_refused",
            "A request without a key is answered 401.",
            ("ENV-ISOLATION",),
            exchanges=[denied],
        ),
        _check(
            "credentials",
            "test_every_request_carried_the_key",
            "The key was in every request's header and in no URL.",
            ("BE-2", "ENV-NO-PROD"),
            exchanges=[made, read],
        ),
        _check(
            "users",
            "test_a_created_user_reads_back_equal",
            "A created user reads back equal.",
            ("BE-3", "DEV-USERS"),
            exchanges=[made, read],
        ),
        _check(
            "payment",
            "test_a_card_confirmed_at_stripe_appears",
            "A test card confirmed at Stripe appears with brand and last four digits.",
            ("DEV-PAYMENT",),
            outcome=Outcome.INCONCLUSIVE,
            owner=Owner.PARTNER,
            message="No publishable key was given: set STRIPE_PUBLISHABLE_KEY to show this.",
        ),
        _check(
            "stations",
            "test_partners_are_listed",
            "The partners are listed with name and logo.",
            ("DEV-STATIONS",),
            outcome=Outcome.INCONCLUSIVE,
            owner=Owner.ENVIRONMENT,
            message="The connection dropped three times: no answer to judge.",
            exchanges=[lost],
        ),
        _check(
            "stations",
            "test_a_tile_shows_the_station_at_its_place",
            "A tile shows the station at its place.",
            ("DEV-STATIONS",),
            outcome=Outcome.FAILED,
            owner=Owner.CARIQA,
            message="500 with an HTML page instead of a FeatureCollection.",
            exchanges=[html],
        ),
        _check(
            "errors",
            "test_malformed_values_are_refused[email]",
            "Malformed values meet a documented 4xx with the envelope.",
            ("BE-6",),
            outcome=Outcome.ERROR,
            owner=Owner.SUITE,
            message="KeyError: 'email'",
        ),
        _check(
            "errors",
            "test_second_stop_is_already_stopped",
            "A second stop is answered already_stopped.",
            ("BE-6",),
            outcome=Outcome.SKIPPED,
            message="--evse left no VCP of type 1.",
        ),
        _check(
            "billing",
            "test_italian_personal_billing",
            "Italian personal billing is accepted with a codice fiscale.",
            (),
            outcome=Outcome.DESELECTED,
            message="-k left it out.",
        ),
    ]


def _walk_checks(evse_id: str, session_id: str | None, exchanges: Sequence[str]) -> list[CheckResult]:
    if session_id is None:
        return [
            _check(
                "charging",
                f"test_a_start_opens_a_session_on_that_evse[{evse_id}]",
                "The EVSE accepts a start and reports the session under its EVSE ID.",
                ("BE-4", "DEV-CHARGING", "VCP1-START"),
                evse_id=evse_id,
                outcome=Outcome.INCONCLUSIVE,
                owner=Owner.ENVIRONMENT,
                message="Another party held the VCP for the whole busy patience (60 s).",
                exchanges=exchanges,
            )
        ]
    return [
        _check(
            "charging",
            f"test_a_start_opens_a_session_on_that_evse[{evse_id}]",
            "The EVSE accepts a start and reports the session under its EVSE ID.",
            ("BE-4", "DEV-CHARGING", "VCP1-START"),
            evse_id=evse_id,
            exchanges=exchanges[:3],
        ),
        _check(
            "cdr",
            f"test_the_session_turns_final[{evse_id}]",
            "After the stop the session turns final, with energy and costs.",
            ("DEV-UPDATES", "DEV-HISTORY", "VCP1-CDR"),
            evse_id=evse_id,
            exchanges=exchanges[-12:],
        ),
    ]


def _error_rows(record: Record, checks: Sequence[CheckResult]) -> list[ErrorRow]:
    envelope = {
        "detail": "Bad request.",
        "error": {"type": "validation_error", "details": "Enter a valid e-mail."},
    }
    seen = record.post("surveyor", "/users/", {"email": "nobody"}, 400, envelope)
    malformed = next(c.nodeid for c in checks if "malformed" in c.nodeid)
    return [
        ErrorRow(
            type="validation_error",
            statuses=(400,),
            met_on="many",
            advice="Correct the request.",
            provoked_by=(malformed,),
            outcome=Outcome.ERROR,
            seen=(seen,),
        ),
        ErrorRow(
            type="station_availability_issue",
            statuses=(409, 424),
            met_on="start",
            advice="Refresh the station, choose another or retry later.",
            provoked_by=(checks[0].nodeid,),
            outcome=Outcome.PASSED,
            seen=(seen,),
        ),
        ErrorRow(
            type="payment_method_error",
            statuses=(400,),
            met_on="start",
            advice="Ask for another payment method.",
            provoked_by=(checks[0].nodeid,),
            outcome=Outcome.PASSED,
        ),
        ErrorRow(
            type="temporary_locked",
            statuses=(423,),
            met_on="partners",
            advice="Wait and retry.",
            not_provoked_because="Nothing a partner does in DEV brings it about.",
        ),
    ]


def _observations(record: Record) -> list[Observation]:
    seen = record.get(
        "surveyor",
        "/users/4711/payment-methods/",
        200,
        {"results": [{"card": {"expiration_date": "04/2030"}}]},
    )
    return [
        Observation(
            code="card-expiration-form",
            owner=Owner.CARIQA,
            message="card.expiration_date reads MM/YYYY; the published specification says MM/YY.",
            requirement_ids=("DEV-PAYMENT",),
            exchanges=(seen,),
        ),
        Observation(
            code="slow-start",
            owner=Owner.ENVIRONMENT,
            message="A start took 14.2 s to answer.",
            exchanges=(seen,),
        ),
    ]
