"""The settings of a run, validated and frozen."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from golive.guard import is_loopback

MAX_SEED = 2**63 - 1

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Tick = Annotated[float, Field(gt=0, le=3_600, allow_inf_nan=False)]
AtOnce = Annotated[int, Field(ge=1, le=32)]
Rate = Annotated[float, Field(ge=0.1, le=1_000, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Target(_Model):
    """Where the API is. `url` is its origin, with a prefix if there is one, without `/api/v1`, without a slash
    at the end; None for a simulator that is not started yet."""

    kind: Literal["simulator", "dev", "url"]
    url: str | None = None

    @property
    def rehearsal(self) -> bool:
        """Every target but DEV: what it shows is never evidence for go-live."""
        return self.kind != "dev"

    @property
    def local(self) -> bool:
        """The embedded simulator, or a server on this machine: the short waiting times fit."""
        return self.kind == "simulator" or (self.url is not None and is_loopback(self.url))

    @property
    def named(self) -> str:
        """What it is called where a person reads of it."""
        return "the embedded DEV" if self.kind == "simulator" else str(self.url)


class PreparedUser(_Model):
    """A user that the partner made, with a payment method that works (`CONNECT_USERS`)."""

    user_id: str
    payment_method_id: str


class Settings(_Model):
    """What a run goes by. Times are seconds. `key` and `publishable_key` are None for the embedded simulator
    until `attached` names them; `publishable_key` is also None where the partner gave none."""

    target: Target
    key: SecretStr | None = None
    publishable_key: SecretStr | None = None
    given_keys: tuple[SecretStr, ...] = Field(
        default=(), repr=False, description="all that are set anywhere, used or not: to be looked for, never to be sent"
    )
    stripe_api_base: str | None = None
    users: tuple[PreparedUser, ...] = ()
    report_dir: Path | None = None
    evse: tuple[str, ...] = Field(default=(), description="listed EVSE IDs; empty means all")
    poll_interval: Seconds
    start_timeout: Seconds
    cdr_timeout: Seconds
    invoice_timeout: Seconds
    busy_patience: Seconds
    max_hold: Seconds = 60.0
    max_in_flight: AtOnce = 32
    max_rate: Rate | None = Field(default=None, description="requests begun per second; None: no bound")
    fuzz_examples: Count
    seed: Seed
    keep_users: bool = False
    gate: bool = False
    openapi: Path | str | None = Field(default=None, description="the published contract: a file, or a URL as text")
    dossier: Path | None = Field(default=None, description="None: golive.toml in the checkout, where there is one")
    scan: tuple[Path, ...] = Field(default=(), description="trees of files to look through for tokens, as given")
    scan_url: tuple[str, ...] = Field(default=(), description="pages to look through for tokens")
    replay: Path | None = Field(default=None, description="the record that answers in place of the target")
    recorded_fingerprint: str | None = Field(default=None, description="of the key of the run whose record is replayed")
    integration: str | None = Field(default=None, description="package.module:factory, or manual; None: none is tested")
    provoke: tuple[str, ...] = Field(default=(), description="errors to be provoked; empty: what is usual")
    gateway_port: Port | None = Field(default=None, description="None: any free one")
    tick: Tick
    places: Mapping[str, str] = Field(default_factory=dict, repr=False)

    def __getstate__(self) -> NoReturn:
        raise TypeError("settings hold keys, which a copy outside this process would show")

    def place(self, name: str) -> str:
        """Where the setting was given, for a message: `--seed`, `environment variable …`, `…, .env line 3`;
        `default` where it was not given."""
        return self.places.get(name, "default")

    @property
    def key_fingerprint(self) -> str | None:
        """Tells two keys apart without showing either; None without a key. In a replay that of the recorded run."""
        if self.replay is not None:
            return self.recorded_fingerprint
        return None if self.key is None else fingerprint(self.key)

    def attached(self, url: str, *, key: SecretStr, publishable_key: SecretStr) -> Self:
        """These settings with the embedded simulator's address and keys, once it runs at `url`."""
        return self.model_copy(
            update={
                "target": self.target.model_copy(update={"url": url}),
                "key": key,
                "publishable_key": publishable_key,
                "stripe_api_base": url,
            }
        )


def fingerprint(key: SecretStr) -> str:
    """First 12 hexadecimal digits of a SHA-256 over a fixed label and the key."""
    return hashlib.sha256(f"cariqa-golive key fingerprint: {key.get_secret_value()}".encode()).hexdigest()[:12]


def describe(settings: Settings) -> dict[str, Any]:
    """The settings as the evidence shows them (`run.options`): plain values, no key, no prepared user's id."""
    secret = {"key", "publishable_key", "given_keys", "users", "places"}
    put_otherwise = {"replay", "recorded_fingerprint", "target", "seed", "report_dir", "openapi", "dossier", "scan_url"}
    shown = settings.model_dump(mode="json", exclude=secret | put_otherwise)
    return {
        "target": settings.target.kind,
        "url": settings.target.url,
        **shown,
        "seed": settings.seed,
        "report_dir": None if settings.report_dir is None else str(settings.report_dir),
        "openapi": None if settings.openapi is None else str(settings.openapi).partition("?")[0],
        "scan_url": [url.partition("?")[0] for url in settings.scan_url],
        "dossier": None if settings.dossier is None else settings.dossier.name,
        "replay": None if settings.replay is None else settings.replay.name,
        "key_given": settings.key is not None,
        "key_fingerprint": settings.key_fingerprint,
        "publishable_key_given": settings.publishable_key is not None,
        "prepared_users": len(settings.users),
        "given": dict(sorted(settings.places.items())),
    }
