"""From what was given to one validated object: command line, then environment, then `.env`, then defaults."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from golive.guard import DEV_URL, check_url, is_loopback, names_prod
from golive.settings.errors import SettingsError
from golive.settings.key_command import Ask, ask_command, read_key
from golive.settings.model import Settings, Target
from golive.settings.options import OPTIONS
from golive.settings.reader import Reader, in_place, refuse_secret
from golive.settings.replay import Recall, settings_of_replay
from golive.settings.sources import Sources, gather
from golive.settings.values import MANUAL

STRIPE_URL = "https://api.stripe.com"
_URLS = ("target", "api_domain", "stripe_api_base", "scan_url")
DEFAULT_TICK = 0.2
_TICK_OF_A_PERSON = 5.0
"""A charge with progress lasts ten ticks: nobody could watch and stop one of two seconds."""
DEFAULT_GATEWAY_PORT = 8500


@dataclass(frozen=True)
class LoopbackDefaults:
    """The simulator's published keys, for a target on loopback where the partner gave none."""

    key: SecretStr
    publishable_key: SecretStr


def load_settings(
    command_line: Mapping[str, tuple[Any, str]],
    environ: Mapping[str, str],
    dotenv: Path | None,
    *,
    listed: Sequence[str] | None,
    loopback_defaults: LoopbackDefaults | None = None,
    recall: Recall | None = None,
    ask: Ask | None = ask_command,
) -> Settings:
    """The settings of the run, or `SettingsError` with one line: the place, what is wrong, what to do.

    `command_line` maps a setting to its value or values and its place, as `options.command_line` makes it;
    `dotenv` need not exist; `listed` are the EVSE IDs that `--evse` may name, None where they are of no concern. An
    empty value in the environment or `.env` is the same as none, and an empty one in the environment hides the one in
    `.env`.

    For the embedded simulator no key, Stripe address or prepared user is taken from anywhere: what a partner's
    `.env` holds for DEV is neither used nor sent, and no `CONNECT_API_KEY_CMD` is run. Nor is it without `ask`: then a
    key that would have come from it is None. With `--replay` all is as the record says, which `recall` reads.
    """
    sources = gather(command_line, environ, dotenv)
    _refuse_everywhere(sources)
    reader = Reader(sources, listed)
    if recall is not None and (record := reader.read("replay")) is not None:
        return settings_of_replay(reader, record, recall)
    target = reader.read("target") or Target(kind="simulator")
    found = {option.name: reader.read(option.name) for option in OPTIONS if option.name != "target"}
    if found["tick"] is not None and target.kind != "simulator":
        raise SettingsError(
            f"{reader.place('tick')}: only the embedded simulator has a tick; leave it out, or use --target simulator"
        )
    for name in ("gateway_port", "provoke"):
        if found["integration"] is None and reader.is_on_the_command_line(name):
            raise SettingsError(
                f"{reader.place(name)}: without --integration there is no gateway; leave it out, or give both"
            )
    found |= _partners(target, reader, loopback_defaults, ask)
    by_hand = found["integration"] == MANUAL
    usual = _TICK_OF_A_PERSON if by_hand and target.kind == "simulator" else DEFAULT_TICK
    defaults = _defaults(target, found["tick"] or usual)
    if by_hand:
        defaults["gateway_port"] = DEFAULT_GATEWAY_PORT  # a person configures a backend with it
    return Settings(
        target=target,
        places=reader.places,
        given_keys=reader.keys,
        **{name: defaults.get(name) if value is None else value for name, value in found.items()},
    )


def _refuse_everywhere(sources: Sources) -> None:
    """Some values must never stand in a configuration, also where another place overrides them."""
    for name, places in sources.items():
        for given in places:
            for text in given.values:
                refuse_secret(name, text, given.place)
                is_url = name in _URLS or (name == "openapi" and "://" in text)
                if is_url and names_prod(text):
                    with in_place(given.place):
                        check_url(text, what=given.place)


def _defaults(target: Target, tick: float) -> dict[str, Any]:
    """Minutes for DEV; for a server on this machine as short as its pace allows: a progress walk takes ten
    ticks, and twice that is patience enough."""
    common = {"tick": tick, "seed": secrets.randbelow(2**32), "evse": (), "keep_users": False, "gate": False}
    common |= {"scan": (), "scan_url": (), "max_hold": 60.0, "provoke": ()}
    if not target.local:
        return common | {
            "poll_interval": 5.0,
            "start_timeout": 120.0,
            "cdr_timeout": 900.0,
            "invoice_timeout": 300.0,
            "busy_patience": 120.0,
            "max_in_flight": 8,
            "max_rate": 10.0,
            "fuzz_examples": 5,
        }
    whole_walk = 20 * tick + 10
    return common | {
        "poll_interval": min(max(tick / 4, 0.02), 0.5),
        "start_timeout": 30.0,
        "cdr_timeout": max(60.0, whole_walk),
        "invoice_timeout": max(30.0, whole_walk),
        "busy_patience": 2.0,
        "max_in_flight": 32,
        "fuzz_examples": 25,
    }


# -- what belongs to the partner -----------------------------------------------------------------------------


def _partners(target: Target, reader: Reader, loopback: LoopbackDefaults | None, ask: Ask | None) -> dict[str, Any]:
    """Keys, Stripe's address and prepared users, as far as the target takes them."""
    if target.kind == "simulator":
        return {}
    if target.kind == "dev":
        _agree_with_domain(reader)
    key = read_key(reader, ask)
    publishable_key = reader.read("publishable_key")
    users = reader.read("users") or ()
    stripe_api_base = reader.read("stripe_api_base")
    if target.local and loopback is not None:
        key = key or loopback.key
        # Whoever names prepared users says how payment methods come about: not through Stripe.
        publishable_key = publishable_key or (None if users else loopback.publishable_key)
    if key is None and "key_command" not in reader.places:
        raise SettingsError(
            f"CONNECT_API_KEY: is not set, but {target.url} needs the partner's key; "
            "set it in the environment or in .env, or CONNECT_API_KEY_CMD to a command that prints it"
        )
    return {
        "key": key,
        "publishable_key": publishable_key,
        "users": users,
        "stripe_api_base": stripe_api_base or (_origin(target) if target.local else STRIPE_URL),
    }


def _agree_with_domain(reader: Reader) -> None:
    """`CONNECT_API_DOMAIN` is what partners take for DEV; another host there means that one of the two is wrong."""
    domain = reader.read("api_domain")
    if domain not in (None, DEV_URL):
        # A key put here by mistake would read as a host name, so only this machine's addresses are shown.
        address = domain if is_loopback(domain) else "https://HOST"
        raise SettingsError(
            f"{reader.place('api_domain')}: names another host than the target dev, which is {DEV_URL}; "
            f"use --target {address} for that host, or correct the domain"
        )


def _origin(target: Target) -> str:
    return str(check_url(target.url or "").copy_with(path="/")).rstrip("/")
