"""The partner's integration in the life of a run: gateway and adapter are there before it is driven, gone after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from golive.evidence.exchange import GATEWAY, PARTNER
from golive.evidence.integration import Integration
from golive.plugin.sources import Replay
from golive.settings import Settings, SettingsError
from golive.settings.values import MANUAL

if TYPE_CHECKING:
    from golive.evidence.model import Evidence, Exchange
    from golive.gateway import Gateway
    from golive.gateway.provocations import Provocation
    from golive.integration.loading import Factory
    from golive.integration.trial import Trial
    from golive.plugin.run import Run
    from golive.traffic import Bounds

_CLOSE_S: Final = 30.0
"""How long an adapter may take to stop what its factory started, in seconds."""
_HOLD_S: Final = 60.0
"""How long a final state is held back, in seconds."""
_TICKS: Final = 20
"""The same on a server of this machine, in ticks: twice as long as progress goes on there after a stop."""
THEIR_WARNINGS: Final = "default:::(?!golive|fixtures|suites)"
"""The partner's code runs in this process: what it warns of is told at the end, and fails neither a check nor its own
calls, as it would with this project's own setting."""
_NONE: Final = "none"
_ASKED_OF_A_PERSON: Final = (
    "payment-method-error",
    "pre-authorization-failed-with-secret",
    "already-charging",
    "billing-data-required",
    "provider-error-on-start",
    "lost-start-answer",
    "provider-error-on-stop",
    "unexpected-error-on-start",
)
"""Each asks something else of the app; a person has no patience for all of them."""


class UnderTest(Protocol):
    """The integration, as the run asks of it."""

    @property
    def begun(self) -> bool:
        """Whether it was driven, or has been."""

    @property
    def result(self) -> Integration:
        """What was seen; waits until all has been."""

    def begin(self, after: Callable[[], None]) -> None:
        """Drive it, as soon as `after` has returned."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """Screenshots by their path below the report's directory."""

    def close(self, look: Callable[[], None]) -> list[str]:
        """Let it end, `look`ing now and then whether that is to be at once. Returns what it left open."""


def factory_of(settings: Settings, root: Path, say: Callable[[str], None]) -> Factory | None:
    """What makes the adapter; None where no integration is under test. `say` gets lines for the terminal. Raises
    `SettingsError`."""
    if settings.integration is None or settings.replay is not None:
        return None
    chosen(settings)
    if settings.integration == MANUAL:
        from golive.integration.manual import factory

        return factory(say)
    from golive.integration.loading import Unusable, load_factory

    try:
        return load_factory(settings.integration, root)
    except Unusable as fault:
        raise SettingsError(f"{settings.place('integration')}: {fault}") from None


def chosen(settings: Settings) -> tuple[Provocation, ...]:
    """The errors that are to be provoked. Raises `SettingsError` for one that cannot be."""
    from golive.gateway.catalogue import CATALOGUE

    names = settings.provoke or (_ASKED_OF_A_PERSON if settings.integration == MANUAL else tuple(CATALOGUE))
    unknown = [name for name in names if name not in CATALOGUE and name != _NONE]
    if unknown:
        near = get_close_matches(unknown[0], [*CATALOGUE, _NONE], n=1)
        raise SettingsError(
            f"{settings.place('provoke')}: {unknown[0]} is no error that can be provoked; "
            f"use {near[0] if near else 'one that docs/integration.md lists'}"
        )
    return tuple(CATALOGUE[name] for name in names if name != _NONE)


class Driven:
    """An integration that is driven through a gateway of this run."""

    def __init__(self, run: Run, factory: Factory) -> None:
        from golive.gateway import Gateway, Provocations
        from golive.integration.loading import Unusable, make_adapter, refuse_what_cannot_be_driven
        from golive.integration.provoking import watched_s
        from golive.integration.wire import of_partner

        settings = run.settings
        if settings.key is None or settings.target.url is None:
            raise RuntimeError("settings without key or address cannot be connected")
        environment = {
            "CONNECT_API_KEY": settings.key.get_secret_value(),
            "STRIPE_PUBLISHABLE_KEY": settings.publishable_key.get_secret_value() if settings.publishable_key else "",
            "STRIPE_API_BASE": settings.stripe_api_base or "",
            "POLL_INTERVAL_S": str(settings.poll_interval),
        }
        hold_s = max(_TICKS * settings.tick, 2.0) if settings.target.local else _HOLD_S
        self._run = run
        self._gateway: Gateway = Gateway(
            settings.target.url,
            run.recorder,
            port=settings.gateway_port or 0,
            provocations=Provocations(seed=settings.seed, slow_s=watched_s(run.pace) / 2, hold_s=hold_s),
            sessions=run.sessions,
            patience_s=settings.start_timeout,
            run_id=run.id,
        )
        try:
            self._gateway.start()
        except OSError as fault:
            taken = f"{settings.place('gateway_port')}: port {settings.gateway_port} cannot be used ({fault.strerror})"
            raise SettingsError(f"{taken}; give another --gateway-port, and your backend its address") from None
        try:
            if settings.gateway_port or settings.integration == MANUAL:  # a backend that is running already wants it
                for line in for_your_backend(self._gateway.url, settings):
                    run.say(line)
            self._adapter = make_adapter(factory, self._gateway.url, environment)
            refuse_what_cannot_be_driven(self._adapter)
        except Unusable as fault:
            self._gateway.stop()
            raise SettingsError(f"{settings.place('integration')}: {fault}") from None
        except BaseException:
            self._gateway.stop()
            raise
        self._trial: Trial | None = None
        if callable(watch := getattr(self._adapter, "watch", None)):  # of a person, who ticks off what was seen
            watch(lambda: of_partner(run.recorder.exchanges), lambda: run.walking.cancelled)

    def begin(self, after: Callable[[], None]) -> None:
        from golive.integration.trial import Trial

        run, name = self._run, self._run.settings.integration or ""
        self._trial = Trial(
            self._adapter,
            name=name,
            kind="manual" if name == MANUAL else "adapter",
            gate=self._gateway,
            exchanges=lambda: run.recorder.exchanges,
            redact=run.redactor.text,
            clock=run.walking,
            pace=run.pace,
            vcps=run.selected_vcps,
            provocations=chosen(run.settings),
            run_id=run.id,
            base_url=run.settings.target.url or "",
            bounds=bounds_of(run),
        )
        self._trial.begin(after)

    @property
    def begun(self) -> bool:
        return self._trial is not None

    @property
    def result(self) -> Integration:
        if self._trial is None:
            raise RuntimeError("the integration has not been driven")
        return self._trial.result

    @property
    def files(self) -> Mapping[str, bytes]:
        return dict(getattr(self._adapter, "files", {}))

    def close(self, look: Callable[[], None]) -> list[str]:
        from golive.integration.wire import of_partner

        try:
            if self._trial is not None:
                self._trial.wait(look)
        finally:
            left = self._gateway.release()
            if self._trial is not None and not of_partner(self._run.recorder.exchanges):
                self._run.notes.append(
                    f"partner: nothing came to the gateway: let your backend use {self._gateway.url} in the place of "
                    "DEV's address, on the port that --gateway-port gives where it is running already"
                )
            try:
                self._close_adapter()
            finally:
                self._gateway.stop()
        return left

    def _close_adapter(self) -> None:
        from golive.integration.hands import Hands, Stuck

        close = getattr(self._adapter, "close", None)
        if not callable(close):
            return
        try:
            Hands(_CLOSE_S).do(close)
        except Stuck as stuck:
            self._run.notes.append(f"close of the adapter {stuck}: what it started may still be running")
        except (Exception, SystemExit) as fault:  # whatever the partner's code raises: the run is told to its end
            words = self._run.redactor.text(" ".join(str(fault).split()))[:200]
            self._run.notes.append(f"close of the adapter raised {type(fault).__name__}: {words}")


class Carried:
    """The integration of a record that is replayed: what drivers were shown is taken over, the rules judge anew."""

    begun = True

    def __init__(self, run: Run, record: Evidence, then: Integration, exhibits: Mapping[str, bytes]) -> None:
        from golive.integration.wire import of_partner

        self._traffic = of_partner(record.exchanges)
        self._run = run
        self._then = then
        self.files = exhibits

    @property
    def result(self) -> Integration:
        from golive.integration.judging import judged

        base_url = self._run.settings.target.url or ""
        return judged(self._then, self._traffic, base_url=base_url, bounds=bounds_of(self._run))

    def begin(self, after: Callable[[], None]) -> None:
        """It was driven in the recorded run."""

    def close(self, look: Callable[[], None]) -> list[str]:  # noqa: ARG002
        return []


def under_test(run: Run) -> UnderTest | None:
    """The integration of this run, None where none is under test. Raises `SettingsError` where it cannot be begun."""
    if isinstance(run.source, Replay):
        then = run.source.record.integration
        return None if then is None else Carried(run, run.source.record, then, run.source.recorded.exhibits)
    return None if run.factory is None else Driven(run, run.factory)


def for_your_backend(url: str, settings: Settings) -> list[str]:
    """Lines for the terminal: what a backend is to be started with, so that it talks to the gateway at `url`."""
    from golive.gateway.told import lines_for_backend

    embedded = settings.target.kind == "simulator"
    return [
        "For your backend, in the place of DEV's:",
        "",
        *lines_for_backend(
            url,
            key=settings.key if embedded else None,
            publishable_key=settings.publishable_key if embedded else None,
            stripe_base=settings.target.url if embedded else None,
        ),
        "",
    ]


def bounds_of(run: Run) -> Bounds:
    """How patient the rules are: charges on a server of this machine go as fast as its ticks."""
    from golive.traffic import DEFAULT_BOUNDS, Bounds

    return Bounds.for_tick(run.settings.tick) if run.settings.target.local else DEFAULT_BOUNDS


def seen(run: Run) -> Integration | None:
    """What came of it, for the record; None where none is under test, or it was not driven."""
    return run.under_test.result if run.under_test is not None and run.under_test.begun else None


def carried(run: Run) -> tuple[Exchange, ...]:
    """The exchanges of the partner's backend and of the gateway in a record that is replayed: nobody asks for them."""
    record = run.source.record
    return () if record is None else tuple(each for each in record.exchanges if each.actor in (PARTNER, GATEWAY))


def in_order(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """By their ids, which is the order in which they began."""
    return tuple(sorted(exchanges, key=lambda exchange: (len(exchange.id), exchange.id)))
