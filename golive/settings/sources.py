"""Where settings come from: command line, environment, `.env`, each value with its place."""

import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv.parser import Binding, parse_stream
from dotenv.variables import Variable, parse_variables

from golive.settings.errors import SettingsError
from golive.settings.options import OPTIONS

VENDOR_NAMES = {
    "CONNECT_API_DOMAIN": "api_domain",
    "CONNECT_API_KEY": "key",
    "CONNECT_API_KEY_CMD": "key_command",
    "STRIPE_PUBLISHABLE_KEY": "publishable_key",
    "STRIPE_API_BASE": "stripe_api_base",
    "CONNECT_USERS": "users",
}
"""The names that partners already have, from the vendor's playground, and three of the same kind."""

NAMES = VENDOR_NAMES | {option.environment: option.name for option in OPTIONS}
"""Every name in the environment and `.env` that this suite reads, with the setting it stands for."""

_NEAR = 0.84  # just above STRIPE_API_KEY, which is another program's name, against STRIPE_API_BASE


COMMAND_LINE, ENVIRONMENT, DOTENV = range(3)


@dataclass(frozen=True)
class Given:
    """What one place gives for one setting. More than one value only on the command line.

    `nearness`: the place that has the least counts, `COMMAND_LINE`, `ENVIRONMENT` or `DOTENV`.
    """

    values: tuple[str, ...]
    place: str
    nearness: int


Sources = Mapping[str, tuple[Given, ...]]
"""Setting → what was given for it, the place that counts first."""


def gather(command_line: Mapping[str, tuple[Any, str]], environ: Mapping[str, str], dotenv: Path | None) -> Sources:
    """All that was given. Raises `SettingsError` for a name that is no setting and for an unreadable `.env`."""
    found: dict[str, list[Given]] = {}
    for name, (value, place) in command_line.items():
        values = _texts(value)
        if values:
            found.setdefault(name, []).append(Given(values, place, COMMAND_LINE))
    for variable in sorted(environ):
        place = f"environment variable {_plain(variable)}"
        _refuse_unknown(variable, place)
        if variable in NAMES:
            found.setdefault(NAMES[variable], []).append(Given((environ[variable],), place, ENVIRONMENT))
    for variable, given in _dotenv(dotenv, environ).items():
        found.setdefault(NAMES[variable], []).append(given)
    return {name: tuple(places) for name, places in found.items()}


def _texts(value: Any) -> tuple[str, ...]:
    if value is None or value is False:
        return ()
    if isinstance(value, (tuple, list)):
        return tuple(str(item) for item in value)
    return ("1",) if value is True else (str(value),)


def _plain(name: str) -> str:
    return name if name.isascii() and name.isprintable() else ascii(name)


def _refuse_unknown(variable: str, place: str) -> None:
    """A name that is ours but unknown, or that is nearly one of ours; any other is somebody else's."""
    name = variable.upper()
    if variable in NAMES:
        return
    ours = name.startswith("GOLIVE_")
    if not ours and any(name.endswith(f"_{known}") for known in VENDOR_NAMES):
        return  # another program's name for the same thing, such as VITE_STRIPE_PUBLISHABLE_KEY
    near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0 if ours else _NEAR)
    if near:
        raise SettingsError(f"{place}: is no setting of this suite; did you mean {near[0]}? Rename or remove it")


# -- .env ----------------------------------------------------------------------------------------------------


def _dotenv(path: Path | None, environ: Mapping[str, str]) -> dict[str, Given]:
    if path is None or not path.exists():
        return {}
    found: dict[str, Given] = {}
    seen: dict[str, str] = {}
    for line, entry in _entries(path):
        if entry.error:
            raise SettingsError(f"{path.name} line {line}: cannot be read; write NAME=value, or # for a comment")
        if entry.key is None:
            continue
        place = f"{_plain(entry.key)}, {path.name} line {line}"
        _refuse_unknown(entry.key, place)
        ours = entry.key in NAMES
        if ours and entry.value is None:
            raise SettingsError(f"{place}: has no value; write {entry.key}=value, or remove the line")
        value = _interpolate(entry.value or "", {**seen, **environ}, place if ours else None)
        seen[entry.key] = value
        if not ours:
            continue
        if entry.key in found and found[entry.key].values != (value,):
            raise SettingsError(f"{place}: was given before ({found[entry.key].place}) with another value; keep one")
        found.setdefault(entry.key, Given((value,), place, DOTENV))
    return found


def _entries(path: Path) -> Iterator[tuple[int, Binding]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path.name}: cannot be read ({error.strerror}); make it a readable file") from None
    for entry in parse_stream(io.StringIO(text)):
        written = entry.original.string
        # The parser counts from the blank lines before an entry; a person looks for the entry itself.
        blank = written[: len(written) - len(written.lstrip())]
        yield entry.original.line + len(re.findall(r"\r\n|\n|\r", blank)), entry


def _interpolate(value: str, known: Mapping[str, str], place: str | None) -> str:
    """`${NAME}` and `${NAME:-default}` replaced, as every reader of `.env` does; `place` None: not ours to judge."""
    atoms = list(parse_variables(value))
    for atom in atoms:
        if place and isinstance(atom, Variable) and atom.name not in known and atom.default is None:
            raise SettingsError(
                f"{place}: refers to ${{{_plain(atom.name)}}}, which is not set; set it or write the value"
            )
    return "".join(atom.resolve(known) for atom in atoms)
