"""A journey as a picture: a lane per driver with its session and milestones, and the energy readings below."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from golive.evidence.model import Event, JourneyResult
from golive.report.charts.scale import TimeScale, round_step
from golive.report.charts.svg import element, figure, line, rect, text
from golive.report.text import decimal, duration, one_line, plural

WIDTH = 760.0
_LEFT, _RIGHT = 48.0, WIDTH - 14.0
_LABEL_ROW = 14.0
_LETTER = 6.8
"""Width of a letter of a 12 px label, for keeping labels apart."""
_MOST_ROWS = 4
_LONGEST_LABEL = 46
_STARTS, _STOPS = {"start", "started"}, {"stop", "stopped", "ended", "settled"}
_ANSWER = re.compile(r"\b[45]\d\d\b(?: [a-z]+(?:_[a-z]+)*)?")
_QUIET = {"read", "poll", "polled"}


@dataclass
class _Lane:
    actor: str
    events: list[Event] = field(default_factory=list)


def journey_chart(journey: JourneyResult, identifier: str) -> Markup:
    """The drawing of `journey`; `identifier` makes its ids unique on the page."""
    scale = TimeScale(journey.started_at, max(_last_second(journey), 0.001), _LEFT, _RIGHT)
    parts: list[Markup] = []
    top = 4.0
    for lane in _lanes(journey):
        drawn, top = _draw_lane(lane, journey, scale, top)
        parts += drawn
    curve, bottom = _energy(journey, scale, top)
    parts += curve
    grid = [line(x, 4, x, bottom, "grid") for x, _ in scale.ticks()]
    axis = [text(x, bottom + 15, label, "tick", "middle") for x, label in scale.ticks()]
    base = line(_LEFT, bottom, _RIGHT, bottom, "axis")
    return figure(
        f"Timeline of {journey.name}", describe(journey), WIDTH, bottom + 22, identifier, *grid, *parts, base, *axis
    )


def describe(journey: JourneyResult) -> str:
    """The drawing in words, for those who do not see it."""
    said = [
        f"{event.what} by {event.actor} after {duration((event.at - journey.started_at).total_seconds())}"
        + ("" if event.status in ("ok", "info") else f" ({event.status})")
        for event in journey.events
        if event.what not in _QUIET
    ][:20]
    known = [reading.kwh for reading in journey.readings if reading.kwh is not None]
    energy = (
        f"{plural(len(journey.readings), 'reading')}: energy from {known[0]} to {known[-1]} kWh."
        if known
        else "No energy was read."
    )
    return one_line(f"{'; '.join(said) or 'No event was recorded'}. {energy}")


def _last_second(journey: JourneyResult) -> float:
    ends = [journey.finished_at, *(e.at for e in journey.events), *(r.at for r in journey.readings)]
    return (max(ends) - journey.started_at).total_seconds()


def _lanes(journey: JourneyResult) -> list[_Lane]:
    lanes = {actor: _Lane(actor) for actor in journey.actors}
    for event in sorted(journey.events, key=lambda event: event.at):
        lanes.setdefault(event.actor, _Lane(event.actor)).events.append(event)
    return list(lanes.values())


def _draw_lane(lane: _Lane, journey: JourneyResult, scale: TimeScale, top: float) -> tuple[list[Markup], float]:
    middle = top + 30
    parts = [
        text(_LEFT, top + 11, _cut(lane.actor, 60), "lane"),
        line(_LEFT, middle, _RIGHT, middle, "track"),
    ]
    if journey.setup_s > 0 and journey.kind != "refusals":
        width = scale.place(journey.started_at, journey.setup_s) - _LEFT
        parts.append(element("g", element("title", "set-up"), rect(_LEFT, middle - 3, width, 6, "setup", 2)))
    session = _session(lane, journey)
    if session:
        begin, end = scale.place(session[0]), scale.place(session[1])
        parts.append(element("g", element("title", "session"), rect(begin, middle - 6, end - begin, 12, "session", 3)))
    ends = [-1.0] * _MOST_ROWS
    lowest = middle + 10
    labels: list[Markup] = []
    for event in lane.events:
        x = scale.place(event.at)
        if event.took_s > 0:
            begun = scale.place(event.at, -event.took_s)
            parts.append(line(begun, middle, x, middle, "took"))
        if event.what in _QUIET and event.status in ("ok", "info"):
            parts.append(line(x, middle - 4, x, middle + 4, "poll"))
            continue
        parts.append(_marker(event, x, middle))
        label = _cut(_label(event), _LONGEST_LABEL)
        width = len(label) * _LETTER
        left = min(max(x - 5, _LEFT), _RIGHT - width)
        row = next((n for n, taken in enumerate(ends) if taken < left - 6), None)
        if row is None:
            continue  # the table below the drawing has it
        ends[row] = left + width
        y = middle + 20 + row * _LABEL_ROW
        if row or abs(left - x + 5) > 1:
            parts.append(line(x, middle + 7, x, y - 9, "leader"))
        labels.append(text(left, y, label, "label" if event.status in ("ok", "info") else "label bold"))
        lowest = max(lowest, y)
    return parts + labels, lowest + 12


def _marker(event: Event, x: float, y: float) -> Markup:
    """Told apart by shape: a disc went well, a cross failed, a barred square was refused, a ring informs."""
    title = element("title", f"{event.what}: {event.text}")
    if event.status == "failed":
        cross = f"M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10"
        return element("g", title, element("path", d=cross, class_="mark failed"))
    if event.status == "refused":
        bar = element("path", d=f"M{x - 3:.1f} {y:.1f}h6", class_="bar")
        return element("g", title, rect(x - 5.5, y - 5.5, 11, 11, "mark refused", 2), bar)
    kind = "mark ok" if event.status == "ok" else "mark info"
    return element("g", title, element("circle", cx=x, cy=y, r=5.0, class_=kind))


def _session(lane: _Lane, journey: JourneyResult) -> tuple[datetime, datetime] | None:
    """From the lane's accepted start to its stop, or to the end of the journey where none came."""
    begun = [e for e in lane.events if e.what in _STARTS and e.status == "ok"]
    if not begun:
        return None
    over = [e for e in lane.events if e.what in _STOPS and e.status == "ok" and e.at >= begun[0].at]
    return begun[0].at, over[0].at if over else journey.finished_at


def _energy(journey: JourneyResult, scale: TimeScale, top: float) -> tuple[list[Markup], float]:
    known = [(r, number) for r in journey.readings if (number := decimal(r.kwh)) is not None]
    if not known or journey.kind != "walk":
        return [], top + 2
    highest = max(float(number) for _, number in known)
    height = 84.0 if highest > 0 else 22.0
    step = round_step(highest / 2) if highest > 0 else 1.0
    ceiling = max(step * -(-highest // step), step)
    bottom = top + 16 + height
    parts = [text(_LEFT, top + 10, "kWh read", "lane")]
    for n in range(round(ceiling / step) + 1):
        y = bottom - height * n * step / ceiling
        parts += [line(_LEFT, y, _RIGHT, y, "grid"), text(_LEFT - 6, y + 4, f"{n * step:g}", "tick", "end")]
    points = [
        (scale.place(r.at), bottom - height * max(float(number), 0.0) / ceiling, r.is_active) for r, number in known
    ]
    # A reading holds until the next one: steps, not a slope that nobody measured.
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y, _ in points[1:])
    parts.append(element("path", d=path, class_="curve"))
    for x, y, active in points:
        parts.append(
            element("circle", cx=x, cy=y, r=2.5, class_="dot")
            if active
            else element("g", element("title", "final"), rect(x - 4, y - 4, 8, 8, "final"))
        )
    return parts, bottom


def _label(event: Event) -> str:
    """What went well needs one word; the rest says what was answered, in short where a status is named."""
    if event.status in ("ok", "info"):
        return event.what
    answer = _ANSWER.search(event.text)
    if answer:
        return f"{event.what}: {answer.group()}"
    return event.text if event.text.startswith(event.what) else f"{event.what}: {event.text}"


def _cut(words: str, longest: int) -> str:
    line_ = one_line(words)
    return line_ if len(line_) <= longest else line_[: longest - 1] + "…"
