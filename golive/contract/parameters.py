"""The parameters of a request as they stood on the wire, turned into the values that a schema speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from golive.contract.document import Node
from golive.evidence.model import Request

NOT_PARAMETERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Headers that the specification takes out of the parameters."""

_SEPARATORS: Final = {"spaceDelimited": " ", "pipeDelimited": "|"}
_TRUTH: Final = {"true": True, "false": False}


@dataclass(frozen=True)
class Given:
    """What a request carried: path values by name, query pairs, headers by lower-case name."""

    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One declared parameter and its value; `value` is None where it was not given."""

    name: str
    where: str
    required: bool
    schema: Node
    value: Any


def given_by(request: Request, path: Mapping[str, str]) -> Given:
    """The parts of a recorded request that hold parameters."""
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Given({name: unquote(value) for name, value in path.items()}, query, headers)


def read_parameter(declared: Node, given: Given) -> Parameter | None:
    """The parameter with its value; None for one whose writing is not read here: cookies, objects, other media."""
    name, where, schema = str(declared.plain("name")), declared.plain("in"), declared.get("schema")
    if schema is None or where not in ("path", "query", "header") or schema.plain("type") == "object":
        return None
    if where == "header" and name.lower() in NOT_PARAMETERS:
        return None
    texts = _texts(name, where, given)
    items = schema.get("items") if schema.plain("type") == "array" else None
    if items is not None:
        value: Any = None if texts is None else [_value(text, items) for text in _split(texts, declared, where)]
    else:
        value = None if texts is None else _value(texts[-1], schema)
    return Parameter(name, where, declared.plain("required") is True, schema, value)


def _texts(name: str, where: str, given: Given) -> list[str] | None:
    if where == "query":
        found = [value for key, value in given.query if key == name]
        return found or None
    value = given.path.get(name) if where == "path" else given.headers.get(name.lower())
    return None if value is None else [value]


def _split(texts: list[str], declared: Node, where: str) -> list[str]:
    style = declared.plain("style", "form" if where == "query" else "simple")
    if declared.plain("explode", style == "form") and where == "query":
        return texts
    return [part for text in texts for part in text.split(_SEPARATORS.get(style, ","))]


def _value(text: str, schema: Node) -> Any:
    """The text as the number or truth value that the schema asks for, if it is one; else as it stands."""
    wanted = schema.plain("type")
    types = wanted if isinstance(wanted, list) else [wanted]
    if "boolean" in types and text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    for kind, make in (("integer", int), ("number", float)):
        if kind in types:
            try:
                return make(text)
            except ValueError:
                continue
    return text
