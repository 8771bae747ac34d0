"""What the app makes of a station that somebody else charges at, and of a charge that nobody stops."""

import asyncio
import json

from examples.partner_app.charges import Charges
from examples.partner_app.connect import ConnectError
from examples.partner_app.database import Card, Charge, Driver, State
from examples.partner_app.notices import Act, Notice
from examples.partner_app.poller import Poller
from tests.partner_habits.register import habit

PAUSE_S = 0.3


@habit("refused-start-shown-as-a-charge", "busy-station")
class Hopeful(Charges):
    """The driver is shown a charge as soon as the start was sent, whatever its answer."""

    async def start_refused(self, driver: Driver, charge: Charge, card: Card, error: ConnectError) -> None:
        await self.finding.looked(charge)
        self.database.update_charge(charge.id, state=State.CHARGING)


@habit("busy-station-told-raw", "busy-station")
class Raw(Charges):
    """Whoever comes to a busy station reads the error as it came."""

    async def start_refused(self, driver: Driver, charge: Charge, card: Card, error: ConnectError) -> None:
        await self.finding.looked(charge)
        self.finding.fail(charge, Notice(json.dumps({"status": error.status, "error": error.details}), Act.SUPPORT))


@habit("start-put-off-at-a-busy-station", "busy-station")
class Patient(Charges):
    """The driver is told that the station is busy, and a moment later the start is sent once more."""

    async def start_refused(self, driver: Driver, charge: Charge, card: Card, error: ConnectError) -> None:
        await super().start_refused(driver, charge, card, error)
        self.tasks.begin("later", self.later(driver, charge, card))

    async def later(self, driver: Driver, charge: Charge, card: Card) -> None:
        await asyncio.sleep(2 * PAUSE_S)
        user = await self.accounts.user_of(driver)
        session = await self.connect.start(user, charge.evse_id, card.method_id)
        await self.connect.session(user, str(session["id"]))


@habit("end-noticed-only-after-a-stop", "left-alone")
class Deaf(Poller):
    """A session that ended by itself is read to its end, and shown as charging until its driver stops it."""

    async def follow(self, charge_id: int) -> None:
        while self.database.charge(charge_id).is_open:
            await asyncio.sleep(self.pace.poll)
            charge = self.database.charge(charge_id)
            user = await self.accounts.user_of(self.database.driver(charge.driver_id))
            session = await self.connect.session(user, str(charge.session_id))
            if charge.state is State.CHARGING and session.get("is_active") is False:
                return
            self.take_over(charge, session)


@habit("charge-stopped-for-its-driver", "left-alone")
class Hasty(Poller):
    """The backend stops the session as soon as it has some energy, though its driver goes on."""

    async def read(self, charge: Charge) -> Charge:
        after = await super().read(charge)
        if after.state is State.CHARGING and float(after.kwh or 0) > 0:
            await self.connect.stop(
                await self.accounts.user_of(self.database.driver(after.driver_id)), str(after.session_id)
            )
            return self.database.update_charge(after.id, state=State.STOPPING)
        return after
