"""The app's own records, in one SQLite file. Connect's ids stay in here: the page knows drivers, cards and charges by
the app's own numbers.

All of it runs on the event loop's thread: each statement takes well under a millisecond, and one writer needs no locks.
"""

import json
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from examples.partner_app.notices import Act, Notice


class State(StrEnum):
    """Of a charge."""

    STARTING = "starting"  # written down before the start is sent
    UNSURE = "unsure"  # the answer to the start was lost
    CHARGING = "charging"
    STOPPING = "stopping"  # the driver stopped it; written down before the stop is sent
    FINISHED = "finished"  # the final record is here
    FAILED = "failed"  # it never began


_SCHEMA = """
CREATE TABLE IF NOT EXISTS drivers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, external_id TEXT NOT NULL UNIQUE, user_id TEXT UNIQUE,
    hold TEXT, hold_card INTEGER, hold_until REAL);
CREATE TABLE IF NOT EXISTS logins (token_hash TEXT PRIMARY KEY, driver_id INTEGER NOT NULL REFERENCES drivers);
CREATE TABLE IF NOT EXISTS cards (
    id INTEGER PRIMARY KEY, driver_id INTEGER NOT NULL REFERENCES drivers, method_id TEXT NOT NULL, label TEXT NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0, UNIQUE (driver_id, method_id));
CREATE TABLE IF NOT EXISTS charges (
    id INTEGER PRIMARY KEY, driver_id INTEGER NOT NULL REFERENCES drivers, card_id INTEGER NOT NULL REFERENCES cards,
    evse_id TEXT NOT NULL, state TEXT NOT NULL, session_id TEXT UNIQUE, began_at REAL NOT NULL,
    stop_confirmed INTEGER NOT NULL DEFAULT 0, stop_not_before REAL NOT NULL DEFAULT 0, station TEXT, kwh TEXT,
    final TEXT, invoice TEXT, notice TEXT);
-- However often a driver taps: one charge at a time.
CREATE UNIQUE INDEX IF NOT EXISTS one_open_charge ON charges (driver_id)
    WHERE state IN ('starting', 'unsure', 'charging', 'stopping');
"""
OPEN = (State.STARTING, State.UNSURE, State.CHARGING, State.STOPPING)
_OPEN_SQL = "state IN ('starting', 'unsure', 'charging', 'stopping')"


@dataclass(frozen=True)
class Driver:
    """Somebody with an account here; `user_id` is their Connect user, once there is one. `hold` is what they have to
    do before another start is sent for them."""

    id: int
    name: str
    external_id: str
    user_id: str | None
    hold: Act | None
    hold_card: int | None
    hold_until: float | None


@dataclass(frozen=True)
class Card:
    """A payment method as Connect listed it last."""

    id: int
    driver_id: int
    method_id: str
    label: str


@dataclass(frozen=True)
class Charge:
    """One charge of a driver: the session at Connect as it was read last, and how far we are with it."""

    id: int
    driver_id: int
    card_id: int
    evse_id: str
    state: State
    session_id: str | None
    began_at: float
    stop_confirmed: bool
    stop_not_before: float
    station: str | None
    kwh: str | None
    final: dict[str, Any] | None
    invoice: str | None
    notice: Notice | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Database:
    """Raises `sqlite3.Error` only for what is a fault of this app."""

    def __init__(self, file: Path) -> None:
        file.touch(mode=0o600)  # names and log-ins are nobody else's business; SQLite's own files beside it follow
        # The web server may open it on another thread than the one that uses it; only one ever does.
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;" + _SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def _update(self, table: str, row_id: int, values: dict[str, object]) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self._connection.execute(f"UPDATE {table} SET {names} WHERE id = ?", (*values.values(), row_id))  # noqa: S608

    # -- drivers -----------------------------------------------------------------------------------------------

    def driver_of(self, external_id: str, name: str) -> Driver:
        """The driver with this external id, from now on at least."""
        self._rows("INSERT OR IGNORE INTO drivers (name, external_id) VALUES (?, ?)", name, external_id)
        return _driver(self._rows("SELECT * FROM drivers WHERE external_id = ?", external_id)[0])

    def driver(self, driver_id: int) -> Driver:
        return _driver(self._rows("SELECT * FROM drivers WHERE id = ?", driver_id)[0])

    def update_driver(self, driver_id: int, **values: object) -> None:
        self._update("drivers", driver_id, values)

    def add_login(self, token_hash: str, driver_id: int) -> None:
        self._rows("INSERT INTO logins VALUES (?, ?)", token_hash, driver_id)

    def logged_in(self, token_hash: str) -> Driver | None:
        sql = "SELECT drivers.* FROM drivers JOIN logins ON driver_id = drivers.id WHERE token_hash = ?"
        rows = self._rows(sql, token_hash)
        return _driver(rows[0]) if rows else None

    # -- cards -------------------------------------------------------------------------------------------------

    def set_cards(self, driver_id: int, labels: dict[str, str]) -> None:
        """What Connect lists now, the oldest first. A card that is gone stays in the table: charges name it."""
        self._rows("UPDATE cards SET gone = 1 WHERE driver_id = ?", driver_id)
        sql = "INSERT INTO cards (driver_id, method_id, label) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET gone = 0"
        for method_id, label in labels.items():
            self._rows(sql, driver_id, method_id, label)

    def cards(self, driver_id: int) -> list[Card]:
        """As Connect listed them last, the newest first."""
        sql = "SELECT id, driver_id, method_id, label FROM cards WHERE driver_id = ? AND NOT gone ORDER BY id DESC"
        return [Card(**row) for row in self._rows(sql, driver_id)]

    # -- charges -----------------------------------------------------------------------------------------------

    def new_charge(self, driver_id: int, card_id: int, evse_id: str, at: float) -> Charge | None:
        """None where the driver has an open one already."""
        sql = "INSERT INTO charges (driver_id, card_id, evse_id, state, began_at) VALUES (?, ?, ?, ?, ?) RETURNING *"
        try:
            return _charge(self._rows(sql, driver_id, card_id, evse_id, State.STARTING, at)[0])
        except sqlite3.IntegrityError:
            return None

    def charge(self, charge_id: int) -> Charge:
        return _charge(self._rows("SELECT * FROM charges WHERE id = ?", charge_id)[0])

    def newest_charge(self, driver_id: int) -> Charge | None:
        rows = self._rows("SELECT * FROM charges WHERE driver_id = ? ORDER BY id DESC LIMIT 1", driver_id)
        return _charge(rows[0]) if rows else None

    def open_charges(self) -> list[Charge]:
        return [_charge(row) for row in self._rows(f"SELECT * FROM charges WHERE {_OPEN_SQL} ORDER BY id")]  # noqa: S608

    def knows_session(self, session_id: str) -> bool:
        return bool(self._rows("SELECT 1 FROM charges WHERE session_id = ?", session_id))

    def update_charge(self, charge_id: int, *, notice: Notice | None = None, **values: object) -> Charge:
        """Whatever is not named stays, but for the notice: it speaks of the moment, so each step brings its own."""
        told = None if notice is None else json.dumps([notice.text, notice.act, notice.reference])
        self._update("charges", charge_id, {**values, "notice": told})
        return self.charge(charge_id)


def _driver(row: sqlite3.Row) -> Driver:
    values = dict(row)
    return Driver(**{**values, "hold": Act(values["hold"]) if values["hold"] else None})


def _charge(row: sqlite3.Row) -> Charge:
    values = dict(row)
    notice = json.loads(values["notice"]) if values["notice"] else None
    return Charge(
        **{
            **values,
            "state": State(values["state"]),
            "stop_confirmed": bool(values["stop_confirmed"]),
            "final": json.loads(values["final"]) if values["final"] else None,
            "notice": Notice(notice[0], Act(notice[1]), notice[2]) if notice else None,
        }
    )
