"""The engine of the go-live readiness suite: it drives the DEV checklist, records it and judges the record.

It knows nothing of ``suites`` (what is checked) and ``fixtures`` (what a check may ask for).
"""

import sys
from importlib.metadata import PackageNotFoundError, version


def _load_httpx_without_its_command_line() -> None:
    """httpx brings a command for terminals and loads rich, pygments and click for it wherever they are installed:
    nearly half of its own loading time. It copes with their absence, which is feigned for a moment."""
    command_line = "httpx._main"
    if "httpx" in sys.modules:
        return
    sys.modules[command_line] = None  # type: ignore[assignment]  # how the import system says "not there"
    try:
        import httpx  # noqa: F401
    finally:
        del sys.modules[command_line]


_load_httpx_without_its_command_line()

try:
    __version__ = version("cariqa-golive")
except PackageNotFoundError:  # run from a checkout that was not installed
    __version__ = "0+checkout"

__all__ = ["__version__"]
