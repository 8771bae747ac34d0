"""The published OpenAPI where it is at hand, beside this checkout; skips whoever imports it where it is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

SPEC = Path(__file__).parents[3] / "shared" / "api" / "connect-openapi.yml"
if not SPEC.is_file():
    pytest.skip("the published OpenAPI is not at hand", allow_module_level=True)

CONTRACT: dict[str, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of each."""
    for path, item in CONTRACT["paths"].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with `$ref` followed and a single `allOf` unpacked."""
    if "$ref" in schema:
        return resolved(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if len(schema.get("allOf", ())) == 1:
        return {**resolved(schema["allOf"][0]), **{key: value for key, value in schema.items() if key != "allOf"}}
    return schema


def success(operation: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
    """The documented success and its schema, None where it has no body."""
    status = next(status for status in operation["responses"] if status.startswith("2"))
    content = operation["responses"][status].get("content")
    return int(status), None if content is None else content["application/json"]["schema"]


def disagreements(value: Any, schema: dict[str, Any], where: str = "it") -> Iterator[str]:
    """Fields that the schema requires and the value has not, and fields that it has and the schema does not know."""
    schema = resolved(schema)
    if isinstance(value, list):
        for item in value:
            yield from disagreements(item, schema.get("items", {}), f"{where}[]")
    elif isinstance(value, dict):
        properties, further = schema.get("properties"), schema.get("additionalProperties")
        if properties is None:
            if not isinstance(further, dict):
                return
            for name, item in value.items():
                yield from disagreements(item, further, f"{where}.{name}")
            return
        yield from (f"{where}.{name} is missing" for name in set(schema.get("required", ())) - value.keys())
        yield from (f"{where}.{name} is unknown" for name in value.keys() - properties.keys())
        for name in value.keys() & properties.keys():
            yield from disagreements(value[name], properties[name], f"{where}.{name}")


def reached(value: Any, schema: dict[str, Any], name: str) -> Iterator[str]:
    """`Schema.field` for every field that the value shows, objects within it included."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
    elif len(schema.get("allOf", ())) == 1:
        name = schema["allOf"][0]["$ref"].rpartition("/")[2]
    schema = resolved(schema)
    if isinstance(value, list):
        for item in value:
            yield from reached(item, schema.get("items", {}), name)
    elif isinstance(value, dict):
        fields = schema.get("properties")
        for key, item in value.items():
            if fields is None:
                yield from reached(item, schema.get("additionalProperties") or {}, name)
            elif key in fields:
                yield f"{name}.{key}"
                yield from reached(item, fields[key], f"{name}.{key}")
