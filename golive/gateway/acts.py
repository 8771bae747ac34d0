"""What the gateway does in the place of passing a request on."""

from __future__ import annotations

import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from golive.gateway.asked import LIST, READ, STOP, Asked, json_of
from golive.gateway.capture import MOST_RECORDED, undone
from golive.gateway.headers import Header, first
from golive.gateway.passing import Whole, with_body
from golive.gateway.provocations import Act, Pace
from golive.recording import BodyUndecodable

if TYPE_CHECKING:
    from golive.gateway.turn import Turn

JSON: Final = (b"content-type", b"application/json")
Json = dict[str, Any]
_STEP_KWH: Final = Decimal("0.125")


class _Always:
    """Wants every request."""

    def wants(self, asked: Asked) -> bool:  # noqa: ARG002 - the form of Act
        return True


# -- in DEV's place --------------------------------------------------------------------------------------------------


@dataclass
class Answer(_Always):
    """Answers in DEV's place; nothing is sent on. With `forwarding` the request is, and its answer thrown away."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = (JSON,)
    forwarding: bool = False

    async def __call__(self, turn: Turn) -> None:
        if self.forwarding:
            await turn.forward()
        await turn.answer(with_body(Whole(self.status, self.headers, b""), self.body))


def refusing(status: int, detail: str) -> Callable[[Pace], Act]:
    """A refusal that has no `error.type`."""
    return lambda _: Answer(status, _text({"detail": detail}))


def failing(
    status: int, error_type: str, details: str, *, secret: bool = False, forwarding: bool = False
) -> Callable[[Pace], Act]:
    """An error with the published envelope. `secret`: with a payment intent's client secret; `{code}` in `details`
    becomes a support code."""

    def make(pace: Pace) -> Act:
        code = uuid.UUID(int=pace.rng.getrandbits(128), version=4)
        said = details.replace("{code}", str(code))
        error = {"type": error_type, "details": said}
        if secret:
            intent = f"{pace.rng.getrandbits(72):018x}"
            error["payment_intent_client_secret"] = f"pi_{intent}_secret_{pace.rng.getrandbits(96):024x}"
        return Answer(status, _text({"detail": said, "error": error}), forwarding=forwarding)

    return make


def saying(status: int, kind: str, body: str, *more: Header, forwarding: bool = False) -> Callable[[Pace], Act]:
    """Any answer."""
    headers = ((b"content-type", kind.encode()), *more)
    return lambda _: Answer(status, body.encode(), headers, forwarding)


# -- on the way ------------------------------------------------------------------------------------------------------


@dataclass
class Lose(_Always):
    """The connection is closed without an answer, after the request was sent on or before."""

    forwarding: bool

    async def __call__(self, turn: Turn) -> None:
        if self.forwarding:
            await turn.forward()
        await turn.lose()


@dataclass
class Delay(_Always):
    """DEV's own answer, `seconds` late."""

    seconds: float

    async def __call__(self, turn: Turn) -> None:
        whole = await turn.forward()
        await turn.wait(self.seconds)
        await turn.answer(whole)


class CutOff(_Always):
    """DEV's own answer, whose JSON ends in the middle."""

    async def __call__(self, turn: Turn) -> None:
        whole = await turn.forward()
        body = _plain(whole)
        if not body:
            body = b'{"detail": "'
        await turn.answer(with_body(_uncoded(whole), body[: max(1, len(body) // 2)]))


# -- sessions that are shown otherwise than they are -----------------------------------------------------------------


class _Shown(ABC):
    """Changes how sessions are shown, when one is read or all are listed."""

    def wants(self, asked: Asked) -> bool:
        return asked.asks_for(READ, LIST)

    async def __call__(self, turn: Turn) -> None:
        whole = await turn.forward()
        said = json_of(_plain(whole)) if whole.status == 200 else None
        sessions = said.get("results", [said]) if isinstance(said, dict) else []
        changed = [self.change(s) for s in sessions if isinstance(s, dict)] if isinstance(sessions, list) else []
        if not any(changed):
            await turn.answer(whole, provoked=False)
            return
        await turn.answer(with_body(_uncoded(whole), _text(said)))

    @abstractmethod
    def change(self, session: Json) -> bool:
        """Change it in place; whether anything is changed."""


class NoProgress(_Shown):
    """Energy stays at zero for as long as a session is active: many operators send no progress."""

    def change(self, session: Json) -> bool:
        if not session.get("is_active") or _decimal(session.get("consumed_energy")) == 0:
            return False
        session["consumed_energy"] = "0.000"
        return True


@dataclass
class StillActive(_Shown):
    """A session that was stopped is shown as active for `seconds` more; with `rising`, its energy rises meanwhile."""

    seconds: float
    rising: bool
    now: Callable[[], float]
    _stopped: dict[str, float] = field(default_factory=dict)
    _energy: dict[str, Any] = field(default_factory=dict)

    def wants(self, asked: Asked) -> bool:
        if asked.asks_for(STOP):
            self._stopped.setdefault(asked.ids["session_id"], self.now() + self.seconds)
            return False
        return super().wants(asked) and any(self.now() < until for until in self._stopped.values())

    def change(self, session: Json) -> bool:
        id_ = str(session.get("id"))
        if self.now() >= self._stopped.get(id_, 0.0):
            return False
        active, energy = bool(session.get("is_active")), session.get("consumed_energy")
        if active:
            self._energy[id_] = energy
        shown = self._energy.get(id_)
        if self.rising:
            shown = self._energy[id_] = str(_decimal(shown) + _STEP_KWH)
        if active and shown == energy:
            return False
        costs = session.get("session_cost")
        if isinstance(costs, dict):
            session["session_cost"] = {name: costs[name] if name == "currency" else None for name in costs}
        session.update(is_active=True, consumed_energy=shown, end_time=None, duration=None)
        return True


@dataclass
class EndsByItself:
    """A session ends though its driver stopped nothing: the gateway does it, with the partner's own token."""

    _ended: set[str] = field(default_factory=set)

    def wants(self, asked: Asked) -> bool:
        return asked.asks_for(READ) and asked.ids["session_id"] not in self._ended

    async def __call__(self, turn: Turn) -> None:
        session_id = turn.asked.ids["session_id"]
        self._ended.add(session_id)
        stopped = await turn.stop_upstream(session_id)
        await turn.answer(await turn.forward(), provoked=stopped.status < 300)


def _decimal(energy: object) -> Decimal:
    try:
        return Decimal(str(energy or 0))
    except ArithmeticError:
        return Decimal(0)


def _plain(whole: Whole) -> bytes:
    try:
        return undone(whole.body, first(whole.headers, b"content-encoding"), MOST_RECORDED) or b""
    except BodyUndecodable:
        return b""


def _uncoded(whole: Whole) -> Whole:
    return Whole(whole.status, tuple(h for h in whole.headers if h[0] != b"content-encoding"), whole.body)


def _text(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace")
