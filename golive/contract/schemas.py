"""What a value has against a schema of the document, in words that show no value.

The judging is done by `openapi-schema-validator`, which knows the dialects of OpenAPI 3.0 (`nullable`, `readOnly`) and
3.1; here its errors are told apart, put into words, and freed of what redaction brings about.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, OAS31Validator
from referencing import Registry, Resource

from golive.contract.document import Contract, Node

_HERE: Final = "urn:contract"
_PLACEHOLDER: Final = re.compile(r"\[redacted(?:-\d+)?\]|\$[A-Z]+_[A-Z_]+")
_ABOUT_FORM: Final = frozenset({"format", "pattern", "maxLength", "minLength", "enum", "const"})
_NULLABLE_TOO: Final = ("allOf", "anyOf", "oneOf", "enum", "$ref")
_NAMES: Final = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]


class Schemas:
    """Judges values by schemas of one document; `answer` says whether they were read or written."""

    def __init__(self, contract: Contract) -> None:
        self._minor = contract.minor
        self._registry: Registry[Any] = Registry().with_resource(_HERE, Resource.opaque(contract.tree))
        self._validators: dict[tuple[str, bool], Validator] = {}

    def problems(self, value: Any, schema: Node, *, answer: bool) -> list[str]:
        """One sentence half for each form of deviation, such as `results[].id is null, not string`.

        Raises what the document's own faults bring about in the validator, such as `re.error`.
        """
        errors = self._validator(schema.pointer, answer).iter_errors(value)
        said = (told(error) for error in errors if not self._excused(error, answer))
        return list(dict.fromkeys(said))

    def _validator(self, pointer: str, answer: bool) -> Validator:
        key = (pointer, answer)
        if key not in self._validators:
            dialect = _dialect(self._minor, answer)
            self._validators[key] = dialect(
                {"$ref": f"{_HERE}#{pointer}"}, registry=self._registry, format_checker=dialect.FORMAT_CHECKER
            )
        return self._validators[key]

    def _excused(self, error: ValidationError, answer: bool) -> bool:
        if error.validator in _ABOUT_FORM and isinstance(error.instance, str) and _PLACEHOLDER.search(error.instance):
            return True  # a secret stood here: its type still shows, its form does not
        if error.validator == "required" and self._minor == 1 and isinstance(error.schema, dict):
            only = "writeOnly" if answer else "readOnly"
            field = error.schema.get("properties", {}).get(_missing(error))
            return isinstance(field, dict) and field.get(only) is True
        return False


@cache
def _dialect(minor: int, answer: bool) -> Any:
    if minor == 1:
        return OAS31Validator
    base: Any = OAS30ReadValidator if answer else OAS30WriteValidator
    keywords = {name: _unless_null(base.VALIDATORS[name]) for name in _NULLABLE_TOO}
    return extend(base, keywords, format_checker=base.FORMAT_CHECKER)  # type: ignore[no-untyped-call]


def _unless_null(keyword: Keyword) -> Keyword:
    """`nullable` beside an `allOf`: by the letter of 3.0.3 it says nothing, and every generator means it."""

    def judged(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if instance is None and schema.get("nullable") is True:
            return
        yield from keyword(validator, value, instance, schema)

    return judged


# -- in words ------------------------------------------------------------------------------------------------


def told(error: ValidationError) -> str:
    """Where it is and what is wrong there; values are not shown, unless of a closed set and short."""
    where = place(error.absolute_path)
    match error.validator:
        case "required":
            missing = _missing(error)
            return f"{where}.{missing} is missing" if where != "it" else f"{missing} is missing"
        case "type":
            return f"{where} is {_name(error.instance)}, not {_wanted(error.validator_value)}"
        case "enum" | "const":
            return f"{where} has {_short(error.instance)}, which is not among its values"
        case "format":
            return f"{where} is no {error.validator_value}"
        case "additionalProperties" | "unevaluatedProperties" | "dependentRequired":
            return f"{where} has fields that it may not have"
        case "readOnly":
            return f"{where} is read-only"
        case "writeOnly":
            return f"{where} is write-only"
        case "oneOf" | "anyOf" | "not":
            return f"{where} matches none of its forms"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf":
            return f"{where} is outside its range ({error.validator} {error.validator_value})"
        case None:
            return f"{where} may be nothing at all"
        case keyword:
            return f"{where} breaks its {keyword} ({_short(error.validator_value)})"


def place(path: Any) -> str:
    """`results[].card.last4`; `it` for the whole. Positions in a list do not matter."""
    said = ""
    for part in path:
        said += "[]" if isinstance(part, int) else f".{_short_key(str(part))}"
    return said.removeprefix(".") or "it"


def _missing(error: ValidationError) -> str:
    match = re.match(r"(['\"])(.*?)\1 is a required", error.message)
    return match[2] if match else "a field"


def _name(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number" if isinstance(value, float) else "integer"
    return _NAMES.get(type(value), type(value).__name__)


def _wanted(types: Any) -> str:
    return " or ".join(str(one) for one in types) if isinstance(types, list) else str(types)


def _short(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return _name(value)
    text = "null" if value is None else str(value)
    return repr(text) if len(text) <= 40 and text.isprintable() else "a value"


def _short_key(key: str) -> str:
    return key if len(key) <= 60 and key.isprintable() else "…"
