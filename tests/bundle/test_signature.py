"""Signing and looking at a signature, with throwaway keys of SSH."""

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from golive.__main__ import main
from golive.bundle.errors import NotThereError
from golive.bundle.looks import Look
from golive.bundle.signature import sign
from golive.bundle.verify import Signature, verify
from tests.bundle.bench import Base, archived, edited, whole

pytestmark = [
    pytest.mark.usefixtures("same_suite"),
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"),
]


def new_key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path


def allowed(path: Path, **keys: Path) -> Path:
    lines = [f"{name}@partner.example {key.with_suffix('.pub').read_text('utf-8')}" for name, key in keys.items()]
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def bundle(base: Base, tmp_path: Path) -> Path:
    path = tmp_path / "golive-sample.zip"
    path.write_bytes(base.sealed)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return new_key(tmp_path / "ada")


@pytest.fixture
def signers(tmp_path: Path, key: Path) -> Path:
    return allowed(tmp_path / "allowed_signers", ada=key)


def of_signature(bundle: Path, signature: Signature, now: datetime) -> Look:
    (seen,) = [seen for seen in verify(bundle, now=now, signature=signature).looks if seen.name == "signature"]
    return seen


@pytest.mark.parametrize("identity", [None, "ada@partner.example"])
def test_a_good_signature_is_agreed(
    bundle: Path, key: Path, signers: Path, today: datetime, identity: str | None
) -> None:
    file = sign(bundle, key)
    assert file == bundle.with_name("golive-sample.zip.sig")
    verified = verify(bundle, now=today, signature=Signature(file, signers, identity))
    assert verified.agreed
    assert Look("signature", "agrees", "signed by ada@partner.example") in verified.looks  # type: ignore[arg-type]


def test_another_bundle_under_the_same_signature_is_found(
    base: Base, bundle: Path, key: Path, signers: Path, today: datetime
) -> None:
    """What nothing else finds: an edit that everything else was adapted to."""
    file = sign(bundle, key)
    evidence = edited(base.evidence, lambda record: record["tests"][0].update(duration_s=0.001))
    bundle.write_bytes(archived(evidence, whole(evidence, base.others)))
    assert verify(bundle, now=today).agreed
    seen = of_signature(bundle, Signature(file, signers), today)
    assert (seen.result, "not the signature" in seen.said) == ("differs", True)


def test_a_strangers_signature_is_found(bundle: Path, signers: Path, tmp_path: Path, today: datetime) -> None:
    file = sign(bundle, new_key(tmp_path / "mallory"))
    assert of_signature(bundle, Signature(file, signers), today).result == "differs"


def test_a_colleagues_signature_is_not_that_of_the_one_who_was_asked_for(
    bundle: Path, key: Path, tmp_path: Path, today: datetime
) -> None:
    other = new_key(tmp_path / "bo")
    signers = allowed(tmp_path / "both", ada=key, bo=other)
    file = sign(bundle, other)
    assert of_signature(bundle, Signature(file, signers), today).result == "agrees"
    assert of_signature(bundle, Signature(file, signers, "ada@partner.example"), today).result == "differs"


def test_a_signature_given_for_another_purpose_does_not_count(
    bundle: Path, key: Path, signers: Path, today: datetime
) -> None:
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", str(key), str(bundle)], check=True)
    file = bundle.with_name(bundle.name + ".sig")
    assert of_signature(bundle, Signature(file, signers), today).result == "differs"


def test_a_file_that_is_no_signature_is_found(bundle: Path, signers: Path, tmp_path: Path, today: datetime) -> None:
    nonsense = tmp_path / "nonsense.sig"
    nonsense.write_text("hello\n", encoding="utf-8")
    assert of_signature(bundle, Signature(nonsense, signers), today).result == "differs"
    assert of_signature(bundle, Signature(nonsense, signers, "ada@partner.example"), today).result == "differs"


def test_signed_again_the_signature_is_the_new_one(bundle: Path, key: Path) -> None:
    former = sign(bundle, key).read_bytes()
    bundle.write_bytes(bundle.read_bytes()[:-1])
    assert sign(bundle, key).read_bytes() != former


def test_what_is_not_there_cannot_be_signed(bundle: Path, key: Path) -> None:
    for files in ((bundle.with_name("none.zip"), key), (bundle, key.with_name("none"))):
        with pytest.raises(NotThereError, match="No such file"):
            sign(*files)


def test_a_key_that_cannot_sign_is_one_line(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "no-key"
    key.write_text("hello\n", encoding="utf-8")
    key.chmod(0o600)
    assert main(["sign", str(bundle), "--key", str(key)]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "cannot sign" in said.err
    assert not bundle.with_name(bundle.name + ".sig").exists()


def test_without_ssh_keygen_that_is_what_is_said(
    bundle: Path, key: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(NotThereError, match=r"ssh-keygen was not found: .*OpenSSH"):
        sign(bundle, key)


def test_on_the_command_line(bundle: Path, key: Path, signers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign", str(bundle), "--key", str(key)]) == 0
    signature = str(bundle.with_name(bundle.name + ".sig"))
    assert capsys.readouterr().out == f"Signature: {signature}\n"
    assert main(["verify", str(bundle), "--signature", signature, "--signers", str(signers)]) == 0
    assert "signed by ada@partner.example" in capsys.readouterr().out
    for wrong in (["--signature", signature], ["--signers", str(signers)], ["--identity", "ada"]):
        assert main(["verify", str(bundle), *wrong]) == 4
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert main(["verify", str(bundle), "--signature", f"{signature}x", "--signers", str(signers)]) == 4
    assert "No such file" in capsys.readouterr().err
