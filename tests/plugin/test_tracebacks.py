"""No traceback shows a key, whatever pytest is asked to show and whoever writes it down."""

from pathlib import Path

import pytest

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import keys_of, run_against
from tests.plugin.launch import Finished
from tests.plugin.mini import run_mini
from tests.secrets.search import Place, below, leaks

KEY = "CanaryKEYq8abcdEFGHijklMNOPqrstZ"
ALTERED = f"{KEY[:-1]}A"

STYLES = [(), ("--showlocals", "-vv", "--tb=long"), ("--tb=native", "-rA"), ("--tb=short", "-l", "--full-trace")]


def shown(finished: Finished) -> list[Place]:
    return [("stdout", finished.stdout), ("stderr", finished.stderr), *below(finished.report)]


def bundles(finished: Finished) -> list[Path]:
    return list(finished.report.glob("golive-*.zip"))


@pytest.mark.parametrize("style", STYLES, ids=" ".join)
def test_a_failed_check_of_the_credentials_shows_neither_key(tmp_path: Path, style: tuple[str, ...]) -> None:
    options = SimulatorOptions(tick=0.1, key=KEY)
    defects = ["scheme-of-the-key-not-read"]
    junit = f"--junitxml={tmp_path / 'report' / 'pytest-junit.xml'}"
    finished = run_against(tmp_path, "suites/test_01_credentials.py", junit, *style, options=options, defects=defects)
    failed = [check["nodeid"] for check in finished.checks if check["outcome"] == "failed"]
    assert failed == ["suites/test_01_credentials.py::test_a_malformed_header_is_refused[other scheme]"]
    written = {where.partition("/")[0] for where, _ in shown(finished)}
    assert {"log.html", "allure-results", "junit.xml", "pytest-junit.xml", "evidence.json"} <= written
    assert leaks(shown(finished), [KEY, ALTERED]) == []
    assert len(bundles(finished)) == 1, finished.stdout


CHECKS = '''
    import logging

    def called(secret, padded):
        raw = {"Authorization": f"Bearer {secret}".encode()}
        print("printed", raw)
        logging.getLogger("canary").warning("logged %s", secret)
        assert padded == "", f"said {secret}"

    @pytest.fixture
    def opened(run, looked):
        secret = run.settings.key.get_secret_value()
        yield secret
        raise ValueError(f"closing {secret}")

    @pytest.fixture
    def broken(run, looked):
        secret = run.settings.key.get_secret_value()
        raise ValueError(secret, {"nested": [secret]})

    @requirement("DEV-USERS")
    def test_assertion(opened):
        """An assertion."""
        called(opened, "x" * 110 + opened + "y" * 300 + opened + "z" * 95)

    @requirement("DEV-USERS")
    def test_broken(broken):
        """A fixture is broken."""

    @requirement("DEV-USERS")
    def test_chained(opened, connect):
        """One exception after another."""
        try:
            called(opened, "x")
        except AssertionError as problem:
            raise KeyError(opened) from problem

    @requirement("DEV-USERS")
    def test_concluded(opened):
        """A conclusion."""
        raise Failed(f"with {opened}", owner=Owner.PARTNER)

    @requirement("DEV-USERS")
    def test_skipped(opened):
        """A reason."""
        pytest.skip(f"because of {opened}")

    @requirement("DEV-USERS")
    def test_bare(opened):
        """Without a traceback."""
        pytest.fail(f"gone with {opened}", pytrace=False)

    def test_that_is_no_check(opened):
        called(opened, opened)
'''


@pytest.mark.parametrize("style", STYLES, ids=" ".join)
def test_no_exception_shows_the_key_anywhere(tmp_path: Path, style: tuple[str, ...]) -> None:
    with EmbeddedSimulator(SimulatorOptions(tick=0.1, key=KEY)) as sim:
        finished = run_mini(tmp_path, CHECKS, f"--target={sim.url}", *style, env=keys_of(sim))
    assert finished.status == 1, finished.output
    assert len(finished.bad()) == 6
    assert leaks(shown(finished), [KEY]) == []
    assert pieces_of(KEY, shown(finished)) == []
    assert "$CONNECT_API_KEY" in finished.stdout
    assert len(bundles(finished)) == 1, finished.stdout


def pieces_of(secret: str, places: list[Place], *, length: int = 8) -> list[str]:
    """Where a part of the secret stands, as where a long value is cut in its middle."""
    texts = [(where, text if isinstance(text, str) else text.decode("utf-8", "replace")) for where, text in places]
    parts = {secret[n : n + length] for n in range(len(secret) - length + 1)}
    return sorted({f"{where}: {part}" for where, text in texts for part in parts if part in text})


def test_an_error_of_pytest_itself_shows_no_key(tmp_path: Path) -> None:
    checks = '''
    import sys

    @requirement("DEV-USERS")
    def test_passed(looked, request):
        """It passes."""
        class Broken:
            def pytest_runtest_logreport(self, report):
                secret = run.settings.key.get_secret_value()
                raise ValueError(f"a plugin fails with {secret}")
        from golive.plugin.run import RUN
        run = request.config.stash[RUN]
        request.config.pluginmanager.register(Broken())
'''
    with EmbeddedSimulator(SimulatorOptions(tick=0.1, key=KEY)) as sim:
        finished = run_mini(tmp_path, checks, f"--target={sim.url}", "--showlocals", env=keys_of(sim))
    assert finished.status == 3, finished.output
    assert "a plugin fails with $CONNECT_API_KEY" in finished.output
    assert leaks(shown(finished), [KEY]) == []


def test_a_key_for_other_runs_stays_out_of_a_rehearsal_too(tmp_path: Path) -> None:
    checks = '''
    import os

    @requirement("DEV-USERS")
    def test_told(connect):
        """The partner's key comes into an answer, and into a traceback."""
        key = os.environ["CONNECT_API_KEY"]
        connect.send("GET", "/users/", params={"search": key})
        raise ValueError(key)
'''
    finished = run_mini(tmp_path, checks, env={"CONNECT_API_KEY": KEY})
    assert finished.status == 1, finished.output
    assert leaks(shown(finished), [KEY]) == []
    assert len(bundles(finished)) == 1, finished.stdout
