"""Settings: one validated, frozen object from command line, environment, `.env` and defaults.

Whatever cannot be used is refused before anything is sent, in one line that names the place and the remedy.
"""

from golive.settings.errors import SettingsError
from golive.settings.load import DEFAULT_TICK, STRIPE_URL, LoopbackDefaults, load_settings
from golive.settings.model import PreparedUser, Settings, Target, describe, fingerprint
from golive.settings.options import OPTIONS, Collect, Option, command_line
from golive.settings.sources import NAMES, VENDOR_NAMES

__all__ = [
    "DEFAULT_TICK",
    "NAMES",
    "OPTIONS",
    "STRIPE_URL",
    "VENDOR_NAMES",
    "Collect",
    "LoopbackDefaults",
    "Option",
    "PreparedUser",
    "Settings",
    "SettingsError",
    "Target",
    "command_line",
    "describe",
    "fingerprint",
    "load_settings",
]
