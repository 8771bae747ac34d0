"""The error envelope, read in the documented form and in those that such servers use beside it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import SecretStr

from golive.connect.advice import ErrorType
from golive.connect.error_table import ERROR_TABLE
from golive.connect.reading import NotJson, one_line, parse_json, with_secrets

_UUID: Final = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
_SECRET: Final = "payment_intent_client_secret"  # noqa: S105 - the name of a field
_DETAIL_ONLY: Final = frozenset({401, 403, 404})


@dataclass(frozen=True, slots=True)
class ErrorEnvelope:
    """An error's body: `type` is None where there is none or an unknown one, whose name is then `type_name`.

    `documented`: it has the published form for its status. `fields` are messages by field, where they came so.
    """

    detail: str
    documented: bool
    type: ErrorType | None = None
    type_name: str | None = None
    details: str | None = None
    payment_intent_client_secret: SecretStr | None = None
    support_code: str | None = None
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def parse_envelope(status: int, text: str, raw: str) -> ErrorEnvelope | None:
    """The envelope in an error's body; None where there is nothing of the kind. `text` is `raw` redacted."""
    try:
        body = with_secrets(parse_json(text), parse_json(raw), frozenset({_SECRET}))
    except NotJson:
        return None
    if isinstance(body, list):
        body = {"non_field_errors": body}
    if not isinstance(body, dict) or not body:
        return None
    error, detail = body.get("error"), body.get("detail")
    if isinstance(error, dict):
        return _with_error(status, detail, error)
    if isinstance(detail, str):
        return ErrorEnvelope(detail, status in _DETAIL_ONLY and error is None)
    fields = {str(name): _messages(value) for name, value in body.items()}
    shown = "; ".join(f"{name}: {' '.join(words)}" for name, words in fields.items())
    return ErrorEnvelope(one_line(shown, 500), False, fields=fields)


def is_documented_pair(status: int, type_: ErrorType) -> bool:
    """Whether the error table has this type under this status."""
    return status in ERROR_TABLE[type_].statuses


def _with_error(status: int, detail: Any, error: Mapping[str, Any]) -> ErrorEnvelope:
    name, details, secret = error.get("type"), error.get("details"), error.get(_SECRET)
    type_ = ErrorType(name) if isinstance(name, str) and name in set(ErrorType) else None
    words = details if isinstance(details, str) or details is None else json.dumps(details, default=str)
    code = _UUID.search(words or "") if type_ is ErrorType.UNEXPECTED_ERROR else None
    well_formed = isinstance(detail, str) and isinstance(details, str) and type_ is not None
    return ErrorEnvelope(
        detail=detail if isinstance(detail, str) else words or "",
        documented=well_formed and type_ is not None and is_documented_pair(status, type_),
        type=type_,
        type_name=None if name is None else one_line(str(name), 80),
        details=words,
        payment_intent_client_secret=SecretStr(secret) if isinstance(secret, str) and secret else None,
        support_code=code[0].lower() if code else None,
    )


def _messages(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(item if isinstance(item, str) else json.dumps(item, default=str) for item in value)
    return (value if isinstance(value, str) else json.dumps(value, default=str),)
