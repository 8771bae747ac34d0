"""What `--integration` names: found, or refused with one line."""

import sys
from pathlib import Path

import pytest

from golive.integration.loading import Unusable, load_factory, make_adapter


def module(directory: Path, name: str, text: str) -> None:
    (directory / f"{name}.py").write_text(text, encoding="utf-8")


def test_a_factory_beside_the_checkout_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    module(tmp_path, "golive_test_app_a", "def make(base_url, environment):\n    return base_url, dict(environment)\n")
    factory = load_factory("golive_test_app_a:make", tmp_path)
    assert make_adapter(factory, "http://x", {"A": "b"}) == ("http://x", {"A": "b"})


def test_a_factory_that_wants_the_address_alone_gets_no_more() -> None:
    assert make_adapter(lambda base_url: base_url, "http://x", {"A": "b"}) == "http://x"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("golive_test_app_b:make", None, "golive_test_app_b cannot be loaded (ModuleNotFoundError"),
        ("golive_test_app_c:make", "make = 3", "golive_test_app_c has no factory named make"),
        ("golive_test_app_d:make", "1 / 0", "cannot be loaded (ZeroDivisionError"),
        ("golive_test_app_e:make", "def make(:", "cannot be loaded (SyntaxError"),
    ],
)
def test_what_cannot_be_used_is_named(
    name: str, text: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    if text is not None:
        module(tmp_path, name.partition(":")[0], text)
    with pytest.raises(Unusable) as refused:
        load_factory(name, tmp_path)
    assert says in str(refused.value)


def test_a_factory_that_fails_is_named() -> None:
    def make(base_url: str, environment: object) -> object:
        raise OSError("port taken")

    with pytest.raises(Unusable, match="the adapter's factory failed: OSError: port taken"):
        make_adapter(make, "http://x", {})
