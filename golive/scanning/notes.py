"""What was not read, with a word; many of one reason are told as a few and a number."""

from typing import Final

_NAMED: Final = 20


class Notes:
    """Collects places by the reason why they were not read."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, reason: str, place: str = "") -> None:
        self._places.setdefault(reason, []).append(place)

    @property
    def places(self) -> int:
        """How many places were not read."""
        return sum(1 for places in self._places.values() for place in places if place)

    def told(self) -> tuple[str, ...]:
        """One entry for each place, `place: reason`, up to a bound for each reason; in the order they were met."""
        told: list[str] = []
        for reason, places in self._places.items():
            told += [f"{place}: {reason}" if place else reason for place in places[:_NAMED]]
            if len(places) > _NAMED:
                told.append(f"{len(places) - _NAMED} more: {reason}")
        return tuple(told)
