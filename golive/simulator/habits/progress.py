"""Progress: how many messages, what is shown before the first, what a stop changes."""

from datetime import datetime
from decimal import Decimal

from golive.simulator.atlas.stations import VcpType
from golive.simulator.habits import habit
from golive.simulator.services.base import Context
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.vcps import Vcps
from golive.simulator.state.entities import Session

habit.by_options(
    "three-progress-messages", "progress", "A VCP with progress sends three messages.", progress_messages=3, tick=0.3
)
habit.by_options(
    "one-progress-message", "progress", "A VCP with progress sends a single message.", progress_messages=1, tick=0.6
)
habit.by_options(
    "cdr-before-the-stop",
    "progress",
    "A VCP with progress has ended and sent its CDR before the driver stops, so that the stop meets already_stopped.",
    progress_messages=2,
    cdr_delay=0.0,
    tick=0.6,
)


class NoEnergyBeforeTheFirstMessage(Sessions):
    """Before the first progress message the energy is null, not zero."""

    def energy(self, session: Session, context: Context) -> str | None:
        if not self.is_settled(session, context) and self.dev.vcps.progress_kwh(session, context) is None:
            return None
        return super().energy(session, context)


@habit("no-energy-before-the-first-of-one-message", "progress")
class NoEnergyBeforeTheOnlyMessage(NoEnergyBeforeTheFirstMessage):
    """The energy is null until a single progress message tells all of it."""


habit.by_options("no-energy-before-the-first-of-one-message", "progress", "", progress_messages=1, tick=0.6)


@habit("zero-energy-without-progress", "progress")
class ZeroEnergyWithoutProgress(Sessions):
    """On a shared VCP the energy of an active session is zero, not null."""

    def energy(self, session: Session, context: Context) -> str | None:
        return super().energy(session, context) or "0.000"


@habit("progress-ends-at-the-stop", "progress")
class ProgressEndsAtTheStop(Vcps):
    """A stop ends a session on a VCP with progress at once: no further message, and the CDR has what was charged."""

    def ended_at(self, session: Session) -> datetime:
        ended = super().ended_at(session)
        return ended if session.stopped_at is None else min(ended, session.stopped_at)

    def progress_kwh(self, session: Session, context: Context) -> Decimal | None:
        until = min(context.now, self.ended_at(session))
        return super().progress_kwh(session, Context(until, context.base_url))

    def final_kwh(self, session: Session) -> Decimal:
        if session.evse.vcp_type is not VcpType.PROGRESS:
            return super().final_kwh(session)
        return self.progress_kwh(session, Context(self.ended_at(session), "")) or Decimal("0.000")
