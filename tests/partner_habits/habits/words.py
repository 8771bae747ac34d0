"""What the driver is told, and what the log keeps."""

import json
import traceback
from abc import ABC, abstractmethod
from pathlib import Path

from examples.partner_app.charges import Charges
from examples.partner_app.connect import ConnectError
from examples.partner_app.database import Card, Charge, Driver
from examples.partner_app.logs import Log
from examples.partner_app.notices import Act, Notice
from golive.simulator import SIMULATOR_KEY
from tests.partner_habits.register import habit, page_habit


class Worded(Charges, ABC):
    """Refused starts are told in other words."""

    @abstractmethod
    def words(self, driver: Driver, error: ConnectError) -> str:
        """What the driver is told."""

    async def start_refused(self, driver: Driver, charge: Charge, card: Card, error: ConnectError) -> None:
        self.finding.fail(charge, Notice(self.words(driver, error), Act.SUPPORT))


@habit("details-shown", "start-meets-validation-error")
class Details(Worded):
    """The driver reads error.details."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return f"Sorry: {error.details}."


@habit("json-shown", "start-meets-validation-error")
class Raw(Worded):
    """The driver reads the answer as it came."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return json.dumps({"status": error.status, "error": {"kind": error.type}})


@habit("stack-trace-shown", "start-meets-validation-error")
class Trace(Worded):
    """The driver reads where the program failed."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return "".join(traceback.format_exception(error))


@habit("error-type-shown", "start-meets-validation-error")
class Type(Worded):
    """The driver reads the error's name."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return f"We are sorry, this did not work ({error.type})."


@habit("id-shown", "start-meets-validation-error")
class Id(Worded):
    """The driver reads the id of their Connect user."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return f"We are sorry. Tell our support that you are {driver.user_id}."


@habit("client-secret-shown", "start-meets-pre-authorization-failed-with-secret")
class Secret(Worded):
    """The driver reads the secret of the payment that the bank wants confirmed."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return f"Please confirm the payment {error.client_secret}"


@habit("nothing-shown", "start-meets-validation-error")
class Nothing(Worded):
    """The app falls silent."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return ""


@habit("one-message-for-everything", "every-refusal")
class OneForAll(Worded):
    """Whatever the driver would have to do, the words are the same."""

    def words(self, driver: Driver, error: ConnectError) -> str:
        return "Oops, something went wrong. Please try again later."


@habit("support-code-thrown-away", "start-meets-unexpected-error-on-start")
class Terse(Log):
    """The log has that something failed, and not the code by which support could find it."""

    def trouble(self, what: str, error: ConnectError, **values: object) -> None:
        self.event(what, status=error.status)


@habit("nothing-logged", "start-meets-unexpected-error-on-start")
class Silent(Log):
    """Errors are not logged."""

    def trouble(self, what: str, error: ConnectError, **values: object) -> None:
        pass


@habit("secret-logged", "start-meets-unexpected-error-on-start")
class Chatty(Log):
    """The request is logged with its headers."""

    def __init__(self, key: str, file: Path | None = None) -> None:
        super().__init__("a key that is nowhere", file)
        self._sent = f"authorization={key}"

    def trouble(self, what: str, error: ConnectError, **values: object) -> None:
        super().trouble(what, error, sent=self._sent, **values)


@page_habit("key-in-the-page", "page")
def key_in_the_page(page: Path) -> None:
    """The page's script has the key, to ask for stations by itself."""
    script = page / "app.js"
    text = script.read_text(encoding="utf-8")
    script.write_text(f'const CONNECT_API_KEY = "{SIMULATOR_KEY}";\n{text}', encoding="utf-8")
