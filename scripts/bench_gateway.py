"""What the gateway adds to a request: prints median and 95th percentile, in milliseconds, against the simulated DEV.

    python scripts/bench_gateway.py

The same request goes to the simulated DEV directly and through the gateway in turns, over connections that are kept;
the pairs are compared, so that a machine under load slows both.
"""

import statistics
import time

import httpx

from golive.clock import SystemClock
from golive.gateway import Gateway
from golive.recording import Recorder, Redactor
from golive.simulator import SIMULATOR_KEY, EmbeddedSimulator

PAIRS = 1000
WARM_UP = 50


def timed(http: httpx.Client, method: str, path: str, body: object) -> float:
    began = time.perf_counter()
    http.request(method, path, json=body).raise_for_status()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    headers = {"Authorization": f"Bearer {SIMULATOR_KEY}"}
    recorder = Recorder(Redactor({"CONNECT_API_KEY": SIMULATOR_KEY}), SystemClock())
    with (
        EmbeddedSimulator() as simulator,
        Gateway(simulator.url, recorder) as gateway,
        httpx.Client(base_url=simulator.api_url, headers=headers, trust_env=False) as direct,
        httpx.Client(base_url=gateway.url, headers=headers, trust_env=False) as through,
    ):
        user = direct.post("/users/", json={}).json()["id"]
        around = "/stations/around/?latitude=52.52&longitude=13.405&distance=5000&page_size=50"
        requests = {
            "a user": ("GET", f"/users/{user}/", None),
            "a new user": ("POST", "/users/", {"custom_properties": {"external_id": "x"}}),
            "a page of users": ("GET", "/users/?page_size=20", None),
            "stations around": ("GET", around, None),
        }
        print(f"{'request':<20}{'direct':>12}{'through':>12}{'adds, median':>16}{'95th percentile':>18}")
        for name, (method, path, body) in requests.items():
            for http in (direct, through) * WARM_UP:
                timed(http, method, path, body)
            pairs = [(timed(direct, method, path, body), timed(through, method, path, body)) for _ in range(PAIRS)]
            one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
            added = sorted(through - straight for straight, through in pairs)
            high = added[int(len(added) * 0.95)]
            print(f"{name:<20}{one:>9.2f} ms{two:>9.2f} ms{statistics.median(added):>13.2f} ms{high:>15.2f} ms")


if __name__ == "__main__":
    main()
