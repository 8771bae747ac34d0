"""How the backend stops."""

import asyncio
from contextlib import suppress

from examples.partner_app.charges import Charges
from examples.partner_app.connect import Connect, ConnectError
from examples.partner_app.database import Charge, State
from examples.partner_app.notices import STOP_UNSURE
from examples.partner_app.poller import Poller
from tests.partner_habits.register import habit

PAUSE_S = 0.3


@habit("stop-sent-twice", "charge")
class Twice(Connect):
    """The stop is sent again after it was accepted, to be sure."""

    async def stop(self, user: str, session_id: str) -> None:
        await super().stop(user, session_id)
        with suppress(ConnectError):
            await super().stop(user, session_id)


@habit("stop-resent-after-already-stopped", "stop-meets-already-stopped")
class Again(Connect):
    """already_stopped is taken for a failure: the stop is sent again."""

    async def stop(self, user: str, session_id: str) -> None:
        try:
            await super().stop(user, session_id)
        except ConnectError:
            await asyncio.sleep(PAUSE_S)
            await super().stop(user, session_id)


class Resent(Charges):
    """Any stop that failed is sent again before the session is read; the driver is told all the same."""

    pause = PAUSE_S

    async def stop_refused(self, charge: Charge, error: ConnectError) -> None:
        user = await self.accounts.user_of(self.database.driver(charge.driver_id))
        await asyncio.sleep(self.pause)
        await self.connect.stop(user, str(charge.session_id))
        self.database.update_charge(charge.id, stop_confirmed=True, notice=STOP_UNSURE)


class Meanwhile(Poller):
    """The session is not read while a stop is under way."""

    async def read(self, charge: Charge) -> Charge:
        for _ in range(200):
            now = self.database.charge(charge.id)
            if now.state is not State.STOPPING or now.stop_confirmed:
                break
            await asyncio.sleep(0.01)
        return await super().read(charge)


@habit("stop-resent-after-a-lost-answer", "stop-meets-lost-stop")
class Blind(Resent):
    """A stop whose answer was lost is sent again before the session is read."""


@habit("stop-resent-after-a-provider-error", "stop-meets-provider-error-on-stop")
class BlindToo(Resent):
    """A stop that the provider did not carry out is sent again before the session is read."""


habit("stop-resent-after-a-lost-answer", "stop-meets-lost-stop")(Meanwhile)
habit("stop-resent-after-a-provider-error", "stop-meets-provider-error-on-stop")(Meanwhile)


@habit("stop-repeated-at-once", "stop-meets-unexpected-error-on-stop")
class Hurry(Resent):
    """A stop that failed on the API's side is sent again at once."""

    pause = 0.0
