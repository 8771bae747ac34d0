"""Reading a contract: what is taken, and what is refused in one line."""

import json
from typing import Any

import pytest

from golive.contract import MOST_BYTES, UnreadableContract, read_contract
from tests.contract.bench import SHELF, changed

YAML = """
openapi: 3.1.0
info: {title: Shelf, version: 2024-01-01}
servers:
- url: https://{host}/{stage}/v1/
  variables: {stage: {default: dev}, host: {default: a.example.org}}
paths:
  /lamps/:
    get:
      operationId: lamps
      responses:
        200: &ok
          description: on
          content: {application/json: {schema: {enum: [on, off, no, 2024-01-01]}}}
        404: *ok
"""


@pytest.mark.parametrize("text", [json.dumps(SHELF), json.dumps(SHELF).encode(), "\ufeff" + json.dumps(SHELF)])
def test_json_is_read(text: str | bytes) -> None:
    contract = read_contract(text)
    assert {operation.name for operation in contract.operations} == {
        "books_list",
        "books_create",
        "books_get",
        "books_delete",
        "GET /books/new/",
        "search",
    }
    assert (contract.minor, contract.base_paths) == (0, ("",))


def test_yaml_is_read_with_the_values_that_json_has() -> None:
    contract = read_contract(YAML)
    (lamps,) = contract.operations
    responses = lamps.node.get("responses")
    assert responses is not None
    assert set(responses.value) == {"200", "404"}
    assert contract.minor == 1
    assert contract.base_paths == ("/dev/v1",)
    values = responses.value["404"]["content"]["application/json"]["schema"]["enum"]
    assert values == ["on", "off", "no", "2024-01-01"]


@pytest.mark.parametrize("version", ["3.0", "3.0.0", "3.0.4", "3.1", "3.1.1"])
def test_versions_3_0_and_3_1_are_taken(version: str) -> None:
    assert read_contract(json.dumps(changed(openapi=version))).minor == int(version[2])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no OpenAPI document"),
        ("[]", "no OpenAPI document"),
        ("<html></html>", "no OpenAPI document"),
        ('{"openapi": ', "neither YAML nor JSON"),
        ("a: [1\nb: 2", "(line 2)"),
        ("!!python/object/apply:os.system ['true']", "neither YAML nor JSON"),
        ("a: &a [*a]", "no OpenAPI document"),
        (b"\xff\xfe\x00", "neither YAML nor JSON"),
        ("{" * 100_000, "neither YAML nor JSON"),
        ("[" * 100_000, "neither YAML nor JSON"),
        ('{"swagger": "2.0"}', "no OpenAPI document"),
        ('{"openapi": 3.0}', "no OpenAPI document"),
        ('{"openapi": "2.0"}', "version '2.0'"),
        ('{"openapi": "3.2.0"}', "version '3.2.0'"),
        ('{"openapi": "3.0.3"}', "no operation"),
        ('{"openapi": "3.0.3", "paths": {"/a/": {"summary": "nothing"}}}', "no operation"),
        (" " * (MOST_BYTES + 1), "larger than"),
    ],
    ids=range(17),
)
def test_what_is_no_contract_is_refused(text: str | bytes, says: str) -> None:
    with pytest.raises(UnreadableContract) as caught:
        read_contract(text)
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("https://other.example.org/a.yml#/A", "outside of itself"),
        ("schemas.yml", "outside of itself"),
        ("#/components/schemas/None", "not in it"),
        ("#/paths/0", "not in it"),
        ("#/components/schemas/Kind", "in a circle"),
    ],
)
@pytest.mark.parametrize("place", ["components__schemas__Kind", "paths__/books/__get__responses__200"])
def test_a_reference_that_leads_out_or_nowhere_is_refused(place: str, ref: str, says: str) -> None:
    tree: dict[str, Any] = changed(components__schemas__Kind={"$ref": "#/components/schemas/Kind"})
    if "circle" not in says:
        tree = changed(**{place: {"$ref": ref}})
    with pytest.raises(UnreadableContract, match=says):
        read_contract(json.dumps(tree))


def test_examples_are_no_references() -> None:
    example = {"$ref": "https://other.example.org/a.yml"}
    assert read_contract(json.dumps(changed(components__schemas__Kind={"type": "object", "example": example})))
