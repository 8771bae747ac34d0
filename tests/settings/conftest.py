"""What every test of the settings needs: a way to load them, and the line of a refusal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from pydantic import SecretStr

from golive.settings import OPTIONS, LoopbackDefaults, Settings, SettingsError, load_settings

LISTED = ("DE*CIQ*EWBNHHLM82TLA*1", "DEQRMEF7GRC21", "DE*2GO*EMCD1520*1B*3")
SIMULATOR = LoopbackDefaults(SecretStr("simulator-key"), SecretStr("pk_test_simulator"))


class Load(Protocol):
    def __call__(
        self, line: Mapping[str, Any] | None = None, /, *, env: Mapping[str, str] | None = None, dotenv: str = ""
    ) -> Settings: ...


class Refused(Protocol):
    def __call__(
        self, line: Mapping[str, Any] | None = None, /, *, env: Mapping[str, str] | None = None, dotenv: str = ""
    ) -> str: ...


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load settings from `{flag: value or values}`, an environment and the text of a `.env`."""
    flags = {option.flag: option.name for option in OPTIONS}

    def load(
        line: Mapping[str, Any] | None = None, /, *, env: Mapping[str, str] | None = None, dotenv: str = ""
    ) -> Settings:
        file = tmp_path / ".env"
        file.write_text(dotenv, encoding="utf-8")
        given = {flags[flag]: (value, flag) for flag, value in (line or {}).items()}
        return load_settings(given, env or {}, file, listed=LISTED, loopback_defaults=SIMULATOR)

    return load


@pytest.fixture
def refused(load: Load) -> Refused:
    """The one line with which these settings are refused."""

    def refused(
        line: Mapping[str, Any] | None = None, /, *, env: Mapping[str, str] | None = None, dotenv: str = ""
    ) -> str:
        with pytest.raises(SettingsError) as caught:
            load(line, env=env, dotenv=dotenv)
        message = str(caught.value)
        assert len(message.splitlines()) == 1
        assert ":" in message
        return message

    return refused
