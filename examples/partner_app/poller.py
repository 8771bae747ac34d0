"""Follows each session until it is final, whether or not the driver looks at the page."""

import asyncio
import json
import time
from typing import Any

from examples.partner_app.accounts import Accounts
from examples.partner_app.connect import Connect, ConnectError, Json
from examples.partner_app.database import Charge, Database, State
from examples.partner_app.logs import Log
from examples.partner_app.notices import GIVEN_UP, NO_NEWS
from examples.partner_app.settings import Pace
from examples.partner_app.tasks import Tasks


class Poller:
    """One task for each open session."""

    def __init__(
        self, connect: Connect, database: Database, accounts: Accounts, log: Log, pace: Pace, tasks: Tasks
    ) -> None:
        self.connect, self.database, self.accounts = connect, database, accounts
        self.log, self.pace, self.tasks = log, pace, tasks
        self._nudges: dict[int, asyncio.Event] = {}

    def watch(self, charge: Charge) -> None:
        """Harmless for one that is watched already."""
        if charge.id not in self._nudges:
            self._nudges[charge.id] = asyncio.Event()
            self.tasks.begin("poll", self._watch(charge.id))

    def nudge(self, charge: Charge) -> None:
        """Something happened: read it soon, and often again."""
        if charge.id in self._nudges:
            self._nudges[charge.id].set()

    async def _watch(self, charge_id: int) -> None:
        try:
            await self.follow(charge_id)
        finally:
            del self._nudges[charge_id]

    async def follow(self, charge_id: int) -> None:
        """Reads the session until it is final: often while something changes, ever more seldom while nothing does."""
        pause = self.pace.poll
        while (charge := self.database.charge(charge_id)).is_open:
            if time.time() - charge.began_at > self.pace.give_up:
                self._give_up(charge)
                return
            if await self._nudged(charge_id, pause):
                pause = self.pace.poll
                continue
            before = self.database.charge(charge_id)
            try:
                after = await self.read(before)
            except ConnectError as error:
                self.log.trouble("poll", error, charge=charge_id, session=before.session_id)
                self.database.update_charge(charge_id, notice=NO_NEWS)
                pause = self.slower(pause, error)
                continue
            pause = self.pace.poll if after.kwh != before.kwh else self.slower(pause)

    def slower(self, pause: float, error: ConnectError | None = None) -> float:
        """Seconds until the next reading; never sooner than an error asked for."""
        asked = error.retry_after if error is not None else 0.0
        return max(min(pause * 1.5, self.pace.slowest_poll), asked)

    async def _nudged(self, charge_id: int, pause: float) -> bool:
        nudge = self._nudges[charge_id]
        try:
            await asyncio.wait_for(nudge.wait(), pause)
        except TimeoutError:
            return False
        nudge.clear()
        return True

    async def read(self, charge: Charge) -> Charge:
        """Reads the session once and takes over what it says. Raises `ConnectError`."""
        user = await self.accounts.user_of(self.database.driver(charge.driver_id))
        session = await self.connect.session(user, str(charge.session_id))
        return self.take_over(self.database.charge(charge.id), session)

    def take_over(self, charge: Charge, session: Json) -> Charge:
        """The session is the truth, our row its mirror. It is final once the charge detail record has arrived: not
        active, and with an end. Until then it may go on after a stop, and its energy may still rise."""
        values: dict[str, Any] = {
            "kwh": session.get("consumed_energy"),
            "station": (session.get("station_info") or {}).get("station_name"),
        }
        if session.get("is_active") is False and session.get("end_time"):
            values |= {"state": State.FINISHED, "final": json.dumps(session)}
            self.log.event("finished", charge=charge.id, session=charge.session_id, kwh=session.get("consumed_energy"))
        elif charge.notice is not None and charge.notice != NO_NEWS:
            return self.database.update_charge(charge.id, notice=charge.notice, **values)
        return self.database.update_charge(charge.id, **values)

    def _give_up(self, charge: Charge) -> None:
        self.log.event("given up", charge=charge.id, session=charge.session_id)
        self.database.update_charge(charge.id, state=State.FINISHED, notice=GIVEN_UP)
