"""How the backend follows a session."""

import asyncio

from examples.partner_app.connect import ConnectError
from examples.partner_app.database import Charge, State
from examples.partner_app.poller import Poller
from tests.partner_habits.drive import SILENT_S
from tests.partner_habits.register import habit


@habit("no-polling", "long-charge")
class Never(Poller):
    """The session is started and never read."""

    def watch(self, charge: Charge) -> None:
        pass


@habit("polling-begins-late", "long-charge")
class Late(Poller):
    """Between the start and the first reading the driver sees nothing."""

    async def follow(self, charge_id: int) -> None:
        await asyncio.sleep(SILENT_S)
        await super().follow(charge_id)


@habit("polling-stops-in-between", "long-charge")
class Pause(Poller):
    """Once read, the session is not looked at for a long time while it is active."""

    async def follow(self, charge_id: int) -> None:
        await asyncio.sleep(self.pace.poll)
        await self.read(self.database.charge(charge_id))
        await asyncio.sleep(SILENT_S + 0.5)
        await super().follow(charge_id)


@habit("polling-too-fast", "long-charge")
class Fast(Poller):
    """The session is read without a pause, by each of five workers."""

    async def follow(self, charge_id: int) -> None:
        while (charge := self.database.charge(charge_id)).is_open:
            await asyncio.gather(*(self.read(charge) for _ in range(5)))


@habit("polling-for-ever", "charge")
class ForEver(Poller):
    """The session is read on after it was final."""

    async def follow(self, charge_id: int) -> None:
        await super().follow(charge_id)
        charge = self.database.charge(charge_id)
        user = await self.accounts.user_of(self.database.driver(charge.driver_id))
        while True:
            await asyncio.sleep(self.pace.poll)
            await self.connect.session(user, str(charge.session_id))


@habit("cdr-never-read", "long-charge")
class UntilStop(Poller):
    """Polling ends with the stop: the final record is never read."""

    async def follow(self, charge_id: int) -> None:
        while (charge := self.database.charge(charge_id)).state is State.CHARGING:
            await asyncio.sleep(self.pace.poll)
            if self.database.charge(charge_id).state is State.CHARGING:
                await self.read(charge)


@habit("retry-after-ignored", "poll-meets-too-many-requests")
class Impatient(Poller):
    """What a 429 asks for is not kept."""

    def slower(self, pause: float, error: ConnectError | None = None) -> float:
        return self.pace.poll


@habit("failed-reading-repeated-at-once", "poll-meets-html-502")
class AtOnce(Poller):
    """A reading that failed is repeated without a pause, until it succeeds."""

    async def read(self, charge: Charge) -> Charge:
        while True:
            try:
                return await super().read(charge)
            except ConnectError:
                continue
