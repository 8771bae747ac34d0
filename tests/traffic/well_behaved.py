"""A backend that does everything right, in any of the ways in which it may: slow or quick, with one worker or two, by
single reads or by lists, with every error met and answered as the guide asks."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from golive.evidence.exchange import Exchange
from tests.traffic.bench import CARD, EVSE, OTHER_CARD, OTHER_EVSE, Trace, refusal, session

FAULTS: Final = ("ReadTimeout", "RemoteProtocolError", "ClientGone")
AT_MOST_S: Final = 120.0
"""Between two reads; answers take their time beside it."""


class Driver:
    """One driver's day; `quicker` is how many times faster than a real one it goes."""

    def __init__(self, rng: Random, number: int, quicker: float = 1.0) -> None:
        self.rng, self.quicker = rng, quicker
        self.user, self.session = f"d{number}", f"s-{number}"
        self.trace = Trace(prefix=f"d{number}x").later(rng.uniform(0, 60))
        self.card, self.evse = CARD, EVSE
        self.of_one = rng.random() < 0.7
        self.pace = rng.choice([0.5, 1.0, 5.0, 30.0, 55.0]) / quicker

    def day(self) -> list[Exchange]:
        self.signs_up()
        for _ in range(self.rng.choice([1, 1, 2])):
            if self.starts():
                self.charges()
            self.session += "b"
            self.waits(1.5, 400)
        return self.trace.exchanges

    def either(self) -> bool:
        return self.rng.random() < 0.5

    def waits(self, least: float, most: float) -> Trace:
        return self.trace.later(self.takes(least, most))

    def takes(self, least: float, most: float) -> float:
        return self.rng.uniform(least, max(least, most / self.quicker))

    # -- before ------------------------------------------------------------------------------------------------

    def signs_up(self) -> None:
        who = f"driver of {self.user}"
        if self.either():
            self.trace.look_up(who)
        meets = self.rng.choice(["nothing", "nothing", "refused", "lost", "made and lost", "redirected"])
        if meets == "refused":
            self.trace.create_user(self.user, status=400, answer=refusal("validation_error"))
            self.waits(1.1, 20)
        elif meets == "redirected":
            self.trace.create_user(self.user, status=301)
        elif meets != "nothing":
            self.trace.create_user(self.user, lost=self.rng.choice(FAULTS), took=self.takes(0.01, 60))
            self.waits(0, 9).look_up(who, *([(self.user, who)] if meets == "made and lost" else []))
        if meets != "made and lost":
            self.trace.create_user(self.user)
        if self.either():
            self.trace.billing(self.user, status=400, answer=refusal("validation_error"), sent={"line1": ""})
        self.trace.billing(self.user)
        self.adds(CARD)

    def adds(self, *cards: str) -> None:
        self.trace.setup_intent(self.user)
        for _ in range(self.rng.randrange(4)):
            self.trace.methods(self.user, *cards[:-1]).later(0.5)
        self.waits(0, 60).methods(self.user, *cards)

    # -- a start, with whatever it meets -----------------------------------------------------------------------

    def starts(self) -> bool:
        """Whether a session goes on."""
        reactions: dict[str, Callable[[], object]] = {
            "already_charging": self.waits_for_the_other,
            "billing_data_required": lambda: self.trace.billing(self.user),
            "payment_error": lambda: self.trace.debts(self.user, "s-old").later(self.rng.uniform(3.1, 90)),
            "pre_authorization_failed": self.confirms_or_changes,
            "payment_method_error": lambda: self.adds(CARD, OTHER_CARD),
            "station_availability_issue": self.looks_at_the_station,
            "charging_provider_error": lambda: self.trace.sessions(self.user),
            "unexpected_error": lambda: None,
            "validation_error": lambda: None,
        }
        if self.either():
            self.trace.station(self.evse)
        for type_ in self.rng.sample(sorted(reactions), self.rng.randrange(4)):
            self.secret = type_ == "pre_authorization_failed" and self.either()
            more = {"payment_intent_client_secret": "pi_1_secret_[redacted-1]"} if self.secret else {}
            took = self.takes(0.05, 30)
            said = refusal(type_, **more)
            self.trace.refused_start(self.user, type_, self.evse, self.card, answer=said, took=took)
            reactions[type_]()
            self.waits(1.1, 60)
            if type_ == "payment_method_error":
                self.card = OTHER_CARD
        found = self.rng.choice(["plain", "plain", "lost", "lost and begun", "cut off", "a web page"])
        if found != "plain":
            how: dict[str, Any] = (
                {"answer": "<html>", "status": 502} if found == "a web page" else {"answer": '{"id": "'}
            )
            lost = self.rng.choice(FAULTS) if found.startswith("lost") else None
            self.trace.start(self.user, self.evse, self.card, took=self.takes(0.05, 60), lost=lost, **how)
            begun = found in ("cut off", "lost and begun")
            self.waits(0, 20).sessions(self.user, *([session(self.session)] if begun else []))
            if begun or self.either():
                return begun
            self.waits(1.1, 60)
        self.trace.start(self.user, self.evse, self.card, self.session, took=self.takes(0.05, 60))
        return True

    def waits_for_the_other(self) -> None:
        self.waits(1.1, 5)
        if self.either():
            self.trace.sessions(self.user)

    def confirms_or_changes(self) -> None:
        if self.secret:
            self.waits(3.1, 120)
        else:
            self.adds(CARD, OTHER_CARD)
            self.card = OTHER_CARD

    def looks_at_the_station(self) -> None:
        if self.either():
            self.evse = OTHER_EVSE if self.evse == EVSE else EVSE
        else:
            self.trace.around(self.evse)

    # -- a charge ----------------------------------------------------------------------------------------------

    def charges(self) -> None:
        self.polls(self.rng.randrange(1, 9))
        if self.either():
            self.stops()
        self.polls(self.rng.randrange(1, 4), active=self.either())
        if self.either():
            self.trace.later(self.pace).read(self.user, self.session, answer=self.without_costs())
        self.trace.later(self.pace).read(self.user, self.session, settled=True)
        for _ in range(self.rng.randrange(6)):
            self.waits(0, 400).read(self.user, self.session, settled=True)

    def without_costs(self) -> dict[str, Any]:
        return session(self.session, settled=True) | {"session_cost": {"kwh_cost": None, "currency": "eur"}}

    def stops(self) -> None:
        met = self.rng.choice(["nothing", "charging_provider_error", "already_stopped", "lost", "unexpected_error"])
        if met == "already_stopped":
            self.trace.refused_stop(self.user, met, self.session)
            return
        if met != "nothing":
            if met == "lost":
                self.trace.stop(self.user, self.session, lost=self.rng.choice(FAULTS), took=self.takes(0, 40))
            else:
                self.trace.refused_stop(self.user, met, self.session)
            self.waits(0, 20).read(self.user, self.session)
            self.waits(1.1, 60)
        self.trace.stop(self.user, self.session, took=self.takes(0, 30))

    def polls(self, times: int, *, active: bool = True) -> None:
        for n in range(times):
            self.trace.later(self.pace if n == 0 else min(self.pace * self.rng.uniform(1, 4), AT_MOST_S / self.quicker))
            met = self.rng.choice(["nothing"] * 6 + ["lost", "502", "429", "redirected", "two workers", "slow"])
            how: dict[str, Any] = {"took": self.rng.uniform(0.01, 0.4)}
            match met:
                case "lost":
                    how |= {"lost": self.rng.choice(FAULTS), "took": self.rng.uniform(0, 10)}
                case "502":
                    how |= {"status": 502, "answer": "<html>"}
                case "429":
                    how |= {"status": 429, "answer": {}, "answer_headers": {"retry-after": "7"}}
                case "redirected":
                    self.looks(active, status=301)
                case "two workers":
                    self.looks(active, took=3.0)
                    self.trace.later(-2.5)
                case "slow":
                    how["took"] = 9.0
            self.looks(active, **how)
            if met == "429":
                self.trace.later(7.1)

    def looks(self, active: bool, **how: Any) -> None:
        if self.of_one:
            self.trace.read(self.user, self.session, active=active, **how)
        elif "answer" in how:
            self.trace.sessions(self.user, **how)
        else:
            self.trace.sessions(self.user, session(self.session, active=active), **how)
