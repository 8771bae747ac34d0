"""The receipt: what the final record says, and the invoice once there is one."""

import time
from collections.abc import Iterator

from examples.partner_app.accounts import Accounts
from examples.partner_app.connect import Connect, ConnectError, Json
from examples.partner_app.database import Charge, Database, State
from examples.partner_app.logs import Log
from examples.partner_app.settings import Pace

_COSTS = {
    "kwh_cost": "Energy",
    "time_cost": "Time",
    "starting_fee_cost": "Starting fee",
    "session_fee_cost": "Session fee",
    "blocking_fee_cost": "Blocking fee",
    "invoice_credits": "Credits",
    "invoice_discount": "Discount",
}


class Receipts:
    """The invoice may come minutes after the final record. It is asked for when a driver looks, and not in a hurry."""

    def __init__(self, connect: Connect, database: Database, accounts: Accounts, log: Log, pace: Pace) -> None:
        self.connect, self.database, self.accounts = connect, database, accounts
        self.log, self.pace = log, pace
        self._asked_at: dict[int, float] = {}

    async def of(self, charge: Charge) -> Json | None:
        """None until the charge is finished."""
        if charge.state is not State.FINISHED or charge.final is None:
            return None
        invoice = charge.invoice or await self._invoice(charge)
        cost = charge.final.get("session_cost") or {}
        currency = cost.get("currency") or ""
        return {
            "station": charge.station,
            "lines": list(_lines(charge.final, cost)),
            "total": f"{cost.get('invoice_summary')} {currency}",
            "vat": f"{cost.get('invoice_vat')} {currency}",
            "invoice": invoice,
        }

    async def _invoice(self, charge: Charge) -> str | None:
        now = time.monotonic()
        if now - self._asked_at.get(charge.id, -self.pace.slowest_poll) < self.pace.poll:
            return None
        self._asked_at[charge.id] = now
        try:
            user = await self.accounts.user_of(self.database.driver(charge.driver_id))
            for invoice in await self.connect.invoices(user):
                if invoice.get("charging_session_id") == charge.session_id:
                    link = str(invoice["link"])
                    self.database.update_charge(charge.id, invoice=link)
                    return link
        except ConnectError as error:  # the figures are there all the same
            self.log.trouble("invoice", error, charge=charge.id)
        return None


def _lines(session: Json, cost: Json) -> Iterator[tuple[str, str]]:
    yield "Charged", f"{session.get('consumed_energy')} kWh"
    if session.get("duration") is not None:
        minutes, seconds = divmod(int(session["duration"]), 60)
        yield "Duration", f"{minutes} min {seconds:02} s"
    for name, title in _COSTS.items():
        if cost.get(name) not in (None, "0", "0.00"):
            yield title, f"{cost[name]} {cost.get('currency', '')}".strip()
