"""What goes by settings apart from a run: where a scan looks, and the keys to look for, if there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from golive.settings.key_command import Ask, ask_command, read_key
from golive.settings.reader import Reader
from golive.settings.sources import DOTENV, gather


@dataclass(frozen=True)
class ScanSettings:
    """`paths` and `urls` as they were given; `key` is None where no key is set."""

    paths: tuple[Path, ...]
    urls: tuple[str, ...]
    key: SecretStr | None


def load_scan_settings(
    paths: Sequence[str], urls: Sequence[str], environ: Mapping[str, str], dotenv: Path | None, ask: Ask = ask_command
) -> ScanSettings:
    """The paths and URLs, validated, and the key as the environment or `.env` gives it, or
    the command that they name. Raises `SettingsError`."""
    reader = Reader(gather({"scan": (paths, "PATH"), "scan_url": (urls, "--url")}, environ, dotenv), listed=())
    return ScanSettings(
        paths=reader.read("scan") or (),
        urls=reader.read("scan_url") or (),
        key=read_key(reader, ask),
    )


def holds_the_key(dotenv: Path, environ: Mapping[str, str]) -> bool:
    """Whether `CONNECT_API_KEY` stands in `.env`, used or not. Raises `SettingsError`."""
    given = gather({}, environ, dotenv).get("key", ())
    return any(one.nearness == DOTENV and any(text.strip() for text in one.values) for one in given)


def load_keys(environ: Mapping[str, str], dotenv: Path | None) -> tuple[SecretStr, ...]:
    """Every key that stands in the environment or `.env`; no command is run for one. Raises `SettingsError`."""
    return Reader(gather({}, environ, dotenv), listed=()).keys
