"""Where a record refers to exchanges that it does not have: what comes after them cannot be told from them."""

from collections.abc import Iterable

from golive.evidence.model import Evidence


def number_of(exchange_id: str) -> int | None:
    """The place of an exchange in the order of its run."""
    return int(exchange_id[1:]) if exchange_id[1:].isdecimal() else None


def first_gaps(record: Evidence) -> dict[str, int]:
    """By check and by a journey's actor: the number of the first exchange that is referred to and is not there.

    A check's gap is its journey's, too, where all that it stands on was asked by one.
    """
    asked_by = {exchange.id: exchange.actor for exchange in record.exchanges if exchange.test is None}
    present = {exchange.id for exchange in record.exchanges}
    groups = {actor: journey.actors for journey in record.journeys for actor in journey.actors}
    found: dict[str, int] = {}

    def note(ids: Iterable[str], names: Iterable[str]) -> None:
        numbers = [number for id_ in ids if id_ not in present and (number := number_of(id_)) is not None]
        for name in names if numbers else ():
            found[name] = min(found.get(name, numbers[0]), *numbers)

    for check in record.tests:
        note(check.exchanges, [check.nodeid])
        journeys = {groups.get(asked_by[id_], ()) for id_ in check.exchanges if id_ in asked_by}
        if len(journeys) == 1:
            note(check.exchanges, *journeys)
    for journey in record.journeys:
        note((id_ for event in journey.events for id_ in event.exchanges), journey.actors)
        note((reading.exchange for reading in journey.readings if reading.exchange), journey.actors)
    return found
