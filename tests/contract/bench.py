"""A small contract of a library of books, exchanges with it, and the two compared."""

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from golive.contract import Difference, compare, read_contract
from golive.evidence.model import Exchange, Request, Response

API = "https://api.example.org"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
JSON = {"content-type": "application/json"}
Tree = dict[str, Any]


def _ref(name: str) -> Tree:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(schema: Tree) -> Tree:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


SHELF: Tree = {
    "openapi": "3.0.3",
    "info": {"title": "Shelf", "version": "1"},
    "servers": [{"url": "https://elsewhere.example.org"}],
    "paths": {
        "/books/": {
            "get": {
                "operationId": "books_list",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                    {"name": "kind", "in": "query", "schema": {"type": "array", "items": _ref("Kind")}},
                    {"$ref": "#/components/parameters/Fresh"},
                ],
                "responses": {"200": _answer({"type": "array", "items": _ref("Book")}), "4XX": _answer(_ref("Fault"))},
            },
            "post": {
                "operationId": "books_create",
                "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Book")}}},
                "responses": {"201": _answer(_ref("Book")), "400": {"$ref": "#/components/responses/Refused"}},
            },
        },
        "/books/{book_id}/": {
            "parameters": [{"name": "book_id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"operationId": "books_get", "responses": {"200": _answer(_ref("Book"))}},
            "delete": {"operationId": "books_delete", "responses": {"204": {"description": ""}}},
        },
        "/books/new/": {"get": {"responses": {"default": _answer(_ref("Book"))}}},
        "/search/": {
            "get": {
                "operationId": "search",
                "parameters": [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": _answer({"type": "object"})},
            }
        },
    },
    "components": {
        "parameters": {"Fresh": {"name": "fresh", "in": "query", "schema": {"type": "boolean"}}},
        "responses": {"Refused": _answer(_ref("Fault"))},
        "schemas": {
            "Kind": {"type": "string", "enum": ["novel", "poem"]},
            "Shelf": {"type": "object", "properties": {"row": {"type": "integer"}}, "required": ["row"]},
            "Fault": {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]},
            "Book": {
                "type": "object",
                "required": ["id", "title"],
                "properties": {
                    "id": {"type": "integer", "readOnly": True},
                    "title": {"type": "string", "maxLength": 20},
                    "kind": _ref("Kind"),
                    "note": {"type": "string", "nullable": True},
                    "bought": {"type": "string", "format": "date-time"},
                    "price": {"type": "string", "pattern": r"^\d+\.\d\d$"},
                    "pages": {"type": "integer", "minimum": 1},
                    "shelf": {"allOf": [_ref("Shelf")], "nullable": True},
                    "size": {"oneOf": [{"type": "integer"}, {"enum": ["S", "M"]}]},
                    "secret": {"type": "string", "writeOnly": True},
                    "marks": {"type": "object", "additionalProperties": {"type": "integer"}},
                },
            },
        },
    },
}
BOOK: Tree = {"id": 1, "title": "Emma"}


def changed(**paths: Any) -> Tree:
    """A copy of the contract with `a__b=value` put under tree["a"]["b"]."""
    tree = copy.deepcopy(SHELF)
    for path, value in paths.items():
        *parents, last = path.split("__")
        place = tree
        for name in parents:
            place = place[name]
        place[last] = value
    return tree


def exchange(
    method: str,
    path: str,
    status: int = 200,
    answer: Any = None,
    *,
    sent: Any = None,
    headers: Mapping[str, str] = JSON,
    sent_headers: Mapping[str, str] = JSON,
    truncated: bool = False,
    number: int = 1,
    base: str = API,
) -> Exchange:
    """An exchange with the library; a text is a body as it stands, anything else is written as JSON."""
    return Exchange(
        id=f"x{number:04d}",
        actor="reader",
        started_at=AT,
        took_s=0.1,
        request=Request(method=method, url=f"{base}{path}", headers=dict(sent_headers), body=_body(sent)),
        response=Response(status=status, headers=dict(headers), body=_body(answer), truncated=truncated),
    )


def _body(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def differences(*exchanges: Exchange, tree: Tree = SHELF, api: str = API) -> list[Difference]:
    return list(compare(exchanges, read_contract(json.dumps(tree)), api=api))


def said(*exchanges: Exchange, tree: Tree = SHELF, api: str = API) -> list[str]:
    """`KIND operation: details` of each difference."""
    return [f"{d.kind.removeprefix('CONTRACT_')} {d.message}" for d in differences(*exchanges, tree=tree, api=api)]
