"""Whole runs and every command, in processes of their own: none comes to the production host."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.types import ASGIApp

from golive.safekeeping import journal
from golive.settings import fingerprint
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from golive.simulator.defects import DEFECTS
from golive.simulator.defects.answers import Header, Whole, changed
from tests.plugin.bench import BRISK, TICK, keys_of
from tests.plugin.launch import error_lines
from tests.plugin.mini import PASSES, make_project
from tests.prod.bench import Prod, prod, proxies, run_python
from tests.prod.resolver import PROD

EVERYWHERE = f"https://{PROD}/api/v1/users/"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Prod]:
    with prod(tmp_path) as found:
        yield found


def pytest_args(directory: Path, *args: str) -> list[str]:
    return ["-m", "pytest", "-p", "no:cacheprovider", f"--report-dir={directory / 'report'}", *args]


@pytest.mark.parametrize("proxied", [False, True], ids=["by name", "through a proxy"])
def test_a_child_that_is_not_stopped_comes_there(proxied: bool, there: Prod) -> None:
    url = "http://dev.connect.cariqa.com/" if proxied else f"http://{PROD}:8443/"
    done = run_python(there, "-c", f"import httpx; httpx.get({url!r})", env=proxies() if proxied else {})
    assert done.status == 0, done.output
    assert len(there.server.hits) == 1
    assert there.visits == 2


# -- what a target may say -----------------------------------------------------------------------------------

_LINK = re.compile(rb'"(link|logo_url|url)":\s*"[^"]*"')
_PLACES: tuple[Header, ...] = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "Link": f'<{EVERYWHERE}?page=2>; rel="next"',
        "Content-Location": EVERYWHERE,
        "Refresh": f"0;url={EVERYWHERE}",
        "Alt-Svc": f'h2="{PROD}:443"; ma=60, h3="{PROD}:443"',
        "Set-Cookie": f"where=there; Domain={PROD}",
        "Strict-Transport-Security": "max-age=60",
    }.items()
)


def pointing_there(app: ASGIApp) -> ASGIApp:
    """Whatever an answer may lead to leads to production; but next links, which would end a list with an error."""

    def point(whole: Whole) -> Whole:
        body = _LINK.sub(rb'"\1": "' + EVERYWHERE.encode() + b'"', whole.body)
        return replace(whole, body=body, headers=(*whole.headers, *_PLACES))

    return changed(app, point)


def test_a_whole_run_follows_nothing_there(there: Prod, tmp_path: Path) -> None:
    options = SimulatorOptions(tick=TICK)
    with EmbeddedSimulator(options, middleware=[pointing_there]) as sim:
        args = (f"--target={sim.url}", "--poll-interval=0.02", *BRISK)
        finished = run_python(there, *pytest_args(tmp_path, *args), env=keys_of(sim) | proxies())
    assert finished.status == 0, finished.output
    assert f'"link":"{EVERYWHERE}"' in json.dumps(finished.evidence).replace('\\"', '"').replace(": ", ":")
    assert there.visits == 0


@pytest.mark.parametrize("defect", ["deleted-user-redirects-to-production", "next-leads-to-production"])
def test_a_run_against_a_target_that_leads_there_ends_without_going(defect: str, there: Prod, tmp_path: Path) -> None:
    with EmbeddedSimulator(SimulatorOptions(tick=TICK), deviations=[DEFECTS[defect]]) as sim:
        args = (f"--target={sim.url}", "--poll-interval=0.02", *BRISK, "suites/test_02_users.py")
        finished = run_python(there, *pytest_args(tmp_path, *args), env=keys_of(sim) | proxies())
    assert finished.status == 1, finished.output
    assert PROD in json.dumps(finished.evidence)
    assert there.visits == 0


# -- what a person may say -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "env"),
    [
        ((f"--target=https://{PROD}",), {}),
        ((f"--openapi=https://{PROD}/openapi.yml",), {}),
        ((f"--scan-url=https://{PROD}/app",), {}),
        ((), {"CONNECT_API_DOMAIN": f"{PROD}/api/v1", "GOLIVE_TARGET": "dev"}),
        ((), {"STRIPE_API_BASE": f"https://{PROD}/v1"}),
        (("--collect-only", "--target", PROD), {}),
    ],
    ids=["target", "openapi", "scan-url", "domain", "stripe", "collect-only"],
)
def test_a_run_that_is_sent_there_is_refused(
    args: tuple[str, ...], env: dict[str, str], there: Prod, tmp_path: Path
) -> None:
    finished = run_python(there, *pytest_args(tmp_path, *args), env={"CONNECT_API_KEY": "k", **env, **proxies()})
    assert finished.status == 4, finished.output
    assert len(error_lines(finished)) == 1
    assert "production host" in finished.output
    assert there.visits == 0


def test_a_page_there_is_not_scanned(there: Prod) -> None:
    done = run_python(there, "-m", "golive", "scan", "--url", f"https://{PROD}/", env=proxies())
    assert done.status == 4, done.output
    assert "production host" in done.output
    assert there.visits == 0


def test_a_journal_of_a_run_there_is_not_finished(there: Prod, tmp_path: Path) -> None:
    key = "canary-key-0123456789"
    header = journal.Header("run", f"https://{PROD}", fingerprint(SecretStr(key))).sealed(SecretStr(key))
    written = journal.Journal(tmp_path / "runs" / "run" / journal.name_of("run"), header)
    written.made("user")
    written.starting(1, "user", "DE*CIQ*EWBNHHLM82TLA*1", shared=True)
    written.began(1, "session")
    written.close()
    done = run_python(
        there, "-m", "golive", "release", str(tmp_path / "runs"), env={"CONNECT_API_KEY": key, **proxies()}
    )
    assert done.status != 0, done.output
    assert "production host" in done.output
    assert there.visits == 0


def test_a_record_of_a_run_there_is_not_replayed(there: Prod, tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", test_01_sample=PASSES)
    made = run_python(there, *pytest_args(tmp_path), cwd=project)
    assert made.status == 0, made.output
    text = (made.report / "evidence.json").read_text(encoding="utf-8")
    target = made.evidence["run"]["target"]
    for name, replaced in (("run", f'"target": "https://{PROD}"'), ("exchanges", None)):
        record = tmp_path / f"record-{name}"
        record.mkdir()
        changed_ = text.replace(f'"target": "{target}"', replaced) if replaced else text.replace("/api/v1", EVERYWHERE)
        assert changed_ != text
        (record / "evidence.json").write_text(changed_, encoding="utf-8")
        again = run_python(there, *pytest_args(tmp_path / name, f"--replay={record}"), cwd=project, env=proxies())
        assert again.status != 0, again.output
    assert there.visits == 0
