"""How a value of the API is read: every documented form, unknown fields kept, whatever is off contract noted."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, ClassVar, Final, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

Note = Callable[[str, str], None]
"""Takes the code of a form (golive.connect.forms) and the place where it was met."""

_WITH_UNIT: Final = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*[^\d\s.,+-][^\d]{0,20}")


class ApiModel(BaseModel):
    """A value as the API gives it. Read with a `Note` as validation context it is tolerant: a field that is
    absent, null against the contract or unreadable has its default and is noted; without, it is an ordinary model.

    The `spec_*` names say what the published OpenAPI says of the fields.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
        validate_default=False,
        defer_build=True,  # collecting the checks needs no validator: they are built when a client is made
    )

    spec_required: ClassVar[frozenset[str]] = frozenset()
    spec_nullable: ClassVar[frozenset[str]] = frozenset()
    spec_numbers: ClassVar[frozenset[str]] = frozenset()  # Decimal here, a JSON number there
    local_times: ClassVar[frozenset[str]] = frozenset()  # wall-clock time at the station: no zone is put in
    essential: ClassVar[frozenset[str]] = frozenset({"id"})  # without it the value is of no use
    missing_forms: ClassVar[Mapping[str, str]] = {}  # field -> code, where its absence is a known disagreement

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:  # noqa: ARG003 - for those that need it
        """Bring another documented form into that of the published contract; `data` may be changed."""
        return data

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any, info: ValidationInfo) -> Any:
        note: Note | None = info.context
        if note is None or not isinstance(data, dict):
            return data
        data = cls.tidy(dict(data), note)
        for name in sorted(cls.spec_required - data.keys()):
            code = cls.missing_forms.get(name)
            note(code or "FIELD_MISSING", "" if code else f"{cls.__name__}.{name}")
        return data

    @field_validator("*", mode="wrap")
    @classmethod
    def _tolerate(cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        note: Note | None = info.context
        name = info.field_name or ""
        if note is None:
            return handler(value)
        field = cls.model_fields[name]
        where = f"{cls.__name__}.{name}"
        if value is None:
            if name not in cls.spec_nullable:
                note("FIELD_NULL", where)
            return handler(None) if name in cls.essential else field.get_default(call_default_factory=True)
        kind = _kind(field.annotation)
        try:
            read = _with_unit(value, handler, where, note) if kind is Decimal else handler(value)
        except ValidationError:
            if name in cls.essential:
                raise
            note("FIELD_UNREADABLE", where)
            return field.get_default(call_default_factory=True)
        if not _has_spec_type(value, kind, name in cls.spec_numbers):
            is_id = kind is str and (name == "id" or name.endswith("_id"))
            note("FORM_ID" if is_id else "FIELD_TYPE", "" if is_id else where)
        if isinstance(read, datetime) and read.tzinfo is None:
            note("TIME_WITHOUT_ZONE", where)
            return read if name in cls.local_times else read.replace(tzinfo=UTC)
        return read


def _kind(annotation: Any) -> Any:
    """The type of a field without its None."""
    if get_origin(annotation) in (Union, UnionType):
        return next(arg for arg in get_args(annotation) if arg is not type(None))
    return annotation


def _has_spec_type(value: Any, kind: Any, is_number: bool) -> bool:
    """Whether a JSON value has the JSON type that the published contract gives its field."""
    if kind is bool:
        return isinstance(value, bool)
    if kind is int or (kind is Decimal and is_number):
        return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if kind in (str, Decimal, datetime):
        return isinstance(value, str)
    return True


def _with_unit(value: Any, handler: ValidatorFunctionWrapHandler, where: str, note: Note) -> Any:
    try:
        return handler(value)
    except ValidationError:
        match = _WITH_UNIT.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise
        note("FIELD_UNIT", where)
        return handler(match[1])
