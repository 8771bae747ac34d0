"""What `--integration` names: found, or refused with one line."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from golive.integration.loading import Unusable, load_factory, make_adapter, refuse_what_cannot_be_driven
from tests.integration.bench import App, Wire


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
        ("golive_test_app_b.adapter:make", None, "); put it beside suites/, or name the directory that holds it in PY"),
        ("golive_test_app_h:make", "import absent_h", "); install absent_h into this environment, or name the dir"),
        ("golive_test_app_i:make", "from os import absent", "); mend it"),
        ("golive_test_app_c:make", "make = 3", "golive_test_app_c has no factory named make"),
        ("golive_test_app_d:make", "1 / 0", "cannot be loaded (ZeroDivisionError"),
        ("golive_test_app_e:make", "def make(:", "cannot be loaded (SyntaxError"),
        (
            "golive_test_app_f:make",
            "raise SystemExit(2)",
            "golive_test_app_f cannot be loaded (SystemExit: 2); mend it",
        ),
        ("golive_test_app_g.py:make", None, "name it as Python imports it: golive_test_app_g:make"),
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


def takes_nothing() -> object:
    return object()


def takes_more(base_url: str, environment: object, log: object) -> object:
    return base_url, environment, log


@pytest.mark.parametrize("factory", [takes_nothing, takes_more])
def test_a_factory_that_cannot_be_called_is_named(factory: Callable[..., object]) -> None:
    with pytest.raises(Unusable, match="the adapter's factory must take the base URL"):
        make_adapter(factory, "http://x", {})


def test_a_factory_that_wants_to_end_the_process_is_named() -> None:
    def make(base_url: str) -> object:
        raise SystemExit(3)

    with pytest.raises(Unusable, match="the adapter's factory failed: SystemExit: 3"):
        make_adapter(make, "http://x", {})


class WithoutDriver:
    def sign_up(self) -> None: ...


class Waiting:
    async def start(self, driver: str, evse_id: str) -> None: ...


@pytest.mark.parametrize(
    ("adapter", "says"),
    [
        (None, "the factory gave NoneType, which offers nothing that a driver does"),
        (object(), "the factory gave object, which offers nothing"),
        (WithoutDriver(), r"sign_up of the adapter cannot be called as sign_up\(driver\)"),
        (Waiting(), "start of the adapter is async"),
    ],
)
def test_an_adapter_that_cannot_be_driven_is_named(adapter: object, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        refuse_what_cannot_be_driven(adapter)


def test_an_adapter_that_offers_all_can_be_driven() -> None:
    refuse_what_cannot_be_driven(App(Wire()))
