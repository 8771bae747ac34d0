"""The Stripe step against localstripe, an independent stand-in for Stripe that nobody here wrote."""

import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from golive.clock import SystemClock
from golive.connect import RetryPolicy, SetupIntent, StripeClient
from golive.connect.errors import Unreachable
from golive.connect.stripe import CardDeclined, StripeAuthError
from golive.recording import Recorder, Redactor, live_transport
from tests.connect.bench import PUBLISHABLE

if importlib.util.find_spec("localstripe") is None:
    pytest.skip("localstripe is not installed", allow_module_level=True)

SECRET_KEY = ("sk_test_golive1", "")  # localstripe takes any


@pytest.fixture(scope="module")
def localstripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a localstripe of our own; it keeps its state in the temporary directory."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("localstripe listens on IPv6, which this machine does not have")
        port = probe.getsockname()[1]
    directory: Path = tmp_path_factory.mktemp("localstripe")
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
            cwd=directory,
            env={**os.environ, "TMPDIR": str(directory)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://localhost:{port}"
        _await(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=8), trust_env=False) as http:
        for _ in range(200):
            if process.poll() is not None:
                pytest.skip("localstripe does not run here")
            try:
                http.get(f"{url}/v1/customers", auth=SECRET_KEY)
            except httpx.TransportError:
                continue
            return
    pytest.skip("localstripe does not answer")


@pytest.fixture
def recorder() -> Recorder:
    return Recorder(Redactor({"STRIPE_PUBLISHABLE_KEY": PUBLISHABLE}), SystemClock())


@pytest.fixture
def stripe(localstripe: str, recorder: Recorder) -> Iterator[StripeClient]:
    client = client_with(PUBLISHABLE, localstripe, recorder)
    yield client
    client.close()


def client_with(key: str, url: str, recorder: Recorder) -> StripeClient:
    return StripeClient(
        url,
        SecretStr(key),
        actor="driver",
        transport=live_transport(recorder),
        recorder=recorder,
        clock=recorder.clock,
        retry=RetryPolicy(tries=1),
    )


@pytest.fixture
def intent(localstripe: str) -> SetupIntent:
    """A setup intent as the Connect API's backend would make one, with the secret key."""
    with httpx.Client(base_url=localstripe, auth=SECRET_KEY, trust_env=False) as http:
        customer = http.post("/v1/customers", data={"email": "driver@example.org"}).json()["id"]
        made = http.post("/v1/setup_intents", data={"customer": customer}).json()
    return SetupIntent(client_secret=SecretStr(made["client_secret"]))


def test_a_test_card_is_confirmed_and_attached(
    stripe: StripeClient, intent: SetupIntent, localstripe: str, recorder: Recorder
) -> None:
    confirmation = stripe.confirm_setup_intent(intent, payment_method="pm_card_visa")
    assert confirmation.status == "succeeded"
    assert confirmation.payment_method is not None
    read = httpx.get(
        f"{localstripe}/v1/payment_methods/{confirmation.payment_method}", auth=SECRET_KEY, trust_env=False
    )
    assert read.json()["card"]["last4"] == "4242"
    record = "".join(exchange.model_dump_json() for exchange in recorder.exchanges)
    assert intent.client_secret.get_secret_value().partition("_secret_")[2] not in record
    assert PUBLISHABLE not in record


def test_a_card_declined_at_set_up_is_declined(stripe: StripeClient, intent: SetupIntent) -> None:
    with pytest.raises(CardDeclined) as caught:
        stripe.confirm_setup_intent(intent, payment_method="pm_card_chargeDeclined")
    assert caught.value.code == "card_declined"


def test_a_key_is_checked(stripe: StripeClient, localstripe: str, recorder: Recorder) -> None:
    stripe.check_key()
    other = client_with("not-a-publishable-key", localstripe, recorder)
    with pytest.raises(StripeAuthError):
        other.check_key()
    other.close()


def test_without_stripe_there_is_no_connection(recorder: Recorder) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        client = client_with(PUBLISHABLE, f"http://127.0.0.1:{closed.getsockname()[1]}", recorder)
        with pytest.raises(Unreachable) as caught:
            client.check_key()
        client.close()
    assert not caught.value.sent
