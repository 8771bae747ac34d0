"""Each kind of difference shows, what agrees does not, and nothing brings the comparison down."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.contract import Kind
from golive.evidence.model import TransportFault
from tests.contract.bench import API, BOOK, JSON, SHELF, Tree, changed, differences, exchange, said

FAULT = {"detail": "No."}
BOOK_EXAMPLE = "#/components/schemas/Book/example"


def numbered(cases: list[tuple[Any, str]]) -> list[str]:
    """Ids that say what is expected; one expectation may stand twice."""
    return [f"{number} {expected}" for number, (_, expected) in enumerate(cases, start=1)]


@pytest.mark.parametrize(
    "agreeing",
    [
        exchange("GET", "/books/", 200, []),
        exchange("GET", "/books/?limit=3&kind=novel&kind=poem&fresh=true&other=1", 200, [BOOK]),
        exchange("GET", "/books/", 403, FAULT),
        exchange("POST", "/books/", 201, BOOK, sent={"title": "Emma"}),
        exchange("POST", "/books/", 400, FAULT, sent={"title": 7}),
        exchange("GET", "/books/1/", 200, BOOK | {"note": None, "shelf": None, "more": 1}),
        exchange("GET", "/books/1/", 200, BOOK, headers={"Content-Type": "application/JSON; charset=utf-8"}),
        exchange("GET", "/books/new/", 418, BOOK),
        exchange("DELETE", "/books/1/", 204, headers={}),
        exchange("GET", "/lamps/", 404, FAULT),
        exchange("GET", "/books/1/", 503, "<html>", headers={"content-type": "text/html"}),
        exchange("GET", "/v1/setup_intents/seti_1", 200, {}, base="https://elsewhere.example.org"),
    ],
    ids=range(12),
)
def test_what_agrees_is_not_reported(agreeing: Any) -> None:
    assert said(agreeing) == []


ANSWERS: list[tuple[Any, str]] = [
    (exchange("GET", "/lamps/", 200, {}), "OPERATION GET: is answered, but not in the document"),
    (exchange("PUT", "/books/", 200, {}), "OPERATION PUT: is answered, but not in the document"),
    (exchange("GET", "/books/1/", 404, FAULT), "STATUS books_get: 404 is not documented"),
    (exchange("GET", "/books/", 500, FAULT), "STATUS books_list: 500 is not documented"),
    (
        exchange("GET", "/books/", 200, "<p>", headers={"content-type": "text/html"}),
        "CONTENT_TYPE books_list: 200 is text/html, not application/json",
    ),
    (
        exchange("GET", "/books/", 200, [], headers={}),
        "CONTENT_TYPE books_list: 200 is of no type, not application/json",
    ),
    (
        exchange("DELETE", "/books/1/", 204, {}),
        "CONTENT_TYPE books_delete: 204 has a body where none is documented",
    ),
    (exchange("GET", "/books/", 200, "[1"), "ANSWER books_list: 200: the body is no JSON"),
    (exchange("GET", "/books/", 200, "[NaN]"), "ANSWER books_list: 200: the body is no JSON"),
    (
        exchange("GET", "/books/", 200, headers=JSON | {"content-length": "0"}),
        "ANSWER books_list: 200 has no body",
    ),
    (exchange("GET", "/books/", 403, {}), "ANSWER books_list: 403: detail is missing"),
]


@pytest.mark.parametrize(("differing", "expected"), ANSWERS, ids=numbered(ANSWERS))
def test_an_answer_outside_the_contract_is_reported(differing: Any, expected: str) -> None:
    assert said(differing) == [expected]


FIELDS: list[tuple[Any, str]] = [
    ({"id": "1"}, "id is string, not integer"),
    ({"id": 1.5}, "id is number, not integer"),
    ({"id": True}, "id is boolean, not integer"),
    ({"title": None}, "title is null, not string"),
    ({"title": "x" * 21}, "title breaks its maxLength ('20')"),
    ({"kind": "drama"}, "kind has 'drama', which is not among its values"),
    ({"kind": "x" * 50}, "kind has a value, which is not among its values"),
    ({"bought": "yesterday"}, "bought is no date-time"),
    ({"bought": "2026-03-02T10:00:00"}, "bought is no date-time"),
    ({"price": "7"}, r"price breaks its pattern ('^\\d+\\.\\d\\d$')"),
    ({"pages": 0}, "pages is outside its range (minimum 1)"),
    ({"shelf": {}}, "shelf.row is missing"),
    ({"shelf": {"row": "a"}}, "shelf.row is string, not integer"),
    ({"size": "XL"}, "size matches none of its forms"),
    ({"secret": "hidden"}, "secret is write-only"),
    ({"marks": {"a": 1, "b": "2"}}, "marks.b is string, not integer"),
]


@pytest.mark.parametrize(("fields", "expected"), FIELDS, ids=numbered(FIELDS))
def test_a_field_outside_its_schema_is_named(fields: Tree, expected: str) -> None:
    assert said(exchange("GET", "/books/1/", 200, BOOK | fields)) == [f"ANSWER books_get: 200: {expected}"]
    listed = said(exchange("GET", "/books/", 200, [BOOK, BOOK | fields, BOOK | fields]))
    assert listed == [f"ANSWER books_list: 200: [].{expected}"]


def test_a_field_that_is_missing_or_forbidden_is_named() -> None:
    assert said(exchange("GET", "/books/1/", 200, {"id": 1})) == ["ANSWER books_get: 200: title is missing"]
    strict = SHELF["components"]["schemas"]["Book"] | {"additionalProperties": False}
    tree = changed(components__schemas__Book=strict)
    told = said(exchange("GET", "/books/1/", 200, BOOK | {"colour": "red"}), tree=tree)
    assert told == ["ANSWER books_get: 200: it has fields that it may not have"]


REQUESTS: list[tuple[Any, str]] = [
    (
        exchange("GET", "/books/?limit=many", 200, []),
        "books_list: accepted with the query parameter limit: it is string, not integer",
    ),
    (
        exchange("GET", "/books/?limit=0", 200, []),
        "books_list: accepted with the query parameter limit: it is outside its range (minimum 1)",
    ),
    (
        exchange("GET", "/books/?kind=novel&kind=drama", 200, []),
        "books_list: accepted with the query parameter kind: [] has 'drama', which is not among its values",
    ),
    (
        exchange("GET", "/books/?fresh=perhaps", 200, []),
        "books_list: accepted with the query parameter fresh: it is string, not boolean",
    ),
    (
        exchange("GET", "/books/one/", 200, BOOK),
        "books_get: accepted with the path parameter book_id: it is string, not integer",
    ),
    (exchange("GET", "/search/", 200, {}), "search: accepted without the query parameter q"),
    (exchange("POST", "/books/", 201, BOOK), "books_create: accepted without a body"),
    (
        exchange("POST", "/books/", 201, BOOK, sent={}),
        "books_create: accepted with a body in which title is missing",
    ),
    (
        exchange("POST", "/books/", 201, BOOK, sent={"id": 1, "title": "Emma"}),
        "books_create: accepted with a body in which id is read-only",
    ),
    (
        exchange("POST", "/books/", 201, BOOK, sent="title=Emma", sent_headers={"content-type": "text/plain"}),
        "books_create: accepted as text/plain, not application/json",
    ),
]


@pytest.mark.parametrize(("differing", "expected"), REQUESTS, ids=numbered(REQUESTS))
def test_a_request_that_the_contract_forbids_is_reported_where_it_was_accepted(differing: Any, expected: str) -> None:
    assert said(differing) == [f"REQUEST {expected}"]
    refused = differing.response.model_copy(update={"status": 400, "body": '{"detail": "No."}'})
    assert all(told.startswith("STATUS") for told in said(differing.model_copy(update={"response": refused})))


def test_lists_in_one_parameter_are_read_as_they_are_declared() -> None:
    parameter = {"name": "kind", "in": "query", "explode": False}
    declared = [parameter | {"schema": {"type": "array", "items": {"type": "string", "enum": ["novel", "poem"]}}}]
    tree = changed(**{"paths__/books/__get__parameters": declared})
    assert said(exchange("GET", "/books/?kind=novel,poem", 200, []), tree=tree) == []
    (told,) = said(exchange("GET", "/books/?kind=novel,drama", 200, []), tree=tree)
    assert "'drama'" in told


def test_a_header_parameter_is_read_by_any_spelling() -> None:
    declared = [{"name": "X-Copies", "in": "header", "required": True, "schema": {"type": "integer"}}]
    tree = changed(**{"paths__/books/__get__parameters": declared})
    assert said(exchange("GET", "/books/", 200, [], sent_headers={"x-copies": "2"}), tree=tree) == []
    assert "without the header" in said(exchange("GET", "/books/", 200, []), tree=tree)[0]


# -- one for each kind and operation -------------------------------------------------------------------------


def test_deviations_of_one_kind_in_one_operation_are_one() -> None:
    found = differences(
        exchange("GET", "/books/1/", 404, FAULT, number=1),
        exchange("GET", "/books/2/", 404, FAULT, number=2),
        exchange("GET", "/books/3/", 401, FAULT, number=3),
        exchange("GET", "/books/3/", 200, {"id": 1}, number=4),
        exchange("GET", "/books/", 200, [BOOK], number=5),
    )
    assert [(d.kind, d.operation, d.exchanges) for d in found] == [
        (Kind.STATUS, "books_get", ("x0001", "x0002", "x0003")),
        (Kind.ANSWER, "books_get", ("x0004",)),
    ]
    assert found[0].message == "books_get: 404 is not documented; 401 is not documented"


def test_a_message_does_not_grow_without_end() -> None:
    marks = {f"m{n}": "x" for n in range(40)}
    (difference,) = differences(exchange("GET", "/books/1/", 200, BOOK | {"marks": marks}))
    assert len(difference.details) == 40
    assert difference.message.endswith("; and 34 more")
    assert len(difference.message) < 400


# -- what cannot be compared ---------------------------------------------------------------------------------


def test_a_body_that_was_cut_off_or_not_recorded_is_a_note() -> None:
    cut = exchange("GET", "/books/1/", 200, '{"id": 1', truncated=True)
    absent = exchange("GET", "/books/1/", 200)
    assert said(cut, absent) == [
        "NOT_COMPARED books_get: a body of 200 was cut off; a body of 200 is not in the record"
    ]


def test_a_request_without_an_answer_is_passed_over() -> None:
    fault = TransportFault(kind="ReadTimeout", message="no answer")
    lost = exchange("GET", "/books/1/").model_copy(update={"response": None, "error": fault})
    assert said(lost) == []


@pytest.mark.parametrize(
    "schema",
    [{"pattern": "("}, {"type": "tome"}, {"minLength": "few"}, {"default": {"$ref": "#/none"}, "$ref": "#/none"}, 7],
    ids=["pattern", "type", "number", "reference", "schema"],
)
def test_a_fault_of_the_document_is_a_note_and_no_crash(schema: Any) -> None:
    book = SHELF["components"]["schemas"]["Book"]
    example = {"properties": {"title": schema}}  # what stands in an example is not looked at before it is used
    tree = changed(components__schemas__Book=book | {"example": example, "$ref": BOOK_EXAMPLE})
    (told,) = said(exchange("GET", "/books/1/", 200, BOOK), tree=tree)
    assert told.startswith("NOT_COMPARED books_get: the validator could not cope")


def test_a_placeholder_of_a_secret_keeps_its_type_and_loses_its_form() -> None:
    assert said(exchange("GET", "/books/1/", 200, BOOK | {"price": "[redacted-3]", "bought": "$CONNECT_API_KEY"})) == []
    (told,) = said(exchange("GET", "/books/1/", 200, BOOK | {"pages": "[redacted-3]"}))
    assert told.endswith("pages is string, not integer")


@given(
    st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5), st.lists, max_leaves=8)
)
def test_any_body_is_judged(value: Any) -> None:
    for difference in differences(exchange("GET", "/books/1/", 200, BOOK | {"title": value, "shelf": value})):
        assert difference.kind is Kind.ANSWER
        assert len(difference.message.splitlines()) == 1


# -- dialects and addresses ----------------------------------------------------------------------------------


def test_null_is_written_otherwise_in_3_1() -> None:
    book = SHELF["components"]["schemas"]["Book"]
    fields = book["properties"] | {"note": {"type": ["string", "null"]}, "title": {"type": "string", "nullable": True}}
    tree = changed(openapi="3.1.0", components__schemas__Book=book | {"properties": fields})
    assert said(exchange("GET", "/books/1/", 200, BOOK | {"note": None}), tree=tree) == []
    (told,) = said(exchange("GET", "/books/1/", 200, BOOK | {"title": None, "note": 7}), tree=tree)
    assert "title is null, not string" in told
    assert "note is integer, not string or null" in told


def test_read_only_fields_need_not_be_written_in_3_1() -> None:
    tree = changed(openapi="3.1.0")
    assert said(exchange("POST", "/books/", 201, BOOK, sent={"title": "Emma"}), tree=tree) == []
    assert said(exchange("POST", "/books/", 201, {"title": "Emma"}, sent={"title": "Emma"}), tree=tree) == [
        "ANSWER books_create: 201: id is missing"
    ]


@pytest.mark.parametrize(
    ("server", "api", "path"),
    [
        ("https://a.example.org/", API, "/books/1/"),
        ("https://a.example.org/shop/v2/", API, "/shop/v2/books/1/"),
        ("/v2", f"{API}/behind", "/v2/books/1/"),
        ("https://a.example.org/", f"{API}:443", "/books/1/"),
    ],
)
def test_the_api_is_found_behind_a_prefix(server: str, api: str, path: str) -> None:
    tree = changed(servers=[{"url": server}])
    assert said(exchange("GET", path, 200, {}, base=api), tree=tree, api=api)[0].startswith("ANSWER books_get")
    assert said(exchange("GET", path, 200, {}, base=f"https://not.{api[8:]}"), tree=tree, api=api) == []


def test_a_path_is_told_from_one_that_begins_alike() -> None:
    assert said(exchange("GET", "/behindhand/books/", 200, {}), api=f"{API}/behind") == []


def test_a_concrete_path_wins_over_a_template() -> None:
    (told,) = said(exchange("GET", "/books/new/", 200, {"id": 1}))
    assert told == "ANSWER GET /books/new/: 200: title is missing"
