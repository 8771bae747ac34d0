"""The record against its published JSON Schema."""

import json
from collections.abc import Iterable
from itertools import islice

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from golive.evidence.schema import SCHEMA_FILE

_MOST = 10


def strays(record: bytes, *, same_suite: bool) -> list[str]:
    """Where the record does not keep to the schema of this checkout. Another version of the suite may have had fewer
    members: those that it lacks are not held against it, as long as the model can read it."""
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    faults: Iterable[ValidationError] = Draft202012Validator(schema).iter_errors(json.loads(record))
    held = (fault for fault in faults if same_suite or not _is_of_missing_members(fault))
    return [f"{fault.json_path}: {fault.message[:80]}" for fault in islice(held, _MOST)]


def _is_of_missing_members(fault: ValidationError) -> bool:
    """Also where it says that none of several forms fits, and one of them lacks nothing but members."""
    if fault.validator == "required":
        return True
    forms: dict[object, list[ValidationError]] = {}
    for inner in fault.context or ():
        forms.setdefault(inner.schema_path[0], []).append(inner)
    return any(all(_is_of_missing_members(inner) for inner in form) for form in forms.values())
