"""Users and billing details."""

import pytest

from tests.simulator.bench import Bench, problem, refusal


def test_a_created_user_reads_back_equal(dev: Bench) -> None:
    values = {"email": "ada@example.com", "locale": "de", "custom_properties": {"external_id": "ext-1"}}
    created = dev.post("/users/", values).json()
    assert dev.get(f"/users/{created['id']}/") == created == {"id": created["id"], **values}


def test_a_user_needs_nothing(dev: Bench) -> None:
    user = dev.get(f"/users/{dev.user()}/")
    assert (user["email"], user["locale"], user["custom_properties"]) == (None, "en", {"external_id": None})


@pytest.mark.parametrize("search", ["id", "external id"])
def test_a_user_is_found_exactly_once_among_many(dev: Bench, search: str) -> None:
    wanted = dev.user(custom_properties={"external_id": "partner-7"})
    for number in range(30):
        dev.user(custom_properties={"external_id": f"partner-7-{number}"})
    page = dev.get("/users/", search=wanted if search == "id" else "partner-7")
    assert [user["id"] for user in page["results"]] == [wanted]


def test_a_search_finds_part_of_an_external_id(dev: Bench) -> None:
    wanted = dev.user(custom_properties={"external_id": "Fleet-Nord-12"})
    dev.user(custom_properties={"external_id": "Fleet-Süd-12"})
    assert [user["id"] for user in dev.get("/users/", search="nord")["results"]] == [wanted]
    assert dev.get("/users/", search="nobody")["count"] == 0


def test_a_list_needs_paging_and_shows_everyone_once(dev: Bench) -> None:
    made = [dev.user() for _ in range(45)]
    page, seen = dev.get("/users/"), []
    while True:
        seen += [user["id"] for user in page["results"]]
        if page["next"] is None:
            break
        page = dev.send("GET", page["next"]).json()
    assert seen == made[::-1]


def test_an_update_changes_only_what_it_names(dev: Bench) -> None:
    user = dev.user(email="ada@example.com", custom_properties={"external_id": "old"})
    changed = dev.send("PATCH", f"/api/v1/users/{user}/", json={"custom_properties": {"external_id": "new"}})
    assert changed.status_code == 200
    assert changed.json()["email"] == "ada@example.com"
    assert dev.get("/users/", search="old")["count"] == 0
    assert dev.get("/users/", search="new")["count"] == 1
    cleared = dev.send("PATCH", f"/api/v1/users/{user}/", json={"email": None})
    assert cleared.json()["email"] is None


def test_a_deleted_user_is_gone_everywhere(dev: Bench) -> None:
    others = [dev.user(), dev.user()]
    user = dev.user(custom_properties={"external_id": "gone"})
    others.append(dev.user())
    assert dev.delete(f"/users/{user}/").status_code == 204
    for path in ("", "billing-details/", "setup-intents/", "payment-methods/", "charging-sessions/", "invoices/"):
        assert refusal(dev.send("GET", f"/api/v1/users/{user}/{path}")) == 404
    assert refusal(dev.delete(f"/users/{user}/")) == 404
    assert dev.get("/users/", search="gone")["count"] == 0
    assert [u["id"] for u in dev.get("/users/")["results"]] == others[::-1]


@pytest.mark.parametrize(
    "values",
    [
        {"email": "no address"},
        {"email": "a@b"},
        {"email": 5},
        {"email": f"{'a' * 250}@example.com"},
        {"locale": "fr"},
        {"locale": None},
        {"locale": ["en"]},
        {"custom_properties": "x"},
        {"custom_properties": {"external_id": "x" * 251}},
        {"custom_properties": {"external_id": 7}},
        {"custom_properties": {"external_id": "a\0b"}},
    ],
    ids=repr,
)
def test_values_that_are_wrong_are_refused_with_the_envelope(dev: Bench, values: dict[str, object]) -> None:
    assert problem(dev.post("/users/", values)) == (400, "validation_error")
    assert dev.get("/users/")["count"] == 0


def test_a_form_creates_the_same_user_as_json(dev: Bench) -> None:
    for form in (
        {"email": "a@example.com", "custom_properties.external_id": "f"},
        {"email": "a@example.com", "custom_properties[external_id]": "f"},
        {"email": "a@example.com", "custom_properties": '{"external_id": "f"}'},
    ):
        for request in ({"data": form}, {"files": {name: (None, value) for name, value in form.items()}}):
            user = dev.send("POST", "/api/v1/users/", **request).json()
            assert (user["email"], user["custom_properties"]) == ("a@example.com", {"external_id": "f"})


def test_billing_details_read_back_as_put(dev: Bench) -> None:
    user = dev.user()
    assert dev.get(f"/users/{user}/billing-details/")["line1"] == ""
    put = dev.put_billing(
        user, line1="Via Roma 1", postal_code="20100", account_type="business", vat_id="IT123", country="it"
    )
    assert put.status_code == 200
    assert dev.get(f"/users/{user}/billing-details/") == put.json()
    assert put.json()["vat_id"] == "IT123"
    replaced = dev.put_billing(user, line1="Weg 1", postal_code="1")
    assert (replaced.json()["vat_id"], replaced.json()["account_type"]) == (None, "personal")


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"line1": "Weg 1"},
        {"line1": " ", "postal_code": "1"},
        {"line1": None, "postal_code": "1"},
        {"line1": "Weg 1", "postal_code": 10115},
        {"line1": "Weg 1", "postal_code": "1", "city": "x" * 51},
        {"line1": "Weg 1", "postal_code": "1", "account_type": "club"},
    ],
    ids=repr,
)
def test_incomplete_or_wrong_billing_is_refused(dev: Bench, details: dict[str, object]) -> None:
    assert problem(dev.put_billing(dev.user(), **details)) == (400, "validation_error")
