"""A dossier with a key in it is refused, by whoever reads it, and the key is not repeated."""

import io
from pathlib import Path

import pytest
from PIL import Image
from pydantic import SecretStr

from golive.__main__ import main
from golive.dossier import load
from golive.evidence.checklist import REQUIREMENTS
from golive.settings import SettingsError
from tests.dossier.bench import TODAY, filled, identified, put, read

CANARY = "sk_live_" + "Canary0a1b2c3d4e"
KEY = "canary+connect/key=with%odd~0a1b2c3d4e5f"


def refusal(folder: Path, text: str, **files: bytes) -> str:
    with pytest.raises(SettingsError) as refused:
        read(folder, text, {name.replace("__", "."): content for name, content in files.items()})
    assert "Canary" not in str(refused.value)
    return str(refused.value)


def with_profile(profile: bytes, kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 6), (12, 120, 60)).save(written, kind, icc_profile=profile)
    return written.getvalue()


@pytest.mark.parametrize("where", ["source", "key", ".env", "escaped", "file"])
def test_check_refuses_a_secret_as_the_run_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    planted = {"source": CANARY, "escaped": CANARY.replace("_", r"\U0000005f"), "file": "fine"}.get(where, KEY)
    if where == "key":
        monkeypatch.setenv("CONNECT_API_KEY", KEY)
    if where == ".env":
        (tmp_path / ".env").write_text(f"CONNECT_API_KEY={KEY}\n")
    text = identified().replace('"Example Charging"', f'"{planted}"')
    files = {"log.txt": f"used {CANARY}\n".encode()}
    if where == "file":
        one = '\n[[attestation]]\nrequirement = "BE-2"\nevidence = ["log.txt"]\n'
        text += one
    put(tmp_path, text, files)
    assert main(["check"]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("ERROR: golive.toml")
    assert " holds a" in told.err
    assert told.err.count("\n") == 1
    assert CANARY not in told.err
    assert KEY not in told.err


def test_a_secret_is_refused_before_a_message_can_repeat_it(tmp_path: Path) -> None:
    text = filled().replace('["picture.png"]', f'["{CANARY}.png"]', 1)
    line = text[: text.index(CANARY)].count("\n") + 1
    assert refusal(tmp_path, text).startswith(f"golive.toml, line {line}: holds a secret key of Stripe; take it out")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_secret_in_a_colour_profile_is_refused(tmp_path: Path, kind: str) -> None:
    name = f"picture.{kind.lower()}"
    text = filled().replace("picture.png", name)
    profile = b"\0" * 128 + CANARY.encode() + b"\0" * 64
    said = refusal(tmp_path, text, **{name.replace(".", "__"): with_profile(profile, kind)})
    assert said.startswith(f"golive.toml: the file '{name}' that it names holds a secret key of Stripe")
    clean = {name: with_profile(profile.replace(b"sk_live", b"nothing"), kind)}
    assert read(tmp_path, text, clean).exhibits[0].name == name


def test_a_named_key_in_a_colour_profile_is_refused_by_its_name(tmp_path: Path) -> None:
    put(tmp_path, filled(), {"picture.png": with_profile(KEY.encode() * 9, "PNG")})
    with pytest.raises(SettingsError, match="holds THE KEY; take it out"):
        load(
            tmp_path / "golive.toml",
            today=TODAY,
            register=REQUIREMENTS,
            name="golive.toml",
            secrets={"THE KEY": SecretStr(KEY)},
        )
