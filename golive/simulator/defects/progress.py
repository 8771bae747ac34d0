"""Defects of the section on progress: what a session shows of its energy while it charges."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from golive.simulator.atlas.stations import VcpType
from golive.simulator.defects import defect
from golive.simulator.defects.charging import is_on
from golive.simulator.defects.stations import DRESDEN, INNSBRUCK, KARLSRUHE, LUDWIGSHAFEN, MUENCHEN
from golive.simulator.money.rounding import energy_text
from golive.simulator.services.base import Context, Json
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.vcps import Vcps
from golive.simulator.state.entities import Session

if TYPE_CHECKING:
    from golive.simulator.dev import Dev

UNHURRIED = 0.25
"""Seconds between two messages where a defect shows late: some are still to come then, on a busy machine too."""


@defect("energy-never-rises", "progress")
class NoProgress(Vcps):
    """No progress message ever arrives: the energy is nothing until the CDR."""

    def progress_kwh(self, session: Session, context: Context) -> Decimal | None:  # noqa: ARG002 - whatever it is
        return None


@defect("one-evse-repeats-its-first-message", "progress")
class FirstMessageRepeated(Vcps):
    """On one VCP of four every progress message says what the first one said."""

    def progress_kwh(self, session: Session, context: Context) -> Decimal | None:
        if is_on(session, DRESDEN):
            return self.message_kwh(session, 1)
        return super().progress_kwh(session, context)


@defect("energy-falls-once", "progress", tick=UNHURRIED)
class FallsOnce(Sessions):
    """Once in a charge, on one VCP of four, a reading shows the energy of the first message again."""

    def __init__(self, dev: Dev) -> None:
        super().__init__(dev)
        self._shown: dict[str, Decimal] = {}
        self._fallen: set[str] = set()

    def render_details(self, session: Session, context: Context) -> Json:
        shown = super().render_details(session, context)
        if not is_on(session, KARLSRUHE) or self.is_settled(session, context):
            return shown
        before = self._shown.get(session.id, Decimal(0))
        self._shown[session.id] = Decimal(str(shown["consumed_energy"]))
        first = self.dev.vcps.message_kwh(session, 1)
        if before > first and session.id not in self._fallen:
            self._fallen.add(session.id)
            return shown | {"consumed_energy": energy_text(first)}
        return shown


@defect("energy-begins-again-after-the-stop", "progress", tick=UNHURRIED)
class BeginsAgain(Vcps):
    """Progress messages that arrive after the stop count from nothing again."""

    def progress_kwh(self, session: Session, context: Context) -> Decimal | None:
        kwh = super().progress_kwh(session, context)
        if kwh is None or session.stopped_at is None:
            return kwh
        at_stop = super().progress_kwh(session, Context(session.stopped_at, context.base_url))
        return kwh - (at_stop or Decimal(0))


@defect("forty-progress-messages", "progress", tick=0.05)
class FortyMessages(Vcps):
    """A charge sends forty progress messages instead of ten at most."""

    def message_count(self, session: Session) -> int:
        return 4 * super().message_count(session)


@defect("progress-in-watt-hours", "progress")
class WattHours(Vcps):
    """Progress messages give the energy in watt-hours, the CDR in kilowatt-hours."""

    def progress_kwh(self, session: Session, context: Context) -> Decimal | None:
        kwh = super().progress_kwh(session, context)
        return None if kwh is None else kwh * 1000


@defect("energy-rises-on-a-shared-vcp", "progress")
class RisesWhileShared(Sessions):
    """On one shared VCP the energy rises while the session is active: a watt-hour each millisecond."""

    def energy(self, session: Session, context: Context) -> str | None:
        if not is_on(session, MUENCHEN) or self.is_settled(session, context):
            return super().energy(session, context)
        elapsed = context.now - session.started_at
        return energy_text(Decimal(str(elapsed.total_seconds())))


@defect("energy-appears-on-a-shared-vcp", "progress")
class AppearsWhileShared(Sessions):
    """On shared VCPs the second look at an active session shows the energy of the CDR already."""

    def __init__(self, dev: Dev) -> None:
        super().__init__(dev)
        self._looks: Counter[str] = Counter()

    def render_details(self, session: Session, context: Context) -> Json:
        self._looks[session.id] += 1
        shown = super().render_details(session, context)
        if session.evse.vcp_type is VcpType.SHARED and self._looks[session.id] > 1:
            return shown | {"consumed_energy": energy_text(self.dev.vcps.final_kwh(session))}
        return shown


@defect("session-turns-active-again", "progress", tick=UNHURRIED)
class ActiveAgain(Sessions):
    """After the stop a session is shown as ended, and at the next look as active again, until the CDR."""

    def __init__(self, dev: Dev) -> None:
        super().__init__(dev)
        self._ended: set[str] = set()

    def render_details(self, session: Session, context: Context) -> Json:
        shown = super().render_details(session, context)
        if session.stopped_at is None or session.evse.vcp_type is not VcpType.PROGRESS or session.id in self._ended:
            return shown
        self._ended.add(session.id)
        return shown | {"is_active": False}


@defect("progress-of-another-session", "progress", tick=UNHURRIED)
class AnotherSessionsProgress(Sessions):
    """After a stop the details of a session on one VCP of four carry another session's id until the CDR."""

    def render_details(self, session: Session, context: Context) -> Json:
        shown = super().render_details(session, context)
        if is_on(session, INNSBRUCK) and session.stopped_at is not None and not self.is_settled(session, context):
            return shown | {"id": next(other for other in self.world.sessions if other != session.id)}
        return shown


@defect("progress-without-energy", "progress")
class WithoutEnergy(Sessions):
    """On one VCP of four an active session shows no energy at all, only its CDR does."""

    def energy(self, session: Session, context: Context) -> str | None:
        if is_on(session, LUDWIGSHAFEN) and not self.is_settled(session, context):
            return None
        return super().energy(session, context)
