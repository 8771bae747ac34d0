"""Where drivers come from, and that all of them go again."""

import threading
from dataclasses import replace

import pytest

from fixtures.catalogue import PERSONAS
from golive.connect.stripe import CardDeclined
from golive.journeys.driver import MetAtSetup
from golive.journeys.drivers import billing_of
from golive.journeys.vcp import Cancelled
from golive.outcomes import Failed, Inconclusive, NotReached, Owner
from golive.simulator.dev import Parts
from golive.simulator.services.base import Context
from golive.simulator.stripe.cards import AtSetup, TestCard
from golive.simulator.stripe.testmode import Form, StripeTestMode
from tests.journeys.bench import PATIENCE_S, PROGRESS, QUICK, SHARED, START, Bench, Fault, bounded, broken, lost
from tests.journeys.conftest import MakeBench
from tests.journeys.judged import conclusion_of, judged


class AlwaysAuthenticates(StripeTestMode):
    """As the real card processor does with some cards: the set-up itself asks for the cardholder."""

    def card(self, form: Form) -> TestCard:
        return replace(super().card(form), at_setup=AtSetup.WANTS_ACTION)


class AlwaysDeclines(StripeTestMode):
    def card(self, form: Form) -> TestCard:
        return replace(super().card(form), at_setup=AtSetup.DECLINED)


class Forgets(StripeTestMode):
    """Says that the card was attached, and attaches nothing."""

    def attach(self, intent: object, card: TestCard, form: Form, context: Context) -> None:
        user = self.world.users[intent.user_id]  # type: ignore[attr-defined]
        super().attach(intent, card, form, context)  # type: ignore[arg-type]
        user.methods.clear()


# -- made anew -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", list(PERSONAS))
def test_a_driver_has_billing_data_and_a_card(make_bench: MakeBench, persona: str) -> None:
    bench = make_bench()
    driver = bench.drivers.make("driver", persona=persona)
    asked, got = billing_of(PERSONAS[persona]), driver.client.get_billing(driver.user_id)
    assert got.model_dump(exclude_unset=True).items() >= asked.model_dump(exclude_none=True).items()
    (method,) = driver.client.list_payment_methods(driver.user_id)
    assert method.id == driver.payment_method_id
    assert not driver.prepared
    assert {e.actor for e in bench.recorder.exchanges} == {"driver"}


def test_a_driver_may_be_made_without_billing_data(make_bench: MakeBench) -> None:
    driver = make_bench().drivers.make("driver", persona=None)
    assert not driver.client.get_billing(driver.user_id).line1


def test_external_ids_come_from_the_seed_and_tell_drivers_apart(make_bench: MakeBench) -> None:
    drivers = make_bench().drivers
    ids = [drivers.external_id(name) for name in ("a", "b", "a")]
    assert ids[0] == ids[2] != ids[1]
    drivers.seed += 1
    assert drivers.external_id("a") != ids[0]


# -- cards ---------------------------------------------------------------------------------------------------


def test_a_payment_method_that_comes_late_is_waited_for(make_bench: MakeBench) -> None:
    bench = make_bench(payment_method_delay=0.5)
    driver = bench.drivers.make("driver")
    assert driver.payment_method_id in bench.world.users[driver.user_id].methods
    assert bench.operations("driver").count("payment_methods_list") > 2


def test_a_payment_method_that_never_appears_is_cariqas_failure(make_bench: MakeBench) -> None:
    bench = make_bench(parts=Parts().mixed(stripe=Forgets), pace=replace(QUICK, payment_timeout=0.05))
    assert judged(lambda: bench.drivers.make("driver")) == (Failed, Owner.CARIQA)
    assert bench.drivers.made.remove_all() == []
    assert bench.world.live_users == []


def test_of_two_cards_the_new_one_is_returned(make_bench: MakeBench) -> None:
    bench = make_bench()
    driver = bench.drivers.make("driver")
    second = bench.drivers.attach(driver.user_id, "charge-fails", client=driver.client)
    assert second.id != driver.payment_method_id
    assert second.card is not None
    assert second.card.last4 == "0341"


def test_a_card_declined_at_set_up_is_said_to_be(make_bench: MakeBench) -> None:
    bench = make_bench()
    with pytest.raises(CardDeclined):
        bench.drivers.make("driver", card="declined-at-setup")
    assert bench.drivers.made.remove_all() == []


def test_a_card_that_asks_for_its_holder_at_set_up_needs_a_person(make_bench: MakeBench) -> None:
    drivers = make_bench(parts=Parts().mixed(stripe=AlwaysAuthenticates)).drivers
    assert judged(lambda: drivers.make("driver", card="sca-always")) == (MetAtSetup, Owner.ENVIRONMENT)
    assert "needs a person" in conclusion_of(lambda: drivers.make("another", card="sca-always")).message


def test_a_card_for_charges_that_can_be_set_up_shows_nothing_where_it_is_declined(make_bench: MakeBench) -> None:
    drivers = make_bench(parts=Parts().mixed(stripe=AlwaysDeclines)).drivers
    assert judged(lambda: drivers.make("driver", card="charge-fails")) == (Inconclusive, Owner.ENVIRONMENT)
    assert judged(lambda: drivers.make("another", card="insufficient-funds")) == (MetAtSetup, Owner.ENVIRONMENT)


@pytest.mark.parametrize("card", ["visa", "insufficient-funds"])
def test_a_plain_card_may_not_ask_for_its_holder_at_set_up(make_bench: MakeBench, card: str) -> None:
    drivers = make_bench(parts=Parts().mixed(stripe=AlwaysAuthenticates)).drivers
    assert judged(lambda: drivers.make("driver", card=card)) == (Failed, Owner.CARIQA)
    assert "requires_action" in conclusion_of(lambda: drivers.make("another", card=card)).message


# -- prepared users ------------------------------------------------------------------------------------------


def test_without_any_payment_set_up_it_is_the_partners_move(make_bench: MakeBench) -> None:
    bench = make_bench(stripe=False)
    assert judged(lambda: bench.drivers.make("driver")) == (Inconclusive, Owner.PARTNER)
    walk = bench.walk(SHARED)
    assert judged(walk.started) == (NotReached, Owner.PARTNER)
    assert "STRIPE_PUBLISHABLE_KEY" in conclusion_of(walk.started).message
    assert bench.world.users == {}


def test_a_prepared_user_has_no_other_card(make_bench: MakeBench) -> None:
    bench = make_bench(stripe=False, prepared=1)
    drivers, user_id = bench.drivers, bench.prepared[0][0]
    assert judged(lambda: drivers.make("driver", card="charge-fails")) == (Inconclusive, Owner.PARTNER)
    assert judged(lambda: drivers.make("driver", persona=None)) == (Inconclusive, Owner.PARTNER)
    assert judged(lambda: drivers.attach(user_id, "visa", client=bench.client)) == (Inconclusive, Owner.PARTNER)


def test_a_prepared_user_is_lent_to_one_at_a_time(make_bench: MakeBench) -> None:
    bench = make_bench(stripe=False, prepared=2)
    first, second = bench.drivers.make("a"), bench.drivers.make("b")
    assert {(d.user_id, d.payment_method_id) for d in (first, second)} == set(bench.prepared)
    got: list[str] = []
    waiting = threading.Thread(target=lambda: got.append(bench.drivers.make("c").user_id), daemon=True)
    waiting.start()
    bench.drivers.give_back(second)
    waiting.join(PATIENCE_S)
    assert got == [second.user_id]


def test_one_prepared_user_serves_walk_after_walk(make_bench: MakeBench) -> None:
    bench = make_bench(stripe=False, prepared=1)
    for vcp in (PROGRESS, SHARED, PROGRESS):
        assert bench.walk(vcp).settled().energy > 0
    assert {session.user_id for session in bench.world.sessions.values()} == {bench.prepared[0][0]}


def test_a_walk_that_fails_gives_its_prepared_user_back(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, broken, times=1), stripe=False, prepared=1)
    bench.walk(SHARED)
    assert bench.walk(SHARED).settled().energy > 0


def test_two_drivers_at_once_need_two_prepared_users(make_bench: MakeBench) -> None:
    one = make_bench(stripe=False, prepared=1)
    assert judged(one.busy().encounter) == (NotReached, Owner.PARTNER)
    assert one.walk(SHARED).settled().energy > 0, "the one user was not given back"
    two = make_bench(stripe=False, prepared=2)
    assert two.busy().encounter().attempt.was_refused


def test_a_run_that_ends_wakes_who_waits_for_a_user(make_bench: MakeBench) -> None:
    bench = make_bench(stripe=False, prepared=1)
    bench.drivers.make("a")
    bench.clock.cancel()
    with pytest.raises(Cancelled):
        bounded(lambda: bench.drivers.make("b"))


# -- the end -------------------------------------------------------------------------------------------------


def test_whoever_was_made_is_removed(make_bench: MakeBench) -> None:
    bench = make_bench(prepared=1)
    for name in ("a", "b"):
        bench.drivers.make(name)
    bench.drivers.user("c")
    assert bench.drivers.made.remove_all() == []
    assert [user.id for user in bench.world.live_users] == [user_id for user_id, _ in bench.prepared]
    assert bench.drivers.made.remove_all() == []


def test_a_user_that_is_gone_already_is_no_problem(make_bench: MakeBench) -> None:
    bench = make_bench()
    user = bench.drivers.user("a")
    bench.client.delete_user(user.id)
    assert bench.drivers.made.remove_all() == []


@pytest.mark.parametrize("act", [lost, broken], ids=["connection lost", "bug"])
def test_whoever_cannot_be_removed_is_told_and_the_others_are_removed(make_bench: MakeBench, act: object) -> None:
    bench: Bench = make_bench(Fault(r"DELETE .*", act, times=1))  # type: ignore[arg-type]
    stays, goes = bench.drivers.user("a"), bench.drivers.user("b")
    (problem,) = bench.drivers.made.remove_all()
    assert stays.id in problem
    assert [user.id for user in bench.world.live_users] == [stays.id]
    assert goes.id not in problem


def test_users_are_removed_also_after_the_run_was_ended(make_bench: MakeBench) -> None:
    bench = make_bench()
    bench.drivers.make("a")
    bench.clock.cancel()
    assert bench.drivers.made.remove_all() == []
    assert bench.world.live_users == []
