"""Billing details: private and business customers, at home and in Italy."""

import pytest

from fixtures.catalogue import PERSONAS
from fixtures.marks import requirement
from fixtures.people import Guest
from golive.connect import ConnectClient
from golive.journeys.driver import Persona
from golive.journeys.drivers import billing_of

SENT_FIELDS = ("account_type", "city", "line1", "postal_code", "first_name", "last_name", "company_name")


@requirement("DEV-USERS", "REV-6")
@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS.keys())
def test_billing_details_read_back_equal(connect: ConnectClient, guest: Guest, persona: Persona) -> None:
    """Billing details of each kind of customer are kept as they were sent."""
    sent = billing_of(persona)
    connect.put_billing(guest.user.id, sent)
    kept = connect.get_billing(guest.user.id)
    for field in SENT_FIELDS:
        assert (getattr(kept, field) or None) == getattr(sent, field), f"{field} was not kept"
    assert (kept.country or "").upper() == persona.country, "country was not kept"
    assert (kept.vat_id or None) == sent.vat_id, "vat_id was not kept"
    assert (kept.tax_id or None) == sent.tax_id, "tax_id was not kept"


@requirement("DEV-USERS")
def test_billing_details_of_a_new_user_are_read(connect: ConnectClient, passing_guest: Guest) -> None:
    """The billing details of a user who has none yet are answered, not refused."""
    billing = connect.get_billing(passing_guest.user.id)
    assert not billing.line1, "a new user has an address that nobody gave"


@requirement("DEV-USERS", "BE-6")
@pytest.mark.parametrize("missing", ["line1", "postal_code"])
def test_incomplete_billing_details_are_refused(connect: ConnectClient, guest: Guest, missing: str) -> None:
    """Billing details without a required field are refused with 400."""
    body = billing_of(PERSONAS["de-personal"]).to_wire()
    del body[missing]
    answer = connect.send("PUT", f"/users/{guest.user.id}/billing-details/", json=body)
    assert answer.status == 400, f"billing details without {missing} were answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no detail"
