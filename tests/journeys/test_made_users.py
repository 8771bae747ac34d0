"""The users of a run: removed once, and told with what became of each."""

import pytest

from golive.connect.errors import ConnectError
from golive.journeys.made_users import MadeUsers
from tests.journeys.bench import Act, Bench, Fault, answer_lost, done_but_refused, lost, refused
from tests.journeys.conftest import MakeBench


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench()


@pytest.fixture
def made(bench: Bench) -> MadeUsers:
    return bench.drivers.made


def test_a_user_is_told_as_kept_until_it_is_removed(bench: Bench, made: MadeUsers) -> None:
    user = bench.drivers.user("guest")
    (told,) = made.told()
    assert (told.user_id, told.fate, told.actor) == (user.id, "kept", "guest")
    assert told.external_id == bench.drivers.external_id("guest")
    assert made.remove_all() == []
    assert [told.fate for told in made.told()] == ["deleted"]


def test_a_user_that_cannot_be_removed_is_told_as_left(
    bench: Bench, made: MadeUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = bench.drivers.user("guest")

    def refuse(user_id: str) -> None:
        raise RuntimeError(f"{user_id}: no")

    with monkeypatch.context() as patch:
        patch.setattr(made._made[user.id].client, "delete_user", refuse)
        (problem,) = made.remove_all()
    assert user.id in problem
    assert [told.fate for told in made.told()] == ["left"]
    assert made.remove_all() == []  # it is tried again
    assert [told.fate for told in made.told()] == ["deleted"]


def test_the_sessions_of_a_run_stay_known_when_they_have_ended(bench: Bench) -> None:
    driver = bench.drivers.make("driver")
    session = driver.start("DE*CIQ*EWBNHHLM82TLA*1")
    assert bench.sessions.started == (session.id,)
    assert bench.sessions.open_ids == (session.id,)
    driver.leave()
    assert bench.sessions.started == (session.id,)
    assert not list(bench.sessions.open_ids)


def test_a_start_without_an_answer_is_told_by_its_evse(bench: Bench) -> None:
    bench.sessions.opening(bench.client, "someone", "DE*CIQ*EWBNHHLM82TLA*1")
    assert bench.sessions.open_ids == ("unknown, on DE*CIQ*EWBNHHLM82TLA*1 of user someone",)


@pytest.mark.parametrize("act", [answer_lost, done_but_refused(500, "unexpected_error")], ids=["lost", "500"])
def test_a_user_whose_answer_was_lost_is_found_and_removed(make_bench: MakeBench, act: Act) -> None:
    bench = make_bench(Fault(r"POST .*/users/", act, times=1))
    with pytest.raises(ConnectError):
        bench.drivers.user("guest")
    bench.drivers.user("another guest")
    assert len(bench.world.live_users) == 2
    assert bench.drivers.made.remove_all() == []
    assert bench.drivers.external_id("guest") in {told.external_id for told in bench.drivers.made.told()}
    assert bench.world.live_users == []


@pytest.mark.parametrize("act", [lost, refused(400, "validation_error")], ids=["never sent", "refused"])
def test_a_user_that_was_certainly_not_made_is_not_looked_for(make_bench: MakeBench, act: Act) -> None:
    bench = make_bench(Fault(r"POST .*/users/", act))
    with pytest.raises(ConnectError):
        bench.drivers.user("guest")
    assert bench.drivers.made.remove_all() == []
    assert "list" not in bench.operations("guest")
