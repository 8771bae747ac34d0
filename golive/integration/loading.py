"""From what `--integration` names to the adapter that it makes."""

import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

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
    except Exception as fault:  # whatever the partner's module does when it is loaded
        raise Unusable(f"{module_name} cannot be loaded ({_said(fault)}); make it importable from here") from None
    found: Any = getattr(module, attribute, None)
    if not callable(found):
        raise Unusable(f"{module_name} has no factory named {attribute}; name the function that makes the adapter")
    return found  # type: ignore[no-any-return]


def make_adapter(factory: Factory, base_url: str, environment: Mapping[str, str]) -> object:
    """What the factory makes. Raises `Unusable` where it fails."""
    try:
        return factory(base_url, environment) if _takes_two(factory) else factory(base_url)
    except Exception as fault:  # whatever the partner's backend does when it begins
        raise Unusable(f"the adapter's factory failed: {_said(fault)}") from fault


def _takes_two(factory: Factory) -> bool:
    try:
        inspect.signature(factory).bind("", {})
    except (TypeError, ValueError):
        return False
    return True


def _said(fault: Exception) -> str:
    words = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {words[:200]}" if words else type(fault).__name__
