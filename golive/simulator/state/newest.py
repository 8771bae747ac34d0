"""A list read from its end, without copying it."""

from collections.abc import Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Newest(Sequence[T]):
    """A view on `items` in the opposite order; a slice costs its own length only."""

    def __init__(self, items: Sequence[T]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self._items[-1 - i] for i in range(*index.indices(len(self)))]
        return self._items[-1 - index] if index >= 0 else self._items[-index - 1]
