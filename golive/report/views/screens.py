"""What a driver was shown: state, energy and words over time, with the picture of a screen where there is one."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from golive.evidence.integration import Integration, Shown
from golive.evidence.statements import Exhibit
from golive.report import Exhibits
from golive.report.steps import Screen, energy, screens
from golive.report.text import duration, plural, since, time_of_day
from golive.report.views.exhibits import ExhibitView, exhibit_views
from golive.report.views.links import Link

_STARTS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_MOST_ROWS = 60
"""Rows of one table; the record has all."""


@dataclass(frozen=True)
class ScreenRow:
    """`after` is the time since the beginning; a picture that is further up on the page is a link."""

    time: str
    after: str
    lasting: str
    state: str
    kwh: str
    message: str | None
    picture: ExhibitView | None
    shown_above: Link | None


@dataclass(frozen=True)
class Screens:
    rows: tuple[ScreenRow, ...]
    left_out: int


class Pictures:
    """The screenshots among what drivers were shown, as far as there is room for them in the page; each once."""

    def __init__(self, seen: Integration, read: Exhibits, room: int) -> None:
        paths = [each.attachment for each in _all_shown(seen) if each.attachment is not None]
        exhibits = [_exhibit(n, path, read(path)) for n, path in enumerate(dict.fromkeys(paths), 1)]
        views = exhibit_views(exhibits, read, room=max(room, 0), anchor="screen")
        self._views = {exhibit.path: views[exhibit.id] for exhibit in exhibits}
        self._shown: set[str] = set()

    def of(self, path: str) -> tuple[ExhibitView | None, Link | None]:
        """The picture at its first place, afterwards a link to that."""
        view = self._views[path]
        if path in self._shown:
            return None, Link(view.name, view.anchor)
        self._shown.add(path)
        return view, None


def screen_rows(shown: Sequence[Shown], pictures: Pictures, begun: datetime | None = None) -> Screens:
    """`shown` with what stayed as it was in one row, `after` from `begun` or from the first of them."""
    found = screens(shown)
    start = begun or (found[0].at if found else None)
    rows = tuple(_row(screen, start or screen.at, pictures) for screen in found[:_MOST_ROWS])
    return Screens(rows, max(len(found) - _MOST_ROWS, 0))


def _row(screen: Screen, begun: datetime, pictures: Pictures) -> ScreenRow:
    shown = screen.shown
    picture, above = pictures.of(shown.attachment) if shown.attachment is not None else (None, None)
    lasting = ""
    if screen.count > 1:
        lasting = f"{plural(screen.count, 'time')} in {duration((screen.last - screen.at).total_seconds())}"
    return ScreenRow(
        time=time_of_day(screen.at),
        after=since(screen.at, begun),
        lasting=lasting,
        state=shown.state or "no state",
        kwh=energy(shown) or "no energy",
        message=shown.message,
        picture=picture,
        shown_above=above,
    )


def _all_shown(seen: Integration) -> Iterable[Shown]:
    met = seen.meeting.shown if seen.meeting is not None else ()
    for shown in (*(each.shown for each in seen.charges), met, *(each.shown for each in seen.provoked)):
        yield from shown


def _exhibit(number: int, path: str, content: bytes | None) -> Exhibit:
    """A screenshot as an exhibit. The record has no digest of it: the one given is that of the file beside the page,
    to be compared with the bundle's manifest."""
    kind = next((kind for start, kind in _STARTS.items() if content is not None and content.startswith(start)), None)
    return Exhibit(
        id=f"screen {number}",
        name=path.rpartition("/")[2],
        path=path,
        media_type=kind,
        size=None if content is None else len(content),
        sha256=None if content is None else hashlib.sha256(content).hexdigest(),
    )
