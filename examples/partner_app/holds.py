"""What a driver has to do before another start is sent. After some refusals the same start would be refused again for
the same reason: it is answered from here then, and Connect is not asked."""

import time

from examples.partner_app.connect import Connect, ConnectError
from examples.partner_app.database import Card, Database, Driver
from examples.partner_app.notices import Act, Notice, Told, notice_for

_LIKE = {
    Act.BILLING: ConnectError(409, {"type": "billing_data_required"}),
    Act.SETTLE: ConnectError(402, {"type": "payment_error"}),
    Act.CARD: ConnectError(402, {"type": "pre_authorization_failed"}),
    Act.WAIT: ConnectError(409, {"type": "already_charging"}),
    Act.AUTHENTICATE: ConnectError(402, {"type": "pre_authorization_failed", "payment_intent_client_secret": "-"}),
}


class Holds:
    """At most one for each driver."""

    def __init__(self, connect: Connect, database: Database) -> None:
        self.connect, self.database = connect, database
        self._secrets: dict[int, str] = {}

    def put(self, driver: Driver, notice: Notice, card: Card, error: ConnectError, wait: float) -> None:
        """After a refused start. The secret of a payment that waits for the driver's bank stays in memory."""
        until = time.time() + wait if notice.act is Act.WAIT else None
        if notice.act in _LIKE:
            self.database.update_driver(driver.id, hold=notice.act, hold_card=card.id, hold_until=until)
        if notice.act is Act.AUTHENTICATE:
            self._secrets[driver.id] = str(error.client_secret)

    def lift(self, driver: Driver, *acts: Act) -> None:
        """The driver did it."""
        if self.database.driver(driver.id).hold in acts:
            self.database.update_driver(driver.id, hold=None, hold_card=None, hold_until=None)
            self._secrets.pop(driver.id, None)

    def secret(self, driver: Driver) -> str | None:
        """For the page, which lets the driver authenticate the payment at Stripe."""
        return self._secrets.get(driver.id)

    async def check(self, driver: Driver, card: Card, user: str) -> None:
        """Raises `Told` where a start would be refused for the reason for which the last one was."""
        driver = self.database.driver(driver.id)
        if driver.hold is None or await self._is_over(driver, card, user):
            return
        raise Told(notice_for(_LIKE[driver.hold]))

    async def _is_over(self, driver: Driver, card: Card, user: str) -> bool:
        match driver.hold:
            case Act.CARD:
                over = card.id != driver.hold_card
            case Act.WAIT:
                over = time.time() >= (driver.hold_until or 0.0)
            case Act.SETTLE:
                over = not await self.connect.debts(user)
            case Act.AUTHENTICATE:  # another card does as well, and after a restart the secret is gone
                over = card.id != driver.hold_card or driver.id not in self._secrets
            case _:
                over = False
        if over and driver.hold is not None:
            self.lift(driver, driver.hold)
        return over
