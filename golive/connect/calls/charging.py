"""Charging: start, stop, sessions, debts and invoices.

There is no idempotency key, so a start or stop whose answer was lost is never sent again: the state is read.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from golive.connect.caller import Caller, query
from golive.connect.errors import (
    ConnectError,
    StartUnknown,
    StopUnknown,
    Unreachable,
    Unreadable,
)
from golive.connect.forms import observe
from golive.connect.models import Debt, Invoice, Session, same_evse
from golive.politeness.asking import cleaning_up

_DEBT_SECRETS: Final = frozenset({"payment_intent_client_secret"})


class ChargingCalls(Caller):
    """All raise ApiError by its type, Unreadable and Unreachable (golive.connect.errors)."""

    def start_charging(self, user_id: str, *, evse_id: str, payment_method_id: str) -> Session:
        """Start; the answer may take many seconds. Sent once, whatever comes of it.

        Where the answer is lost or cannot be read, the user's sessions are looked at: one that began on this EVSE
        is returned with `recovered` set. Raises StartUnknown where none is found, Unreachable where the request
        never left.
        """
        name = "users_charging_start_create"
        body = {"evse_id": evse_id, "payment_method_id": payment_method_id}
        with self._wire.recorder.collect() as exchanges:
            sent_at = self._wire.clock.now()
            try:
                reply = self._call(name, {"user_id": user_id}, json=body, read_s=self._wire.timeouts.start_s)
                return self._one(name, Session, reply)
            except (Unreachable, Unreadable) as fault:
                if not _may_have_worked(fault):
                    raise
                lost = fault.message
            found = self._look_for_start(user_id, evse_id, sent_at)
            if found is None:
                raise StartUnknown(
                    f"{lost}; no session of this start was found on {evse_id}, it may still begin",
                    exchanges=exchanges,
                ) from None
            observe(self._wire.recorder, "START_ANSWER_LOST", exchanges=tuple(exchanges))
            return found.model_copy(update={"recovered": True})

    @cleaning_up()
    def stop_charging(self, user_id: str, session_id: str) -> None:
        """Stop a session; AlreadyStopped is as good. Where the answer is lost the session is read: StopUnknown
        unless it has ended.
        """
        with self._wire.recorder.collect() as exchanges:
            try:
                self._call("users_charging_stop_create", {"user_id": user_id, "session_id": session_id})
            except (Unreachable, Unreadable) as fault:
                if not _may_have_worked(fault):
                    raise
                lost = fault.message
            else:
                return
            if not self._has_ended(user_id, session_id):
                raise StopUnknown(f"{lost}; session {session_id} has not ended", exchanges=exchanges) from None
            observe(self._wire.recorder, "STOP_ANSWER_LOST", exchanges=tuple(exchanges))

    def list_sessions(self, user_id: str, *, page_size: int | None = None) -> Iterator[Session]:
        """The user's sessions, active and past."""
        params = query(page_size=page_size)
        return self._items("users_charging_sessions_list", Session, {"user_id": user_id}, params)

    def get_session(self, user_id: str, session_id: str) -> Session:
        """One session as it stands; final once the CDR has come (`Session.is_final`)."""
        name = "users_charging_sessions_retrieve"
        return self._one(name, Session, self._call(name, {"user_id": user_id, "session_id": session_id}))

    def rate_session(self, user_id: str, session_id: str, rates: int) -> Session:
        """Rate a session with 1 to 5 stars."""
        name = "users_charging_sessions_partial_update"
        ids = {"user_id": user_id, "session_id": session_id}
        return self._one(name, Session, self._call(name, ids, json={"rates": rates}))

    def list_debts(self, user_id: str) -> Iterator[Debt]:
        """Sessions that have not been paid."""
        return self._items("users_charging_debts_list", Debt, {"user_id": user_id}, (), _DEBT_SECRETS)

    def list_invoices(self, user_id: str) -> Iterator[Invoice]:
        """The user's invoices; that of a session follows its CDR."""
        return self._items("users_invoices_list", Invoice, {"user_id": user_id}, ())

    @cleaning_up()  # whether something is open has to be known, whatever state the target is in
    def _look_for_start(self, user_id: str, evse_id: str, sent_at: datetime) -> Session | None:
        """The session that a start sent at `sent_at` has begun, looked for a bounded number of times."""
        for look in range(1, self._wire.retry.looks + 1):
            try:
                sessions = [s for s in self.list_sessions(user_id) if same_evse(s.evse_id, evse_id)]
            except ConnectError:
                sessions = []
            for session in sessions:
                if self._began_with(session, sent_at):
                    return session
            self._wait_for_look(look)
        return None

    def _began_with(self, session: Session, sent_at: datetime) -> bool:
        """A user has one session at a time: an active one that began no earlier than the start is that start's.

        For one that has ended meanwhile the API's clock gets no allowance: it could be an earlier session.
        """
        if session.is_active:
            allowance = timedelta(seconds=self._wire.retry.skew_s)
            return session.start_time is None or session.start_time >= sent_at - allowance
        return session.start_time is not None and session.start_time >= sent_at

    def _has_ended(self, user_id: str, session_id: str) -> bool:
        for look in range(1, self._wire.retry.looks + 1):
            try:
                if not self.get_session(user_id, session_id).is_active:
                    return True
            except ConnectError:
                pass
            self._wait_for_look(look)
        return False

    def _wait_for_look(self, look: int) -> None:
        if look < self._wire.retry.looks:
            self._wire.clock.sleep(self._wire.retry.look_wait_s * 2 ** (look - 1))


def _may_have_worked(fault: ConnectError) -> bool:
    return not isinstance(fault, Unreachable) or fault.sent
