"""Both sides of each disagreement are read alike; only the one outside the published contract is observed."""

from collections.abc import Callable
from typing import Any

import pytest

from golive.connect import FORMS, ConnectClient
from golive.outcomes import Owner
from tests.connect.bench import Bench, ok, page, session, user

CARD = {"brand": "visa", "last4": "4242", "expiration_date": "11/30", "cardholder_name": None}
METHOD = {"id": "pm_1", "default": True, "type": "card", "card": CARD, "created_at": "2026-01-01T00:00:00Z"}
BILLING = {"line1": "a", "postal_code": "b"}
COST = session()["session_cost"]


def tile(*point: Any) -> dict[str, Any]:
    feature = {"station_id": "7", "geometry": {"coordinates": list(point)}, "properties": {"count": 1}}
    return {"type": "FeatureCollection", "features": [feature]}


def place(client: ConnectClient) -> tuple[str, str]:
    feature = client.get_tile(550, 335, 10).features[0]  # Berlin
    return str(feature.latitude), str(feature.longitude)


FORM_CASES: list[tuple[str, Callable[[ConnectClient], Any], Any, Any]] = [
    (
        "FORM_SETUP_INTENT_SECRET",
        lambda c: (lambda i: (i.id, i.client_secret.get_secret_value()))(c.get_setup_intent("u1")),
        {"setup_intent_client_secret": "seti_1_secret_abcdefgh"},
        {"client_secret": "seti_1_secret_abcdefgh"},
    ),
    (
        "FORM_CARD_EXPIRY",
        lambda c: [m.card and m.card.expiration_date for m in c.list_payment_methods("u1")],
        {"count": 1, "results": [METHOD]},
        {"count": 1, "results": [{**METHOD, "card": {**CARD, "expiration_date": "11/2030"}}]},
    ),
    (
        "FORM_EXTERNAL_ID",
        lambda c: c.get_user("u1").external_id,
        {"id": "u1", "custom_properties": {"external_id": "e1"}},
        {"id": "u1", "external_id": {"external_id": "e1"}},
    ),
    (
        "FORM_VAT_FIELD",
        lambda c: c.get_billing("u1").vat_id,
        {**BILLING, "vat_id": "DE1"},
        {**BILLING, "vat_number": "DE1"},
    ),
    ("FORM_ID", lambda c: c.get_user("u1").id, {"id": "17"}, {"id": 17}),
    (
        "FORM_INVOICE_VIEW",
        lambda c: c.get_session("u1", "s1").total,
        session(),
        session(session_cost={**COST, "invoice_view": "https://example.org/i"}),
    ),
    ("FORM_TILE_NUMBERS", place, tile("52.52", "13.41"), tile(52.52, 13.41)),
    ("FORM_TILE_ORDER", place, tile("52.52", "13.41"), tile("13.41", "52.52")),
]


@pytest.mark.parametrize(("code", "read", "spec", "other"), FORM_CASES, ids=[case[0] for case in FORM_CASES])
def test_both_forms_are_read_alike(code: str, read: Callable[[ConnectClient], Any], spec: Any, other: Any) -> None:
    published, guide = Bench(ok(spec)), Bench(ok(other))
    assert read(published.client) == read(guide.client)
    assert published.codes == []
    assert guide.codes == [code]
    assert guide.observations[0].exchanges == ("x0001",)
    assert guide.observations[0].owner is Owner.CARIQA


def test_every_disagreement_that_can_be_read_has_its_case() -> None:
    elsewhere = {"FORM_PM_TYPE", "FORM_EVSE_STATUS", "FORM_STOP_PROVIDER_STATUS"}
    cases = {case[0] for case in FORM_CASES}
    assert {code for code, form in FORMS.items() if code.startswith("FORM_") and form.read} == cases | elsewhere


def test_every_form_has_a_sentence_and_an_owner() -> None:
    for code, form in FORMS.items():
        assert form.code == code
        assert form.sentence[0].isupper() or form.sentence[0] == "`"
        assert form.owner in (Owner.CARIQA, Owner.ENVIRONMENT)


def test_another_type_of_payment_method_is_noted() -> None:
    bench = Bench(page([{**METHOD, "type": "paypal"}]))
    assert [m.type for m in bench.client.list_payment_methods("u1")] == ["paypal"]
    assert bench.codes == ["FORM_PM_TYPE"]


def test_an_evse_without_status_is_noted_as_such() -> None:
    station = {
        "id": None,
        "name": "A",
        "address": "B",
        "coordinates": {"latitude": "1", "longitude": "2"},
        "opening_times": {"twentyfourseven": True, "regular_hours": []},
        "operator": {"name": "C", "contact": None},
        "evses": [{"evse_id": "DE*1"}],
        "last_updated": "",
        "price_groups": [],
    }
    bench = Bench(ok(station))
    assert bench.client.get_station(station_id="7").evses[0].status is None
    assert bench.codes == ["FORM_EVSE_STATUS"]


def test_an_absent_field_is_none_and_noted_once_for_each_field() -> None:
    bare = {name: value for name, value in session().items() if name not in ("duration", "station_info")}
    bench = Bench(ok(bare))
    for _ in range(2):
        read = bench.client.get_session("u1", "s1")
    assert (read.duration, read.station_info) == (None, None)
    assert [(o.code, o.message, o.exchanges) for o in bench.observations] == [
        (
            "FIELD_MISSING",
            f"A field that the published contract requires is absent: Session.{name}.",
            ("x0001", "x0002"),
        )
        for name in ("duration", "station_info")
    ]


@pytest.mark.parametrize(
    ("changes", "field", "value", "code"),
    [
        ({"consumed_energy": 1.25}, "consumed_energy", "1.25", "FIELD_TYPE"),
        ({"consumed_energy": 3}, "consumed_energy", "3", "FIELD_TYPE"),
        ({"consumed_energy": "1.25 kWh"}, "consumed_energy", "1.25", "FIELD_UNIT"),
        ({"consumed_energy": "much"}, "consumed_energy", "None", "FIELD_UNREADABLE"),
        ({"consumed_energy": "NaN"}, "consumed_energy", "None", "FIELD_UNREADABLE"),
        ({"consumed_energy": {"kwh": 1}}, "consumed_energy", "None", "FIELD_UNREADABLE"),
        ({"duration": "60"}, "duration", "60", "FIELD_TYPE"),
        ({"duration": "1 min"}, "duration", "None", "FIELD_UNREADABLE"),
        ({"end_time": "yesterday"}, "end_time", "None", "FIELD_UNREADABLE"),
        ({"end_time": "2026-03-02T10:00:00"}, "end_time", "2026-03-02 10:00:00+00:00", "TIME_WITHOUT_ZONE"),
        ({"evse_id": None}, "evse_id", "None", "FIELD_NULL"),
        ({"session_cost": None}, "session_cost", "None", "FIELD_NULL"),
        ({"session_cost": "5.39"}, "session_cost", "None", "FIELD_UNREADABLE"),
        ({"is_partner": "yes"}, "is_partner", "True", "FIELD_TYPE"),
    ],
)
def test_a_field_off_contract_harms_nothing_else(changes: dict[str, Any], field: str, value: str, code: str) -> None:
    bench = Bench(ok(session(**changes)))
    read = bench.client.get_session("u1", "s1")
    assert str(getattr(read, field)) == value
    assert (read.id, read.is_active) == ("s1", True)
    assert bench.codes == [code]
    assert bench.observations[0].message.endswith(f": Session.{field}.")


@pytest.mark.parametrize(
    ("changes", "active"),
    [
        ({"is_active": None}, True),
        ({"is_active": "maybe"}, True),
        ({"is_active": None, "end_time": "2026-03-02T10:00:00Z"}, False),
    ],
)
def test_a_session_of_unclear_state_counts_as_active_until_its_end_is_given(
    changes: dict[str, Any], active: bool
) -> None:
    bench = Bench(ok(session(**changes)))
    assert bench.client.get_session("u1", "s1").is_active is active
    assert bench.codes == ["FIELD_UNREADABLE"]


@pytest.mark.parametrize(
    "time", ["2026-03-02T10:00:00Z", "2026-03-02T11:00:00+01:00", "2026-03-02T10:00:00.000000+00:00"]
)
def test_times_are_read_in_every_usual_form(time: str) -> None:
    bench = Bench(ok(session(end_time=time)))
    end = bench.client.get_session("u1", "s1").end_time
    assert end is not None
    assert end.utcoffset() is not None
    assert end.timestamp() == 1772445600
    assert bench.codes == []


def test_unknown_fields_are_kept() -> None:
    bench = Bench(ok({**user(), "loyalty": {"points": 1.5}}))
    read = bench.client.get_user("u1")
    assert (
        read.model_extra == {"loyalty": {"points": read.model_extra["loyalty"]["points"]}}
        if read.model_extra
        else False
    )
    assert read.model_dump(mode="json")["loyalty"] == {"points": "1.5"}
    assert bench.codes == []
