"""Drivers and their Connect users: exactly one user for each driver, whatever goes wrong in between."""

import asyncio
import hashlib
import secrets
import uuid
from collections import defaultdict

from examples.partner_app.connect import Connect, Json
from examples.partner_app.database import Card, Database, Driver
from examples.partner_app.holds import Holds
from examples.partner_app.logs import Log
from examples.partner_app.notices import Act

_NAMESPACE = uuid.UUID("6f6f9f0e-2f5c-5d57-9d35-0c8f6a0b5b1e")


class Accounts:
    """Signing in is not what this example is about: whoever knows a name is that driver. Put your own log-in here."""

    def __init__(self, connect: Connect, database: Database, holds: Holds, log: Log) -> None:
        self.connect, self.database, self.holds, self.log = connect, database, holds, log
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def sign_in(self, name: str) -> str:
        """An account for this name, and a Connect user behind it. Returns what goes into the cookie."""
        driver = self.database.driver_of(self.external_id(name), name)
        await self.user_of(driver)
        token = secrets.token_urlsafe(32)
        # Whoever reads the database cannot log in with what is in it.
        self.database.add_login(_hashed(token), driver.id)
        return token

    def external_id(self, name: str) -> str:
        """Under which Connect knows the driver: the same each time, even with an empty database, and nobody's name."""
        return f"partner-app-{uuid.uuid5(_NAMESPACE, ' '.join(name.split()).casefold())}"

    def signed_in(self, token: str | None) -> Driver | None:
        return self.database.logged_in(_hashed(token)) if token else None

    async def user_of(self, driver: Driver) -> str:
        """The driver's Connect user: from our own records, else found by its external id, else made.

        The look-up matters when the answer to a creation was lost, or our database was restored from an older copy:
        without it there would be two users, with the cards at one and the sessions at the other. The lock does the
        same for a driver who taps twice.
        """
        async with self._locks[driver.id]:
            known = self.database.driver(driver.id).user_id
            if known is not None:
                return known
            user = await self.find_or_create(driver)
            self.database.update_driver(driver.id, user_id=user)
            self.log.event("user", driver=driver.id, user=user)
            return user

    async def find_or_create(self, driver: Driver) -> str:
        found = await self.connect.find_user(driver.external_id)
        return found or await self.connect.create_user(driver.external_id)

    # -- cards -------------------------------------------------------------------------------------------------

    async def setup_secret(self, driver: Driver) -> str:
        """With it the page adds one card, straight at Stripe. The card's number never comes here: a backend that sees
        card numbers has to be certified for it (PCI DSS). The secret is passed on and not kept."""
        return await self.connect.setup_secret(await self.user_of(driver))

    async def cards(self, driver: Driver) -> list[Card]:
        """As Connect lists them now, the newest first. A new card may be listed a moment after Stripe took it."""
        methods = await self.connect.cards(await self.user_of(driver))
        methods.sort(key=lambda method: str(method.get("created_at")))
        self.database.set_cards(driver.id, {str(method["id"]): _label(method) for method in methods})
        return self.database.cards(driver.id)

    # -- billing -----------------------------------------------------------------------------------------------

    async def put_billing(self, driver: Driver, details: Json) -> None:
        await self.connect.put_billing(await self.user_of(driver), details)
        self.holds.lift(driver, Act.BILLING)


def _label(method: Json) -> str:
    card = method.get("card") or {}
    return f"{str(card.get('brand') or 'card').capitalize()} ending in {card.get('last4') or '????'}"


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
