"""The final charge detail record: how a settled session reaches a partner."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from golive.connect.models import Session, SessionCost, SessionPrices
from golive.outcomes import Failed, Owner

T = TypeVar("T")


@dataclass(frozen=True)
class Cdr:
    """A settled session with all that a CDR must have; times are aware, `duration_s` seconds, `energy` kWh."""

    session: Session
    start_time: datetime
    end_time: datetime
    duration_s: int
    energy: Decimal
    prices: SessionPrices
    cost: SessionCost

    @classmethod
    def of(cls, session: Session) -> "Cdr":
        """The CDR in a final session. Raises `Failed` (owner cariqa) that names the field which is missing."""
        return cls(
            session=session,
            start_time=_there(session.start_time, "start_time"),
            end_time=_there(session.end_time, "end_time"),
            duration_s=_there(session.duration, "duration"),
            energy=_there(session.consumed_energy, "consumed_energy"),
            prices=_there(session.user_facing_session_prices, "user_facing_session_prices"),
            cost=_there(session.session_cost, "session_cost"),
        )


def _there(value: T | None, field: str) -> T:
    if value is None:
        raise Failed(f"the CDR has no {field}", owner=Owner.CARIQA)
    return value
