"""Loaded into the run under test (`-p tests.safekeeping.breaking`): ends it in the middle, as BREAKING says, as soon as
it has a session open; or makes its surroundings such that it has to end."""

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

PATIENCE_S = 60.0
FORK_S = 15.0
"""So long a process lives that was forked: longer than anything may stay open."""


class HarnessError(Exception):
    """Something in the suite itself is wrong."""


def _twice() -> None:
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGINT)


def _gone_with_a_fork() -> None:
    """What an adapter may do that makes processes: each has all that this one has open."""
    if os.fork() == 0:
        over = time.monotonic() + FORK_S
        while time.monotonic() < over:
            time.sleep(0.1)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)


def _raise(fault: BaseException) -> None:
    raise fault


def _small_files() -> None:
    """From now on no file of this process grows: what a full disk is to whoever writes."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def _full_after_a_start() -> None:
    """The first start is written down, and no further one can be, however many journeys are about to."""
    from golive.safekeeping.journal import Journal

    written, lock = Journal.starting, threading.Lock()

    def starting(self: Journal, number: int, user_id: str, evse_id: str, *, shared: bool) -> None:
        with lock:
            written(self, number, user_id, evse_id, shared=shared)
            _small_files()

    Journal.starting = starting  # type: ignore[method-assign]


IN_A_CHECK: dict[str, Callable[[], object]] = {
    "os-exit": lambda: os._exit(7),
    "kill-after-a-fork": _gone_with_a_fork,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "ctrl-c": lambda: os.kill(os.getpid(), signal.SIGINT),
    "ctrl-c-twice": _twice,
    "terminate": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "hang-up": lambda: os.kill(os.getpid(), signal.SIGHUP),
    "system-exit": lambda: _raise(SystemExit(5)),
    "harness-error": lambda: _raise(HarnessError("wrong")),
    "pytest-exit": lambda: pytest.exit("enough"),
    "fails": lambda: pytest.fail("a check fails"),
}

AT_THE_BEGINNING: dict[str, Callable[[], None]] = {
    "full-disk": _full_after_a_start,
    "full-disk-from-the-start": _small_files,
}


class Breaking:
    def __init__(self, how: str) -> None:
        self._how = how
        self._done = False

    def _once(self, item: pytest.Item) -> bool:
        """Whether it is time: a session is open, and it was not done yet."""
        if self._done:
            return False
        from golive.plugin.run import RUN  # late: pytest rewrites the assertions of what it loads itself

        run = item.config.stash[RUN]
        over = time.monotonic() + PATIENCE_S
        while not any(held.session_id for held in run.sessions.open):
            assert time.monotonic() < over, "no session was ever open"
            time.sleep(0.01)
        self._done = True
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        if self._how in IN_A_CHECK and self._once(item):
            IN_A_CHECK[self._how]()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        if self._how == "internal-error" and self._once(item):
            item.config.pluginmanager.register(_Wrong())


class _Wrong:
    def pytest_runtest_logfinish(self) -> None:
        raise HarnessError("a hook of the harness is wrong")


def pytest_configure(config: pytest.Config) -> None:
    if (begin := AT_THE_BEGINNING.get(os.environ["BREAKING"])) is not None:
        begin()
    config.pluginmanager.register(Breaking(os.environ["BREAKING"]))
