"""Whole files or none: a crash at any point leaves the former file as it was."""

import os
from contextlib import suppress
from pathlib import Path

PARTIAL = ".partial"


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` in the place of `path`, in one step that either happens or does not.

    The bytes go to a partial file in the same directory first and are on the disk before it takes the name. Raises
    OSError where one of these steps fails; the partial file is gone then.
    """
    partial = path.with_name(path.name + PARTIAL)
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)  # noqa: PTH105 - the one call of the system that this stands on
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(directory: Path) -> None:
    """The new name is on the disk too, where the system can say so (Windows cannot open a directory)."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
