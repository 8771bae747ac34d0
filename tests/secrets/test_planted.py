"""A check, or something beside it, that tells a secret by mistake: nothing that is left or shown has it."""

import copy
import json
import pickle
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from golive.settings import Settings, describe
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.launch import Finished
from tests.plugin.mini import make_project
from tests.secrets.canaries import KEY, PUBLISHABLE
from tests.secrets.search import Place, leaks
from tests.secrets.test_sweep import LEAKY
from tests.secrets.watching import watched
from tests.settings.conftest import Load

CHECKS = '''
    import logging
    import sys
    import threading
    import warnings

    @pytest.fixture
    def secret(run, looked):
        return run.settings.key.get_secret_value()

    @requirement("DEV-USERS")
    def test_logged(secret):
        """Its logs tell it, also with arguments, a traceback and wrong arguments."""
        log = logging.getLogger("canary")
        log.debug("plainly " + secret)
        log.info("as argument %s %r", secret, {"key": secret})
        log.warning("with too many %d", secret)
        try:
            raise ValueError(f"raised with {secret}")
        except ValueError:
            log.exception("caught")

    @requirement("DEV-USERS")
    def test_warned(secret):
        """It warns."""
        warnings.warn(f"warned of {secret}", UserWarning)

    @requirement("DEV-USERS")
    def test_dumped(secret, run):
        """It dumps the settings."""
        settings = run.settings
        print(settings, vars(settings), settings.model_dump(), settings.model_dump_json())
        raise RuntimeError(settings, settings.model_dump(), settings.key.get_secret_value())

    @requirement("DEV-USERS")
    def test_printed(secret, capfd):
        """Its output tells it."""
        print(secret)
        print(secret, file=sys.stderr)
        pytest.fail("and fails")

    @requirement("DEV-USERS")
    def test_in_a_thread(secret):
        """A thread dies of it."""
        def die():
            raise ValueError(f"died of {secret}")
        thread = threading.Thread(target=die)
        thread.start()
        thread.join()

    @requirement("DEV-USERS")
    @pytest.mark.parametrize("x", [1])
    def test_compared(secret, x):
        """A long comparison."""
        assert {"a": secret, "b": [secret] * 3} == {"a": secret + "x", "b": []}
'''
SECOND = """
    import os
    known = os.environ["CANARY_PLAIN"]
    raise RuntimeError(f"not collected because of {known}")
"""
LOUD = ("-vv", "-rA", "--showlocals", "--tb=long", "--log-cli-level=DEBUG", "-W", "default::UserWarning")


def run(directory: Path, *args: str) -> tuple[Finished, list[Place]]:
    """A run of these checks, its key in `.env`, and all that it left or showed."""
    work = directory / "work"
    project = make_project(directory / "project", test_01_sample=CHECKS, test_02_second=SECOND)
    (project / "leaky.py").write_text(LEAKY, encoding="utf-8")
    (project / ".env").write_text(f"CONNECT_API_KEY={KEY}\nSTRIPE_PUBLISHABLE_KEY={PUBLISHABLE}\n", encoding="utf-8")
    places = (
        f"--report-dir={work / 'report'}",
        f"--junitxml={work / 'other-junit.xml'}",
        f"--log-file={work / 'log.txt'}",
        "--log-file-level=DEBUG",
        f"--debug={work / 'debug.txt'}",
        *("-o", f"cache_dir={work / 'cache'}", "--continue-on-collection-errors"),
    )
    options = SimulatorOptions(tick=0.1, key=KEY, publishable_key=PUBLISHABLE)
    with EmbeddedSimulator(options) as sim:
        command = [sys.executable, "-m", "pytest", f"--target={sim.url}", *LOUD, *places, *args]
        finished, seen = watched(work, command, cwd=project, env={"CANARY_PLAIN": KEY, "PYTHONPATH": str(project)})
    return finished, [place for place in seen if place[0] != "process environ"]  # there the test itself has put it


def test_nothing_shows_what_a_check_tells_by_mistake(tmp_path: Path) -> None:
    finished, places = run(tmp_path)
    assert finished.status == 1, finished.output
    outcomes = {check["nodeid"].rpartition("::")[2]: check["outcome"] for check in finished.checks}
    assert outcomes["test_dumped"] == "error"
    assert outcomes["test_compared[1]"] == "failed"
    for said in ("plainly $CONNECT", "as argument $CONNECT", "raised with $CONNECT", "warned of $CONNECT"):
        assert said in finished.stdout
    assert "not collected because of $CONNECT_API_KEY" in finished.stdout
    assert leaks(places, [KEY, PUBLISHABLE[8:]], pieces=True) == []


def test_without_the_redactor_each_of_them_shows_it(tmp_path: Path) -> None:
    """What proves that the run above would have been found out."""
    _, places = run(tmp_path, "-p", "leaky")
    found = {leak.partition(":")[0].partition("!")[0] for leak in leaks(places, [KEY])}
    assert {"stdout", "report/log.html", "report/junit.xml", "other-junit.xml", "log.txt", "debug.txt"} <= found
    assert any(where.startswith("report/allure-results") for where in found)


# -- a dump of the settings themselves -----------------------------------------------------------------------


@pytest.fixture
def settings(load: Load) -> Settings:
    return load({"--target": "dev"}, env={"CONNECT_API_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE})


def test_no_dump_of_the_settings_shows_a_key(settings: Settings) -> None:
    dumps = [repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump()), str(vars(settings))]
    dumps += [json.dumps(describe(settings)), json.dumps(settings.model_dump(), default=str), f"{settings!r:>5}"]
    dumps += [repr(copy.deepcopy(settings)), repr(settings.model_copy())]
    assert leaks(enumerated(dumps), [KEY, PUBLISHABLE[8:]], pieces=True) == []


def enumerated(texts: list[str]) -> list[Place]:
    return [(str(number), text) for number, text in enumerate(texts)]


def test_settings_are_not_pickled(settings: Settings) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="settings hold keys"):
            pickle.dumps(settings, protocol)


def test_a_fault_of_validation_shows_no_input(settings: Settings) -> None:
    values = settings.model_dump()
    for spoilt in ({"key": [KEY]}, {"unknown": KEY}, {"target": KEY}, {"tick": KEY}, {"given_keys": {KEY: KEY}}):
        with pytest.raises(ValidationError) as caught:
            Settings.model_validate(values | spoilt)
        assert leaks([("fault", str(caught.value) + repr(caught.value))], [KEY]) == []
    assert SecretStr(KEY) == settings.key
