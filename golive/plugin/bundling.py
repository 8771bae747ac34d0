"""At the very end of a run, when every report has been written: one file with all of them.

`-p no:golive.plugin.bundling` leaves it out.
"""

from pathlib import Path

import pytest

from golive.plugin.outputs import EVIDENCE
from golive.plugin.run import RUN
from golive.report import VIEWS

BUNDLE = pytest.StashKey[tuple[str, ...]]()
"""What the console says of the bundle, a line each."""
_SESSION = pytest.StashKey[pytest.Session]()


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[_SESSION] = session


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """pytest-html and allure-pytest have written theirs by now; the exit status is asked for after this."""
    run, evidence = config.stash.get(RUN, None), config.stash.get(EVIDENCE, None)
    if run is None or evidence is None:
        return
    if run.unwritten is not None:
        config.stash[BUNDLE] = (f"The report could not be written: {run.unwritten}. Make room, then run again.",)
        _fail(config)
        return
    from golive.bundle.errors import BundleError
    from golive.bundle.seal import seal

    exhibits = [e.path for e in evidence.dossier.exhibits if e.path] if evidence.dossier else []
    parts = ("evidence.json", *VIEWS, *exhibits, *_written_by_others(config, run.report_dir))
    try:
        sealed = seal(run.report_dir, evidence, parts=parts, finds=run.redactor.found_in)
    except (BundleError, OSError) as refusal:
        config.stash[BUNDLE] = (f"No bundle was made: {refusal}",)
        _fail(config)
    except KeyboardInterrupt:  # the verdict is still to be told
        config.stash[BUNDLE] = ("No bundle was made: interrupted",)
        config.stash[_SESSION].exitstatus = pytest.ExitCode.INTERRUPTED
    else:
        config.stash[BUNDLE] = (f"Bundle: {sealed.path}", f"Manifest: {sealed.digest}")


def _fail(config: pytest.Config) -> None:
    session = config.stash[_SESSION]
    if session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _written_by_others(config: pytest.Config, directory: Path) -> list[str]:
    """What pytest-html and allure-pytest wrote, where that is their usual place in the report's directory."""
    names = {"htmlpath": "log.html", "allure_report_dir": "allure-results"}
    given = {usual: getattr(config.option, option, None) for option, usual in names.items()}
    return [usual for usual, path in given.items() if path and Path(path).absolute() == directory.absolute() / usual]
