"""The state of one simulated DEV, with an index for every question that a request asks."""

import math
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta

from golive.simulator.atlas.atlas import Atlas, atlas_of
from golive.simulator.clocks import SimulatorClock
from golive.simulator.faults import Fault
from golive.simulator.state.entities import (
    Hold,
    IntentStatus,
    PaymentIntent,
    Session,
    SetupIntent,
    User,
)
from golive.simulator.state.evse_ids import evse_key
from golive.simulator.state.identifiers import Identifiers


class UnknownEvse(LookupError):  # noqa: N818 - reads as what it is
    """No EVSE of that id on the simulated map."""


class World:
    """Users, sessions, intents, and what other parties do. Its public methods are also the switches for tests."""

    def __init__(self, clock: SimulatorClock, seed: int, ids: Identifiers) -> None:
        self.clock = clock
        self.made_at = clock.now()
        self.ids = ids
        self.atlas: Atlas = atlas_of(seed)
        self.users: dict[str, User] = {}
        self.live_users: list[User] = []
        self.sessions: dict[str, Session] = {}
        self.setup_intents: dict[str, SetupIntent] = {}
        self.payment_intents: dict[str, PaymentIntent] = {}
        self.occupants: dict[str, Session] = {}
        self.reserved: set[str] = set()
        self.holds: dict[str, Hold] = {}
        self.out_of_order: set[str] = set()
        self.provider_answers: dict[str, Fault] = {}
        self.partners_locked_until: datetime | None = None
        self._by_external_id: dict[str, dict[str, User]] = {}

    # -- what other parties and the world at its worst do ----------------------------------------------------

    def hold(self, evse_id: str, seconds: float = math.inf) -> None:
        """Another party holds the VCP from now on, for `seconds`."""
        until = None if math.isinf(seconds) else self.clock.now() + timedelta(seconds=seconds)
        self.holds[self._known(evse_id)] = Hold(until)

    def release(self, evse_id: str) -> None:
        """The other party leaves the VCP."""
        self.holds.pop(self._known(evse_id), None)

    def put_out_of_order(self, evse_id: str) -> None:
        """The connector is broken from now on: starts are refused with 409."""
        self.out_of_order.add(self._known(evse_id))

    def repair(self, evse_id: str) -> None:
        self.out_of_order.discard(self._known(evse_id))

    def provider_refuses(self, evse_id: str, fault: Fault | None) -> None:
        """The charge point operator answers every start on that EVSE with `fault`; None: as usual again."""
        key = self._known(evse_id)
        if fault is None:
            self.provider_answers.pop(key, None)
        else:
            self.provider_answers[key] = fault

    def lock_partners(self, seconds: float) -> None:
        """The list of partners answers 423 for `seconds`."""
        self.partners_locked_until = self.clock.now() + timedelta(seconds=seconds)

    def decline_final_charge(self, session_id: str) -> PaymentIntent:
        """The session's final charge fails: once settled it is a debt, until the returned intent is confirmed."""
        session = self.sessions[session_id]
        intent = self.new_payment_intent(
            session.user_id,
            amount_cents=0,
            currency=session.tariff.currency,
            capture_method="automatic",
            status=IntentStatus.REQUIRES_PAYMENT_METHOD,
            method_id=session.method_id,
        )
        session.debt_intent = intent.id
        return intent

    def _known(self, evse_id: str) -> str:
        key = evse_key(evse_id)
        if key not in self.atlas.by_evse:
            raise UnknownEvse(f"no EVSE {evse_id} on the simulated map")
        return key

    # -- users -----------------------------------------------------------------------------------------------

    def add_user(self, *, email: str | None, locale: str, external_id: str | None) -> User:
        user = User(
            id=self.ids.user(),
            sequence=len(self.users),
            created_at=self.clock.now(),
            email=email,
            locale=locale,
            external_id=external_id,
        )
        self.users[user.id] = user
        self.live_users.append(user)
        self._index_external_id(user)
        return user

    def live_user(self, user_id: str) -> User | None:
        user = self.users.get(user_id)
        return user if user is not None and user.deleted_at is None else None

    def users_by_external_id(self, external_id: str) -> Iterable[User]:
        return self._by_external_id.get(external_id, {}).values()

    def rename_external_id(self, user: User, external_id: str | None) -> None:
        self._forget_external_id(user)
        user.external_id = external_id
        self._index_external_id(user)

    def remove_user(self, user: User) -> None:
        """Soft: the record stays, no lookup finds it any more."""
        user.deleted_at = self.clock.now()
        position = bisect_left(self.live_users, user.sequence, key=lambda u: u.sequence)
        del self.live_users[position]
        self._forget_external_id(user)

    def _index_external_id(self, user: User) -> None:
        if user.external_id is not None:
            self._by_external_id.setdefault(user.external_id, {})[user.id] = user

    def _forget_external_id(self, user: User) -> None:
        if user.external_id is not None:
            same = self._by_external_id[user.external_id]
            del same[user.id]
            if not same:
                del self._by_external_id[user.external_id]

    # -- sessions and intents --------------------------------------------------------------------------------

    def add_session(self, session: Session) -> None:
        self.sessions[session.id] = session
        user = self.users[session.user_id]
        user.sessions.append(session)
        user.open_sessions.append(session)

    def new_setup_intent(self, user: User) -> SetupIntent:
        intent_id = self.ids.prefixed("seti")
        intent = SetupIntent(intent_id, self.ids.secret_of(intent_id), user.id, self.clock.now())
        self.setup_intents[intent.id] = intent
        return intent

    def new_payment_intent(
        self,
        user_id: str,
        *,
        amount_cents: int,
        currency: str,
        capture_method: str,
        status: IntentStatus,
        method_id: str | None,
    ) -> PaymentIntent:
        intent_id = self.ids.prefixed("pi")
        intent = PaymentIntent(
            id=intent_id,
            client_secret=self.ids.secret_of(intent_id),
            user_id=user_id,
            amount_cents=amount_cents,
            currency=currency,
            created_at=self.clock.now(),
            capture_method=capture_method,
            status=status,
            method_id=method_id,
        )
        self.payment_intents[intent.id] = intent
        return intent
