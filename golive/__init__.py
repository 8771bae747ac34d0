"""The engine of the go-live readiness suite: it drives the DEV checklist, records it and judges the record.

It knows nothing of ``suites`` (what is checked) and ``fixtures`` (what a check may ask for).
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("cariqa-golive")
except PackageNotFoundError:  # run from a checkout that was not installed
    __version__ = "0+checkout"

__all__ = ["__version__"]
