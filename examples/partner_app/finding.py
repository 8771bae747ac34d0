"""Finding the session that belongs to a charge: the answer to every doubt about a start."""

import asyncio
import math
import time
from datetime import datetime

from examples.partner_app.accounts import Accounts
from examples.partner_app.connect import Connect, ConnectError, Json
from examples.partner_app.database import Charge, Database, State
from examples.partner_app.logs import Log
from examples.partner_app.notices import CHECKING, Notice
from examples.partner_app.poller import Poller
from examples.partner_app.settings import Pace

CLOCKS_DIFFER_S = 5.0


class Finding:
    """Reads the user's sessions; never sends anything that changes them."""

    def __init__(
        self, connect: Connect, database: Database, accounts: Accounts, poller: Poller, log: Log, pace: Pace
    ) -> None:
        self.connect, self.database, self.accounts = connect, database, accounts
        self.poller, self.log, self.pace = poller, log, pace

    async def find_out(self, charge: Charge, otherwise: Notice) -> None:
        """Looks for the session of a start whose outcome is not known, for as long as one may take to show."""
        self.database.update_charge(charge.id, state=State.UNSURE, notice=CHECKING)
        until = time.monotonic() + self.pace.unsure
        pause = self.pace.poll / 2
        while not await self.looked(charge):
            if time.monotonic() >= until:
                self.fail(charge, otherwise)
                return
            await asyncio.sleep(pause)
            pause = self.poller.slower(pause)

    async def looked(self, charge: Charge, notice: Notice | None = None) -> bool:
        """As `look`, where not to be able to look is to have found nothing yet."""
        try:
            return await self.look(charge, notice)
        except ConnectError as error:
            self.log.trouble("look", error, charge=charge.id)
            return False

    async def look(self, charge: Charge, notice: Notice | None = None, *, sent: bool = True) -> bool:
        """Whether the driver has a session that no charge has yet: an active one or, once the start was `sent`, one
        that began since. It is then this charge's. Raises `ConnectError`."""
        user = await self.accounts.user_of(self.database.driver(charge.driver_id))
        for session in await self.connect.sessions(user):
            ours = session.get("is_active") or (sent and _seconds_since(charge, session) > -CLOCKS_DIFFER_S)
            if ours and not self.database.knows_session(str(session.get("id"))):
                self.began(charge, session, notice)
                return True
        return False

    def began(self, charge: Charge, session: Json, notice: Notice | None = None) -> None:
        """There is a session: from here on the poller has it."""
        values = {"session_id": str(session["id"]), "evse_id": session.get("evse_id") or charge.evse_id}
        charge = self.database.update_charge(charge.id, state=State.CHARGING, notice=notice, **values)
        self.log.event("began", charge=charge.id, session=charge.session_id)
        self.poller.watch(self.poller.take_over(charge, session))

    def fail(self, charge: Charge, notice: Notice) -> None:
        """It never began."""
        self.database.update_charge(charge.id, state=State.FAILED, notice=notice)
        self.log.event("not begun", charge=charge.id, act=notice.act, reference=notice.reference)


def _seconds_since(charge: Charge, session: Json) -> float:
    """From the charge's beginning here to the session's at Connect, by two clocks."""
    try:
        return datetime.fromisoformat(str(session.get("start_time"))).timestamp() - charge.began_at
    except ValueError:
        return -math.inf
