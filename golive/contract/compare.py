"""Recorded exchanges against a published document: what differs, one difference for each kind and operation."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NoReturn
from urllib.parse import unquote, urlsplit

from golive.contract.document import Contract, Node, PublishedOperation
from golive.contract.parameters import given_by, read_parameter
from golive.contract.schemas import Schemas
from golive.evidence.model import Exchange, Request, Response

_MOST_SHOWN: Final = 6
_SUCCESS: Final = range(200, 300)
_GATEWAY: Final = frozenset({502, 503, 504})
"""What stands before the API answers with these when it gets no answer itself."""


class Kind(StrEnum):
    """What can differ; the value is the observation's code."""

    OPERATION = "CONTRACT_OPERATION"  # answered with success, not in the document
    STATUS = "CONTRACT_STATUS"  # not documented for the operation
    CONTENT_TYPE = "CONTRACT_CONTENT_TYPE"  # of the answer
    ANSWER = "CONTRACT_ANSWER"  # the body against its schema
    REQUEST = "CONTRACT_REQUEST"  # accepted although the document forbids it
    NOT_COMPARED = "CONTRACT_NOT_COMPARED"  # no difference: a note that something could not be looked at


@dataclass(frozen=True)
class Difference:
    """All deviations of one kind in one operation. `message` is one line; it shows no values but short ones that are
    not among those of a closed set."""

    kind: Kind
    operation: str
    details: tuple[str, ...]
    exchanges: tuple[str, ...]

    @property
    def message(self) -> str:
        more = len(self.details) - _MOST_SHOWN
        shown = "; ".join(self.details[:_MOST_SHOWN]) + (f"; and {more} more" if more > 0 else "")
        return f"{self.operation}: {shown}"


def compare(exchanges: Iterable[Exchange], contract: Contract, *, api: str) -> tuple[Difference, ...]:
    """What the exchanges with the API below the URL `api` have against the document, in the order first met.

    A request is held to the document only where it was accepted: one that was refused agrees with it, and is often
    malformed on purpose. What the validator cannot cope with is a note, never an exception.
    """
    watch = _Watch(contract, api)
    found: dict[tuple[Kind, str], tuple[dict[str, None], dict[str, None]]] = {}
    for exchange in exchanges:
        for kind, operation, detail in watch.deviations(exchange):
            details, ids = found.setdefault((kind, operation), ({}, {}))
            details[detail] = ids[exchange.id] = None
    return tuple(
        Difference(kind, operation, tuple(details), tuple(ids)) for (kind, operation), (details, ids) in found.items()
    )


class _Watch:
    def __init__(self, contract: Contract, api: str) -> None:
        self._contract = contract
        self._schemas = Schemas(contract)
        self._origin = _origin(api)
        self._prefix = urlsplit(api).path.rstrip("/")
        self._judged: dict[tuple[str, str, bool], list[str]] = {}

    def deviations(self, exchange: Exchange) -> Iterator[tuple[Kind, str, str]]:
        path, response = self._path(exchange.request), exchange.response
        if path is None or response is None:
            return
        found = self._contract.operation_for(exchange.request.method, path)
        if found is None:
            if response.status in _SUCCESS:
                name = exchange.operation or exchange.request.method
                yield Kind.OPERATION, name, "is answered, but not in the document"
            return
        operation, match = found
        for kind, detail in self._careful(operation, match, exchange.request, response):
            yield kind, operation.name, detail

    def _path(self, request: Request) -> str | None:
        """The path below the API's address; None for what was sent elsewhere."""
        if _origin(request.url) != self._origin:
            return None
        path = urlsplit(request.url).path
        return path[len(self._prefix) :] if path.startswith(f"{self._prefix}/") else None

    def _careful(
        self, operation: PublishedOperation, match: re.Match[str], request: Request, response: Response
    ) -> Iterator[tuple[Kind, str]]:
        try:
            yield from self._answer(operation, response)
            if response.status in _SUCCESS:
                path = {name: match[f"p{n}"] for n, name in enumerate(operation.names)}
                yield from ((Kind.REQUEST, said) for said in self._request(operation, path, request))
        except Exception as fault:  # a document's own fault must not cost the run its record
            yield Kind.NOT_COMPARED, f"the validator could not cope with the document or the body ({_name(fault)})"

    # -- the answer ------------------------------------------------------------------------------------------

    def _answer(self, operation: PublishedOperation, response: Response) -> Iterator[tuple[Kind, str]]:
        documented = _documented(operation, response.status)
        if documented is None:
            if response.status not in _GATEWAY:
                yield Kind.STATUS, f"{response.status} is not documented"
            return
        content = documented.get("content")
        declared = dict(content.items()) if content else {}
        if not declared:
            if response.body:
                yield Kind.CONTENT_TYPE, f"{response.status} has a body where none is documented"
            return
        if response.truncated:
            yield Kind.NOT_COMPARED, f"a body of {response.status} was cut off"
            return
        if response.body is None:
            if response.headers.get("content-length") == "0":
                yield Kind.ANSWER, f"{response.status} has no body"
            else:
                yield Kind.NOT_COMPARED, f"a body of {response.status} is not in the record"
            return
        sent = _media_type(response.headers)
        media = _media(declared, sent)
        if media is None:
            yield Kind.CONTENT_TYPE, f"{response.status} is {sent or 'of no type'}, not {' or '.join(declared)}"
            return
        for said in self._body(response.body, sent, media, answer=True):
            yield Kind.ANSWER, f"{response.status}: {said}"

    # -- the request -----------------------------------------------------------------------------------------

    def _request(self, operation: PublishedOperation, path: Mapping[str, str], request: Request) -> Iterator[str]:
        given = given_by(request, path)
        for declared in operation.parameters():
            parameter = read_parameter(declared, given)
            if parameter is None:
                continue
            label = f"accepted with the {parameter.where} parameter {parameter.name}"
            if parameter.value is None:
                if parameter.required:
                    yield f"accepted without the {parameter.where} parameter {parameter.name}"
                continue
            for said in self._schemas.problems(parameter.value, parameter.schema, answer=False):
                yield f"{label}: {said}"
        body = operation.node.get("requestBody")
        if body is None:
            return
        if request.body is None:
            if body.plain("required") is True:
                yield "accepted without a body"
            return
        content = body.get("content")
        declared_media = dict(content.items()) if content else {}
        sent = _media_type(request.headers)
        media = _media(declared_media, sent)
        if media is None:
            yield f"accepted as {sent or 'of no type'}, not {' or '.join(declared_media) or 'anything'}"
            return
        for said in self._body(request.body, sent, media, answer=False):
            yield f"accepted with a body in which {said}"

    # -- a body ----------------------------------------------------------------------------------------------

    def _body(self, text: str, media_type: str, media: Node, *, answer: bool) -> list[str]:
        """What a JSON body has against its schema; other media are not looked into. The same body is judged once."""
        schema = media.get("schema")
        if schema is None or not (media_type == "application/json" or media_type.endswith("+json")):
            return []
        key = (schema.pointer, text, answer)
        if key not in self._judged:
            try:
                value = json.loads(text, parse_constant=_no_constant)
            except ValueError:
                return ["the body is no JSON"]
            self._judged[key] = self._schemas.problems(value, schema, answer=answer)
        return self._judged[key]


def _documented(operation: PublishedOperation, status: int) -> Node | None:
    """The answer that the document has for a status: by number, by class, by default."""
    responses = operation.node.get("responses")
    if responses is None:
        return None
    for key in (str(status), f"{status // 100}XX", "default"):
        if (found := responses.get(key)) is not None:
            return found
    return None


def _media_type(headers: Mapping[str, str]) -> str:
    value = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return value.partition(";")[0].strip().lower()


def _media(declared: Mapping[str, Node], sent: str) -> Node | None:
    """The declared media type that the sent one is, the most special one first."""
    by_name = {name.partition(";")[0].strip().lower(): node for name, node in declared.items()}
    for name in (sent, f"{sent.partition('/')[0]}/*", "*/*"):
        if name in by_name and sent:
            return by_name[name]
    return None


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return parts.scheme, unquote(parts.netloc).lower().removesuffix(default)


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _name(fault: BaseException) -> Any:
    return type(fault).__name__
