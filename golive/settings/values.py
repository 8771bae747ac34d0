"""One value at a time: text in, the setting out, or `Wrong` with what is wrong and what to do."""

import difflib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr, TypeAdapter, ValidationError

from golive.guard import DEV_URL, check_url, is_loopback
from golive.settings.model import AtOnce, Count, Port, PreparedUser, Rate, Seconds, Seed, Target, Tick

MANUAL = "manual"
_SECRET_START = re.compile(r"(?:sk|rk)_|pk_live_")
_SECRET_WITHIN = re.compile(r"(?<![A-Za-z0-9])(?:(?:sk|rk)_(?:test|live)|pk_live)_")
_ID = re.compile(r"[!-~]+")
_ID_FORBIDDEN = re.compile(r"[/?#%\\]")


class Wrong(Exception):  # noqa: N818 - carries half a message
    """The value cannot be used; the message says why and what to do, without the place and without the value."""


# -- keys ----------------------------------------------------------------------------------------------------


def refuse_secret(text: str, *, opaque: bool) -> None:
    """Refuse a Stripe secret, restricted or live key, wherever it stands.

    `opaque`: the Connect key, of which only the beginning is looked at, since any letters may follow.
    """
    bare = re.sub(r"^[\s'\"]*(?:bearer\s+)?", "", text, flags=re.IGNORECASE)
    if _SECRET_START.match(bare) or (not opaque and _SECRET_WITHIN.search(text)):
        remedy = "give the Connect key that Cariqa issued for DEV" if opaque else "use the pk_test_ key"
        raise Wrong(
            "holds a Stripe secret, restricted or live key (sk_, rk_, pk_live_), which must never stand here; "
            f"remove it, rotate it, and {remedy}"
        )


def connect_key(text: str) -> SecretStr:
    """The Connect key. Nothing is decided by its shape: refused is only what cannot travel in a header."""
    if text != text.strip():
        raise Wrong("has white space or a line break around the key; remove it")
    if re.match(r"bearer\s", text, re.IGNORECASE):
        raise Wrong('begins with "Bearer ", which the suite adds itself; give the key alone')
    _refuse_untransportable(text)
    return SecretStr(text)


def publishable_key(text: str) -> SecretStr:
    """Stripe's publishable key of the test mode."""
    if text != text.strip():
        raise Wrong("has white space or a line break around the key; remove it")
    if not text.startswith("pk_test_") or text == "pk_test_":
        raise Wrong("is not a publishable key of Stripe's test mode; it must start with pk_test_")
    _refuse_untransportable(text)
    return SecretStr(text)


def _refuse_untransportable(text: str) -> None:
    if not _ID.fullmatch(text):
        raise Wrong(
            "has a space, a line break or a character outside ASCII within the key, which cannot travel in a "
            "header; copy the key again"
        )


# -- where ---------------------------------------------------------------------------------------------------


def target(text: str, place: str) -> Target:
    """`simulator`, `dev` or a URL; raises `Wrong` and `golive.guard.ForbiddenTarget`."""
    word = text.strip().casefold()
    if word == "simulator":
        return Target(kind="simulator")
    if word == "dev":
        return Target(kind="dev", url=DEV_URL)
    if word in ("prod", "production", "live"):
        raise Wrong("means production, where nothing may be tried out; use dev or simulator")
    if "/" not in word and "." not in word and ":" not in word:
        near = difflib.get_close_matches(word, ("simulator", "dev"), n=1)
        raise Wrong(f"is neither simulator, dev nor a URL; use {near[0] if near else 'one of them'}")
    url = base_url(text, place, "/api/v1")
    return Target(kind="dev" if url == DEV_URL else "url", url=url)


def base_url(text: str, place: str, suffix: str) -> str:
    """Origin and prefix of a URL, without `suffix` and without a slash at the end; raises `ForbiddenTarget`."""
    url = check_url(text.strip(), what=place)
    if url.query or url.fragment or text.strip().endswith(("?", "#")):
        raise Wrong("has a query or fragment; give the base address alone, such as https://HOST")
    origin = str(url.copy_with(path="/")).rstrip("/")
    path = url.raw_path.decode("ascii").rstrip("/")
    return origin + path.removesuffix(suffix).rstrip("/")


def api_domain(text: str, place: str) -> str:
    """The base address that `CONNECT_API_DOMAIN` means, which the playground writes without a scheme."""
    bare = text.strip()
    if "://" not in bare:
        plain = f"http://{bare.lstrip('/')}"
        bare = plain if is_loopback(plain) else f"https://{bare.lstrip('/')}"
    return base_url(bare, place, "/api/v1")


def report_dir(text: str) -> Path:
    """A directory that exists and can be written, or can be made; nothing is written here."""
    try:
        path = Path(text.strip()).expanduser()
        too_long = any(len(os.fsencode(part)) > 255 for part in path.parts)
        existing = next(one for one in (path, *path.parents) if one.exists() or one.is_symlink())
        is_directory = existing.is_dir()
    except (OSError, ValueError, RuntimeError):
        raise Wrong("is no usable path; give a directory that can be written") from None
    if too_long or not str(path).isprintable():
        raise Wrong("has too long a name or a control character in it; give a directory that can be written")
    if not is_directory:
        raise Wrong("is, or lies below, a file or a broken link; give a directory that can be written")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise Wrong("cannot be written; give a directory that can be written")
    return path


def replay(text: str) -> Path:
    """A file or a directory that can be read; what it holds is looked at later."""
    try:
        path = Path(text.strip()).expanduser()
        exists, is_readable = path.exists(), os.access(path, os.R_OK)
    except (OSError, ValueError, RuntimeError):
        raise Wrong("is no usable path; give a bundle or a report directory") from None
    if not exists:
        raise Wrong("does not exist; give a bundle or a report directory")
    if not is_readable:
        raise Wrong("cannot be read; give a bundle or a report directory")
    return path


def openapi(text: str, place: str) -> Path | str:
    """A file that can be read, or a URL as text; raises `Wrong` and `golive.guard.ForbiddenTarget`."""
    given = text.strip()
    if "://" in given:
        return str(check_url(given, what=place).copy_with(fragment=None))
    return _file(given, "an OpenAPI file or an https URL")


def dossier(text: str) -> Path:
    """A file that can be read; raises `Wrong`."""
    return _file(text.strip(), "a dossier that can be read; python -m golive init FILE writes one")


def scan(text: str) -> Path:
    """A directory or file that exists and can be read, as it was given; raises `Wrong`."""
    try:
        path = Path(text.strip()).expanduser()
        exists = path.exists()
        is_readable = os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0))
    except (OSError, ValueError, RuntimeError):
        raise Wrong("is no usable path; give a directory or a file that can be read") from None
    if not exists:
        raise Wrong("does not exist; give a directory or a file that can be read")
    if not is_readable:
        raise Wrong("cannot be read; give a directory or a file that can be read")
    return path


def page(text: str, place: str) -> str:
    """The URL of a page, without its fragment; raises `golive.guard.ForbiddenTarget`."""
    return str(check_url(text.strip(), what=place).copy_with(fragment=None))


def _file(given: str, expects: str) -> Path:
    try:
        path = Path(given).expanduser()
        is_file, is_readable = path.is_file(), os.access(path, os.R_OK)
    except (OSError, ValueError, RuntimeError):
        raise Wrong(f"is no usable path; give {expects}") from None
    if not is_file:
        raise Wrong(f"is no file that exists; give {expects}")
    if not is_readable:
        raise Wrong(f"cannot be read; give {expects}")
    return path


# -- who and which -------------------------------------------------------------------------------------------


def users(text: str) -> tuple[PreparedUser, ...]:
    """`user_id:pm_id,user_id:pm_id …`; a comma at the end is forgiven."""
    prepared: list[PreparedUser] = []
    items = text.strip().removesuffix(",").split(",")
    for number, item in enumerate((item.strip() for item in items), start=1):
        user_id, colon, method = (part.strip() for part in item.partition(":"))
        if not colon or not all(_is_id(part) for part in (user_id, method)):
            raise Wrong(f"item {number} is not user_id:payment_method_id; write it so, items separated by commas")
        if user_id.startswith("pm_"):
            raise Wrong(f"item {number} has the payment method first; write user_id:payment_method_id")
        for earlier, known in enumerate(prepared, start=1):
            if known.user_id == user_id:
                raise Wrong(f"item {number} names the same user as item {earlier}; name each user once")
            if known.payment_method_id == method:
                raise Wrong(f"item {number} names the payment method of item {earlier}; give each user its own")
        prepared.append(PreparedUser(user_id=user_id, payment_method_id=method))
    return tuple(prepared)


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text)) and ":" not in text and not _ID_FORBIDDEN.search(text)


def evse(text: str, listed: Sequence[str]) -> str:
    """The listed EVSE ID that is meant, in the listed spelling."""
    known = {_bare(one): one for one in listed}
    wanted = _bare(text)
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0)
    raise Wrong(f"is none of the listed EVSE IDs; the nearest is {known[near[0]]}" if near else "is not listed")


def _bare(evse_id: str) -> str:
    return re.sub(r"[\s*_.\-]", "", evse_id).upper()


# -- numbers and switches ------------------------------------------------------------------------------------

_PLAIN: dict[str, TypeAdapter[Any]] = {
    "poll_interval": TypeAdapter(Seconds),
    "start_timeout": TypeAdapter(Seconds),
    "cdr_timeout": TypeAdapter(Seconds),
    "invoice_timeout": TypeAdapter(Seconds),
    "busy_patience": TypeAdapter(Seconds),
    "max_hold": TypeAdapter(Seconds),
    "max_in_flight": TypeAdapter(AtOnce),
    "max_rate": TypeAdapter(Rate),
    "fuzz_examples": TypeAdapter(Count),
    "seed": TypeAdapter(Seed),
    "tick": TypeAdapter(Tick),
    "gateway_port": TypeAdapter(Port),
    "keep_users": TypeAdapter(bool),
    "gate": TypeAdapter(bool),
}


def integration(text: str) -> str:
    """`manual`, or a module and a factory in it; whether they are there is seen when they are loaded."""
    name = text.strip()
    if name.casefold() == MANUAL:
        return MANUAL
    if not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", name):
        raise Wrong("names no factory; give package.module:factory, such as our_app.golive_adapter:make, or manual")
    return name


def provocation(text: str) -> tuple[str, ...]:
    """Names of errors that can be provoked, as they are in the catalogue; whether they are is seen where that is."""
    names = tuple(name.strip().casefold() for name in text.split(","))
    if not all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) for name in names):
        raise Wrong("is no name of an error; give one such as already-charging, or none")
    return names


def plain(name: str, text: str, expects: str) -> Any:
    """A number or a switch, within its range."""
    try:
        return _PLAIN[name].validate_python(text.strip())
    except ValidationError:
        raise Wrong(f"cannot be used; give {expects}") from None
