"""A few drivers in whatever order, and after each step what the model says beside what the simulated DEV shows."""

from decimal import Decimal
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from golive.simulator.dev import Parts
from tests.simulator.bench import FULL_BILLING, TYPE_1, TYPE_2, Bench, problem
from tests.simulator_model.model import LIMIT, TICK, Session, User

VCPS = (TYPE_1[0], TYPE_1[2], TYPE_2[0])
"""None of them in Italy: what billing data a start needs there is another test's matter."""

WAITS = st.sampled_from([0.0, 0.5, TICK, TICK, 2 * TICK, 5 * TICK, 11 * TICK, LIMIT, LIMIT + 3 * TICK])
SHORT_WAITS = st.sampled_from([TICK, 2 * TICK, 5 * TICK, LIMIT + TICK])
INDEX = st.integers(min_value=0, max_value=5)


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and error type, `accepted` for a success."""
    return problem(answer) if answer.is_error else (answer.status_code, "accepted")


class WorldMachine(RuleBasedStateMachine):
    """Drivers come, get cards, charge, stop, wait, owe, pay, and go. `parts` are those of the simulator."""

    parts = Parts()

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.users: list[User] = []
        self.changed: set[str] = set()

    @initialize()
    def begin(self) -> None:
        self.dev = Bench(self.parts, tick=TICK, session_limit=LIMIT)
        self.create()
        self.create()

    # -- who is meant ------------------------------------------------------------------------------------------

    @property
    def live(self) -> list[User]:
        return [user for user in self.users if not user.deleted]

    def driver(self, index: int) -> User:
        user = self.live[index % len(self.live)]
        self.changed.add(user.id)
        return user

    def has_live(self) -> bool:
        return bool(self.live)

    # -- users and payment methods -----------------------------------------------------------------------------

    @precondition(lambda self: len(self.live) < 4)
    @rule()
    def create(self) -> None:
        external_id = f"partner-{len(self.users)}"
        user = User(self.dev.user(custom_properties={"external_id": external_id}), external_id)
        assert self.dev.put_billing(user.id, **FULL_BILLING).status_code == 200
        self.users.append(user)
        self.changed.add(user.id)
        self.add_card(user)
        self.add_card(user)

    @precondition(has_live)
    @rule(index=INDEX, which=INDEX, what=st.sampled_from(["add", "prefer", "delete"]))
    def change_cards(self, index: int, which: int, what: str) -> None:
        user = self.driver(index)
        if what == "add":
            self.add_card(user)
        elif what == "prefer":
            self.make_default(user, which)
        else:
            self.delete_card(user, which)

    def add_card(self, user: User) -> None:
        if len(user.methods) < 3:
            user.methods.append(self.dev.card(user.id))
            user.default = user.default or user.methods[-1]

    def make_default(self, user: User, which: int) -> None:
        if user.methods:
            user.default = user.methods[which % len(user.methods)]
            path = f"/users/{user.id}/payment-methods/{user.default}/default/"
            assert self.dev.post(path).status_code == 204

    def delete_card(self, user: User, which: int) -> None:
        if not user.methods:
            return
        method = user.methods[which % len(user.methods)]
        answer = self.dev.delete(f"/users/{user.id}/payment-methods/{method}/")
        if user.is_bound(self.now):
            assert told(answer) == (402, "payment_error")
            return
        assert answer.status_code == 204
        user.methods.remove(method)
        if user.default == method:
            user.default = user.methods[-1] if user.methods else None

    @precondition(has_live)
    @rule(index=INDEX)
    def delete_user(self, index: int) -> None:
        user = self.driver(index)
        answer = self.dev.delete(f"/users/{user.id}/")
        if user.is_bound(self.now):
            assert told(answer) == (402, "payment_error")
        else:
            assert answer.status_code == 204
            user.deleted = True

    @precondition(lambda self: any(user.deleted for user in self.users))
    @rule(index=INDEX)
    def look_for_the_deleted(self, index: int) -> None:
        gone = [user for user in self.users if user.deleted]
        user = gone[index % len(gone)]
        own = ("", "billing-details/", "setup-intents/", "payment-methods/", "charging-sessions/", "charging/debts/")
        for below in (*own, "invoices/", *(f"charging-sessions/{session.id}/" for session in user.sessions)):
            assert self.dev.send("GET", f"/api/v1/users/{user.id}/{below}").status_code == 404
        assert self.dev.delete(f"/users/{user.id}/").status_code == 404
        assert self.dev.try_start(user.id, "pm_1", VCPS[0]).status_code == 404
        for text in (user.id, user.external_id):
            assert user.id not in {found["id"] for found in self.dev.get("/users/", search=text)["results"]}

    # -- charging ----------------------------------------------------------------------------------------------

    @precondition(has_live)
    @rule(index=INDEX, evse=st.sampled_from(VCPS), which=INDEX, declined=st.sampled_from([False, False, True]))
    def start(self, index: int, evse: str, which: int, declined: bool) -> None:
        self.attempt(self.driver(index), evse, which, declined)

    @precondition(has_live)
    @rule(
        index=INDEX,
        evse=st.sampled_from(VCPS),
        waits=st.lists(SHORT_WAITS, min_size=2, max_size=5),
        stops=st.booleans(),
        declined=st.sampled_from([False, False, True]),
    )
    def charge(self, index: int, evse: str, waits: list[float], stops: bool, declined: bool) -> None:
        """A whole charge in one step, since steps by chance rarely make one; all is looked at after each wait."""
        user = self.driver(index)
        self.attempt(user, evse, 0, declined)
        for number, seconds in enumerate(waits):
            self.wait(seconds)
            self.drivers_are_as_the_model_says()
            if stops and number == 1 and user.sessions:
                self.stop_session(user, user.sessions[-1])

    @precondition(lambda self: len(self.live) > 1 and self.taken())
    @rule(index=INDEX, which=INDEX)
    def start_where_another_charges(self, index: int, which: int) -> None:
        taken = self.taken()
        self.attempt(self.driver(index), taken[which % len(taken)].evse, which, declined=False)

    def taken(self) -> list[Session]:
        """The sessions that are charging on a shared VCP."""
        return [s for user in self.users for s in user.sessions if s.shared and self.now < s.ended]

    def attempt(self, user: User, evse: str, which: int, declined: bool) -> None:
        method = user.methods[which % len(user.methods)] if user.methods else "pm_none"
        taken = self.taken()
        answer = self.dev.try_start(user.id, method, evse)
        if user.unsettled(self.now):
            assert told(answer) == (409, "already_charging")
        elif user.debts(self.now):
            assert told(answer) == (402, "payment_error")
        elif not user.methods:
            assert told(answer) == (400, "payment_method_error")
        elif any(session.evse == evse for session in taken):
            assert told(answer) == (424, "charging_provider_error")
        else:
            assert answer.status_code == 201, answer.text
            session = Session(answer.json()["id"], evse, self.now, owed=declined)
            user.sessions.append(session)
            if declined:
                self.dev.world.decline_final_charge(session.id)

    @precondition(has_live)
    @rule(index=INDEX, which=INDEX)
    def stop(self, index: int, which: int) -> None:
        user = self.driver(index)
        if not user.sessions:
            return
        self.stop_session(user, user.sessions[-1 - which % len(user.sessions)])

    def stop_session(self, user: User, session: Session) -> None:
        answer = self.dev.stop(user.id, session.id)
        if session.is_over(self.now):
            assert told(answer) == (409, "already_stopped")
        else:
            assert answer.status_code == 204
            session.stopped = self.now

    @precondition(lambda self: len(self.live) > 1)
    @rule(index=INDEX)
    def meddle(self, index: int) -> None:
        """Another user's session can be neither read nor stopped."""
        user, other = self.driver(index), self.driver(index + 1)
        for session in user.sessions[-1:]:
            path = f"/api/v1/users/{other.id}/charging-sessions/{session.id}/"
            answers = (self.dev.send("GET", path), self.dev.stop(other.id, session.id))
            assert [answer.status_code for answer in answers] == [404, 404]

    @precondition(has_live)
    @rule(index=INDEX)
    def pay(self, index: int) -> None:
        user = self.driver(index)
        for debt in self.dev.get(f"/users/{user.id}/charging/debts/")["results"]:
            secret = debt["payment_intent_client_secret"]
            assert self.dev.confirm_payment(secret, payment_method="pm_card_visa").status_code == 200
            next(s for s in user.sessions if s.id == debt["session_id"]).owed = False

    @rule(seconds=WAITS)
    def wait(self, seconds: float) -> None:
        self.dev.clock.advance(seconds)
        self.now += seconds
        self.changed |= {user.id for user in self.live}

    # -- what holds at any time --------------------------------------------------------------------------------

    @invariant()
    def users_are_counted_and_found(self) -> None:
        expected = [user.id for user in reversed(self.live)]
        page = self.dev.get("/users/", page_size=2)
        assert page["count"] == len(expected)
        assert self.paged("/users/", 2) == expected
        for user in self.live:
            if user.id in self.changed:
                assert [u["id"] for u in self.dev.get("/users/", search=user.external_id)["results"]] == [user.id]

    @invariant()
    def a_shared_vcp_has_one_occupant_at_most(self) -> None:
        occupied = [session.evse for session in self.taken()]
        assert len(occupied) == len(set(occupied))

    @invariant()
    def drivers_are_as_the_model_says(self) -> None:
        for user in self.live:
            if user.id in self.changed:
                self.check_methods(user)
                self.check_sessions(user)
                self.check_money(user)
        self.changed.clear()

    def check_methods(self, user: User) -> None:
        listed = self.dev.get(f"/users/{user.id}/payment-methods/")["results"]
        assert [method["id"] for method in listed] == user.methods[::-1]
        assert [m["id"] for m in listed if m["default"]] == ([user.default] if user.default else [])
        assert (user.default is None) == (not user.methods)

    def check_sessions(self, user: User) -> None:
        path = f"/users/{user.id}/charging-sessions/"
        shown = {session["id"]: session for session in self.dev.get(path, page_size=100)["results"]}
        assert list(shown) == [session.id for session in reversed(user.sessions)]
        assert self.paged(path, 2) == list(shown)
        assert sum(session["is_active"] for session in shown.values()) == len(user.unsettled(self.now)) <= 1
        for session in user.sessions:
            self.check_session(session, shown[session.id])
        for session in user.sessions[-1:]:
            assert self.dev.session(user.id, session.id) == shown[session.id]

    def check_session(self, session: Session, shown: Any) -> None:
        final = session.is_settled(self.now)
        assert shown["is_active"] is not final
        assert (shown["end_time"] is not None) == (shown["duration"] is not None) == final
        kwh = float(shown["consumed_energy"] or 0)
        assert kwh >= session.kwh
        session.kwh = kwh
        if session.shared and not final:
            assert shown["consumed_energy"] is None
        if final:
            assert shown["duration"] == int(session.ended - session.began)
            cost = shown["session_cost"]
            seen = {**shown, "session_cost": {**cost, "invoice_download": None}}
            session.final = session.final or seen
            assert seen == session.final  # but for the link to its invoice, which comes later
            assert (cost["invoice_download"] is not None) == session.is_invoiced(self.now)

    def check_money(self, user: User) -> None:
        invoices = self.dev.get(f"/users/{user.id}/invoices/", page_size=100)["results"]
        invoiced = [s for s in user.sessions if s.is_invoiced(self.now)]
        assert sorted(i["charging_session_id"] for i in invoices) == sorted(s.id for s in invoiced)
        dates = [invoice["date"] for invoice in invoices]
        totals = {invoice["charging_session_id"]: invoice["total"] for invoice in invoices}
        for session in invoiced:
            assert Decimal(totals[session.id]) == Decimal(session.final["session_cost"]["invoice_summary"]) > 0
        debts = self.dev.get(f"/users/{user.id}/charging/debts/")["results"]
        assert [debt["session_id"] for debt in debts] == [s.id for s in user.debts(self.now)]
        for debt, session in zip(debts, user.debts(self.now), strict=True):
            assert debt["amount"] == session.final["session_cost"]["invoice_summary"]
        assert dates == sorted(dates, reverse=True)

    def paged(self, path: str, size: int) -> list[str]:
        """The ids of a list, page by page."""
        page = self.dev.get(path, page_size=size)
        ids = [item["id"] for item in page["results"]]
        while page["next"] is not None:
            page = self.dev.send("GET", page["next"]).json()
            assert len(page["results"]) <= size
            ids += [item["id"] for item in page["results"]]
        assert page["count"] == len(ids)
        return ids
