"""What a walk makes of the invoices that it finds, and of a CDR that lacks something."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from golive.outcomes import Failed, Inconclusive, NotReached, Owner
from golive.simulator.dev import Parts
from golive.simulator.services.base import Context, Json
from golive.simulator.services.invoices import Invoices
from golive.simulator.services.sessions import Sessions
from golive.simulator.state.entities import Session, User
from tests.journeys.bench import PROGRESS, QUICK, SHARED, Bench
from tests.journeys.conftest import MakeBench
from tests.journeys.judged import conclusion_of, judged

IMPATIENT = replace(QUICK, cdr_timeout=0.5, invoice_timeout=0.2)


class OfAnother(Invoices):
    def render(self, session: Session, context: Context) -> Json:
        return super().render(session, context) | {"charging_session_id": "another"}


class Nameless(Invoices):
    def render(self, session: Session, context: Context) -> Json:
        return super().render(session, context) | {"charging_session_id": None}


class Twice(Invoices):
    def of(self, user: User, context: Context) -> Sequence[Session]:
        return [session for session in super().of(user, context) for _ in range(2)]


class Without(Sessions):
    """A CDR without one of its fields."""

    field = ""

    def render(self, session: Session, context: Context) -> Json:
        shown = super().render(session, context)
        return shown | {self.field: None} if self.is_settled(session, context) else shown


def bench_with(make_bench: MakeBench, invoices: type[Invoices], *, prepared: int = 0) -> Bench:
    return make_bench(parts=Parts().mixed(invoices=invoices), pace=IMPATIENT, prepared=prepared, stripe=not prepared)


def test_an_invoice_of_another_session_is_cariqas_failure(make_bench: MakeBench) -> None:
    walk = bench_with(make_bench, OfAnother).walk(SHARED)
    assert judged(walk.invoices) == (Failed, Owner.CARIQA)
    assert "another" in conclusion_of(walk.invoices).message
    assert walk.read_again().is_final


def test_a_prepared_user_may_have_invoices_of_other_sessions(make_bench: MakeBench) -> None:
    walk = bench_with(make_bench, OfAnother, prepared=1).walk(SHARED)
    assert judged(walk.invoices)[0] is Inconclusive


def test_an_invoice_need_not_name_its_session(make_bench: MakeBench) -> None:
    walk = bench_with(make_bench, Nameless).walk(SHARED)
    assert judged(walk.invoices)[0] is Inconclusive
    assert "name no session" in conclusion_of(walk.invoices).message


def test_all_invoices_of_the_session_are_kept(make_bench: MakeBench) -> None:
    walk = bench_with(make_bench, Twice).walk(SHARED)
    assert [invoice.charging_session_id for invoice in walk.invoices()] == [walk.started().id] * 2


@pytest.mark.parametrize("missing", ["start_time", "end_time", "duration", "consumed_energy", "session_cost"])
def test_what_a_cdr_lacks_is_named_once(make_bench: MakeBench, missing: str) -> None:
    lacking = type("Lacking", (Without,), {"field": missing})
    walk = make_bench(parts=Parts().mixed(sessions=lacking), pace=IMPATIENT).walk(PROGRESS)
    assert judged(walk.settled) == (Failed, Owner.CARIQA)
    assert missing in conclusion_of(walk.settled).message
    assert [judged(later) for later in (walk.cdr, walk.invoices, walk.read_again)] == [(NotReached, Owner.CARIQA)] * 3
