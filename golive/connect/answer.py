"""One answer, as the wire brought it and as a raw call shows it."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from golive.connect.envelope import ErrorEnvelope
from golive.connect.reading import parse_json


@dataclass(frozen=True, slots=True)
class Reply:
    """For the client only: `raw` is what was sent and may hold secrets, `text` is the same redacted."""

    status: int
    headers: httpx.Headers = field(repr=False)
    raw: bytes = field(repr=False)
    text: str = field(repr=False)
    exchange: str

    def raw_text(self) -> str:
        """The body as UTF-8; raises UnicodeDecodeError."""
        return self.raw.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one raw request, secrets replaced as in the record: a key that was echoed reads `$CONNECT_API_KEY`.

    `envelope` is the error's body where there is one, `exchange` the id in the record.
    """

    status: int
    headers: dict[str, str]
    text: str
    envelope: ErrorEnvelope | None
    exchange: str

    def json(self) -> Any:
        """The body as JSON, fractions as Decimal; raises `golive.connect.reading.NotJson`, a ValueError."""
        return parse_json(self.text)
