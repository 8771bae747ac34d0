"""The certificate and the errors in turn."""

import os
import ssl
import stat
import tempfile
from pathlib import Path

import pytest

from golive.clock import SystemClock
from golive.gateway import Gateway
from golive.gateway.catalogue import CATALOGUE
from golive.recording import Recorder, Redactor
from golive.settings import SettingsError
from golive.watching.certificate import self_signed
from golive.watching.in_turn import InTurn


def test_the_certificate_is_for_this_machine_and_holds_to_strict_rules(tmp_path: Path) -> None:
    certificate = self_signed()
    file = tmp_path / "certificate.pem"
    file.write_bytes(certificate.text)
    trusting = ssl.create_default_context(cafile=str(file))
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python does from 3.13 on
    for name in ("127.0.0.1", "localhost"):
        assert handshake(certificate.context, trusting, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(certificate.context, trusting, "dev.connect.cariqa.com")


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bool:
    """A TLS handshake in memory."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(back, there, server_hostname=name), server.wrap_bio(there, back, server_side=True)]
    waiting = list(ends)
    for _ in range(10):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                continue
        if not waiting:
            return True
    return False


def test_the_key_lies_where_nobody_else_can_read_it_and_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[tuple[int, int]] = []
    load = ssl.SSLContext.load_cert_chain

    def watched(self: ssl.SSLContext, certfile: Path, keyfile: Path) -> None:
        seen.append((stat.S_IMODE(keyfile.stat().st_mode), stat.S_IMODE(keyfile.parent.stat().st_mode)))
        load(self, certfile, keyfile)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    before = os.umask(0o000)
    try:
        certificate = self_signed()
    finally:
        os.umask(before)
    assert seen == [(0o600, 0o700)]
    assert list(tmp_path.iterdir()) == []
    assert b"PRIVATE KEY" not in certificate.text


def test_an_openssl_that_fails_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "openssl"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(SettingsError, match="--tls: the openssl command made no certificate"):
        self_signed()


def test_errors_are_provoked_one_after_the_other() -> None:
    gateway = Gateway("http://127.0.0.1:1", Recorder(Redactor({}), SystemClock()))
    turns = InTurn([CATALOGUE[name] for name in ("not-found", "forbidden")])
    first = turns.go_on(gateway)
    assert first is not None
    assert first.name == "not-found"
    assert turns.go_on(gateway) is None
    assert [one.name for one in turns.never_armed] == ["forbidden"]
    turns.handles[0].over.set()
    assert turns.go_on(gateway) == CATALOGUE["forbidden"]
    turns.handles[1].over.set()
    assert turns.go_on(gateway) is None
    assert turns.never_armed == ()
