"""CDR: the final charge detail record, what it costs, and the invoice."""

from decimal import Decimal

import pytest

from fixtures.arithmetic import Account
from fixtures.charging import Journeys, energies
from fixtures.marks import each_progress_vcp, each_shared_vcp, each_vcp, requirement
from fixtures.people import Guest
from golive.connect import ConnectClient, same_evse
from golive.evidence.model import Stage
from golive.journeys.vcp import Vcp
from golive.journeys.walk import Walk


@requirement("VCP1-CDR", "DEV-UPDATES", "BE-5", stage=Stage.SETTLED)
@each_shared_vcp
def test_the_cdr_of_a_shared_vcp_arrives(journeys: Journeys, vcp: Vcp) -> None:
    """After the stop the session on a shared VCP turns final: inactive, with end, duration, energy and costs."""
    journeys[vcp].stopped()
    session = journeys[vcp].settled().session
    assert session.is_final, "the session is not final"
    assert same_evse(session.evse_id, vcp.evse_id), f"the CDR speaks of {session.evse_id}"


@requirement("VCP2-CDR", "DEV-UPDATES", "BE-5", stage=Stage.SETTLED)
@each_progress_vcp
def test_the_cdr_of_a_vcp_with_progress_arrives(journeys: Journeys, vcp: Vcp) -> None:
    """The session on a VCP with progress turns final: inactive, with end, duration, energy and costs."""
    session = journeys[vcp].settled().session
    assert session.is_final, "the session is not final"
    assert same_evse(session.evse_id, vcp.evse_id), f"the CDR speaks of {session.evse_id}"


@requirement("VCP2-CDR", "DEV-UPDATES")
def test_a_session_that_is_never_stopped_gets_its_cdr(unstopped: Walk) -> None:
    """One session on a VCP with progress is never stopped, and its CDR arrives by itself."""
    cdr = unstopped.settled()
    assert cdr.session.is_final, "the session is not final"
    assert cdr.energy > 0, "a charge that ran to its end consumed nothing"


@requirement("VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
def test_times_and_duration_agree(journeys: Journeys, vcp: Vcp) -> None:
    """The CDR ends after it starts, and lasts as long as it says."""
    cdr = journeys[vcp].cdr()
    assert cdr.start_time <= cdr.end_time, f"it starts at {cdr.start_time} and ends at {cdr.end_time}"
    lasted = (cdr.end_time - cdr.start_time).total_seconds()
    assert abs(lasted - cdr.duration_s) <= 1, f"{cdr.duration_s} s from a start and an end {lasted:g} s apart"


@requirement("VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
def test_energy_agrees_with_the_last_progress(journeys: Journeys, vcp: Vcp) -> None:
    """The CDR's energy is not negative and not less than the last progress that was shown."""
    cdr, readings = journeys[vcp].cdr(), journeys[vcp].readings()
    last = max(energies([reading for reading in readings if not reading.is_final]), default=Decimal(0))
    assert cdr.energy >= 0, f"the energy is {cdr.energy} kWh"
    assert cdr.energy >= last, f"{cdr.energy} kWh after progress of {last} kWh"


@requirement("VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
def test_one_currency_runs_through_the_session(accounts: dict[Vcp, Account], vcp: Vcp) -> None:
    """The station's prices, the session's prices and the costs are in one currency."""
    currencies = accounts[vcp].currencies()
    assert len(currencies) == 1, f"currencies met: {sorted(currencies)}"


@requirement("VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
def test_the_session_has_the_advertised_price(accounts: dict[Vcp, Account], vcp: Vcp) -> None:
    """The prices of the session are the ones that the station advertises for this EVSE."""
    differences = accounts[vcp].price_differences()
    assert not differences, "; ".join(differences)


@requirement("VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
@pytest.mark.parametrize(
    "part", ["kwh_cost", "time_cost", "session_fee_cost", "starting_fee_cost", "blocking_fee_cost"]
)
def test_each_part_of_the_cost_follows_from_its_price(accounts: dict[Vcp, Account], vcp: Vcp, part: str) -> None:
    """Each part of the cost is its price times what was used, but for the rounding of cents."""
    due = accounts[vcp].due(part)
    assert due.holds, due.sentence


@requirement("VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
def test_the_parts_add_up_to_the_total(accounts: dict[Vcp, Account], vcp: Vcp) -> None:
    """The parts of the cost, less credits and discount, add up to the total, and the VAT is the one in it."""
    account = accounts[vcp]
    assert account.total().holds, account.total().sentence
    assert account.vat().holds, account.vat().sentence


@requirement("DEV-HISTORY", "VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
def test_the_history_shows_the_settled_session(journeys: Journeys, vcp: Vcp) -> None:
    """The driver's history shows the settled session as its details do."""
    cdr, entries = journeys[vcp].cdr(), journeys[vcp].remembered()
    assert len(entries) == 1, f"the history shows the settled session {len(entries)} times"
    assert not entries[0].is_active, "the history shows the settled session as active"
    assert entries[0].consumed_energy == cdr.energy, f"the history shows {entries[0].consumed_energy} kWh"
    assert entries[0].end_time == cdr.end_time, f"the history shows an end at {entries[0].end_time}"
    assert entries[0].total == cdr.cost.total, f"the history shows a total of {entries[0].total}"


@requirement("DEV-HISTORY", "VCP1-CDR", "VCP2-CDR", stage=Stage.SETTLED)
@each_vcp
def test_a_settled_session_stays_as_it_is(journeys: Journeys, vcp: Vcp) -> None:
    """Read once more at the end of the journey, the settled session has the same end, energy and total."""
    cdr, later = journeys[vcp].cdr(), journeys[vcp].read_again()
    assert not later.is_active, "the settled session turned active again"
    assert later.end_time == cdr.end_time, f"its end moved to {later.end_time}"
    assert later.duration == cdr.duration_s, f"its duration went from {cdr.duration_s} to {later.duration} s"
    assert later.consumed_energy == cdr.energy, f"its energy went from {cdr.energy} to {later.consumed_energy} kWh"
    assert later.total == cdr.cost.total, f"its total went from {cdr.cost.total} to {later.total}"


@requirement("DEV-CHARGING", stage=Stage.INVOICED)
@each_vcp
def test_an_invoice_names_the_session(journeys: Journeys, accounts: dict[Vcp, Account], vcp: Vcp) -> None:
    """One invoice with the session's id follows, over the total of the CDR and in its currency."""
    charges = [invoice for invoice in journeys[vcp].invoices() if not invoice.refund]
    assert charges, "the invoice of a charge is a refund"
    assert len(charges) == 1, f"the session was invoiced {len(charges)} times"
    billed = accounts[vcp].billed_by(charges[0])
    assert billed.holds, billed.sentence


@requirement("DEV-HISTORY", "BE-6")
def test_who_never_charged_has_no_session_and_no_invoice(connect: ConnectClient, bystander: Guest) -> None:
    """Sessions, debts and invoices belong to their driver alone: a user who never charged has none."""
    user_id = bystander.user.id
    assert list(connect.list_sessions(user_id)) == [], "another user's session is listed"
    assert list(connect.list_debts(user_id)) == [], "another user's debt is listed"
    assert list(connect.list_invoices(user_id)) == [], "another user's invoice is listed"
