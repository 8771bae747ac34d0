"""The settings of a replay: those of the recorded run, with keys that open nothing."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr, ValidationError

from golive.guard import check_url
from golive.settings.errors import SettingsError
from golive.settings.model import PreparedUser, Settings, Target
from golive.settings.options import OPTIONS
from golive.settings.reader import Reader, in_place

_OWN: Final = ("report_dir", "gate", "openapi")
"""What a replay is given for itself. All else was decided when the record was made."""

_RECORDED: Final = (
    "evse",
    "stripe_api_base",
    "poll_interval",
    "start_timeout",
    "cdr_timeout",
    "invoice_timeout",
    "busy_patience",
    "max_hold",
    "max_in_flight",
    "max_rate",
    "fuzz_examples",
    "keep_users",
    "tick",
    "integration",
    "gateway_port",
    "provoke",
)


@dataclass(frozen=True)
class Former:
    """What a record tells of its run's settings: `options` as `describe` made them, `users` as
    ``user_id:payment_method_id``."""

    run_id: str
    target_kind: str
    url: str
    options: Mapping[str, Any]
    seed: int
    users: tuple[str, ...] = ()
    key_fingerprint: str | None = None


Recall = Callable[[Path], Former]
"""Reads the record at a path; raises `golive.settings.values.Wrong` where there is none."""


def settings_of_replay(reader: Reader, file: Path, recall: Recall) -> Settings:
    """The settings of the run whose record lies in `file`. Raises `SettingsError`, also for an option on the command
    line that says otherwise; what the environment or `.env` holds for other runs is passed over."""
    place = reader.place("replay")
    with in_place(place):
        former = recall(file)
        check_url(former.url, what=place)
    own = {name: reader.read(name) for name in _OWN}
    if isinstance(own["openapi"], str):
        raise SettingsError(
            f"{reader.place('openapi')}: is a URL, but a replay asks nothing of the network; give a file"
        )
    record_in = file if file.is_dir() else file.parent
    if own["report_dir"] is not None and own["report_dir"].resolve() == record_in.resolve():
        raise SettingsError(
            f"{reader.place('report_dir')}: is where the record lies that --replay names; give another directory"
        )
    try:
        settings = _settings(former, file, {name: value for name, value in own.items() if value is not None})
    except (ValidationError, ValueError) as fault:
        raise SettingsError(f"{place}: the record's options cannot be used ({_first(fault)})") from None
    _refuse_what_differs(reader, settings)
    return settings.model_copy(update={"places": reader.places})


def _settings(former: Former, file: Path, own: Mapping[str, Any]) -> Settings:
    rng = random.Random(f"replay/{former.run_id}")  # noqa: S311 - keys that open nothing
    stripe = bool(former.options.get("publishable_key_given"))
    values: dict[str, Any] = {name: former.options[name] for name in _RECORDED if former.options.get(name) is not None}
    values |= {
        "target": {"kind": former.target_kind, "url": former.url},
        "seed": former.seed,
        "users": [_prepared(pair) for pair in former.users],
        "key": SecretStr(f"replay-{rng.getrandbits(128):032x}"),
        "publishable_key": SecretStr(f"pk_test_{rng.getrandbits(96):024x}") if stripe else None,
        "replay": file,
        "recorded_fingerprint": former.key_fingerprint,
    }
    return Settings.model_validate({**values, **own})


def _prepared(pair: str) -> PreparedUser:
    user_id, _, method_id = pair.partition(":")
    return PreparedUser(user_id=user_id, payment_method_id=method_id)


def _refuse_what_differs(reader: Reader, settings: Settings) -> None:
    for option in OPTIONS:
        if option.name in (*_OWN, "replay") or not reader.is_on_the_command_line(option.name):
            continue
        given, recorded = reader.read(option.name), getattr(settings, option.name)
        same = _is_target(given, recorded) if isinstance(given, Target) else given == recorded
        if not same:
            raise SettingsError(f"{option.flag}: says otherwise than the record that --replay names; leave it out")


def _is_target(given: Target, recorded: Target) -> bool:
    return given.kind == recorded.kind and given.url in (None, recorded.url)


def _first(fault: ValueError) -> str:
    if not isinstance(fault, ValidationError):
        return str(fault)
    first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
