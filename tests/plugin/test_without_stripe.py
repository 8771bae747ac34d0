"""Without a Stripe key: prepared users charge, or nobody does; what then cannot be shown is the partner's move."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from golive.simulator import EmbeddedSimulator
from tests.plugin.bench import left_behind, run_against
from tests.plugin.launch import Finished

BILLING = {
    "account_type": "personal",
    "country": "DE",
    "city": "Berlin",
    "line1": "Probestrasse 1",
    "postal_code": "10115",
    "first_name": "Erika",
    "last_name": "Muster",
}
EVSES = ("--evse=DE*CIQ*EWBNHHLM82TLA*1", "--evse=DE*PWA*EALP22541X01617*01")


def prepare_users(sim: EmbeddedSimulator, count: int) -> str:
    """Users with a card and billing data, made as a partner makes them; the value of CONNECT_USERS."""
    prepared = []
    with httpx.Client(base_url=sim.url, headers={"Authorization": f"Bearer {sim.options.key}"}) as client:
        for number in range(count):
            user = client.post("/api/v1/users/", json={"email": f"prepared{number}@example.com"}).json()["id"]
            client.put(f"/api/v1/users/{user}/billing-details/", json=BILLING).raise_for_status()
            intent = client.get(f"/api/v1/users/{user}/setup-intents/", params={"pm_type": "card"}).json()
            secret = intent["setup_intent_client_secret"]
            confirmed = client.post(
                f"/v1/setup_intents/{secret.partition('_secret_')[0]}/confirm",
                data={"client_secret": secret, "payment_method": "pm_card_visa", "key": sim.options.publishable_key},
                headers={"Authorization": ""},
            )
            confirmed.raise_for_status()
            prepared.append(f"{user}:{confirmed.json()['payment_method']}")
    return ",".join(prepared)


def _run(directory: Path, count: int, *args: str) -> Finished:
    def prepare(sim: EmbeddedSimulator) -> dict[str, str]:
        return {"CONNECT_API_KEY": sim.options.key, "CONNECT_USERS": prepare_users(sim, count)}

    def facts(sim: EmbeddedSimulator) -> dict[str, Any]:
        methods = [len(user.methods) for user in sim.world.live_users]
        return left_behind(sim) | {"methods": methods}

    return run_against(directory, *EVSES, *args, prepare=prepare, facts=facts)


@pytest.mark.parametrize("count", [2, 4])
def test_journeys_run_on_prepared_users(tmp_path: Path, count: int) -> None:
    finished = _run(tmp_path, count, "-k", "users or payment or charging or busy or cdr or errors")
    assert finished.status == 0, finished.output
    bad = [c for c in finished.checks if c["outcome"] not in ("passed", "deselected")]
    assert {(c["outcome"], c["owner"]) for c in bad} == {("inconclusive", "partner")}
    assert all("STRIPE_PUBLISHABLE_KEY" in c["message"] for c in bad), [c["message"] for c in bad]
    passed = {c["section"] for c in finished.checks if c["outcome"] == "passed"}
    assert {"users", "charging", "busy", "cdr"} <= passed
    assert {c["section"] for c in bad} == {"payment methods", "errors"}
    assert not [c for c in bad if c["section"] in ("charging", "cdr", "busy")]
    assert finished.evidence["run"]["options"]["prepared_users"] == count


def test_prepared_users_are_left_as_they_were(tmp_path: Path) -> None:
    finished = _run(tmp_path, 2, "-k", "test_a_start_opens or test_08")
    assert finished.status == 0, finished.output
    assert finished.facts["created"] == finished.facts["users"] == 2
    assert finished.facts["methods"] == [1, 1]
    assert finished.facts["open"] == []


def test_one_prepared_user_is_too_few_to_meet_and_the_run_still_ends(tmp_path: Path) -> None:
    finished = _run(tmp_path, 1, "-k", "test_a_start_opens or test_07_busy")
    assert finished.status == 0, finished.output
    busy = [c for c in finished.checks if c["section"] == "busy"]
    assert {(c["outcome"], c["owner"]) for c in busy} == {("inconclusive", "partner")}
    assert {c["outcome"] for c in finished.checks if "test_a_start_opens" in c["nodeid"]} == {"passed", "deselected"}


def test_prepared_users_who_are_unknown_hurt_no_other_check(tmp_path: Path) -> None:
    def prepare(sim: EmbeddedSimulator) -> dict[str, str]:
        return {"CONNECT_API_KEY": sim.options.key, "CONNECT_USERS": "nobody:pm_none"}

    finished = run_against(tmp_path, *EVSES, "-k", "test_02_users or test_04_payment", prepare=prepare)
    assert finished.status == 0, finished.output
    assert {c["outcome"] for c in finished.checks if c["section"] == "users"} == {"passed"}
    payment = {(c["outcome"], c["owner"]) for c in finished.checks if c["section"] == "payment methods"}
    assert payment == {("passed", None), ("inconclusive", "partner")}
    assert "PREPARED_USER_UNKNOWN" in {o["code"] for o in finished.evidence["observations"]}


def test_what_a_prepared_user_had_open_before_is_told(tmp_path: Path) -> None:
    def prepare(sim: EmbeddedSimulator) -> dict[str, str]:
        users = prepare_users(sim, 2)
        user_id, _, method = users.partition(",")[0].partition(":")
        start = {
            "evse_id": "IT*PWY*EP0078*01*02",
            "payment_method_id": method,
        }  # a shared VCP: it charges until stopped
        key = {"Authorization": f"Bearer {sim.options.key}"}
        httpx.post(f"{sim.url}/api/v1/users/{user_id}/charging/start/", json=start, headers=key).raise_for_status()
        return {"CONNECT_API_KEY": sim.options.key, "CONNECT_USERS": users}

    finished = run_against(tmp_path, *EVSES, "-k", "test_02_users", prepare=prepare)
    assert len(finished.evidence["aftermath"]["open_before"]) == 1
    assert finished.evidence["aftermath"]["open_after"] == []
    assert "OPEN_BEFORE" in {o["code"] for o in finished.evidence["observations"]}
    assert finished.evidence["run"]["prepared_users"]
