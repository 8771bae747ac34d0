"""What happens to a session, once its start and stop are known."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Timeline:
    """The future and past of one session as seen now; a stop may still change it. Energy in kWh."""

    started_at: datetime
    messages: tuple[tuple[datetime, Decimal], ...]
    """Progress messages, in order of arrival."""
    ended_at: datetime
    settled_at: datetime
    """When the CDR arrives and the session turns final."""
    final_kwh: Decimal

    def progress_at(self, now: datetime) -> Decimal | None:
        """The energy of the last progress message that has arrived."""
        arrived = bisect_right(self.messages, now, key=lambda message: message[0])
        return self.messages[arrived - 1][1] if arrived else None

    @property
    def seconds(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds())
