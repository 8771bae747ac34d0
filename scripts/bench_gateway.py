"""What the gateway adds to a request: prints median and 95th percentile, in milliseconds, against the simulated DEV.

    python scripts/bench_gateway.py

Simulated DEV, gateway and client are processes of their own, as they are when a backend uses it. The same request goes
to the simulated DEV directly and through the gateway in turns, over connections that are kept; the pairs are compared,
so that a machine under load slows both. The last column says how far two direct requests are apart at the 95th
percentile: what the machine alone adds.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from golive.simulator import SIMULATOR_KEY

PAIRS = 1000
WARM_UP = 50
PATIENCE_S = 30.0


@contextmanager
def running(directory: Path, name: str, *args: str) -> Iterator[str]:
    """A server in a process of its own; the Connect base URL that it names."""
    said = directory / name
    with said.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-m", *args],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "CONNECT_API_KEY": SIMULATOR_KEY},
        )
    try:
        yield named(said)
    finally:
        process.terminate()
        process.wait()


def named(said: Path) -> str:
    """The URL, as soon as it is said."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for line in said.read_text(encoding="utf-8").splitlines():
            if "CONNECT_API_DOMAIN=" in line:
                return line.partition("=")[2]
        time.sleep(0.05)
    raise SystemExit(said.read_text(encoding="utf-8"))


def timed(http: httpx.Client, method: str, path: str, body: object) -> float:
    """Milliseconds of one request."""
    began = time.perf_counter()
    http.request(method, path, json=body).raise_for_status()
    return (time.perf_counter() - began) * 1000


def high(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def main() -> None:
    headers = {"Authorization": f"Bearer {SIMULATOR_KEY}"}
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        simulated = stack.enter_context(running(directory, "dev", "golive.simulator", "--port=0"))
        watching = ("golive", "gateway", "--port=0", f"--target={simulated}", f"--report-dir={directory / 'report'}")
        watched = stack.enter_context(running(directory, "gateway", *watching))
        direct, through = (
            stack.enter_context(httpx.Client(base_url=url, headers=headers, trust_env=False))
            for url in (simulated, watched)
        )
        user = direct.post("/users/", json={}).json()["id"]
        around = "/stations/around/?latitude=52.52&longitude=13.405&distance=5000&page_size=50"
        requests = {
            "a user": ("GET", f"/users/{user}/", None),
            "a new user": ("POST", "/users/", {"custom_properties": {"external_id": "x"}}),
            "a page of users": ("GET", "/users/?page_size=20", None),
            "stations around": ("GET", around, None),
        }
        print(f"{'request':<18}{'direct':>11}{'through':>11}{'adds, median':>15}{'95th':>11}{'machine, 95th':>16}")
        for name, (method, path, body) in requests.items():
            for http in (direct, through) * WARM_UP:
                timed(http, method, path, body)
            rounds = [
                (
                    timed(direct, method, path, body),
                    timed(through, method, path, body),
                    timed(direct, method, path, body),
                )
                for _ in range(PAIRS)
            ]
            straight, by_gateway, _ = (statistics.median(column) for column in zip(*rounds, strict=True))
            added = [passed - before for before, passed, _ in rounds]
            noise = [after - before for before, _, after in rounds]
            figures = (straight, by_gateway, statistics.median(added), high(added), high(noise))
            widths = (8, 8, 12, 8, 13)
            print(f"{name:<18}" + "".join(f"{ms:>{width}.2f} ms" for ms, width in zip(figures, widths, strict=True)))


if __name__ == "__main__":
    main()
