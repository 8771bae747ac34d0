"""One walk through the simulated DEV by the client alone: everything is read, and nothing is off contract."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from golive.clock import SystemClock
from golive.connect import BillingDetails, Component, ConnectClient, StripeClient, tile_at
from golive.connect.errors import AlreadyStopped, Forbidden, NotFound
from golive.connect.stripe import CardDeclined, StripeAuthError
from golive.recording import Recorder, Redactor, live_transport
from golive.simulator import EmbeddedSimulator, SimulatorOptions

EVSE = "DE*CIQ*EWBNHHLM82TLA*1"
OPTIONS = SimulatorOptions(tick=0.01)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with EmbeddedSimulator(OPTIONS) as simulator:
        yield simulator.url


@pytest.fixture
def recorder() -> Recorder:
    secrets = {"CONNECT_API_KEY": OPTIONS.key, "STRIPE_PUBLISHABLE_KEY": OPTIONS.publishable_key}
    return Recorder(Redactor(secrets), SystemClock())


def connect(url: str, recorder: Recorder, key: str = OPTIONS.key) -> ConnectClient:
    return ConnectClient(
        url,
        SecretStr(key),
        actor="driver",
        transport=live_transport(recorder),
        recorder=recorder,
        clock=recorder.clock,
        user_agent="golive-tests",
    )


def pay(url: str, recorder: Recorder, key: str = OPTIONS.publishable_key) -> StripeClient:
    return StripeClient(
        url,
        SecretStr(key),
        actor="driver",
        transport=live_transport(recorder),
        recorder=recorder,
        clock=recorder.clock,
    )


def test_a_walk_through_the_simulator_is_read_without_a_remark(url: str, recorder: Recorder) -> None:
    client, stripe = connect(url, recorder), pay(url, recorder)
    stripe.check_key()
    driver = client.create_user(email="driver@example.org", locale="de", external_id="walk-1")
    assert [u.id for u in client.list_users(search="walk-1", page_size=1)] == [driver.id]
    assert client.update_user(driver.id, locale="en").locale == "en"
    details = BillingDetails(
        account_type="personal",
        first_name="A",
        last_name="B",
        line1="Street 1",
        postal_code="10115",
        city="Berlin",
        country="DE",
    )
    assert client.put_billing(driver.id, details).to_wire() == client.get_billing(driver.id).to_wire()
    intent = client.get_setup_intent(driver.id)
    assert stripe.confirm_setup_intent(intent, payment_method="pm_card_visa").status == "succeeded"
    assert stripe.get_setup_intent(intent.id, intent.client_secret).status == "succeeded"
    with pytest.raises(CardDeclined):
        stripe.confirm_setup_intent(client.get_setup_intent(driver.id), payment_method="pm_card_chargeDeclined")
    (method,) = client.list_payment_methods(driver.id)
    client.set_default_payment_method(driver.id, method.id)

    station = client.get_station(evse_id=EVSE)
    place = station.coordinates
    assert place is not None
    assert place.latitude is not None
    assert place.longitude is not None
    around = client.stations_around(place.latitude, place.longitude, distance=2000, page_size=1)
    assert station.id in [s.id for s in around]
    assert client.list_partners()
    assert client.get_tile(*tile_at(place.latitude, place.longitude, 15), 15).features
    prices = station.price_group_of(EVSE)
    assert prices is not None
    assert prices.local_datetime is not None
    assert prices.price_at(Component.KWH_PRICE, prices.local_datetime) is not None

    session = client.start_charging(driver.id, evse_id=EVSE, payment_method_id=method.id)
    assert session.is_active
    assert not session.recovered
    client.stop_charging(driver.id, session.id)
    with pytest.raises(AlreadyStopped):
        client.stop_charging(driver.id, session.id)
    assert [s.id for s in client.list_sessions(driver.id)] == [session.id]
    assert client.rate_session(driver.id, session.id, 5).rates == 5
    assert list(client.list_debts(driver.id)) == []
    list(client.list_invoices(driver.id))
    with pytest.raises(NotFound):
        client.get_session(driver.id, "none")
    client.close()
    stripe.close()
    assert recorder.observations == ()
    record = "".join(exchange.model_dump_json() for exchange in recorder.exchanges)
    for secret in (OPTIONS.key, OPTIONS.publishable_key, intent.client_secret.get_secret_value()):
        assert secret not in record


def test_other_keys_are_refused(url: str, recorder: Recorder) -> None:
    client, stripe = connect(url, recorder, "another-key"), pay(url, recorder, "pk_test_another")
    with pytest.raises(Forbidden):
        client.create_user()
    with pytest.raises(StripeAuthError):
        stripe.check_key()
    client.close()
    stripe.close()
