"""The settings' own fixtures, for what a dump of settings shows."""

from tests.settings.conftest import load as load
