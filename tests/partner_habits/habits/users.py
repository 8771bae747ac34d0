"""One user for one driver, and their cards."""

from typing import Any

from examples.partner_app.accounts import Accounts
from examples.partner_app.charges import Charges
from examples.partner_app.connect import Connect, Json
from examples.partner_app.database import Card, Driver
from tests.partner_habits.register import habit


@habit("users-made-at-each-sign-in", "charge")
class Anew(Accounts):
    """Each sign-in makes another user for the same external id."""

    async def sign_in(self, name: str) -> str:
        token = await super().sign_in(name)
        await self.connect.create_user(self.external_id(name))
        return token


@habit("user-made-though-found", "charge")
class Unread(Accounts):
    """The look-up's answer is thrown away."""

    async def user_of(self, driver: Driver) -> str:
        known = self.database.driver(driver.id).user_id
        if known is None:
            await self.connect.create_user(driver.external_id)
        return await super().user_of(driver)

    async def find_or_create(self, driver: Driver) -> str:
        await self.connect.find_user(driver.external_id)
        return await self.connect.create_user(driver.external_id)


@habit("no-look-up", "lost-creation")
class NoLookUp(Accounts):
    """A user is made without looking whether the last try, whose answer was lost, has made one."""

    async def find_or_create(self, driver: Driver) -> str:
        return await self.connect.create_user(driver.external_id)


@habit("card-number-through-the-backend", "charge")
class Number(Connect):
    """The page's card number comes to the backend, which hands it on."""

    async def put_billing(self, user: str, details: Json) -> None:
        await super().put_billing(user, {**details, "card": {"number": "4242424242424242", "cvc": "123"}})


@habit("set-up-intent-skipped", "charge-without-card")
class Skipped(Charges):
    """A payment method that was made elsewhere is used, without a setup intent."""

    def card(self, driver: Driver, card_id: int | None) -> Card:
        if not self.database.cards(driver.id):
            self.database.set_cards(driver.id, {"pm_card_visa": "Visa"})
        return super().card(driver, card_id)


@habit("card-of-another-driver", "two-drivers")
class Another(Charges):
    """Whoever comes, the first card that the app knows pays."""

    def card(self, driver: Driver, card_id: int | None) -> Card:
        return self.database.cards(1)[0]


@habit("station-in-place-of-the-connector", "charge")
class Station(Connect):
    """A start names the station."""

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        station: dict[str, Any] = await self.station_of(evse_id)
        return await super().start(user, str(station["id"]), method_id)
