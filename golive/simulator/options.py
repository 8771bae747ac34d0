"""How one simulated DEV behaves: pace, delays, who holds what. Times are seconds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SIMULATOR_KEY = "simulator-connect-key-7f3a9c51d2"
"""The Connect API key that a simulator accepts unless told otherwise: public, worth nothing elsewhere."""

SIMULATOR_PUBLISHABLE_KEY = "pk_test_simulator7f3a9c51d2"
"""The publishable key that the simulator's card processor accepts unless told otherwise."""

MOST_MESSAGES = 10
"""Type 2 sends "up to 10 progress messages" (environments document, virtual charging points)."""


class BusyAs(StrEnum):
    """Which of the documented answers a start on a busy VCP gets."""

    PROVIDER_ERROR = "charging_provider_error"
    AVAILABILITY_409 = "station_availability_issue_409"
    AVAILABILITY_424 = "station_availability_issue_424"


class InvalidOption(ValueError):  # noqa: N818 - reads as what it is
    """An option out of its range; the message is one line that names it."""


@dataclass(frozen=True)
class SimulatorOptions:
    """The switches of a simulated DEV. Durations are seconds; ids are EVSE IDs in any spelling.

    Raises `InvalidOption` when a value is out of range.
    """

    tick: float = 0.2
    """Between two progress messages of a type-2 VCP."""
    progress_messages: int = MOST_MESSAGES
    cdr_delay: float | None = None
    """From the end of charging to the CDR; None: one tick."""
    invoice_delay: float | None = None
    """From the CDR to the invoice; None: one tick."""
    payment_method_delay: float = 0.0
    """From the confirmation at the card processor to the method in the user's list."""
    start_delay: float = 0.0
    """How long a start takes to answer."""
    session_limit: float = 900.0
    """After this long a type-1 session that nobody stopped ends by itself."""
    held: Mapping[str, float] = field(default_factory=dict)
    """EVSE ID -> how long from the simulator's start another party holds it (`math.inf`: for ever)."""
    busy_as: BusyAs = BusyAs.PROVIDER_ERROR
    contradict: bool = False
    """Station data says the opposite of what the VCP does."""
    unpaid: bool = False
    """Every final charge is declined, so that each settled session leaves a debt."""
    seed: int = 0
    key: str = SIMULATOR_KEY
    publishable_key: str = SIMULATOR_PUBLISHABLE_KEY

    def __post_init__(self) -> None:
        self._positive("tick", self.tick)
        for name in ("payment_method_delay", "start_delay"):
            self._not_negative(name, getattr(self, name))
        for name in ("cdr_delay", "invoice_delay"):
            if getattr(self, name) is not None:
                self._not_negative(name, getattr(self, name))
        self._positive("session_limit", self.session_limit)
        if not 0 <= self.progress_messages <= MOST_MESSAGES:
            raise InvalidOption(f"progress_messages must be 0 to {MOST_MESSAGES}, not {self.progress_messages}")
        for evse_id, seconds in self.held.items():
            if math.isnan(seconds) or seconds < 0:
                raise InvalidOption(f"held: {evse_id} cannot be held for {seconds} seconds")
        for name in ("key", "publishable_key"):
            if not getattr(self, name) or not getattr(self, name).isascii() or " " in getattr(self, name):
                raise InvalidOption(f"{name} must be ASCII text without spaces")
        if not self.publishable_key.startswith("pk_test_"):
            raise InvalidOption("publishable_key must begin with pk_test_: the simulator is a test mode")
        if not isinstance(self.busy_as, BusyAs):
            object.__setattr__(self, "busy_as", self._busy_as(self.busy_as))

    @property
    def seconds_to_cdr(self) -> float:
        return self.tick if self.cdr_delay is None else self.cdr_delay

    @property
    def seconds_to_invoice(self) -> float:
        return self.tick if self.invoice_delay is None else self.invoice_delay

    @staticmethod
    def _busy_as(value: str) -> BusyAs:
        try:
            return BusyAs(value)
        except ValueError:
            raise InvalidOption(f"busy_as must be one of {', '.join(BusyAs)}, not {value}") from None

    @staticmethod
    def _positive(name: str, value: float) -> None:
        if not (math.isfinite(value) and value > 0):
            raise InvalidOption(f"{name} must be a number of seconds above 0, not {value}")

    @staticmethod
    def _not_negative(name: str, value: float) -> None:
        if not (math.isfinite(value) and value >= 0):
            raise InvalidOption(f"{name} must be 0 or more seconds, not {value}")
