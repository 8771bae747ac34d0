"""What the app is told from outside. Secrets come from the environment, never from the command line (where every
other user of the machine can read them) and never from a file in the source tree."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

DEV_HOST = "dev.connect.cariqa.com"
STRIPE = "https://api.stripe.com"
_HERE = ("127.0.0.1", "localhost")


class UnusableSettings(ValueError):  # noqa: N818 - reads as what it is
    """One line that says what is wrong and what to do."""


@dataclass(frozen=True)
class Pace:
    """How patient the app is. Everything follows from `poll`, so that a rehearsal can be made faster as a whole."""

    poll: float = 5.0
    """Seconds from one reading of a session to the next while something changes."""

    @property
    def slowest_poll(self) -> float:
        """Seconds between readings once nothing has changed for a while: many stations report nothing until the end."""
        return self.poll * 6

    @property
    def unsure(self) -> float:
        """Seconds for which a session is looked for after a start whose answer was lost."""
        return self.poll * 6

    @property
    def wait(self) -> float:
        """Seconds that a driver is asked to wait before the same thing is tried again."""
        return self.poll * 2

    @property
    def give_up(self) -> float:
        """Seconds after which a session that never becomes final is handed to support: a day at the usual pace."""
        return self.poll * 17_280


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one place where the app runs and another."""

    connect_base: str
    connect_key: str = field(repr=False)
    publishable_key: str
    stripe_base: str = STRIPE
    database: Path = Path("partner_app.sqlite3")
    log_file: Path | None = None
    pace: Pace = Pace()

    def __post_init__(self) -> None:
        _check_base("the Connect base", self.connect_base, DEV_HOST)
        _check_base("STRIPE_API_BASE", self.stripe_base, "api.stripe.com")
        if not self.connect_key:
            raise UnusableSettings("CONNECT_API_KEY is not set: put the key of DEV into the environment")
        # Only a publishable key may be given to a page; one of the others in its place would be published.
        if not self.publishable_key.startswith("pk_test_"):
            raise UnusableSettings("STRIPE_PUBLISHABLE_KEY must begin with pk_test_")


def _check_base(name: str, url: str, host: str) -> None:
    """An example has no business in production: it talks to the test systems and to this machine, and to nobody else.
    The key would otherwise go to whatever host a misspelled setting names."""
    parts = urlsplit(url)
    if not (parts.hostname in _HERE or (parts.scheme == "https" and parts.hostname == host)):
        raise UnusableSettings(f"{name} must be https://{host}/… or an address of this machine, not {url}")


def from_environment(
    connect_base: str,
    *,
    database: Path = Path("partner_app.sqlite3"),
    log_file: Path | None = None,
    pace: Pace | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Raises `UnusableSettings`."""
    return Settings(
        connect_base=connect_base.rstrip("/"),
        connect_key=environment.get("CONNECT_API_KEY", "").strip(),
        publishable_key=environment.get("STRIPE_PUBLISHABLE_KEY", "").strip(),
        stripe_base=environment.get("STRIPE_API_BASE", STRIPE).rstrip("/"),
        database=database,
        log_file=log_file,
        pace=pace or Pace(_seconds("PARTNER_APP_POLL_S", environment)),
    )


def _seconds(name: str, environment: Mapping[str, str]) -> float:
    try:
        return float(environment.get(name, Pace.poll))
    except ValueError:
        raise UnusableSettings(f"{name} must be a number of seconds, such as {Pace.poll:g}") from None
