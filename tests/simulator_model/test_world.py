"""Whatever a few drivers do, the simulated DEV agrees with the model; and where it does not, that is found."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from golive.simulator.dev import Parts
from tests.simulator_model.world import WorldMachine

THOROUGH = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_simulator_agrees_with_the_model() -> None:
    run_state_machine_as_test(WorldMachine, settings=THOROUGH)


# -- deviations that must not pass ---------------------------------------------------------------------------


class ChargesTwice:
    def check_not_charging(self, user: Any, context: Any) -> None:
        """Lets a user charge again."""


class Forgives:
    def check_no_debt(self, user: Any, context: Any) -> None:
        """Lets a user in debt charge."""


class NeverBusy:
    def occupant(self, _evse: Any, _context: Any) -> None:
        return None


class FallingEnergy:
    def message_kwh(self, session: Any, number: int) -> Decimal:
        return Decimal(super().message_kwh(session, 11 - number))  # type: ignore[misc]


class MovingEnd:
    def ended_at(self, session: Any) -> Any:
        """A final session that goes on changing: it ends later once it has an invoice."""
        late = session in self.world.users[session.user_id].invoiced  # type: ignore[attr-defined]
        return super().ended_at(session) + timedelta(seconds=late)  # type: ignore[misc]


class BillsTwice:
    def render(self, session: Any, context: Any) -> Any:
        invoice = super().render(session, context)  # type: ignore[misc]
        return {**invoice, "total": str(2 * Decimal(invoice["total"]))}


class KeepsNoDefault:
    def delete(self, user: Any, method: Any, context: Any) -> None:
        was_default = user.default_method == method.id
        super().delete(user, method, context)  # type: ignore[misc]
        user.default_method = None if was_default else user.default_method


class TwoDefaults:
    def render(self, method: Any, user: Any) -> Any:
        newest = method.id == next(reversed(user.methods))
        shown = super().render(method, user)  # type: ignore[misc]
        return {**shown, "default": shown["default"] or newest}


class NeverDeletes:
    def delete(self, user: Any, context: Any) -> None:
        self.refuse_while_unsettled(user, context)  # type: ignore[attr-defined]


class DeletesTheIndebted:
    def refuse_while_unsettled(self, user: Any, context: Any) -> None:
        """Never refuses."""


class MiscountedPages:
    def render(self, page: Any, results: Any, wanted: Any) -> Any:
        shown = super().render(page, results, wanted)  # type: ignore[misc]
        return {**shown, "count": len(results)}


class SharedSessions:
    def get(self, user: Any, session_id: str) -> Any:
        return self.world.sessions.get(session_id) or super().get(user, session_id)  # type: ignore[misc,attr-defined]


DEVIATIONS: dict[str, dict[str, type]] = {
    "a user charges twice at once": {"charging": ChargesTwice},
    "a user in debt may charge": {"charging": Forgives},
    "two sessions on one shared VCP": {"vcps": NeverBusy},
    "energy falls": {"vcps": FallingEnergy},
    "a final session changes": {"vcps": MovingEnd},
    "an invoice says another total": {"invoices": BillsTwice},
    "the default method is lost": {"payment_methods": KeepsNoDefault},
    "two default methods": {"payment_methods": TwoDefaults},
    "a deleted user stays": {"users": NeverDeletes},
    "an indebted user is deleted": {"users": DeletesTheIndebted},
    "a list is miscounted": {"pages": MiscountedPages},
    "another user's session is read": {"sessions": SharedSessions},
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_deviation_is_found(name: str) -> None:
    class Deviating(WorldMachine):
        parts = Parts().mixed(**DEVIATIONS[name])

    first = settings(THOROUGH, phases=[Phase.generate], print_blob=False, report_multiple_bugs=False)
    with pytest.raises((AssertionError, KeyError)):
        run_state_machine_as_test(Deviating, settings=first)
