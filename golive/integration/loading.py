"""From what `--integration` names to the adapter that it makes."""

import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from golive.integration.adapter import Adapter
from golive.integration.hands import Hands, Stuck
from golive.integration.seat import offered

MAKE_S: Final = 300.0
"""Seconds in which a factory is to have started a backend."""

Factory = Callable[..., object]
"""Called with the gateway's base URL, and, where it takes a second argument, with what the backend would find in its
environment for this target. It makes an adapter, of which every method may be missing."""


class Unusable(Exception):  # noqa: N818 - carries half a message
    """What is named cannot be used; the message says why and what to do, without the place."""


def load_factory(name: str, root: Path) -> Factory:
    """The factory `package.module:factory`, looked for in `root` too. Raises `Unusable`."""
    module_name, _, attribute = name.partition(":")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as fault:  # whatever the partner's module does when it is loaded
        remedy = _remedy(fault, module_name) if isinstance(fault, ImportError) else "mend it"
        if attribute and module_name.endswith(".py"):
            remedy = f"name it as Python imports it: {module_name.removesuffix('.py')}:{attribute}"
        raise Unusable(f"{module_name} cannot be loaded ({_said(fault)}); {remedy}") from None
    found: Any = getattr(module, attribute, None)
    if not callable(found):
        raise Unusable(f"{module_name} has no factory named {attribute}; name the function that makes the adapter")
    return found  # type: ignore[no-any-return]


def make_adapter(factory: Factory, base_url: str, environment: Mapping[str, str]) -> object:
    """What the factory makes. Raises `Unusable` where it fails, or does not come back."""
    given = (base_url, environment)[: 2 if _takes(factory, 2, unknown=False) else 1]
    if not _takes(factory, len(given)):
        raise Unusable("the adapter's factory must take the base URL, and, if you like, the backend's environment")
    try:
        return Hands(MAKE_S).do(lambda: factory(*given))
    except Stuck as stuck:
        raise Unusable(f"the adapter's factory {stuck}; let it start your backend and return") from None
    except (Exception, SystemExit) as fault:  # whatever the partner's backend does when it begins
        raise Unusable(f"the adapter's factory failed: {_said(fault)}") from None


def refuse_what_cannot_be_driven(adapter: object) -> None:
    """Raises `Unusable` for an adapter that offers nothing, or a method that cannot be called as it will be."""
    theirs = offered(adapter)
    if not theirs:
        raise Unusable(
            f"the factory gave {type(adapter).__name__}, which offers nothing that a driver does; "
            "return an adapter, with methods such as sign_up and start (docs/adapter.md)"
        )
    for act in theirs:
        method = getattr(adapter, act)
        names = [name for name in inspect.signature(getattr(Adapter, act)).parameters if name != "self"]
        if not _takes(method, len(names)):
            raise Unusable(f"{act} of the adapter cannot be called as {act}({', '.join(names)}); let it take just that")
        if inspect.iscoroutinefunction(method):
            raise Unusable(f"{act} of the adapter is async, and nobody would await it; make it a plain function")


def _takes(function: Callable[..., object], arguments: int, *, unknown: bool = True) -> bool:
    """Whether it can be called with so many; `unknown` where nothing is known of its parameters."""
    try:
        inspect.signature(function).bind(*[""] * arguments)
    except TypeError:
        return False
    except ValueError:
        return unknown
    return True


def _remedy(fault: ImportError, module_name: str) -> str:
    missing = fault.name if isinstance(fault, ModuleNotFoundError) else None
    if missing is None:
        return "mend it"
    if f"{module_name}.".startswith(f"{missing}."):
        return "put it beside suites/, or name the directory that holds it in PYTHONPATH"
    return f"install {missing} into this environment, or name the directory that holds it in PYTHONPATH"


def _said(fault: BaseException) -> str:
    words = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {words[:200]}" if words else type(fault).__name__
