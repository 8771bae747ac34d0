"""What had been changed when an answer was recorded, and what has been changed by now: it holds where both agree.

Each request looks at one realm: a journey's is all that its actors do, as each has its place in one story; that of any
other request is the user that it names, the list of users, or itself. Time is no realm: of several answers between
the same changes any may be given, in their order.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from golive.evidence.model import Exchange
from golive.replay.requests import Key

_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_USER: Final = re.compile(r"/users/([^/?]+)")
_USERS: Final = re.compile(r"/users/(\?|$)")
_ALL_USERS: Final = "the list of users"

Realm = str | frozenset[str] | Key


class Changes:
    """Not safe to use from several threads; a shelf holds its lock."""

    def __init__(
        self, entries: Sequence[Exchange], keys: Sequence[Key], companions: Mapping[str, frozenset[str]]
    ) -> None:
        self._tests = [exchange.test for exchange in entries]
        self._companions = companions
        self._realms: list[Realm] = []
        self._recorded: dict[Realm, list[int]] = {}
        self._made: dict[Realm, list[tuple[int | None, str | None]]] = {}
        self._named: dict[str, str] = {}
        for index, key in enumerate(keys):
            realm = self._realm(key)
            self._realms.append(realm)
            for changed in self._changed(key, realm):
                self._recorded.setdefault(changed, []).append(index)
        self._named.clear()

    def note(self, key: Key, test: str | None, index: int | None) -> None:
        """`test` has asked this and was given the exchange at `index`, or none."""
        for realm in self._changed(key, self._realm(key)):
            self._made.setdefault(realm, []).append((index, test))

    def agree(self, index: int, test: str | None) -> bool:
        """Whether the exchange at `index` tells `test` what it would be told now: for its own exchanges by its own
        changes, as it may be the only check that is run; for others by those of all."""
        realm = self._realms[index]
        before = [other for other in self._recorded.get(realm, ()) if other < index]
        made = self._made.get(realm, ())
        if self._tests[index] != test:
            return before == [other for other, _ in made]
        own = [other for other, by in made if by == test and (other is None or self._tests[other] == test)]
        return [other for other in before if self._tests[other] == test] == own

    def _realm(self, key: Key) -> Realm:
        if (group := self._companions.get(key.actor)) is not None:
            return group
        if (named := _USER.search(key.url)) is not None:
            self._named[key.actor] = named[1]
            return named[1]
        if _USERS.search(key.url) is not None and key.method not in _CHANGING:
            return _ALL_USERS
        if _USERS.search(key.url) is None and key.method in _CHANGING:
            return self._named.get(key.actor, key)  # the card processor's API names no user: it is the last one
        return key

    @staticmethod
    def _changed(key: Key, realm: Realm) -> tuple[Realm, ...]:
        if key.method not in _CHANGING:
            return ()
        return (realm,) if isinstance(realm, frozenset) else (realm, _ALL_USERS)
