"""SVG elements as safe markup: names and numbers are ours, every text is escaped and made visible."""

from markupsafe import Markup, escape

from golive.report.text import visible


def element(name: str, *children: Markup | str, **attributes: str | float) -> Markup:
    """`<name …>children</name>`; `class_` becomes class and `_` a hyphen; numbers keep one decimal."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    if not children:
        return Markup(f"<{name}{written}/>")  # noqa: S704 - each part was escaped
    inner = "".join(child if isinstance(child, Markup) else escape(visible(child)) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>")  # noqa: S704 - each part was escaped


def _value(value: str | float) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(escape(visible(str(value))))


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def rect(x: float, y: float, width: float, height: float, kind: str, radius: float = 0) -> Markup:
    return element("rect", x=x, y=y, width=max(width, 1.0), height=height, rx=radius, class_=kind)


def text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> Markup:
    return element("text", words, x=x, y=y, class_=kind, text_anchor=anchor)


def figure(
    title: str, description: str, width: float, height: float, identifier: str, *parts: Markup, kind: str = "chart"
) -> Markup:
    """The whole drawing, announced as one image by its title and description."""
    return element(
        "svg",
        element("title", title, id=f"{identifier}-title"),
        element("desc", description, id=f"{identifier}-desc"),
        *parts,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        role="img",
        aria_labelledby=f"{identifier}-title {identifier}-desc",
        class_=kind,
    )
