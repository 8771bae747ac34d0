"""What came with the partner's own integration: its gateway, its page, its record. None of it says a secret."""

from pathlib import Path

import httpx

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import TICK
from tests.secrets.canaries import KEY, PLANTED, PUBLISHABLE, echoing
from tests.secrets.search import below, leaks
from tests.secrets.test_sweep import everything_of
from tests.watching.bench import running

DRIVEN = (
    "--integration=examples.partner_app.adapter:make",
    "--evse=DE*CIQ*EWBNHHLM82TLA*1",
    "--evse=DE*PWA*EALP22541X01617*01",
    "suites/test_12_integration.py",
)
HIDDEN = "$CONNECT_API_KEY"


def test_no_secret_is_in_anything_that_an_integrated_run_leaves_or_shows(tmp_path: Path) -> None:
    finished, places, secrets = everything_of(tmp_path, *DRIVEN)
    assert finished.status in (0, 1), finished.output[-3000:]
    assert "passed" in finished.outcomes()
    theirs = [each for each in finished.evidence["exchanges"] if each["actor"] == "partner"]
    assert len(theirs) > 50
    assert all(HIDDEN in str(each["response"]) for each in theirs if each["response"] and not each["provoked"])
    assert leaks(places, secrets) == []
    beside = [place for place in places if not place[0].startswith("report/")]
    assert leaks(beside, [KEY], pieces=True) == []


def test_no_secret_is_in_anything_that_a_watching_gateway_leaves_or_shows(tmp_path: Path) -> None:
    """Not though the backend puts its token where none belongs."""
    keys = {"CONNECT_API_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE}
    options = SimulatorOptions(tick=TICK, key=KEY, publishable_key=PUBLISHABLE)
    with (
        EmbeddedSimulator(options, middleware=[echoing]) as sim,
        running(tmp_path, f"--target={sim.url}", env=keys) as at,
        httpx.Client(base_url=at.settings["CONNECT_API_DOMAIN"], trust_env=False, timeout=30) as http,
    ):
        http.headers["Authorization"] = f"Bearer {KEY}"
        user = http.post("/users/", json={"custom_properties": {"external_id": "driver", "note": KEY}}).json()["id"]
        for path in (f"/users/{user}/setup-intents/", f"/users/?search={KEY}", f"/users/{KEY}/", "/users/?page=no"):
            http.get(path)
        http.post(f"/users/{user}/charging/start/", content=f"token={KEY}&key={PUBLISHABLE}")
        http.get("/users/", headers={"Authorization": f"Bearer {KEY}x", "X-Token": KEY, "Cookie": f"token={KEY}"})
        at.end()
        assert len(at.evidence["exchanges"]) >= 6
        assert HIDDEN in str(at.evidence)
    places = [("said", "\n".join(at.told)), *below(at.report)]
    assert len(places) > 4
    assert leaks(places, PLANTED) == []
