"""What a run asks its target with: the clients, and the gate before them."""

from dataclasses import dataclass
from typing import Final

from golive.clock import WaitingClock
from golive.connect import ConnectClient, StripeClient, Timeouts
from golive.guard import is_loopback
from golive.politeness.budget import Budget
from golive.politeness.gate import Gate
from golive.recording import Recorder, RecordingTransport
from golive.settings import Settings

PAUSE_S: Final = 5.0
LOCAL_PAUSE_S: Final = 0.25
"""How long a target that does not answer is left alone before it is asked again; one on this machine, less."""

_ACTOR: Final = "checks"


def gate_of(settings: Settings, listed: int, clock: WaitingClock) -> Gate:
    """What holds requests back, where `listed` EVSE IDs are asked for unless `--evse` chooses among them."""
    return Gate(
        clock,
        most_at_once=settings.max_in_flight,
        per_second=settings.max_rate,
        budget=Budget(evses=len(settings.evse) or listed, fuzz_examples=settings.fuzz_examples),
        pause_s=LOCAL_PAUSE_S if settings.target.local else PAUSE_S,
    )


@dataclass(frozen=True)
class Wiring:
    """Makes the clients, all of which ask over one transport and say the same of their sender."""

    settings: Settings
    transport: RecordingTransport
    recorder: Recorder
    clock: WaitingClock
    user_agent: str

    def connect(self) -> ConnectClient:
        """Of the API, with the partner's key. Raises `RuntimeError` where the settings have no target or key."""
        if self.settings.key is None or self.settings.target.url is None:
            raise RuntimeError("settings without key or address cannot be connected")
        return ConnectClient(
            self.settings.target.url,
            self.settings.key,
            actor=_ACTOR,
            transport=self.transport,
            recorder=self.recorder,
            clock=self.clock,
            timeouts=Timeouts(start_s=self.settings.start_timeout),
            user_agent=self.user_agent,
        )

    def stripe(self) -> StripeClient | None:
        """Of the card processor's test mode; None where no publishable key is given."""
        if self.settings.publishable_key is None or self.settings.stripe_api_base is None:
            return None
        return StripeClient(
            self.settings.stripe_api_base,
            self.settings.publishable_key,
            actor=_ACTOR,
            transport=self.transport,
            recorder=self.recorder,
            clock=self.clock,
            user_agent=self.user_agent,
            names_asker=is_loopback(self.settings.stripe_api_base),  # a double; Stripe itself need not know our checks
        )
