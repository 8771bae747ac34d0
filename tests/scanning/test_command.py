"""`python -m golive scan`, as a partner's CI runs it, and the options of a run."""

import subprocess
import sys
from pathlib import Path

import pytest

from golive.__main__ import main
from golive.evidence.statements import Scan
from golive.guard import PROD_HOST
from golive.settings import SettingsError, describe, load_settings
from tests.plugin.launch import ROOT, clean_environment
from tests.scanning.samples import KEY, OTHER, STRIPE
from tests.scanning.web import html, serving


def scan(directory: Path, *args: str, key: str | None = None) -> subprocess.CompletedProcess[str]:
    extra = {"PYTHONPATH": str(ROOT)} | ({"CONNECT_API_KEY": key} if key else {})
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "golive", "scan", *args],
        cwd=directory,
        env=clean_environment(directory / "home", extra),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("print('nothing')\n", encoding="utf-8")
    return tmp_path


def test_a_clean_tree_passes_and_what_was_not_looked_for_is_said(tree: Path) -> None:
    done = scan(tree, "app")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "app: 1 file read, nothing found",
        "CONNECT_API_KEY is not set: that key itself was not looked for, only what looks like one",
    ]


@pytest.mark.parametrize("place", ["environment", ".env"])
def test_the_key_in_use_is_found_and_never_printed(tree: Path, place: str) -> None:
    opaque = "f3a9c17be02d4d58a6" + "41"
    (tree / "app" / "x.js").write_text(f"\nvar k='{opaque}'", encoding="utf-8")
    if place == ".env":
        (tree / ".env").write_text(f"CONNECT_API_KEY={opaque}\n", encoding="utf-8")
    done = scan(tree, "app", key=opaque if place == "environment" else None)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "x.js:2: the key in use",
        "app: 2 files read, 1 secret found, the first in x.js:2: the key in use",
    ]
    assert opaque not in done.stdout + done.stderr


def test_a_page_and_a_tree_in_one_go(tree: Path) -> None:
    (tree / "app" / "x.js").write_text(f"'{STRIPE['sk_live']}'", encoding="utf-8")
    with serving({"/": html(f"<script>'{OTHER}'</script>")}) as site:
        done = scan(tree, "app", "--url", f"{site.url}/")
    assert done.returncode == 1
    assert "x.js:1: a Stripe secret or restricted key of live mode" in done.stdout
    assert f"{site.url}/:1: another token (JWT)" in done.stdout


def test_what_could_not_be_read_does_not_pass(tree: Path) -> None:
    with serving({}) as site:
        done = scan(tree, "app", "--url", f"{site.url}/")
    assert done.returncode == 1
    assert f"{site.url}/: nothing was read" in done.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "PATH: nothing is given to look through"),
        (("nowhere",), "PATH: 'nowhere' does not exist"),
        (("--url", f"https://{PROD_HOST}/app"), "names the production host"),
        (("--url", "http://partner.example/"), "plain http is allowed on loopback only"),
        (("--ulr", "x"), "unrecognized arguments: --ulr"),
        ((f"x{KEY}",), "holds a key"),
    ],
    ids=["nothing", "no such path", "PROD", "plain http", "no such option", "the key"],
)
def test_what_cannot_be_used_is_said_in_one_line(tree: Path, args: tuple[str, ...], said: str) -> None:
    done = scan(tree, *args, key=KEY)
    assert (done.returncode, done.stdout) == (4, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert KEY not in done.stderr


# -- the options of a run ------------------------------------------------------------------------------------


def test_the_options_are_read_and_shown_without_query(tmp_path: Path) -> None:
    given = {
        "scan": ((str(tmp_path), "."), "--scan"),
        "scan_url": (("https://app.partner.example/?a=secret#x",), "--scan-url"),
    }
    settings = load_settings(given, {}, None, listed=())
    assert settings.scan == (tmp_path, Path())
    assert settings.scan_url == ("https://app.partner.example/?a=secret",)
    shown = describe(settings)
    assert (shown["scan"], shown["scan_url"]) == ([str(tmp_path), "."], ["https://app.partner.example/"])


def test_without_them_nothing_is_scanned() -> None:
    settings = load_settings({}, {}, None, listed=())
    assert (settings.scan, settings.scan_url) == ((), ())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("scan", "/no/such/place", "does not exist; give a directory or a file that can be read"),
        ("scan", " ", "is empty; give a directory or a file that can be read"),
        ("scan", "a\0b", "is no usable path"),
        ("scan_url", f"https://{PROD_HOST}/", "names the production host"),
        ("scan_url", "https://x.example@" + PROD_HOST, "names the production host"),
        ("scan_url", "app.partner.example", "the scheme must be https"),
        ("scan_url", f"https://x.example/?k={KEY}", "holds a key, which must not stand here; take it out"),
    ],
)
@pytest.mark.parametrize("where", ["line", "environment", "dotenv"])
def test_what_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, name: str, value: str, said: str, where: str
) -> None:
    flag, variable = f"--{name.replace('_', '-')}", f"GOLIVE_{name.upper()}"
    if where == "dotenv":
        if "\0" in value or not value.strip():
            pytest.skip("no value that a .env can hold")
        (tmp_path / ".env").write_text(f"{variable}={value}\n", encoding="utf-8")
    if where == "environment" and not value.strip():
        pytest.skip("an empty value means that none is given")
    environ = {"CONNECT_API_KEY": KEY} | ({variable: value} if where == "environment" else {})
    given = {name: ((value,), flag)} if where == "line" else {}
    with pytest.raises(SettingsError) as refused:
        load_settings(given, environ, tmp_path / ".env", listed=())
    message = str(refused.value)
    assert said in message
    assert message.startswith({"line": flag, "environment": "environment", "dotenv": variable}[where])
    assert KEY not in message


def test_a_scan_that_is_broken_off_does_not_pass(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Scan(what="tree", root="app", files=3, complete=False)
    monkeypatch.setattr("golive.scanning.scan_tree", lambda *_: broken)
    assert main(["scan", str(tree / "app")]) == 1
    monkeypatch.setattr("golive.scanning.scan_tree", lambda *_: broken.model_copy(update={"complete": True}))
    assert main(["scan", str(tree / "app")]) == 0
