"""How much dearer a request of the simulated DEV is with 10,000 sessions than with 10: prints the ratio per request.

    python scripts/bench_simulator.py

Calls the application itself, without sockets. A ratio near 1 means that cost does not grow with the state.
"""

import asyncio
import time

import httpx

from golive.simulator import SimulatorOptions
from golive.simulator.clocks import ManualClock
from golive.simulator.dev import Dev
from golive.simulator.services.base import Context
from golive.simulator.state.entities import BillingDetails, User
from golive.simulator.stripe.cards import CARDS
from golive.simulator.web.app import make_app

FEW, MANY = 10, 10_000
REPEATS = 300
BILLING = BillingDetails(country="DE", line1="Weg 1", postal_code="10115")
EVSE = "DE*EUL*EAUT0002*01"


async def filled(sessions: int) -> tuple[Dev, User]:
    """A DEV with as many users as sessions, and one user who drove them all."""
    clock = ManualClock()
    dev = Dev(SimulatorOptions(), clock=clock)
    for number in range(sessions):
        dev.users.create({"external_id": f"someone-{number}"})
    driver = dev.users.create({"external_id": "the-driver"})
    dev.billing.put(driver, BILLING)
    method = dev.payment_methods.attach(driver, CARDS["visa"], Context(clock.now(), ""))
    for _ in range(sessions):
        await dev.charging.start(driver, EVSE, method.id, Context(clock.now(), ""))
        clock.advance(60)
    return dev, driver


async def costs(sessions: int) -> dict[str, float]:
    """Seconds per request, the best of three rounds."""
    dev, driver = await filled(sessions)
    user = f"/api/v1/users/{driver.id}"
    middle = driver.sessions[sessions // 2].id
    wrong_start = {"evse_id": EVSE, "payment_method_id": "pm_unknown"}
    requests = {
        "a user": ("GET", f"{user}/", None),
        "users, page 1": ("GET", "/api/v1/users/?page_size=20", None),
        "user by external id": ("GET", "/api/v1/users/?search=the-driver", None),
        "a session": ("GET", f"{user}/charging-sessions/{middle}/", None),
        "sessions, last page": ("GET", f"{user}/charging-sessions/?page_size=5&page=last", None),
        "invoices, page 1": ("GET", f"{user}/invoices/?page_size=5", None),
        "debts": ("GET", f"{user}/charging/debts/", None),
        "a refused start": ("POST", f"{user}/charging/start/", wrong_start),
        "a new user": ("POST", "/api/v1/users/", {}),
    }
    transport = httpx.ASGITransport(app=make_app(dev))
    headers = {"Authorization": f"Bearer {dev.options.key}"}
    measured = {}
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator", headers=headers) as client:
        for name, (method, path, body) in requests.items():
            rounds = []
            for _ in range(3):
                began = time.perf_counter()
                for _ in range(REPEATS):
                    await client.request(method, path, json=body)
                rounds.append((time.perf_counter() - began) / REPEATS)
            measured[name] = min(rounds)
    return measured


def main() -> None:
    few, many = asyncio.run(costs(FEW)), asyncio.run(costs(MANY))
    print(f"{'request':24}{FEW:>10} sessions{MANY:>10} sessions     ratio")
    for name, cost in few.items():
        print(f"{name:24}{cost * 1000:>16.2f} ms{many[name] * 1000:>16.2f} ms{many[name] / cost:>10.2f}")


if __name__ == "__main__":
    main()
