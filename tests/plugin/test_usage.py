"""A command line or setting that cannot be used: status 4, one line with the remedy, nothing sent or written."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.plugin.bench import run_against
from tests.plugin.launch import ROOT, clean_environment, error_lines, run_pytest
from tests.plugin.servers import html, serving

SECRET_KEY = "sk_" + "test_abcdefghijklmnop"
PROD = "connect.cariqa.com"


@pytest.mark.parametrize(
    ("args", "env", "remedy"),
    [
        (["--evse=DE*NIL*E1"], {}, "listed EVSE IDs"),
        (["--evse=DE*CIQ*EWBNHHLM82TLA*2"], {}, "did you mean|listed EVSE IDs"),
        ([], {"GOLIVE_TICKS": "1"}, "did you mean GOLIVE_TICK"),
        ([], {"CONNECT_APIKEY": "x"}, "did you mean CONNECT_API_KEY"),
        (["--target=dev"], {}, "set it in the environment or in .env"),
        (["--target=dev"], {"CONNECT_API_KEY": SECRET_KEY}, "remove it, rotate it"),
        (["--target=dev"], {"CONNECT_API_KEY": "k", "STRIPE_PUBLISHABLE_KEY": SECRET_KEY}, "remove it, rotate it"),
        ([f"--target=https://{PROD}"], {"CONNECT_API_KEY": "k"}, "."),
        ([f"--target=https://{PROD.upper()}./api/v1"], {"CONNECT_API_KEY": "k"}, "."),
        ([f"--target=https://someone@{PROD}:443"], {"CONNECT_API_KEY": "k"}, "."),
        ([f"--target=http://{PROD}"], {"CONNECT_API_KEY": "k"}, "."),
        (["--target=https://connect%2Ecariqa%2Ecom"], {"CONNECT_API_KEY": "k"}, "."),
        ([], {"GOLIVE_TARGET": f"{PROD}:443"}, "."),
        ([], {"CONNECT_API_DOMAIN": PROD}, "."),
        ([], {"STRIPE_API_BASE": f"https://{PROD}"}, "."),
        (["--target=http://example.org"], {"CONNECT_API_KEY": "k"}, "https"),
        (["--tick=fast"], {}, "number of seconds"),
        (["--seed=1", "--seed=2"], {}, "give it once"),
        (["-n", "2"], {}, "leave -n out"),
        (["-n", "auto"], {}, "leave -n out"),
        (["-d"], {}, "leave -n out"),
        (["--dist=loadfile"], {}, "leave -n out"),
        (["--tx=2*popen"], {}, "leave -n out"),
        (["-f"], {}, "leave -f out"),
    ],
    ids=[
        "unknown EVSE",
        "misspelled EVSE",
        "misspelled setting",
        "misspelled vendor name",
        "no key for dev",
        "secret Stripe key as key",
        "secret Stripe key",
        "PROD",
        "PROD in capitals with a dot",
        "PROD with user and port",
        "PROD in plain",
        "PROD encoded",
        "PROD as host and port",
        "PROD as domain",
        "PROD as Stripe",
        "plain http",
        "no number",
        "two seeds",
        "xdist",
        "xdist, as many as there are",
        "xdist, distributed",
        "xdist, by file",
        "xdist, as processes",
        "xdist, again and again",
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, args: list[str], env: Mapping[str, str], remedy: str
) -> None:
    finished = run_pytest(tmp_path, *args, env=env)
    assert finished.status == 4, finished.output
    (line,) = error_lines(finished)
    assert line.startswith("ERROR: ")
    assert re.search(remedy, line), line
    assert SECRET_KEY not in finished.output
    assert not finished.report.exists()


def test_nothing_is_sent_with_a_setting_that_is_refused(tmp_path: Path) -> None:
    with serving(html) as server:
        env = {"CONNECT_API_KEY": "k", "STRIPE_PUBLISHABLE_KEY": SECRET_KEY}
        finished = run_pytest(tmp_path, f"--target={server.url}", env=env)
    assert finished.status == 4, finished.output
    assert server.hits == []


@pytest.mark.parametrize("args", [("-n", "0"), ("-n0", "--dist=no")], ids=" ".join)
def test_xdist_that_is_not_asked_to_spread_is_no_hindrance(tmp_path: Path, args: tuple[str, ...]) -> None:
    assert run_pytest(tmp_path, *args, "-k", "test_the_key_is_accepted").status == 0


def test_an_evse_id_may_be_typed_after_k(tmp_path: Path) -> None:
    finished = run_against(tmp_path, "-k", "DE*CIQ*EWBNHHLM82TLA*1 and test_a_start")
    assert finished.status == 0, finished.output
    (ran,) = [check for check in finished.checks if check["outcome"] != "deselected"]
    assert ran["evse_id"] == "DE*CIQ*EWBNHHLM82TLA*1"
    assert finished.facts["sessions"] == 1


def test_a_report_directory_that_exists_is_taken(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    finished = run_pytest(tmp_path, "-k", "test_the_key_is_accepted")
    assert finished.status == 0, finished.output


# -- what is no run ------------------------------------------------------------------------------------------


def test_collecting_sends_and_writes_nothing(tmp_path: Path) -> None:
    with serving(html) as server:
        finished = run_pytest(tmp_path, "--collect-only", "-q", f"--target={server.url}", env={"CONNECT_API_KEY": "k"})
    assert finished.status == 0, finished.output
    assert "test_the_key_is_accepted" in finished.stdout
    assert "Verdict" not in finished.stdout
    assert server.hits == []
    assert not finished.report.exists()


@pytest.mark.parametrize("args", [("tests/settings",), ("tests/settings/test_options.py", "--co")])
def test_other_tests_are_no_run_and_need_no_settings(tmp_path: Path, args: tuple[str, ...]) -> None:
    before = set((ROOT / "reports").rglob("*"))
    finished = run_pytest(tmp_path, *args, "-q", "-k", "option", env={"GOLIVE_NONSENSE": "1"}, report=False)
    assert finished.status == 0, finished.output
    assert "Verdict" not in finished.output
    assert set((ROOT / "reports").rglob("*")) == before


def test_the_environment_of_these_tests_has_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONNECT_API_KEY", "x")
    monkeypatch.setenv("golive_seed", "x")
    assert not {name for name in clean_environment(tmp_path) if name.upper().startswith(("CONNECT_", "GOLIVE_"))}
