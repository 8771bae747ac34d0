"""The value that counts for each setting, converted; every refusal is put in its place."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from golive.guard import ForbiddenTarget
from golive.settings import values
from golive.settings.errors import SettingsError
from golive.settings.options import OPTIONS, Option
from golive.settings.sources import COMMAND_LINE, Given, Sources
from golive.settings.values import Wrong

_OPTION = {option.name: option for option in OPTIONS}
_KEYS = ("key", "publishable_key")
_NO_KEY_WITHIN = ("openapi", "scan", "scan_url", "key_command")
_SHOWN = 16  # a longer value could be a key in the wrong place; a key this short is not issued
_SHOWN_EVSE = 32  # if there is a * in it, which no token has


@contextmanager
def in_place(place: str, shown: str = "") -> Iterator[None]:
    """Turns a refusal of a value into the refusal of what stands in that place."""
    try:
        yield
    except ForbiddenTarget as refusal:
        raise SettingsError(str(refusal)) from None
    except Wrong as wrong:
        raise SettingsError(f"{place}: {shown}{wrong}") from None


def refuse_secret(name: str, text: str, place: str) -> None:
    """Raise `SettingsError` for a Stripe key that must not be here."""
    with in_place(place):
        values.refuse_secret(text, opaque=name == "key")


class Reader:
    """Reads settings out of what was given. `places` says where each came from that has been read."""

    def __init__(self, sources: Sources, listed: Sequence[str] | None) -> None:
        """`listed` are the EVSE IDs that may be named; None where they are of no concern."""
        self._given = {name: _first(places) for name, places in sources.items()}
        self._keys = [text for name in _KEYS for places in sources.get(name, ()) for text in places.values if text]
        self._listed = listed
        self.places: dict[str, str] = {}

    @property
    def keys(self) -> tuple[SecretStr, ...]:
        """Every key that any place gives, also where another place or the target overrides it."""
        return tuple(SecretStr(text) for text in dict.fromkeys(self._keys) if text.strip())

    def place(self, name: str) -> str:
        """Where the value stands that counts."""
        return self.places[name]

    def given(self, name: str) -> Given | None:
        """What counts for the setting, as it was given; None if it was not given."""
        return self._given.get(name)

    def is_on_the_command_line(self, name: str) -> bool:
        """Whether the value that counts was typed."""
        given = self._given.get(name)
        return given is not None and given.nearness == COMMAND_LINE

    def read(self, name: str) -> Any:
        """The setting's value, None if it was not given; raises `SettingsError`."""
        given = self._given.get(name)
        if given is None:
            return None
        self.places[name] = given.place
        option = _OPTION.get(name)
        converted = [self._convert(name, option, text, given.place) for text in given.values]
        if option and option.repeatable:
            return tuple(dict.fromkeys(one for several in converted for one in several))
        if any(one != converted[0] for one in converted):
            raise SettingsError(
                f"{given.place}: is given {len(converted)} times with different values; "
                "give it once (look at addopts and PYTEST_ADDOPTS too)"
            )
        return converted[0]

    def _convert(self, name: str, option: Option | None, text: str, place: str) -> Any:
        if name == "evse":
            return tuple(self._evse(item.strip(), place) for item in text.split(","))
        with in_place(place, self._shown(text, _SHOWN) if option else ""):
            if option and not text.strip():
                raise Wrong(f"is empty; give {option.expects}")
            if name in _NO_KEY_WITHIN and any(key in text or quote(key, safe="") in text for key in self._keys):
                raise Wrong("holds a key, which must not stand here; take it out")
            if name in _WITH_PLACE:
                return _WITH_PLACE[name](text, place)
            if name in _ALONE:
                return _ALONE[name](text)
            return values.plain(name, text, _OPTION[name].expects)

    def _evse(self, text: str, place: str) -> str:
        with in_place(place, self._shown(text, _SHOWN_EVSE if "*" in text else _SHOWN)):
            if not text:
                raise Wrong(f"is empty; give {_OPTION['evse'].expects}")
            if self._listed is None:
                return text
            return values.evse(text, self._listed)

    def _shown(self, text: str, longest: int) -> str:
        """The value with a space behind it, for the message, unless it could be, or be part of, a key."""
        if not text or len(text) > longest or not text.isascii() or not text.isprintable():
            return ""
        if any(key in text or (len(text) > 4 and text in key) for key in self._keys):
            return ""
        return f"{text!r} "


def _first(places: Sequence[Given]) -> Given | None:
    """The place that counts; an empty value outside the command line means that none is given."""
    first = places[0]
    return first if first.nearness == COMMAND_LINE or any(text.strip() for text in first.values) else None


_WITH_PLACE: dict[str, Callable[[str, str], Any]] = {
    "target": values.target,
    "api_domain": values.api_domain,
    "stripe_api_base": lambda text, place: values.base_url(text, place, "/v1"),
    "openapi": values.openapi,
    "scan_url": lambda text, place: (values.page(text, place),),
}
_ALONE: dict[str, Callable[[str], Any]] = {
    "key": values.connect_key,
    "key_command": str,
    "publishable_key": values.publishable_key,
    "users": values.users,
    "report_dir": values.report_dir,
    "replay": values.replay,
    "dossier": values.dossier,
    "scan": lambda text: (values.scan(text),),
    "integration": values.integration,
    "provoke": values.provocation,
}
