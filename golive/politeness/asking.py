"""What is asked for, and for whose sake: told by the context of whoever asks (contextvars), as the record is.

A thread that is started anew has a context of its own, so a journey speaks for itself alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Final

START: Final = "users_charging_start_create"
"""The one operation whose answer may take minutes."""

_CLEANING_UP: ContextVar[bool] = ContextVar("cleaning_up", default=False)
_EVSE: ContextVar[str | None] = ContextVar("evse", default=None)


class Kind(Enum):
    """How a request stands towards the others that wait."""

    CLEAN_UP = "stops what is open, removes what was made, or looks for it: goes first, and is never held back"
    ORDINARY = "anything else"
    START = "a start, which may take minutes and must not keep the others from their turn"


@dataclass(frozen=True, slots=True)
class Asking:
    """One request that is about to be sent. `origin` is scheme, host and port; `provokes`: it is sent to see what
    comes of it; `removes`: it deletes something; `evse` is the EVSE ID for whose sake it is sent."""

    origin: str
    operation: str
    kind: Kind = Kind.ORDINARY
    evse: str | None = None
    provokes: bool = False
    removes: bool = False


@contextmanager
def cleaning_up() -> Iterator[None]:
    """What is sent within leaves the target as it was found. Also a decorator."""
    token = _CLEANING_UP.set(True)
    try:
        yield
    finally:
        _CLEANING_UP.reset(token)


@contextmanager
def for_evse(evse_id: str) -> Iterator[None]:
    """What is sent within is sent for the sake of this EVSE."""
    token = _EVSE.set(evse_id)
    try:
        yield
    finally:
        _EVSE.reset(token)


def evse_asked_for() -> str | None:
    """The EVSE for whose sake this context asks, if it is one."""
    return _EVSE.get()


def kind_of(operation: str | None) -> Kind:
    """The kind of a request that this context is about to send."""
    if _CLEANING_UP.get():
        return Kind.CLEAN_UP
    return Kind.START if operation == START else Kind.ORDINARY
