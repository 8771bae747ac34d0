"""What an active session forbids, and starts that are refused before a VCP is asked."""
# ruff: noqa: ARG002 - a deviation has the signature of what it replaces

from functools import partial

import pytest

from fixtures.catalogue import PROGRESS_VCPS
from fixtures.charging import REFUSED_STARTS
from golive.connect.errors import (
    AlreadyCharging,
    AlreadyStopped,
    BillingDataRequired,
    PaymentError,
    PaymentMethodError,
    PreAuthorizationFailed,
)
from golive.journeys.commands import STOP_TRIES
from golive.journeys.refused_start import RefusedStart
from golive.outcomes import Failed, Inconclusive, NotReached, Owner
from golive.simulator.dev import Parts
from golive.simulator.habits.payment_methods import AsksAtSetup, WithoutFundsAtSetup
from golive.simulator.services.base import Context
from golive.simulator.services.billing import Billing
from golive.simulator.services.charging import Charging
from golive.simulator.services.users import Users
from golive.simulator.state.entities import User
from golive.simulator.stripe.testmode import StripeTestMode
from tests.journeys.bench import START, STOP, Bench, Fault, answer_lost, lost, refused
from tests.journeys.conftest import MakeBench
from tests.journeys.judged import conclusion_of, judged


class DeletesSoftly(Users):
    """A deleted user can still be reached: only lists forget it."""

    def delete(self, user: User, context: Context) -> None:
        self.world.live_users.remove(user)


class Deletes(Users):
    def delete(self, user: User, context: Context) -> None:
        self.world.remove_user(user)


class StartsAgain(Charging):
    def check_not_charging(self, user: User, context: Context) -> None:
        return

    def provider_answer(self, *args: object) -> None:
        return None


class NeverMissing(Billing):
    def missing(self, *args: object) -> list[str]:
        return []


def refused_start(bench: Bench, name: str) -> RefusedStart:
    conductor = bench.conductor(refused_starts={name: REFUSED_STARTS[name]}, refused_on=PROGRESS_VCPS[0])
    return bench.lived(conductor.refused_starts[name])


def test_all_that_a_session_forbids_is_refused(make_bench: MakeBench) -> None:
    bench = make_bench()
    refusals = bench.refusals()
    denials = refusals.denials()
    assert isinstance(denials.second_start.error, AlreadyCharging)
    assert isinstance(denials.payment_method_deletion.error, PaymentError)
    assert isinstance(denials.user_deletion.error, PaymentError)
    assert isinstance(refusals.second_stop().error, AlreadyStopped)
    assert len(bench.world.sessions) == 1
    assert bench.still_open == []
    assert bench.sessions.open == ()
    assert bench.drivers.made.remove_all() == []


def test_a_prepared_user_is_not_put_at_risk(make_bench: MakeBench) -> None:
    bench = make_bench(stripe=False, prepared=1)
    refusals = bench.refusals()
    assert judged(refusals.denials) == (Inconclusive, Owner.PARTNER)
    assert bench.world.sessions == {}
    assert bench.lived(bench.walk()).settled().energy > 0, "the user was not given back"


def test_an_accepted_second_start_is_shown_and_stopped(make_bench: MakeBench) -> None:
    bench = make_bench(parts=Parts().mixed(charging=StartsAgain))
    denials = bench.refusals().denials()
    assert not denials.second_start.was_refused
    assert denials.second_start.session is not None
    assert denials.second_start.session.id != denials.session.id
    assert len(bench.world.sessions) == 2
    assert bench.still_open == []


def test_a_user_deleted_while_charging_still_has_the_session_stopped(make_bench: MakeBench) -> None:
    bench = make_bench(parts=Parts().mixed(users=DeletesSoftly))
    refusals = bench.refusals()
    assert not refusals.denials().user_deletion.was_refused
    assert isinstance(refusals.second_stop().error, AlreadyStopped)
    assert bench.still_open == []


def test_a_deleted_user_whose_session_cannot_be_stopped_is_told(make_bench: MakeBench) -> None:
    """The API answers 404 to everything about that user: nothing can be done, but nothing is hidden either."""
    bench = make_bench(parts=Parts().mixed(users=Deletes))
    bench.refusals()
    assert len(bench.still_open) == 1
    problems = bench.sessions.release_all()
    assert len(problems) == 1
    assert "may still be open" in problems[0]


def test_a_first_stop_that_failed_is_not_mistaken_for_an_accepted_second_one(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(STOP, refused(424, "charging_provider_error"), times=STOP_TRIES))
    refusals = bench.refusals()
    assert judged(refusals.second_stop) == (NotReached, Owner.CARIQA)
    assert "'stopped'" in conclusion_of(refusals.second_stop).message
    assert refusals.denials().user_deletion.was_refused, "what was answered before the stop is lost"
    assert bench.still_open == []


@pytest.mark.parametrize("act", [lost, answer_lost], ids=["never sent", "answer lost"])
def test_a_connection_lost_meanwhile_is_the_environments(make_bench: MakeBench, act: object) -> None:
    bench = make_bench(Fault(r"DELETE .*", act))  # type: ignore[arg-type]
    refusals = bench.refusals()
    assert judged(refusals.denials) == (Inconclusive, Owner.ENVIRONMENT)
    assert bench.still_open == []


def test_a_start_that_is_refused_ends_it(make_bench: MakeBench) -> None:
    refusals = make_bench(Fault(START, refused(500, "unexpected_error"))).refusals()
    assert judged(refusals.denials) == (NotReached, Owner.CARIQA)


# -- starts that are refused ---------------------------------------------------------------------------------


def test_a_start_without_billing_data_is_refused(make_bench: MakeBench) -> None:
    bench = make_bench()
    journey = refused_start(bench, "no-billing")
    assert isinstance(journey.attempt().error, BillingDataRequired)
    assert [(event.what, event.status) for event in journey.timeline.events] == [("start", "refused")]


@pytest.mark.parametrize(
    ("name", "wants_driver"), [("charge-fails", False), ("insufficient-funds", False), ("sca-always", True)]
)
def test_a_card_that_fails_pre_authorization_is_refused(make_bench: MakeBench, name: str, wants_driver: bool) -> None:
    error = refused_start(make_bench(), name).attempt().error
    assert isinstance(error, PreAuthorizationFailed)
    assert (error.payment_intent_client_secret is not None) == wants_driver


@pytest.mark.parametrize(("name", "stripe"), [("insufficient-funds", WithoutFundsAtSetup), ("sca-always", AsksAtSetup)])
def test_a_card_that_shows_at_its_setup_what_it_is_for_needs_no_start(
    make_bench: MakeBench, name: str, stripe: type[StripeTestMode]
) -> None:
    bench = make_bench(parts=Parts().mixed(stripe=stripe))
    journey = refused_start(bench, name)
    attempt = journey.attempt()
    assert attempt.met_at_setup is not None
    assert attempt.met_at_setup.listed == ()
    assert not attempt.was_refused
    assert bench.world.sessions == {}
    assert [(event.what, event.status) for event in journey.timeline.events] == [("set-up", "refused")]
    told = [(each.code, each.owner) for each in bench.recorder.observations]
    assert told == [("CARD_MET_AT_SETUP", Owner.ENVIRONMENT)]


def test_the_foreign_card_is_another_users(make_bench: MakeBench) -> None:
    bench = make_bench()
    attempt = refused_start(bench, "foreign-card").attempt()
    assert isinstance(attempt.error, PaymentMethodError)
    assert sorted(len(user.methods) for user in bench.world.live_users) == [0, 1]
    assert bench.drivers.made.remove_all() == []


def test_an_accepted_start_is_shown_and_stopped(make_bench: MakeBench) -> None:
    bench = make_bench(parts=Parts().mixed(billing=NeverMissing))
    journey = refused_start(bench, "no-billing")
    assert not journey.attempt().was_refused
    assert [event.status for event in journey.timeline.events] == ["failed"]
    assert len(bench.world.sessions) == 1
    assert bench.still_open == []
    assert bench.sessions.open == ()


@pytest.mark.parametrize("name", list(REFUSED_STARTS))
def test_without_a_stripe_key_it_is_the_partners_move(make_bench: MakeBench, name: str) -> None:
    bench = make_bench(stripe=False, prepared=1)
    assert judged(refused_start(bench, name).attempt) == (NotReached, Owner.PARTNER)


def test_a_lost_start_is_the_environments(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, lost))
    assert judged(refused_start(bench, "no-billing").attempt) == (Inconclusive, Owner.ENVIRONMENT)


def test_a_card_that_stripe_declines_ends_it(make_bench: MakeBench) -> None:
    bench = make_bench()
    make = partial(bench.drivers.make, card="declined-at-setup")
    journey = bench.lived(RefusedStart("driver", PROGRESS_VCPS[0], make, bench.recorder, bench.clock))
    assert judged(journey.attempt) == (NotReached, Owner.CARIQA)
    assert not issubclass(judged(journey.attempt)[0], Failed)
