"""Whatever a record holds: nothing crashes, other people's traffic changes nothing, and neither does the pace."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from golive.connect.operations import API_PREFIX, OPERATIONS
from golive.evidence.exchange import Exchange, Request, Response, TransportFault
from golive.evidence.integration import ProvokedError, RuleStatus, Shown
from golive.traffic import RULES, Bounds, after_provocation, judge, judge_shown, judge_told_apart
from tests.traffic.bench import BASE, BEGIN, EVSE, STATUS
from tests.traffic.breaks import BREAKS
from tests.traffic.keeps import KEEPS
from tests.traffic.well_behaved import Driver

BROKEN = {f"{rule}: {name}": way().exchanges for rule, ways in BREAKS.items() for name, way in ways.items()}
WELL = {f"{rule}: {name}": way().exchanges for rule, ways in KEEPS.items() for name, way in ways.items()}
traces = st.sampled_from(sorted(BROKEN | WELL)).map((BROKEN | WELL).__getitem__)
PATIENCE = timedelta(seconds=20_000)
many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def statuses(exchanges: list[Exchange], bounds: Bounds | None = None, scale: float = 1.0) -> dict[str, RuleStatus]:
    until = BEGIN + PATIENCE * scale
    found = judge(exchanges, base_url=BASE, bounds=bounds or Bounds(), until=until)
    return {result.rule: result.status for result in found}


COMPLETE = sorted(name for name, trace in WELL.items() if RuleStatus.BROKEN not in statuses(trace).values())
"""Of what is well those that need no more traffic to stay so, however long it is watched."""


def of_another(exchange: Exchange, n: int, shift: float) -> Exchange:
    """The same, of other users with other sessions, cards, names and stations, at another time."""
    text = exchange.model_copy(update={"id": f"y{n}{exchange.id}"}).model_dump_json()
    text = re.sub(r"\b([dsu])(-?[du]?\d+)\b", rf"other{n}-\1\2", text)
    text = re.sub(r'(external_id(?:\\")?: ?(?:\\")?)', rf"\1other{n} ", text)
    text = text.replace("search=", f"search=other{n}+").replace("pm_", f"pm_other{n}").replace("station-1", f"st{n}")
    text = (
        text.replace("@example.com", f"@other{n}.example.com").replace("DE*CIQ", "DE*CI2").replace("DE%2ACIQ", "DE*CI2")
    )
    moved = Exchange.model_validate_json(text)
    return moved.model_copy(update={"started_at": exchange.started_at + timedelta(seconds=shift)})


@many
@given(
    trace=traces,
    others=st.lists(st.tuples(st.sampled_from(COMPLETE), st.floats(0, 2000, allow_nan=False)), min_size=1, max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_what_other_users_do_turns_no_rule(
    trace: list[Exchange], others: list[tuple[str, float]], order: object
) -> None:
    alone = statuses(trace)
    around = [of_another(one, n, shift) for n, (name, shift) in enumerate(others) for one in WELL[name]]
    both = [*trace, *around]
    order.shuffle(both)  # type: ignore[attr-defined]
    together = statuses(both)
    for rule, status in alone.items():
        if status is not RuleStatus.NOT_SHOWN:
            assert together[rule] is status, rule


@many
@given(trace=traces, order=st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_given_does_not_matter(trace: list[Exchange], order: object) -> None:
    shuffled = list(trace)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(shuffled, base_url=BASE) == judge(trace, base_url=BASE)


@many
@given(trace=traces, factor=st.sampled_from([0.5, 0.1, 0.02]))
def test_faster_sessions_are_judged_alike(trace: list[Exchange], factor: float) -> None:
    if any("retry-after" in one.response.headers for one in trace if one.response):
        return  # these seconds are the server's own
    quick = [
        one.model_copy(update={"started_at": BEGIN + (one.started_at - BEGIN) * factor, "took_s": one.took_s * factor})
        for one in trace
    ]
    bounds = Bounds().scaled(factor)
    bounds = replace(bounds, slack_s=bounds.slack_s * factor)
    assert statuses(quick, bounds, factor) == statuses(trace)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = [
    *("id", "results", "is_active", "evses", "evse_id", "error", "type", "details", "detail", "custom_properties"),
    *("external_id", "email", "end_time", "consumed_energy", "session_cost", "payment_method_id", "number", "cvc"),
    *("payment_intent_client_secret", "token"),
]
answers = st.recursive(
    json_values | st.sampled_from(["s1", "u1", EVSE, *STATUS, True, False]),
    lambda inner: st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=12,
)
bodies = st.none() | st.text(max_size=60) | answers.map(json.dumps) | st.sampled_from(["[" * 20_000, '{"id": "s', ""])
ids = st.sampled_from(["u1", "u2", "s1", "%2E%2E", "%F0%9F", "a b"])
paths = st.sampled_from([operation.path for operation in OPERATIONS.values()])
urls = st.one_of(
    st.tuples(paths, ids, ids).map(
        lambda drawn: BASE + API_PREFIX + drawn[0].format(user_id=drawn[1], session_id=drawn[2], pm=drawn[2])
    ),
    st.sampled_from([BASE, "http://[half", "", "https://:99999/", f"{BASE}/api/v1/users/?a=%zz&b", "//x", "\x00"]),
    st.text(max_size=40),
)
headers = st.dictionaries(
    st.sampled_from(["authorization", "content-type", "retry-after", "host", "x-key", ""]),
    st.sampled_from(["", "Bearer $CONNECT_API_KEY", "application/x-www-form-urlencoded", "5", "Mon, 99 Foo 2026", "-1"])
    | st.text(max_size=30),
)
exchanges = st.builds(
    Exchange,
    id=st.integers(1, 9999).map(lambda n: f"x{n:04d}"),
    actor=st.sampled_from(["partner", "partner", "partner", "driver-1"]),
    operation=st.none() | st.sampled_from(sorted(OPERATIONS)) | st.just("unheard_of"),
    started_at=st.floats(0, 600).map(lambda s: BEGIN + timedelta(seconds=s)),
    took_s=st.floats(allow_nan=True, allow_infinity=True) | st.floats(0, 10),
    request=st.builds(
        Request, method=st.sampled_from(["GET", "POST", "get", "", "PUT"]), url=urls, headers=headers, body=bodies
    ),
    response=st.none()
    | st.builds(
        Response,
        status=st.sampled_from([200, 201, 204, 301, 400, 402, 409, 424, 429, 500, 502, 0, 999]),
        headers=headers,
        body=bodies,
        truncated=st.booleans(),
    ),
    error=st.none()
    | st.builds(TransportFault, kind=st.sampled_from(["ReadTimeout", "ForbiddenTarget", ""]), message=st.text()),
    provoked=st.none() | st.sampled_from(["lost-answer", "html"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    record=st.lists(exchanges, max_size=12),
    lines=st.dictionaries(st.text(max_size=9), st.none() | st.text(max_size=20)),
)
def test_no_record_is_too_odd(record: list[Exchange], lines: dict[str, str | None]) -> None:
    results = judge(record, base_url=BASE, log_lines=lines, secrets=("",))
    assert {result.rule for result in results} == {rule.name for rule in RULES}
    known = {exchange.id for exchange in record}
    for result in results:
        assert set(result.exchanges) <= known
        assert len(result.message) > 1
    after_provocation(record[:1], record, log_lines=lines)
    provoked = ProvokedError(name="p", title="p", met=True, answered=tuple(known))
    judge_told_apart([provoked], record)


texts = st.text(max_size=200) | st.sampled_from(["[" * 20_000, "{" * 20_000, "\x00", "<" * 5000])


@settings(max_examples=150, deadline=None)
@given(
    message=texts, details=st.none() | texts, state=st.none() | texts, type_=st.none() | st.sampled_from(sorted(STATUS))
)
@example(message="", details="", state=None, type_=None)
def test_no_message_is_too_odd(message: str, details: str | None, state: str | None, type_: str | None) -> None:
    shown = [Shown(at=BEGIN, state=state, message=message)]
    assert judge_shown(shown, error_type=type_, details=details, ids=(message[:9],)).message
    assert judge_shown(shown, error_type=type_, details=details).status is not RuleStatus.NOT_SHOWN


@settings(max_examples=100, deadline=None)
@given(details=st.text(min_size=12, max_size=80), before=st.text(max_size=20), after=st.text(max_size=20))
def test_the_apis_own_words_are_found_whatever_is_around_them(details: str, before: str, after: str) -> None:
    if len(re.sub(r"[\W_]+", " ", details.casefold()).strip()) < 12:
        return
    shown = [Shown(at=BEGIN, message=f"{before} {details} {after}")]
    assert judge_shown(shown, error_type="already_charging", details=details).status is RuleStatus.BROKEN


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32),
    drivers=st.integers(1, 4),
    watched=st.floats(0, 2000),
    quicker=st.sampled_from([1.0, 10.0, 40.0]),
)
def test_a_backend_that_does_everything_right_is_accused_of_nothing(
    seed: int, drivers: int, watched: float, quicker: float
) -> None:
    rng = Random(seed)  # noqa: S311 - a day, not a secret
    record = [exchange for n in range(drivers) for exchange in Driver(rng, n, quicker).day()]
    rng.shuffle(record)
    until = max(one.started_at + timedelta(seconds=one.took_s) for one in record) + timedelta(seconds=watched)
    bounds = Bounds.for_tick(10 / quicker)
    results = judge(record, base_url=BASE, bounds=bounds, until=until)
    assert {result.rule: result.message for result in results if result.status is RuleStatus.BROKEN} == {}
