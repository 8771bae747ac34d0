"""Start and stop: the two requests that must never be sent twice by mistake.

Connect has no idempotency key, so a start whose answer is lost may have begun a charge. Hence: write down what is about
to be sent, send it once, and when in doubt read the sessions (finding.py) before anything else is sent.
"""

import time

from examples.partner_app.accounts import Accounts
from examples.partner_app.connect import Connect, ConnectError
from examples.partner_app.database import Card, Charge, Database, Driver, State
from examples.partner_app.finding import Finding
from examples.partner_app.holds import Holds
from examples.partner_app.logs import Log
from examples.partner_app.notices import (
    ALREADY,
    NO_CARD,
    NO_CHARGE,
    NOT_BEGUN,
    STILL_STARTING,
    STOP_UNSURE,
    Act,
    Told,
    notice_for,
)
from examples.partner_app.poller import Poller
from examples.partner_app.tasks import Tasks


class Charges:
    """What drivers ask for is written down and answered at once; Connect is asked in the background."""

    def __init__(
        self,
        connect: Connect,
        database: Database,
        accounts: Accounts,
        holds: Holds,
        poller: Poller,
        finding: Finding,
        log: Log,
        tasks: Tasks,
    ) -> None:
        self.connect, self.database, self.accounts, self.holds = connect, database, accounts, holds
        self.poller, self.finding, self.log, self.tasks = poller, finding, log, tasks
        self.pace = poller.pace

    def resume(self) -> None:
        """After the app was down: whatever was open then is looked after again, and nothing is sent a second time."""
        for charge in self.database.open_charges():
            self.log.event("resume", charge=charge.id, state=charge.state)
            if charge.session_id is None:
                self.tasks.begin("resume", self.finding.find_out(charge, NOT_BEGUN))
                continue
            if charge.state is State.STOPPING and not charge.stop_confirmed:
                charge = self.database.update_charge(charge.id, state=State.CHARGING, notice=STOP_UNSURE)
            self.poller.watch(charge)

    def newest(self, driver: Driver) -> Charge:
        """Raises `Told` where there never was one."""
        charge = self.database.newest_charge(driver.id)
        if charge is None:
            raise Told(NO_CHARGE)
        return charge

    # -- start -------------------------------------------------------------------------------------------------

    async def start(self, driver: Driver, evse_id: str, card_id: int | None) -> Charge:
        """The new charge, or the one that is open already (a second tap). Raises `Told`, `ConnectError`."""
        newest = self.database.newest_charge(driver.id)
        if newest is not None and newest.is_open:
            return newest
        card = self.card(driver, card_id)
        await self.holds.check(driver, card, await self.accounts.user_of(driver))
        charge = self.database.new_charge(driver.id, card.id, evse_id, time.time())
        if charge is None:  # two taps at the same moment: the other one was first
            return self.newest(driver)
        self.tasks.begin("start", self.begin(driver, charge, card))
        return charge

    def card(self, driver: Driver, card_id: int | None) -> Card:
        """The card that the driver chose, which must be theirs; else the one added last. Raises `Told`."""
        cards = [card for card in self.database.cards(driver.id) if card_id in (None, card.id)]
        if not cards:
            raise Told(NO_CARD)
        return cards[0]

    async def begin(self, driver: Driver, charge: Charge, card: Card) -> None:
        """Reads whether the driver charges already, and starts if not."""
        user = await self.accounts.user_of(driver)
        try:
            if await self.finding.look(charge, ALREADY, sent=False):
                return
        except ConnectError as error:  # nothing was sent yet, so nothing has begun
            self.log.trouble("look", error, driver=driver.id, charge=charge.id)
            self.finding.fail(charge, notice_for(error))
            return
        await self.send_start(user, driver, charge, card)

    async def send_start(self, user: str, driver: Driver, charge: Charge, card: Card) -> None:
        try:
            session = await self.connect.start(user, charge.evse_id, card.method_id)
        except ConnectError as error:
            self.log.trouble("start", error, driver=driver.id, charge=charge.id, evse=charge.evse_id)
            await self.start_refused(driver, charge, card, error)
        else:
            self.finding.began(charge, session)

    async def start_refused(self, driver: Driver, charge: Charge, card: Card, error: ConnectError) -> None:
        """What each refusal asks for. None of them is answered with another start: that is for the driver to decide."""
        notice = notice_for(error)
        if error.unclear:
            await self.finding.find_out(charge, notice if notice.act is Act.SUPPORT else NOT_BEGUN)
            return
        # Our picture of the charge may be wrong: read it. What is found there is shown, and followed.
        doubtful = error.type in ("already_charging", "charging_provider_error")
        if doubtful and await self.finding.looked(charge, ALREADY):
            return
        if error.type == "station_availability_issue":
            await self.refresh_station(charge)
        self.holds.put(driver, notice, card, error, self.pace.wait)
        self.finding.fail(charge, notice)

    async def refresh_station(self, charge: Charge) -> None:
        """So that support and the driver's next choice go by what is true now."""
        try:
            station = await self.connect.station_of(charge.evse_id)
        except ConnectError as error:
            self.log.trouble("station", error, evse=charge.evse_id)
        else:
            self.log.event("station", evse=charge.evse_id, status=station.get("status"))

    # -- stop --------------------------------------------------------------------------------------------------

    def stop(self, driver: Driver) -> Charge:
        """Raises `Told`. A second tap changes nothing."""
        charge = self.newest(driver)
        if charge.session_id is None and charge.is_open:
            raise Told(STILL_STARTING)
        if charge.state is not State.CHARGING:
            return charge
        if time.time() < charge.stop_not_before:
            raise Told(STOP_UNSURE)
        charge = self.database.update_charge(charge.id, state=State.STOPPING)
        self.tasks.begin("stop", self.send_stop(charge))
        return charge

    async def send_stop(self, charge: Charge) -> None:
        user = await self.accounts.user_of(self.database.driver(charge.driver_id))
        try:
            await self.connect.stop(user, str(charge.session_id))
        except ConnectError as error:
            self.log.trouble("stop", error, charge=charge.id, session=charge.session_id)
            if error.type != "already_stopped":  # stopped is stopped, whoever did it
                await self.stop_refused(charge, error)
                return
        self.database.update_charge(charge.id, stop_confirmed=True)
        self.log.event("stopped", charge=charge.id, session=charge.session_id)
        self.poller.nudge(charge)

    async def stop_refused(self, charge: Charge, error: ConnectError) -> None:
        """Read what became of it, then leave a second stop to the driver, after a while."""
        try:
            charge = await self.poller.read(charge)
        except ConnectError as second:
            self.log.trouble("look", second, charge=charge.id)
        if charge.is_open:
            notice, again_at = notice_for(error), time.time() + self.pace.wait
            self.database.update_charge(
                charge.id,
                state=State.CHARGING,
                stop_not_before=again_at,
                notice=notice if notice.act is Act.SUPPORT else STOP_UNSURE,
            )
