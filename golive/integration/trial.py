"""The partner's integration under test: charges through it, then one provoked error after another."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from math import inf
from typing import Final, Literal, Protocol

from golive.evidence.integration import Charge, Integration, Meeting, ProvokedError
from golive.evidence.model import Exchange
from golive.integration import wire
from golive.integration.charges import ChargeWalk
from golive.integration.hands import LEFT_BEHIND_S, Hands
from golive.integration.judging import judged
from golive.integration.keeper import Keeper
from golive.integration.meeting import SecondDriver
from golive.integration.provoking import Gate, Provocation, Provoking
from golive.integration.seat import ACTS, AdapterError, Seat, offered
from golive.integration.unstopped import UnstoppedWalk
from golive.interrupts import go_on
from golive.journeys.vcp import Cancelled, Pace, StoppableClock, Vcp
from golive.outcomes import Outcome
from golive.traffic import Bounds, support_code
from golive.traffic.calls import Call

_TICK_S: Final = 0.1
_AT_ONCE: Final = 10
"""Drivers at once, where no person drives: one for each listed VCP, one who meets another, one who stops nothing."""
_NOT_ASKED: Final = "not shown: a person with one app is not asked to be two drivers at one station"


class Gateway(Gate, Keeper, Protocol):
    """The gateway, as a trial needs it."""


def act_s(pace: Pace) -> float:
    """How long one act of an adapter may take, in seconds: twice as long as a start, and a minute at least."""
    return max(2 * pace.payment_timeout, 60.0)


class Trial:
    """Runs in a thread of its own from `begin` on; `result` waits for its end."""

    def __init__(
        self,
        adapter: object,
        *,
        name: str,
        kind: Literal["adapter", "manual"],
        gate: Gateway,
        exchanges: Callable[[], Sequence[Exchange]],
        redact: Callable[[str], str],
        clock: StoppableClock,
        pace: Pace,
        vcps: Sequence[Vcp],
        provocations: Sequence[Provocation],
        run_id: str,
        base_url: str,
        bounds: Bounds,
    ) -> None:
        self._adapter = adapter
        self._name = name
        self._kind: Literal["adapter", "manual"] = kind
        self._gate = gate
        self._exchanges = exchanges
        self._redact = redact
        self._clock = clock
        self._pace = pace
        self._vcps = self._chosen(vcps)
        self._provocations = provocations
        self._run_id = run_id
        self._base_url = base_url
        self._bounds = bounds
        self._log_lines: dict[str, str | None] = {}
        self._starting = {vcp: threading.Lock() for vcp in self._vcps}
        self._charges: list[Charge] = []
        self._meeting: Meeting | None = None
        self._provoked: list[ProvokedError] = []
        self._fault: BaseException | None = None
        self._ended_at: datetime | None = None
        self._thread = threading.Thread(target=self._run, name="integration", daemon=True)

    def begin(self, after: Callable[[], None]) -> None:
        """Start; `after` is waited for first: the journeys of the suite's own client, whose VCPs are needed."""
        self._after = after
        self._thread.start()

    def wait(self, tick: Callable[[], None] | None = None) -> None:
        """Until the trial has ended; `tick` is called now and then meanwhile. Once the run is ending, an adapter that
        does not come back is left behind after a while."""
        waited_s = 0.0
        while self._thread.is_alive() and waited_s < LEFT_BEHIND_S:
            go_on()
            self._thread.join(_TICK_S)
            waited_s += _TICK_S if self._clock.cancelled else 0.0
            if tick is not None:
                tick()

    @property
    def result(self) -> Integration:
        """What was seen. Waits for the end; raises what broke the trial itself."""
        self.wait()
        if self._fault is not None:
            raise self._fault
        theirs = offered(self._adapter)
        seen = Integration(
            kind=self._kind,
            name=self._name,
            offered=theirs,
            not_offered=tuple(act for act in ACTS if act not in theirs),
            charges=tuple(self._charges),
            meeting=self._meeting,
            provoked=tuple(self._provoked),
            watched_until=self._ended_at,
            log_lines=dict(self._log_lines),
        )
        return judged(seen, self._traffic(), base_url=self._base_url, bounds=self._bounds)

    def _run(self) -> None:
        try:
            self._after()
            self._charge()
            self._provoke()
        except Cancelled:
            pass  # the run is being ended: what there is is told
        except BaseException as fault:  # told to whoever asks for the result
            self._fault = fault
        finally:
            # A backend that goes on while other checks run must not be judged otherwise by the record than by its check
            self._ended_at = self._clock.now()

    def _charge(self) -> None:
        """All drivers at once, also the one who meets another and the one who stops nothing: whoever charged beside the
        errors would meet them, too."""
        shared = [vcp for vcp in self._vcps if vcp.is_shared]
        if self._kind == "manual":
            self._charges += [self._charge_on(vcp) for vcp in self._vcps]
            if shared:
                self._meeting = Meeting(second="", outcome=Outcome.SKIPPED, message=_NOT_ASKED)
            return
        second = SecondDriver(self._seat("second"), self._traffic, self._gate, self._clock, self._pace)
        alone = [vcp for vcp in self._vcps if not vcp.is_shared][-1:]
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="charge") as pool:
            prepared = pool.submit(second.prepare) if shared else None
            unstopped = pool.map(self._charge_unstopped, alone)
            self._charges += pool.map(lambda vcp: self._charge_on(vcp, second if vcp.is_shared else None), self._vcps)
            self._charges += unstopped
        if prepared is not None:
            prepared.result()
            self._meeting = second.told([each for each in self._charges if each.evse_id in {v.evse_id for v in shared}])

    def _charge_on(self, vcp: Vcp, visitor: SecondDriver | None = None) -> Charge:
        seat, alone = self._seat(str(vcp)), self._starting[vcp]
        return ChargeWalk(seat, vcp, self._traffic, self._clock, self._pace, alone=alone, visitor=visitor).run()

    def _charge_unstopped(self, vcp: Vcp) -> Charge:
        seat, alone = self._seat("unstopped"), self._starting[vcp]
        return UnstoppedWalk(seat, vcp, self._traffic, self._clock, self._pace, self._gate, alone=alone).run()

    def _provoke(self) -> None:
        vcp = next((each for each in self._vcps if not each.is_shared), None)
        if vcp is None:
            return
        for number, provocation in enumerate(self._provocations, start=1):
            seat = self._seat(f"provoked {number}")
            provoking = Provoking(
                provocation,
                seat,
                vcp,
                self._gate,
                self._traffic,
                self._clock,
                self._pace,
                None if self._kind == "adapter" else 1,  # nobody is asked again and again what an app shows
            )
            self._provoked.append(provoking.run())
            self._read_log(seat, self._provoked[-1])

    def _read_log(self, seat: Seat, provoked: ProvokedError) -> None:
        """What the partner's log has of the support codes that the answers carried."""
        answers = [each for each in self._traffic() if each.id in provoked.answered]
        codes = {code for each in answers if (code := support_code(Call.of(each))) is not None}
        for code in codes if seat.offers("log_line") else ():
            try:
                line = seat.log_line(code)
            except AdapterError:
                continue
            self._log_lines[code] = line

    def _seat(self, driver: str) -> Seat:
        """Names differ from run to run, so that no driver of an earlier one is met, and are short enough for any form;
        a person drives as themselves."""
        tag = "-".join(self._run_id.split("-")[1:])
        by_hand = self._kind == "manual"  # a person is given longer, by the page
        hands = Hands(inf if by_hand else act_s(self._pace), lambda: self._clock.cancelled)
        return Seat(self._adapter, "you" if by_hand else f"{tag} {driver}", self._clock, self._redact, hands)

    def _traffic(self) -> tuple[Exchange, ...]:
        return wire.of_partner(self._exchanges())

    def _chosen(self, vcps: Sequence[Vcp]) -> tuple[Vcp, ...]:
        """All of them, or for a person one of each type."""
        if self._kind == "adapter":
            return tuple(vcps)
        shared, progress = (next((v for v in vcps if v.is_shared is is_shared), None) for is_shared in (True, False))
        return tuple(vcp for vcp in (shared, progress) if vcp is not None)
