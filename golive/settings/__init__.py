"""Settings: one validated, frozen object from command line, environment, `.env` and defaults.

Whatever cannot be used is refused before anything is sent, in one line that names the place and the remedy.
"""

from golive.settings.errors import SettingsError
from golive.settings.key_command import ask_command
from golive.settings.load import DEFAULT_TICK, STRIPE_URL, LoopbackDefaults, load_settings
from golive.settings.model import PreparedUser, Settings, Target, describe, fingerprint
from golive.settings.options import OPTIONS, Collect, Option, command_line
from golive.settings.replay import Former
from golive.settings.sources import NAMES, VENDOR_NAMES
from golive.settings.values import Wrong

__all__ = [
    "DEFAULT_TICK",
    "NAMES",
    "OPTIONS",
    "STRIPE_URL",
    "VENDOR_NAMES",
    "Collect",
    "Former",
    "LoopbackDefaults",
    "Option",
    "PreparedUser",
    "Settings",
    "SettingsError",
    "Target",
    "Wrong",
    "ask_command",
    "command_line",
    "describe",
    "fingerprint",
    "load_settings",
]
