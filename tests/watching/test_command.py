"""`python -m golive gateway`, as a partner runs it."""

import json
import shutil
import signal
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest

from golive.bundle.opening import evidence_of
from golive.evidence.model import Evidence
from golive.gateway import Gateway
from golive.safekeeping import journal
from golive.settings import load_settings
from golive.simulator import SIMULATOR_KEY, EmbeddedSimulator, SimulatorOptions
from golive.watching.place import Place
from golive.watching.watch import Watch
from tests.connect.loopback import hang_up, loopback, say
from tests.plugin.bench import open_sessions
from tests.plugin.launch import PATIENCE_S
from tests.safekeeping.killing import until
from tests.watching.bench import SHARED, command, environment, keys, running


def refused(directory: Path, *args: str, **env: str) -> str:
    """The one line with which a command line is refused."""
    done = subprocess.run(
        command(*args),
        cwd=directory,
        env=environment(directory, **env),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("ERROR: ")
    return line.removeprefix("ERROR: ")


def test_a_backend_is_watched_from_its_first_request_to_the_record(tmp_path: Path) -> None:
    with running(tmp_path, "--provoke", "connector-out-of-order", "--provoke", "already-stopped") as at:
        assert at.settings["CONNECT_API_DOMAIN"].endswith("/api/v1")
        assert at.settings["CONNECT_API_KEY"] == SIMULATOR_KEY
        backend = at.backend()
        user, method = backend.sign_up(at.settings["STRIPE_API_BASE"])
        assert backend.start(user, method).json()["error"]["type"] == "station_availability_issue"
        session = backend.start(user, method).json()["id"]
        backend.http.get(f"/users/{user}/charging-sessions/{session}/").raise_for_status()
        status = at.end()
        assert status == 1, "a start that is repeated without a look at the state breaks a rule"
        assert all(len(line) <= 80 for line in at.told if not line.startswith(("Report:", "Bundle:")))
        requests = [line for line in at.told if line[2:3] == ":"]
        assert len(requests) == 7
        assert requests[4].endswith("<< connector-out-of-order")
        assert "already-stopped: not met" in at.told

        evidence = Evidence.model_validate(at.evidence)
        assert evidence.run.rehearsal
        assert evidence.run.key_fingerprint
        assert evidence.aftermath.started == (session,)
        assert evidence.aftermath.open_after == ()
        stops = [e for e in evidence.exchanges if e.actor == "gateway" and e.operation == "users_charging_stop_create"]
        assert [e.request.url.endswith(f"/{session}/") for e in stops] == [True]
        integration = evidence.integration
        assert integration is not None
        assert (integration.kind, len(integration.charges)) == ("gateway", 1)
        assert (integration.charges[0].evse_id, integration.charges[0].session_id) == (SHARED, session)
        out_of_order, already_stopped = integration.provoked
        assert (out_of_order.met, out_of_order.error_type) == (True, "station_availability_issue")
        assert evidence.exchanges[4].id == out_of_order.answered[0]
        assert evidence.exchanges[5].id == out_of_order.followed[0]
        assert {rule.rule for rule in out_of_order.rules if rule.status == "broken"} >= {"state-read-first"}
        assert not already_stopped.met
        assert "state-read-first" in {rule.rule for rule in integration.rules if rule.status == "broken"}

        (bundle,) = at.report.glob("golive-*.zip")
        assert evidence_of(bundle) == evidence
        verified = subprocess.run(
            [command()[0], "-m", "golive", "verify", str(bundle)],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert verified.returncode == 0, verified.stdout
        written = b"".join(file.read_bytes() for file in at.report.iterdir() if file.suffix != ".zip")
        assert SIMULATOR_KEY.encode() not in written


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_session_on_a_shared_target_is_stopped_when_the_gateway_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    with (
        EmbeddedSimulator(SimulatorOptions(tick=0.05)) as sim,
        running(tmp_path, f"--target={sim.url}", env=keys()) as at,
    ):
        backend = at.backend()
        user, method = backend.sign_up(sim.url)
        assert backend.start(user, method).status_code == 201
        assert open_sessions(sim)
        assert list(at.report.glob("journal*")), "it is on disk"
        at.end(how)
        assert not open_sessions(sim)
        assert not list(at.report.glob("journal*"))
        assert at.evidence["aftermath"]["left_behind"] == []
        assert at.evidence["run"]["target_kind"] == "url"


def test_whoever_asks_twice_does_not_wait_for_a_start_that_may_still_show_up(tmp_path: Path) -> None:
    never = say(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", then=hang_up)
    nothing = b'{"count": 0, "next": null, "previous": null, "results": []}'
    listed = say(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(nothing) + nothing
    )
    with (
        loopback(never, listed) as server,
        running(tmp_path, f"--target={server.url}", env={**keys(), "GOLIVE_START_TIMEOUT": "60"}) as at,
    ):
        assert at.backend().start("u1", "pm_1").status_code == 502
        at.process.send_signal(signal.SIGINT)
        at.until("Ending")
        until(lambda: len(server.requests) > 1)
        at.end()
        assert at.evidence["run"]["wall_s"] < 60
        assert at.evidence["run"]["complete"] is False
        assert at.evidence["integration"]["kind"] == "gateway"


def test_what_goes_wrong_once_it_listens_leaves_nothing_charging(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    stopped = Mock()
    monkeypatch.setattr(Gateway, "stop", stopped)
    monkeypatch.setattr(Gateway, "start", Mock())
    monkeypatch.setattr(Place, "record", Mock(side_effect=OSError(28, "No space left on device")))
    with EmbeddedSimulator(SimulatorOptions()) as sim:
        settings = load_settings({}, {**keys(), "GOLIVE_TARGET": sim.url}, None, listed=None)
        watch = Watch(settings, port=0, tls=False, provoke=())
        with pytest.raises(OSError, match="No space"):
            watch.run()
    stopped.assert_called()


def test_a_gateway_that_is_killed_is_outlived_by_a_guardian(tmp_path: Path) -> None:
    with (
        EmbeddedSimulator(SimulatorOptions(tick=0.05)) as sim,
        running(tmp_path, f"--target={sim.url}", env=keys()) as at,
    ):
        backend = at.backend()
        user, method = backend.sign_up(sim.url)
        backend.start(user, method)
        at.process.kill()
        until(lambda: not open_sessions(sim))
        assert [user.id for user in sim.world.live_users] == [user], "the partner's own users stay"
        at.process.wait(PATIENCE_S)
    recovered = subprocess.run(
        [command()[0], "-m", "golive", "recover", str(at.report)],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert recovered.returncode == 0, recovered.stdout + recovered.stderr
    evidence = Evidence.model_validate(at.evidence)
    assert not evidence.run.complete
    assert "users_charging_start_create" in [exchange.operation for exchange in evidence.exchanges]


def test_a_gateway_that_is_killed_while_a_start_is_under_way_is_outlived_too(tmp_path: Path) -> None:
    under_way, stopped = threading.Event(), threading.Event()
    begun = {"id": "s1", "is_active": True, "evse_id": SHARED, "start_time": datetime.now(UTC).isoformat()}

    def dev(connection: socket.socket, asked: bytes) -> None:
        """Carries out a start whose answer nobody gets."""
        if b"/charging/start/" in asked:
            under_way.set()
            stopped.wait(PATIENCE_S)
        elif b"/charging/stop/s1/" in asked:
            stopped.set()
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        else:
            session = {**begun, "is_active": not stopped.is_set()}
            listed = json.dumps({"count": 1, "next": None, "previous": None, "results": [session]}).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(listed)}\r\n\r\n"
            connection.sendall(head.encode() + listed)

    with (
        loopback(dev) as server,
        running(tmp_path, f"--target={server.url}", env={**keys(), "GOLIVE_START_TIMEOUT": "5"}) as at,
    ):
        backend = at.backend()

        def start() -> None:
            with suppress(httpx.HTTPError):
                backend.start("u1", "pm_1")

        sender = threading.Thread(target=start)
        sender.start()
        assert under_way.wait(PATIENCE_S)
        at.process.kill()
        assert stopped.wait(PATIENCE_S), server.requests
        sender.join(PATIENCE_S)
        at.process.wait(PATIENCE_S)
        (file,) = at.report.glob("journal*.jsonl")
        until(lambda: (told := journal.read(file)) is not None and not told.begun)


def test_it_can_be_spoken_to_over_tls(tmp_path: Path) -> None:
    with running(tmp_path, "--tls") as at:
        (certificate,) = at.report.glob("*.pem")
        assert b"PRIVATE" not in certificate.read_bytes()
        assert at.settings["CONNECT_API_DOMAIN"].startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=str(certificate))
        backend = at.backend(verify=trusting)
        assert backend.http.get("/users/").status_code == 200
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            at.backend(verify=ssl.create_default_context()).http.get("/users/")
        assert at.end() == 0


# -- what cannot be used -----------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with EmbeddedSimulator() as sim:
            line = refused(tmp_path, "--port", port, "--target", sim.url, **keys())
    assert line.startswith(f"--port {port}: cannot be listened on (Address already in use); give another")
    assert not (tmp_path / "reports" / "runs").exists() or not list((tmp_path / "reports" / "runs").iterdir())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--target", "https://connect.cariqa.com"], "--target: names the production host"),
        (["--target", "prod"], "--target: 'prod' means production"),
        (["--target", "dev"], "CONNECT_API_KEY: is not set"),
        (["--target", "http://127.0.0.1:8500"], "--port 8500: is the target's own"),
        (["--port", "70000"], "--port: must be a number from 0 to 65535"),
        (["--port", "many"], "--port: must be a number from 0 to 65535"),
        (["--provoke", "alredy-charging"], "--provoke alredy-charging: there is no such error"),
        (["--report-dir", __file__], "--report-dir: is, or lies below, a file"),
        (["extra"], "python -m golive gateway: unrecognized arguments"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, args: list[str], said: str) -> None:
    assert refused(tmp_path, *args).startswith(said)


def test_production_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CONNECT_API_DOMAIN=connect.cariqa.com/api/v1\n", encoding="utf-8")
    assert "names the production host" in refused(tmp_path)


def test_evse_ids_that_are_set_for_the_suite_are_of_no_concern(tmp_path: Path) -> None:
    with running(tmp_path, env={"GOLIVE_EVSE": "AT*HTB*EOCPI1*1"}) as at:
        assert at.end() == 0


def test_without_openssl_there_is_no_tls(tmp_path: Path) -> None:
    assert shutil.which("openssl"), "these tests need it"
    line = refused(tmp_path, "--tls", PATH="/nonexistent")
    assert line == "--tls: needs the openssl command, which is not found here; install it, or leave --tls out"


def test_the_errors_are_listed(tmp_path: Path) -> None:
    done = subprocess.run(
        command("--provoke", "list"), env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert "already-charging" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
