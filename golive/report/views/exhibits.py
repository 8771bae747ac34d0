"""The exhibits of a dossier: pictures and texts in the page, the rest named with size, digest and where it lies.

A file that is not the one the record names (its SHA-256 differs) is not shown, and the page says so.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from golive.evidence.statements import Attestation, Exhibit
from golive.report import Exhibits
from golive.report.exhibits import is_ours
from golive.report.text import bytes_in_words

MOST_PICTURES = 1_350_000
"""Bytes of all pictures together that are put into the page, a third more in base64; further ones stay files beside
it. The page of a usual run has to stay below 5 MB: large attachments are what mail and ticket systems refuse."""
LONGEST_QUOTE = 4_000
MOST_QUOTED = 60_000
"""Characters of all texts together that are quoted."""
_PICTURES = {"image/png": "PNG picture", "image/jpeg": "JPEG picture"}
_KINDS = {**_PICTURES, "application/pdf": "PDF document", "text/plain": "text"}


@dataclass(frozen=True)
class ExhibitView:
    """One exhibit; `picture` is a data: URI, `href` leads to the file beside the page or, outside, to a video."""

    id: str
    anchor: str
    name: str
    about: str
    sha256: str | None
    href: str | None
    outside: bool
    picture: Markup | None
    quote: str | None
    trouble: str | None


def exhibit_views(
    exhibits: Sequence[Exhibit],
    read: Exhibits,
    attestations: Sequence[Attestation] = (),
    *,
    room: int = MOST_PICTURES,
    anchor: str = "exhibit",
) -> dict[str, ExhibitView]:
    """By id, in the order of the dossier; the `room` for pictures, in bytes, is shared out among `attestations`."""
    contents = {exhibit.id: read(exhibit.path) if exhibit.path else None for exhibit in exhibits}
    sound = {exhibit.id: content for exhibit in exhibits if (content := _sound(exhibit, contents[exhibit.id]))}
    pictures = [exhibit for exhibit in exhibits if exhibit.media_type in _PICTURES]
    pictured = _with_room(pictures, sound, attestations, room)
    quotable = MOST_QUOTED
    views: dict[str, ExhibitView] = {}
    for number, exhibit in enumerate(exhibits, 1):
        view = _view(
            exhibit, f"{anchor}-{number}", contents[exhibit.id], shown=exhibit.id in pictured, quotable=quotable
        )
        quotable -= len(view.quote or "")
        views[exhibit.id] = view
    return views


def _sound(exhibit: Exhibit, content: bytes | None) -> bytes | None:
    """The content, where it is the one that was attached."""
    return content if content is not None and hashlib.sha256(content).hexdigest() == exhibit.sha256 else None


def _with_room(
    pictures: Sequence[Exhibit], sound: Mapping[str, bytes], attestations: Sequence[Attestation], left: int
) -> set[str]:
    """The ids of the pictures that go into the page: one for each attestation before any has its second, small ones
    first, so that as many lines as can be are seen with a picture."""
    turn: dict[str, int] = {}
    for attestation in attestations:
        own = [exhibit.id for exhibit in pictures if exhibit.id in attestation.exhibits]
        for place, id_ in enumerate(own):
            turn[id_] = min(place, turn.get(id_, place))
    last = len(pictures)
    waiting = [(turn.get(each.id, last), len(sound[each.id]), each.id) for each in pictures if each.id in sound]
    shown: set[str] = set()
    for _, size, id_ in sorted(waiting):
        if size <= left:
            shown.add(id_)
            left -= size
    return shown


def _view(exhibit: Exhibit, anchor: str, content: bytes | None, *, shown: bool, quotable: int) -> ExhibitView:
    picture = quote = trouble = None
    if exhibit.path and content is None:
        trouble = "The file is not beside this record."
    elif content is not None and _sound(exhibit, content) is None:
        trouble = "The file beside this record is not the one that was attached: its SHA-256 differs."
    elif content is not None and exhibit.media_type in _PICTURES:
        if shown:
            picture = _data_uri(exhibit.media_type, content)
        else:
            trouble = "The page holds pictures enough; this one is in the file beside it."
    elif content is not None and exhibit.media_type == "text/plain":
        if quotable > 0:
            quote = _quote(content)
        else:
            trouble = "The page quotes texts enough; this one is in the file beside it."
    return ExhibitView(
        id=exhibit.id,
        anchor=anchor,
        name=exhibit.name,
        about=_about(exhibit),
        sha256=exhibit.sha256,
        href=_href(exhibit),
        outside=exhibit.path is None,
        picture=picture,
        quote=quote,
        trouble=trouble,
    )


def _data_uri(media_type: str, content: bytes) -> Markup:
    return Markup(f"data:{media_type};base64,{base64.b64encode(content).decode()}")  # noqa: S704 - base64 of our own


def _quote(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    if len(text) <= LONGEST_QUOTE:
        return text
    return f"{text[:LONGEST_QUOTE]}… [{len(text):,} characters, cut here; the file has the whole]"


def _about(exhibit: Exhibit) -> str:
    if exhibit.path is None:
        return "a reference: it is not attached"
    kind = _KINDS.get(exhibit.media_type or "", exhibit.media_type or "file of no known kind")
    size = f", {bytes_in_words(exhibit.size)}" if exhibit.size is not None else ""
    removed = f"; removed from it: {', '.join(exhibit.removed)}" if exhibit.removed else ""
    return f"{kind}{size}{removed}"


def _href(exhibit: Exhibit) -> str | None:
    """Only where a link can do no harm: to a file of ours, or to an https address that a person follows knowingly."""
    if exhibit.path is not None:
        return exhibit.path if is_ours(exhibit.path) else None
    reference = exhibit.reference or ""
    plain = reference.isascii() and reference.isprintable() and " " not in reference
    return reference if plain and reference.startswith("https://") and len(reference) < 2_000 else None
