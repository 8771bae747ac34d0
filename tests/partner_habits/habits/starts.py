"""How the backend starts, and starts again."""

import asyncio

from examples.partner_app.charges import Charges
from examples.partner_app.connect import Connect, ConnectError, Json
from examples.partner_app.database import Card, Charge, Driver
from examples.partner_app.finding import Finding
from examples.partner_app.notices import Notice
from tests.partner_habits.register import habit

PAUSE_S = 0.3


async def resent(connect: Connect, types: tuple[str | None, ...], times: int, pause: float, again: "Start") -> Json:
    for left in reversed(range(times + 1)):
        try:
            return await again(connect)
        except ConnectError as error:
            if error.type not in types or left == 0:
                raise
        await asyncio.sleep(pause)
    raise AssertionError


class Start:
    """One start, to be sent again."""

    def __init__(self, user: str, evse_id: str, method_id: str) -> None:
        self._values = user, evse_id, method_id

    async def __call__(self, connect: Connect) -> Json:
        return await Connect.start(connect, *self._values)


@habit("start-resent-after-a-lost-answer", "start-meets-lost-start")
class Resent(Connect):
    """A start whose answer was lost is sent once more, a moment later."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, (None,), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("start-resent-after-a-malformed-answer", "start-meets-malformed-start")
class ResentUnreadable(Connect):
    """A start whose answer could not be read is sent once more."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, (None,), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("start-again-after-a-provider-error", "start-meets-provider-error-on-start")
class AfterProvider(Connect):
    """A start that the provider did not carry out is sent once more, without a look at the sessions."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("charging_provider_error",), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("start-again-at-a-broken-connector", "start-meets-connector-out-of-order")
class AtBroken(Connect):
    """A start at a connector that is out of order is sent once more, without a look at the station."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("station_availability_issue",), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("start-again-in-a-loop-after-already-charging", "start-meets-already-charging")
class Loop(Connect):
    """already_charging is answered with the same start, again and again."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("already_charging",), 3, PAUSE_S, Start(user, evse_id, method_id))


@habit("retry-storm-on-409", "start-meets-already-charging")
class Storm(Connect):
    """A conflict is answered with the same start at once, three times."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("already_charging",), 3, 0.0, Start(user, evse_id, method_id))


@habit("start-again-without-the-billing-data", "start-meets-billing-data-required")
class WithoutBilling(Connect):
    """billing_data_required is answered with the same start, with nothing given."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("billing_data_required",), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("start-again-with-the-declined-card", "start-meets-pre-authorization-failed")
class SameCard(Connect):
    """A declined card is tried once more."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("pre_authorization_failed",), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("start-again-with-the-debt", "start-meets-payment-error")
class WithDebt(Connect):
    """A start is sent once more though the debt stands."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("payment_error",), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("start-again-with-a-card-that-cannot-be-used", "start-meets-payment-method-error")
class UselessCard(Connect):
    """A payment method that cannot be used is tried once more."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        return await resent(self, ("payment_method_error",), 1, PAUSE_S, Start(user, evse_id, method_id))


@habit("two-starts-for-two-taps", "charge")
class Taps(Connect):
    """Each tap sends a start, also while the first one is under way."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        one, two = (asyncio.create_task(super(Taps, self).start(user, evse_id, method_id)) for _ in range(2))
        done = await asyncio.gather(one, two, return_exceptions=True)
        return next(answer for answer in done if not isinstance(answer, BaseException))


@habit("424-ignored", "start-meets-provider-error-on-start")
class Ignored(Charges):
    """What a provider's error leaves open is not read, not even when the driver starts again."""

    async def begin(self, driver: Driver, charge: Charge, card: Card) -> None:
        await self.send_start(await self.accounts.user_of(driver), driver, charge, card)


@habit("424-ignored", "start-meets-provider-error-on-start")
class Unlooked(Finding):
    async def looked(self, charge: Charge, notice: Notice | None = None) -> bool:
        return False


@habit("lost-start-forgotten", "start-meets-lost-start-answer")
class Forgotten(Finding):
    """A start whose answer was lost is told to the driver as failed, and never looked for."""

    async def looked(self, charge: Charge, notice: Notice | None = None) -> bool:
        return False

    async def look(self, charge: Charge, notice: Notice | None = None, *, sent: bool = True) -> bool:
        return False
