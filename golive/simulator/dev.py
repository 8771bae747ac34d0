"""The simulated DEV put together from its parts.

A deviation from the contract, or another documented form, is a mixin over one part:
`Parts().mixed(users=NeverDeletes)`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from golive.simulator.clocks import RealClock, SimulatorClock
from golive.simulator.options import SimulatorOptions
from golive.simulator.services.auth import Auth
from golive.simulator.services.billing import Billing
from golive.simulator.services.charging import Charging
from golive.simulator.services.debts import Debts
from golive.simulator.services.envelope import Envelope
from golive.simulator.services.invoices import Invoices
from golive.simulator.services.payment_methods import PaymentMethods
from golive.simulator.services.prices import Prices
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.stations import Stations
from golive.simulator.services.tiles import Tiles
from golive.simulator.services.users import Users
from golive.simulator.services.vcps import Vcps
from golive.simulator.services.wire import Wire
from golive.simulator.state.identifiers import Identifiers
from golive.simulator.state.world import World
from golive.simulator.stripe.testmode import StripeTestMode
from golive.simulator.web.forms import Forms
from golive.simulator.web.pages import Pages


@dataclass(frozen=True)
class Parts:
    """The class of each part."""

    auth: type[Auth] = Auth
    billing: type[Billing] = Billing
    charging: type[Charging] = Charging
    debts: type[Debts] = Debts
    envelope: type[Envelope] = Envelope
    forms: type[Forms] = Forms
    invoices: type[Invoices] = Invoices
    pages: type[Pages] = Pages
    payment_methods: type[PaymentMethods] = PaymentMethods
    prices: type[Prices] = Prices
    sessions: type[Sessions] = Sessions
    stations: type[Stations] = Stations
    stripe: type[StripeTestMode] = StripeTestMode
    tiles: type[Tiles] = Tiles
    users: type[Users] = Users
    vcps: type[Vcps] = Vcps
    wire: type[Wire] = Wire
    identifiers: type[Identifiers] = Identifiers

    def mixed(self, **mixins: type) -> Parts:
        """These parts with a class put over some of them: its methods win, `super()` is what was there before.

        Raises `TypeError` for a part that does not exist.
        """
        known = {part.name for part in fields(self)}
        unknown = sorted(set(mixins) - known)
        if unknown:
            raise TypeError(f"no part of the simulator is called {', '.join(unknown)}")
        over: dict[str, Any] = {
            name: type(mixin.__name__, (mixin, getattr(self, name)), {}) for name, mixin in mixins.items()
        }
        return replace(self, **over)


class Dev:
    """One simulated DEV: its options, its world, and the parts that act on it."""

    def __init__(
        self,
        options: SimulatorOptions | None = None,
        *,
        clock: SimulatorClock | None = None,
        parts: Parts | None = None,
    ) -> None:
        self.options = options or SimulatorOptions()
        self.clock = clock or RealClock()
        chosen = parts or Parts()
        self.world = World(self.clock, self.options.seed, chosen.identifiers(self.options.seed))
        for evse_id, seconds in self.options.held.items():
            self.world.hold(evse_id, seconds)
        self.auth = chosen.auth(self)
        self.billing = chosen.billing(self)
        self.charging = chosen.charging(self)
        self.debts = chosen.debts(self)
        self.envelope = chosen.envelope(self)
        self.forms = chosen.forms(self)
        self.invoices = chosen.invoices(self)
        self.pages = chosen.pages(self)
        self.payment_methods = chosen.payment_methods(self)
        self.prices = chosen.prices(self)
        self.sessions = chosen.sessions(self)
        self.stations = chosen.stations(self)
        self.stripe = chosen.stripe(self)
        self.tiles = chosen.tiles(self)
        self.users = chosen.users(self)
        self.vcps = chosen.vcps(self)
        self.wire = chosen.wire(self)
