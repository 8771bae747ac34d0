"""Integration: what the wire shows of the partner's own backend, and how it copes with errors. With `--integration`."""

import pytest

from fixtures.integration import UnderTest, each_provocation, each_rule, not_of_a_person
from fixtures.marks import each_vcp, requirement
from golive.journeys.vcp import Vcp

pytestmark = pytest.mark.integration


@requirement("BE-3", "BE-4", "BE-5")
@each_vcp
def test_a_driver_charges_through_the_integration(integration: UnderTest, vcp: Vcp) -> None:
    """A driver signs up in the partner's app, adds a card, starts on this EVSE ID, watches, stops and has a receipt."""
    integration.charges(vcp)


@requirement("VCP1-BUSY", "BE-4", "BE-6")
@not_of_a_person
def test_a_second_driver_meets_a_busy_station(integration: UnderTest) -> None:
    """While a driver of the partner's app charges, another one's start there is refused, once, in words for drivers."""
    integration.meets_a_busy_station()


@requirement("VCP2-CDR", "BE-5")
@not_of_a_person
def test_a_charge_that_nobody_stops_comes_to_its_end(integration: UnderTest) -> None:
    """A charge that no driver stops ends by itself: the driver is shown that it has ended, and has a receipt."""
    integration.comes_to_its_end_unstopped()


@each_rule("BE-2", "BE-3", "BE-4", "BE-5", "BE-6", "DEV-PAYMENT", "DEV-UPDATES", "DEV-USERS", "ENV-NO-PROD", "FE-5")
def test_the_traffic_keeps_the_rule(integration: UnderTest, rule: str) -> None:
    """Over all of the partner's requests the rule is kept."""
    integration.keeps(rule)


@requirement("BE-6")
@each_provocation
def test_the_integration_copes_with_the_error(integration: UnderTest, provocation: str) -> None:
    """After the provoked error nothing unsafe is sent, and the driver is shown words that are fit for a driver."""
    integration.copes_with(provocation)
