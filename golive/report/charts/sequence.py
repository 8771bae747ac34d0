"""Who sent what to whom, downwards in time: driver, the partner's backend and the API, with a gateway before it.

The drawing is narrow, so that its letters keep their size on a phone and beside another on paper; a long sequence
becomes several drawings, and of a very long one the middle is left out.
"""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from textwrap import wrap

from markupsafe import Markup

from golive.report.charts.svg import element, figure, line, rect, text
from golive.report.steps import Request, Screen, Step
from golive.report.text import duration, one_line, plural

WIDTH = 344.0
_DRIVER, _BACKEND, _GATE, _API = 44.0, 156.0, 296.0, 334.0
_HEAD, _ROW, _SHORT_ROW, _LINE = 26.0, 40.0, 24.0, 13.0
_LETTER, _BOLD_LETTER = 6.2, 6.8
"""Width of a letter of an 11 px label, for breaking and cutting what would not fit."""
PER_PART = 18
"""Steps of one drawing: on paper two of this height stand side by side."""
MOST = 3 * PER_PART
_ROOM_OF_A_SCREEN = 20
"""Letters of what the driver was shown: a state and an energy; the last ones may touch the backend's lane."""
_TOLD = 30
"""Steps that the text alternative of a drawing tells."""


def sequence_charts(title: str, found: Sequence[Step], api: str, identifier: str) -> tuple[Markup, ...]:
    """The drawings of `found`, in order; `api` is who answers, `identifier` makes their ids unique on the page."""
    if not found:
        return ()
    begun = found[0].at
    told: list[Step | int] = list(found)
    if len(found) > MOST:
        told[MOST * 2 // 3 : -(MOST // 3) + 1] = [len(found) - MOST + 1]
    height = ceil(len(told) / ceil(len(told) / PER_PART))
    parts = [told[place : place + height] for place in range(0, len(told), height)]
    return tuple(
        _drawing(
            title if len(parts) == 1 else f"{title}, part {number} of {len(parts)}",
            part,
            begun,
            api,
            f"{identifier}-{number}",
        )
        for number, part in enumerate(parts, 1)
    )


def describe(found: Sequence[Step | int], begun: datetime, api: str) -> str:
    """The drawing in words, for those who do not see it."""
    said = [_in_words(step, begun, api) for step in found[:_TOLD]]
    more = [f"and {len(found) - _TOLD} steps more"] if len(found) > _TOLD else []
    return one_line("; ".join([*said, *more])) + "."


def _in_words(step: Step | int, begun: datetime, api: str) -> str:
    if isinstance(step, int):
        return f"{plural(step, 'step')} left out"
    after = f"after {duration((step.at - begun).total_seconds())}"
    if isinstance(step, Screen):
        message = f", message: {step.shown.message}" if step.shown.message else ""
        return f"{after} the driver is shown {step.words or 'nothing new'}{message}"
    times = "" if len(step.exchanges) == 1 else f" {len(step.exchanges)} times"
    by = f"provoked by the gateway in place of {api}" if step.provoked is not None else f"by {api}"
    return f"{after} the backend sends {step.what}{times}, answered {step.answer} {by}"


def _drawing(title: str, part: Sequence[Step | int], begun: datetime, api: str, identifier: str) -> Markup:
    drawn: list[Markup] = []
    top = _HEAD
    for step in part:
        if isinstance(step, int):
            words = f"{plural(step, 'step')} left out: the table has them"
            drawn.append(text((_DRIVER + _API) / 2, top + 14, words, "tick", "middle"))
            top += _SHORT_ROW
            continue
        drawn.append(text(2, top + 11, _after(step.at, begun), "tick"))
        added, height = _screen(step, top) if isinstance(step, Screen) else _request(step, top, begun)
        drawn += added
        top += height
    lanes = [
        text(_DRIVER, 12, "driver", "lane", "middle"),
        text(_BACKEND, 12, "partner's backend", "lane", "middle"),
        text(WIDTH - 2, 12, api, "lane", "end"),
        *(line(x, 18, x, top, "track") for x in (_DRIVER, _BACKEND, _API)),
    ]
    return figure(title, describe(part, begun, api), WIDTH, top + 4, identifier, *lanes, *drawn, kind="chart sequence")


def _request(step: Request, top: float, begun: datetime) -> tuple[list[Markup], float]:
    words = f"provoked {step.answered}" if step.provoked is not None else step.answered
    plain = step.went_well and step.provoked is None
    said = _wrapped(words, int((_API - _BACKEND - 10) / (_LETTER if plain else _BOLD_LETTER)))
    there, back = top + 15, top + 32 + _LINE * (len(said) - 1)
    far = _API if step.provoked is None else _GATE
    count = f" ×{len(step.exchanges):,}" if len(step.exchanges) > 1 else ""
    asked = _cut(step.what, int((_API - _BACKEND - 10) / _LETTER) - len(count)) + count
    parts = [text(_BACKEND + 6, there - 4, asked, "label"), *_arrow(_BACKEND, far, there, "call")]
    if count:
        parts.append(text(2, top + 28, f"…{_after(step.last, begun)[1:]}", "tick"))
    if step.provoked is not None:
        bar = element("path", d=f"M{_GATE:.1f} {there + 2:.1f}V{back - 2:.1f}", class_="bar")
        gate = rect(_GATE - 4, there - 5, 8, back - there + 10, "gate", 2)
        parts.append(element("g", element("title", f"provoked: {step.provoked}"), gate, bar))
    if step.answer == "no answer":
        cross = f"M{(_BACKEND + far) / 2:.1f} {back - 4:.1f}l8 8m0 -8l-8 8"
        parts += [line((_BACKEND + far) / 2 + 4, back, far, back, "reply")]
        parts += [element("path", d=cross, class_="mark failed")]
    else:
        parts += _arrow(far, _BACKEND, back, "reply")
    kind = "label" if plain else "label bold"
    parts += [text(_BACKEND + 8, there + 13 + _LINE * row, each, kind) for row, each in enumerate(said)]
    return parts, _ROW + _LINE * (len(said) - 1)


def _screen(step: Screen, top: float) -> tuple[list[Markup], float]:
    room = _ROOM_OF_A_SCREEN
    said = [("label", _cut(step.words, room))] if step.words else []
    if step.shown.message:
        said += [("label bold", words) for words in _wrapped(f"“{one_line(step.shown.message)}”", room)]
    if not said:
        said = [("label", "a picture" if step.shown.attachment else "nothing")]
    parts = [text(_DRIVER + 4, top + 11 + _LINE * row, words, kind) for row, (kind, words) in enumerate(said)]
    height = _LINE * len(said)
    return [*parts, *_arrow(_BACKEND, _DRIVER, top + 2 + height, "shown")], height + 13


def _arrow(start: float, end: float, y: float, kind: str) -> list[Markup]:
    towards = 5 if end > start else -5
    head = f"M{end:.1f} {y:.1f}l{-towards} -3v6z"
    return [line(start, y, end - towards, y, kind), element("path", d=head, class_="head")]


def _after(at: datetime, begun: datetime) -> str:
    seconds = max((at - begun).total_seconds(), 0.0)
    if seconds < 99.95:
        return f"+{seconds:.1f} s"
    return f"+{seconds:.0f} s" if seconds < 9_999 else f"+{seconds / 3600:.0f} h"


def _wrapped(words: str, longest: int) -> list[str]:
    """At most two lines; what is longer stands whole below the drawing."""
    return wrap(words, longest, max_lines=2, placeholder="…") or [""]


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: max(longest - 1, 0)] + "…"
