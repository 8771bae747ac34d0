"""The users that a run made, so that it removes them and says what became of each."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Literal, Protocol

from golive.connect import ConnectClient
from golive.connect.errors import NotFound
from golive.evidence.model import TestUser
from golive.politeness.asking import cleaning_up

Fate = Literal["deleted", "kept", "left"]


@dataclass
class _Made:
    client: ConnectClient
    external_id: str | None
    made_at: datetime
    fate: Fate = "kept"
    methods: list[str] = field(default_factory=list)


class UsersOnDisk(Protocol):
    """Where users are written down, so that they are known when this process is gone."""

    def making(self, external_id: str) -> None:
        """A user with this external id is about to be asked for."""

    def unmade(self, external_id: str) -> None:
        """There is no user with this external id."""

    def made(self, user_id: str, external_id: str | None = None) -> None:
        """The run made this user, who may have been announced."""

    def removed(self, user_id: str) -> None:
        """The user is gone."""


class MadeUsers:
    """Safe to use from several threads. Whoever was made is kept until `remove_all` is called."""

    def __init__(self, now: Callable[[], datetime], on_disk: UsersOnDisk | None = None) -> None:
        self._now = now
        self._on_disk = on_disk
        self._made: dict[str, _Made] = {}
        self._unanswered: dict[str, ConnectClient] = {}
        self._lock = Lock()

    def remember(self, user_id: str, client: ConnectClient, external_id: str | None = None) -> None:
        """This user was made by the run; `client` removes it."""
        with self._lock:
            self._made[user_id] = _Made(client, external_id, self._now())
            self._unanswered.pop(external_id or "", None)
        if self._on_disk is not None:
            self._on_disk.made(user_id, external_id)

    def asking(self, external_id: str, client: ConnectClient) -> None:
        """A user with this external id is about to be asked for; until `remember` or `refused` says what came of it,
        one may have been made."""
        with self._lock:
            self._unanswered[external_id] = client
        if self._on_disk is not None:
            self._on_disk.making(external_id)

    def refused(self, external_id: str) -> None:
        """No user with this external id was made."""
        with self._lock:
            self._unanswered.pop(external_id, None)
        if self._on_disk is not None:
            self._on_disk.unmade(external_id)

    def attached(self, user_id: str, method_id: str) -> None:
        """The user got this payment method."""
        with self._lock:
            if user_id in self._made:
                self._made[user_id].methods.append(method_id)

    @cleaning_up()
    def remove_all(self, active: Collection[str] = ()) -> list[str]:
        """Delete the users that are still there, their payment methods first: but for those who have an `active`
        session, whose CDR is still to be charged. Returns a sentence for each that could not be removed."""
        problems = self._find_unanswered()
        with self._lock:
            waiting = [(user_id, made) for user_id, made in self._made.items() if made.fate != "deleted"]
        for user_id, made in waiting:
            if user_id in active:
                made.fate = "left"
                problems.append(f"user {user_id} was not removed: the CDR of its session has not come")
                continue
            made.fate = "deleted"
            try:
                with suppress(NotFound):  # a check removed it already
                    self._remove(user_id, made)
            except Exception as exc:  # whatever it is: the others are still to be removed
                made.fate = "left"
                problems.append(f"user {user_id} could not be removed: {exc}")
            else:
                if self._on_disk is not None:
                    self._on_disk.removed(user_id)
        return problems

    @staticmethod
    def _remove(user_id: str, made: _Made) -> None:
        while made.methods:
            with suppress(NotFound):  # a check removed it already
                made.client.delete_payment_method(user_id, made.methods[-1])
            made.methods.pop()
        made.client.delete_user(user_id)

    def _find_unanswered(self) -> list[str]:
        problems = []
        with self._lock:
            waiting = list(self._unanswered.items())
        for external_id, client in waiting:
            try:
                found = [user.id for user in client.list_users(search=external_id) if user.external_id == external_id]
            except Exception as exc:  # whatever it is: the others are still to be removed
                problems.append(f"whether a user {external_id} was made could not be seen: {exc}")
                continue
            for user_id in found:
                self.remember(user_id, client, external_id)
            if not found:
                self.refused(external_id)
        return problems

    def told(self) -> tuple[TestUser, ...]:
        """Each user and what became of it, in the order in which they were made."""
        with self._lock:
            return tuple(
                TestUser(
                    user_id=user_id,
                    actor=made.client.actor,
                    external_id=made.external_id,
                    made_at=made.made_at,
                    fate=made.fate,
                )
                for user_id, made in self._made.items()
            )
