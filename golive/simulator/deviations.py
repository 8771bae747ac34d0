"""Named ways in which a simulated DEV differs from the plain one: defects, which a suite must catch, and habits, which
are within the contract and must not be accused.

A deviation is a small class over one part of the simulator, a wrapper around its application, or a choice of options;
its docstring is the sentence that says what it does. Several pieces under one name make one deviation.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from golive.simulator.dev import Parts
    from golive.simulator.options import SimulatorOptions

    Wrapper = Callable[[ASGIApp], ASGIApp]

Piece = TypeVar("Piece", bound="Callable[..., Any]")


class UnknownDeviation(ValueError):  # noqa: N818 - reads as what it is
    """A name that the register does not have; the message is one line with the nearest names."""


@dataclass(frozen=True)
class Deviation:
    """One named deviation; `section` is the section of the checklist that it concerns."""

    name: str
    section: str
    sentence: str
    mixins: tuple[type, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


class Register(Mapping[str, Deviation]):
    """The deviations of one kind. The modules of `package`, which enter them, are loaded when they are first asked for:
    whoever serves a plain DEV needs none of them."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._entries: dict[str, Deviation] = {}
        self._loaded = False

    def __call__(self, name: str, section: str, **options: Any) -> Callable[[Piece], Piece]:
        """Enter a piece of the deviation `name`: a subclass of a part, or a function that wraps the application.

        `options` are simulator options that go with it. Raises `ValueError` without a docstring.
        """

        def enter(piece: Piece) -> Piece:
            sentence = " ".join((piece.__doc__ or "").split())
            plain = Deviation(name, section, sentence, options=options)
            if isinstance(piece, type):
                self._enter(replace(plain, mixins=(piece,)))
            else:
                self._enter(replace(plain, wrappers=(piece,)))
            return piece

        return enter

    def by_options(self, name: str, section: str, sentence: str, **options: Any) -> None:
        """Enter a deviation that is a choice of simulator options alone."""
        self._enter(Deviation(name, section, sentence, options=options))

    def _enter(self, new: Deviation) -> None:
        old = self._entries.get(new.name)
        if old is not None:
            new = replace(
                new,
                sentence=old.sentence,
                mixins=old.mixins + new.mixins,
                wrappers=old.wrappers + new.wrappers,
                options={**old.options, **new.options},
            )
        if not new.sentence:
            raise ValueError(f"the deviation {new.name} has no sentence")
        self._entries[new.name] = new

    def named(self, name: str) -> Deviation:
        """The deviation of this name. Raises `UnknownDeviation`."""
        if name in self:
            return self[name]
        import difflib

        near = difflib.get_close_matches(name, list(self), n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UnknownDeviation(f"nothing is called {name}{hint}")

    def _load(self) -> None:
        if not self._loaded:
            self._loaded = True
            package = importlib.import_module(self._package)
            for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
                importlib.import_module(f"{self._package}.{module}")

    def __getitem__(self, name: str) -> Deviation:
        self._load()
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(self._entries)

    def __len__(self) -> int:
        self._load()
        return len(self._entries)


def parts_with(deviations: Iterable[Deviation]) -> Parts:
    """The parts of a simulated DEV with the deviations' classes over them. Raises `TypeError` for a class that is no
    subclass of any part."""
    from golive.simulator.dev import Parts

    parts = Parts()
    for deviation in deviations:
        for mixin in deviation.mixins:
            parts = parts.mixed(**{_part_of(mixin, parts): mixin})
    return parts


def _part_of(mixin: type, parts: Parts) -> str:
    for part in fields(parts):
        if isinstance(part.default, type) and issubclass(mixin, part.default):
            return part.name
    raise TypeError(f"{mixin.__name__} is no subclass of a part of the simulator")


def options_with(options: SimulatorOptions, deviations: Iterable[Deviation]) -> SimulatorOptions:
    """The options with those that the deviations ask for."""
    chosen: dict[str, Any] = {}
    for deviation in deviations:
        chosen |= deviation.options
    return replace(options, **chosen)


def wrappers_of(deviations: Sequence[Deviation]) -> list[Wrapper]:
    """What goes around the application, in order."""
    return [wrapper for deviation in deviations for wrapper in deviation.wrappers]
