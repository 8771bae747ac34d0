"""Defects of the section on busy stations: what a second driver's start at a shared VCP does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta

from golive.simulator.atlas.stations import Evse
from golive.simulator.defects import defect
from golive.simulator.faults import ErrorType, Problem, Refusal
from golive.simulator.services.base import Context
from golive.simulator.services.charging import Charging
from golive.simulator.services.vcps import Vcps
from golive.simulator.state.entities import Session, User

LONG_BEFORE = timedelta(hours=1)


@defect("busy-start-succeeds", "busy")
class NeverBusy(Vcps):
    """A start on a shared VCP where another driver is charging succeeds."""

    def is_busy(self, evse: Evse, context: Context) -> bool:  # noqa: ARG002 - whoever is on it
        return False


@defect("busy-speaks-of-the-driver", "busy")
class SpeaksOfTheDriver(Vcps):
    """A busy VCP answers with already_charging, which speaks of the driver."""

    def busy_answer(self) -> Problem:
        return Problem(409, ErrorType.ALREADY_CHARGING, "The charging station is not available.")


@defect("busy-answers-400", "busy")
class Answers400(Vcps):
    """A busy VCP answers with 400 validation_error."""

    def busy_answer(self) -> Problem:
        return Problem(400, ErrorType.VALIDATION, "The charging station is not available.")


@defect("busy-answers-500", "busy")
class Answers500(Vcps):
    """A busy VCP answers with 500, as if the API had failed."""

    def busy_answer(self) -> Problem:
        return self.dev.envelope.unexpected("7d0a4c1e-2b8f-4e4b-8a0d-3f6f0b1c9e52")


@defect("busy-answers-without-a-type", "busy")
class AnswersWithoutType(Vcps):
    """A busy VCP answers with 424 and a detail only, so that no program can tell why."""

    def busy_answer(self) -> Refusal:
        return Refusal(424, "The charging station is not available.")


@defect("busy-has-the-other-status", "busy")
class ProviderErrorAs409(Vcps):
    """A busy VCP answers with charging_provider_error under 409, which the contract has for a start under 424."""

    def busy_answer(self) -> Problem:
        return Problem(409, ErrorType.PROVIDER, "The charging provider rejected the start: connector busy.")


class AfterRefusal(Charging, ABC):
    """Does something when a start was refused because the VCP was busy."""

    async def start(self, user: User, evse_id: str, method_id: str, context: Context) -> Session:
        _, evse = self.dev.stations.connector(evse_id)
        occupant = self.dev.vcps.occupant(evse, context)
        try:
            return await super().start(user, evse_id, method_id, context)
        except Problem:
            if occupant is not None and occupant.user_id != user.id:
                self.after_refusal(user, method_id, occupant)
            raise

    @abstractmethod
    def after_refusal(self, user: User, method_id: str, occupant: Session) -> None:
        """`occupant` was charging there."""

    def begin(self, user: User, method_id: str, occupant: Session) -> Session:
        """A session of `user` beside the one that is charging."""
        session = self.open_session(user, occupant.station, occupant.evse, user.methods[method_id])
        self.world.occupants[occupant.evse.key] = occupant
        return session


@defect("refused-start-leaves-an-active-session", "busy")
class LeavesActive(AfterRefusal):
    """A start that is refused as busy leaves an active session in the second driver's history."""

    def after_refusal(self, user: User, method_id: str, occupant: Session) -> None:
        self.begin(user, method_id, occupant)


@defect("refused-start-leaves-an-ended-session", "busy")
class LeavesEnded(AfterRefusal):
    """A start that is refused as busy leaves a session in the second driver's history that ended at once."""

    def after_refusal(self, user: User, method_id: str, occupant: Session) -> None:
        session = self.begin(user, method_id, occupant)
        session.started_at -= LONG_BEFORE
        session.stopped_at = session.started_at


@defect("second-start-ends-the-first-session", "busy")
class EndsTheFirst(AfterRefusal):
    """A start that is refused as busy ends the first driver's session."""

    def after_refusal(self, user: User, method_id: str, occupant: Session) -> None:  # noqa: ARG002 - whoever it was
        occupant.started_at -= LONG_BEFORE
        occupant.stopped_at = occupant.started_at


@defect("first-session-changes-hands", "busy")
class ChangesHands(AfterRefusal):
    """A start that is refused as busy takes over the first driver's session: it is the second driver's from then on."""

    def after_refusal(self, user: User, method_id: str, occupant: Session) -> None:
        first = self.world.users[occupant.user_id]
        for sessions in (first.sessions, first.open_sessions):
            sessions.remove(occupant)
        occupant.user_id, occupant.method_id = user.id, method_id
        user.sessions.append(occupant)
        user.open_sessions.append(occupant)
