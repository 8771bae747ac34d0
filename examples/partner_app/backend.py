"""The parts of the backend, put together."""

from dataclasses import dataclass
from pathlib import Path

from examples.partner_app.accounts import Accounts
from examples.partner_app.charges import Charges
from examples.partner_app.connect import Connect
from examples.partner_app.database import Database
from examples.partner_app.finding import Finding
from examples.partner_app.holds import Holds
from examples.partner_app.logs import Log
from examples.partner_app.poller import Poller
from examples.partner_app.receipts import Receipts
from examples.partner_app.settings import Settings
from examples.partner_app.stations import Stations
from examples.partner_app.tasks import Tasks

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True)
class Parts:
    """The class of each part. Another one in its place changes how the app behaves there and nowhere else."""

    connect: type[Connect] = Connect
    log: type[Log] = Log
    holds: type[Holds] = Holds
    accounts: type[Accounts] = Accounts
    poller: type[Poller] = Poller
    finding: type[Finding] = Finding
    charges: type[Charges] = Charges
    receipts: type[Receipts] = Receipts
    page: Path = PAGE


class Backend:
    """To be opened within the event loop that it runs on."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings, self.page = settings, parts.page
        self.log = parts.log(settings.connect_key, settings.log_file)
        self.database = Database(settings.database)
        self.connect = parts.connect(settings)
        self.tasks = Tasks(self.log)
        pace = settings.pace
        self.holds = parts.holds(self.connect, self.database)
        self.accounts = parts.accounts(self.connect, self.database, self.holds, self.log)
        self.stations = Stations(self.connect)
        self.poller = parts.poller(self.connect, self.database, self.accounts, self.log, pace, self.tasks)
        self.finding = parts.finding(self.connect, self.database, self.accounts, self.poller, self.log, pace)
        self.charges = parts.charges(
            self.connect, self.database, self.accounts, self.holds, self.poller, self.finding, self.log, self.tasks
        )
        self.receipts = parts.receipts(self.connect, self.database, self.accounts, self.log, pace)

    async def close(self) -> None:
        await self.tasks.end()
        await self.connect.close()
        self.database.close()
        self.log.close()
