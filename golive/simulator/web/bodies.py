"""Reading a body: JSON, a form, or a multipart form. Whatever cannot be read is a validation error."""

import json
from collections.abc import AsyncGenerator
from typing import NoReturn

from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from golive.simulator.faults import Invalid
from golive.simulator.web.fields import BodyReader

LARGEST_BODY = 1_000_000
"""Bytes."""
_UNREADABLE = (MultiPartException, HTTPException, UnicodeError, ValueError, KeyError, AssertionError)


async def read_body(request: Request) -> BodyReader:
    """The body's fields; raises `Invalid`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return BodyReader(await _form(request, kind), form=True)
    if kind not in ("application/json", ""):
        raise Invalid("Unsupported media type: expected JSON or a form.")
    return BodyReader(parse_object(await _limited(request)), form=False)


def parse_object(raw: bytes) -> dict[str, object]:
    """The JSON object in `raw`; nothing at all is an empty object. Raises `Invalid`."""
    if not raw.strip():
        return {}
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid("JSON parse error.") from None
    if not isinstance(value, dict):
        raise Invalid("Invalid data. Expected an object.")
    return value


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


async def _limited(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Invalid("The body is too large.")
    return body


async def _form(request: Request, kind: str) -> dict[str, object]:
    raw = await _limited(request)

    async def once() -> AsyncGenerator[bytes, None]:
        yield raw
        yield b""

    parser: FormParser | MultiPartParser
    try:
        if kind == "multipart/form-data":
            parser = MultiPartParser(request.headers, once(), max_files=20, max_fields=200)
        else:
            parser = FormParser(request.headers, once())
        form = await parser.parse()
    except _UNREADABLE:
        raise Invalid("The form cannot be read.") from None
    values = dict(form.multi_items())
    await form.close()
    return dict(values)


async def read_form(request: Request) -> dict[str, str]:
    """The texts of a form, for the card processor; raises `Invalid`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data" or request.method == "GET":
        return {}
    return {k: v for k, v in (await _form(request, kind)).items() if isinstance(v, str)}
