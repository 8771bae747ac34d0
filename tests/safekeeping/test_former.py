"""Journals that are found in a folder: what is finished for them, and what no key is sent for."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from golive.__main__ import main
from golive.safekeeping.former import unfinished
from golive.safekeeping.journal import Header, Journal, name_of
from golive.settings import fingerprint

KEY = SecretStr("canary-key-0123456789")


class Elsewhere(ThreadingHTTPServer):
    """A host that takes whatever it is sent, and keeps the keys."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Elsewhere

    def _answer(self) -> None:
        self.server.keys.append(self.headers.get("Authorization"))
        self.send_response(204)
        self.end_headers()

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the library's names

    def log_message(self, *_args: object) -> None: ...


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _with_the_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CONNECT_API_KEY_CMD", "STRIPE_PUBLISHABLE_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONNECT_API_KEY", KEY.get_secret_value())
    monkeypatch.chdir(tmp_path)


def written(folder: Path, header: Header) -> Journal:
    """A journal with an open session."""
    journal = Journal(folder / name_of(header.run_id), header)
    journal.made("user")
    journal.starting(1, "user", "DE*CIQ*EWBNHHLM82TLA*1", shared=True)
    journal.began(1, "session")
    return journal


def header_to(url: str) -> Header:
    return Header("run", url, fingerprint(KEY), keep_users=True)


def test_a_run_that_is_under_way_is_left_alone(
    elsewhere: Elsewhere, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = written(tmp_path, header_to(elsewhere.url).sealed(KEY))
    assert main(["release", str(tmp_path)]) == 1
    assert "still under way" in capsys.readouterr().out
    assert elsewhere.keys == []
    journal.close()
    assert main(["release", str(tmp_path)]) == 0
    assert set(elsewhere.keys) == {f"Bearer {KEY.get_secret_value()}"}


@pytest.mark.parametrize("seal", ["", "0" * 32, "é", "another key's", "another host's"])
def test_no_key_is_sent_where_not_a_run_with_this_key_leads(
    elsewhere: Elsewhere, tmp_path: Path, capsys: pytest.CaptureFixture[str], seal: str
) -> None:
    """A fingerprint stands in every report, so everybody can write a journal with it."""
    header = header_to(elsewhere.url)
    forged = {
        "another key's": header.sealed(SecretStr("another")),
        "another host's": replace(header_to("https://dev.example.org").sealed(KEY), url=elsewhere.url),
    }.get(seal, replace(header, seal=seal))
    written(tmp_path, forged).close()
    assert main(["release", str(tmp_path)]) == 1
    assert "not written by a run with this key" in capsys.readouterr().out
    assert elsewhere.keys == []


def test_a_journal_steers_no_terminal(elsewhere: Elsewhere, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forged = replace(header_to(elsewhere.url), url="\x1b[2Jhttp://\u202e", key_fingerprint="\x1b]0;all is well\x07\n")
    written(tmp_path, forged).close()
    assert main(["release", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert said.count("\n") == 2
    assert all(sign.isprintable() for sign in said.replace("\n", ""))


@pytest.mark.parametrize("name", ["url", "patience_s", "max_hold_s", "seal", "run_id"])
@pytest.mark.parametrize("value", [None, [], {}, "x" * 3, 7])
def test_what_only_looks_like_a_journal_does_no_harm(
    elsewhere: Elsewhere, tmp_path: Path, name: str, value: object
) -> None:
    path = tmp_path / name_of("run")
    written(tmp_path, header_to(elsewhere.url).sealed(KEY)).close()
    head, _, rest = path.read_text(encoding="utf-8").partition("\n")
    spoilt = {"run": {**json.loads(head)["run"], name: value}}
    path.write_text(f"{json.dumps(spoilt)}\n{'[' * 100_000}\n{rest}", encoding="utf-8")
    assert main(["release", str(tmp_path)]) in (0, 1)
    assert elsewhere.keys == []


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "journal-folder.jsonl").mkdir()
    (tmp_path / "journal-broken.jsonl").symlink_to(tmp_path / "nowhere")
    assert list(unfinished(tmp_path)) == []
    assert list(unfinished(tmp_path / "nowhere")) == []
