"""Options on pytest's command line, and the settings made from them before anything is collected or sent."""

import os
import re
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from golive.evidence.challenge import run_id
from golive.guard import ForbiddenTarget, refuse_prod_address
from golive.journeys.vcp import Vcp
from golive.plugin import contract_watch
from golive.plugin.catalogue import Catalogue
from golive.plugin.dossier import read as read_dossier
from golive.plugin.integrating import THEIR_WARNINGS, factory_of
from golive.plugin.replaying import Replaying
from golive.plugin.run import RUN, Run
from golive.plugin.uncollected import listen, refuse_other_patterns
from golive.settings import (
    OPTIONS,
    LoopbackDefaults,
    Settings,
    SettingsError,
    ask_command,
    command_line,
    load_settings,
)
from golive.simulator.options import SIMULATOR_KEY, SIMULATOR_PUBLISHABLE_KEY

_RERUNS = ("reruns", "retries", "force_flaky")
"""Of pytest-rerunfailures, pytest-retry and flaky."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("golive", "go-live readiness")
    for option in OPTIONS:
        group.addoption(option.flag, **option.arguments())


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requirement(*ids, stage=None): the checklist lines that a check serves")
    config.addinivalue_line("markers", "integration(by=None): a check of the partner's own integration")
    config.addinivalue_line("markers", "provokes(*types): rows of the API's error table that a check brings about")
    if not _suites_are_meant(config):
        return
    _refuse_other_processes(config)
    _refuse_reruns(config)
    _refuse_without_judgement(config)
    refuse_other_patterns(config)
    catalogue: Catalogue = config.hook.pytest_golive_catalogue()
    replaying = Replaying()
    try:
        settings = load_settings(
            command_line(config.option),
            os.environ,
            config.rootpath / ".env",
            listed=[vcp.evse_id for vcp in catalogue.vcps],
            loopback_defaults=LoopbackDefaults(
                key=SecretStr(SIMULATOR_KEY), publishable_key=SecretStr(SIMULATOR_PUBLISHABLE_KEY)
            ),
            recall=replaying.recall,
            ask=None if config.option.collectonly else partial(_ask, config),
        )
        if not config.option.collectonly:
            _refuse_prod_addresses(settings)
        contract_watch.read_file(config, settings)
        dossier = replaying.dossier if settings.replay else read_dossier(config, settings, catalogue)
        factory = None if config.option.collectonly else factory_of(settings, config.rootpath, partial(_say, config))
    except (SettingsError, ForbiddenTarget) as exc:
        raise pytest.UsageError(str(exc)) from None
    config.option.keyword = spell_evse_ids(config.option.keyword, catalogue.vcps)
    source = replaying.source(settings)
    id_ = run_id(getattr(dossier, "challenge", None)) if source.record is None else source.record.run.id
    run = Run(config.rootpath, settings, catalogue, id_, source)
    run.dossier = dossier
    run.factory, run.say = factory, partial(_say, config)
    if factory is not None:
        config.addinivalue_line("filterwarnings", THEIR_WARNINGS)
    config.stash[RUN] = run
    listen(config)
    if not config.option.collectonly:
        _direct_reports(config, run)
        _speak(config)


def _ask(config: pytest.Config, command: str) -> str:
    """What `CONNECT_API_KEY_CMD` prints; it may ask at the terminal, which pytest's capture has put away."""
    if (capture := config.pluginmanager.get_plugin("capturemanager")) is not None:
        capture.suspend_global_capture(in_=True)
    return ask_command(command)


def _say(config: pytest.Config, line: str) -> None:
    """To the terminal now, also while a check runs, whose output is kept back."""
    capture = config.pluginmanager.get_plugin("capturemanager")
    with nullcontext() if capture is None else capture.global_and_fixture_disabled():
        print(line, flush=True)


def _refuse_prod_addresses(settings: Settings) -> None:
    """Raise `ForbiddenTarget` where an address is given in place of the production host's name."""
    if settings.replay is not None:
        return
    openapi = settings.openapi if isinstance(settings.openapi, str) else None
    given = [("target", settings.target.url), ("stripe_api_base", settings.stripe_api_base), ("openapi", openapi)]
    for name, url in (*given, *(("scan_url", url) for url in settings.scan_url)):
        if url is not None:
            refuse_prod_address(url, what=settings.place(name))


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Before pytest-xdist takes the command line over (`-f`)."""
    if _suites_are_meant(config):
        _refuse_other_processes(config)


def _refuse_other_processes(config: pytest.Config) -> None:
    """Raise `UsageError` where the checks are to be spread over processes, or run in another one again and again."""
    option = config.option
    if getattr(option, "looponfail", False):
        raise pytest.UsageError(
            "pytest-xdist (-f) would start a new run with each change of a file; leave -f out, and start each yourself"
        )
    if getattr(option, "dist", "no") != "no" or getattr(option, "tx", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError(
            "pytest-xdist (-n) cannot share one run's journeys and record; leave -n out: they run at once anyway"
        )


def _refuse_reruns(config: pytest.Config) -> None:
    """Raise `UsageError` where a check that failed is to be run until it passes."""
    for name in _RERUNS:
        flag = f"--{name.replace('_', '-')}"
        try:
            value = getattr(config.option, name, None) or config.getini(name)
        except ValueError:  # no plugin knows of such a setting
            continue
        if value and str(value) != "0":
            raise pytest.UsageError(
                f"{flag}: a check that failed stays failed, so none is run again; leave {flag} out, also of the "
                "configuration, and start a new run instead"
            )


def _refuse_without_judgement(config: pytest.Config) -> None:
    """Raise `UsageError` where no check could fail, or none would run though a release waits for them."""
    if sys.flags.optimize:
        raise pytest.UsageError(
            "python -O (PYTHONOPTIMIZE) leaves out assertions, and without them no check can fail; leave it out"
        )
    if config.option.collectonly and "gate" in command_line(config.option):
        raise pytest.UsageError("--gate: with --collect-only no check runs; leave one of the two out")


def _speak(config: pytest.Config) -> None:
    from golive.plugin.console import ReadinessConsole  # late: collecting needs no terminal, nor what draws on it

    config.pluginmanager.register(ReadinessConsole(config), "golive-console")


def _suites_are_meant(config: pytest.Config) -> bool:
    """Whether the command line names the suites, or a folder that holds them, or something in them."""
    suites = [(config.rootpath / path).resolve() for path in config.getini("testpaths")]
    for arg in config.args:
        meant = (config.invocation_params.dir / arg.split("::")[0]).resolve()
        if any(meant == path or meant in path.parents or path in meant.parents for path in suites):
            return True
    return False


def spell_evse_ids(keyword: str, vcps: Iterable[Vcp]) -> str:
    """`-k` with EVSE IDs as pytest can read them: without the `*`, by which each check is known as well."""
    for vcp in sorted(vcps, key=lambda vcp: -len(vcp.evse_id)):
        keyword = re.sub(re.escape(vcp.evse_id), bare(vcp.evse_id), keyword, flags=re.IGNORECASE)
    return keyword


def bare(evse_id: str) -> str:
    """The EVSE ID without separators."""
    return re.sub(r"[^0-9A-Za-z]", "", evse_id)


def _direct_reports(config: pytest.Config, run: Run) -> None:
    """Let pytest-html and allure-pytest write beside the evidence, unless they were told where to."""
    directory = Path(run.report_dir)
    option = config.option
    if not getattr(option, "htmlpath", "without pytest-html"):
        option.htmlpath = str(directory / "log.html")
        option.self_contained_html = True
    if not getattr(option, "allure_report_dir", "without allure-pytest"):
        option.allure_report_dir = str(directory / "allure-results")
        option.clean_alluredir = True  # it is ours alone: no result of an earlier run may stay in it
