"""What an answer's body says, whatever it holds."""

from datetime import UTC, datetime

import pytest

from golive.evidence.exchange import Exchange, Request, Response, error_type_of


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (402, '{"error": {"type": "payment_error"}}', "payment_error"),
        (200, '{"error": {"type": "payment_error"}}', None),
        (400, "[" * 200_000, None),
        (400, '{"error": ' * 100_000, None),
        (400, '{"error": "broken"}', None),
        (400, "[]", None),
        (400, "no JSON", None),
        (400, None, None),
    ],
    ids=["an error", "no refusal", "deep list", "deep object", "text", "list", "no JSON", "nothing"],
)
def test_the_type_of_an_error_is_read_or_there_is_none(status: int, body: str | None, expected: str | None) -> None:
    exchange = Exchange(
        id="x1",
        actor="checks",
        test=None,
        operation=None,
        started_at=datetime(2026, 3, 2, tzinfo=UTC),
        took_s=0.0,
        request=Request(method="GET", url="http://127.0.0.1/", headers={}, body=None),
        response=Response(status=status, headers={}, body=body),
    )
    assert error_type_of(exchange) == expected
