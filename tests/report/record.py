"""Builds recorded exchanges for a sample, one second of an invented morning after the other."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from golive.evidence.model import Exchange, Request, Response, TransportFault

START = datetime(2026, 3, 1, 10, 15, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """The instant `seconds` after the sample run began."""
    return START + timedelta(seconds=seconds)


class Record:
    """The exchanges so far; each method adds one and returns its id."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.exchanges: list[Exchange] = []

    def get(self, actor: str, path: str, status: int, answer: Any, **more: Any) -> str:
        return self.add(actor, "GET", path, None, status, answer, **more)

    def post(self, actor: str, path: str, body: Any, status: int, answer: Any, **more: Any) -> str:
        return self.add(actor, "POST", path, body, status, answer, **more)

    def lost(self, actor: str, path: str) -> str:
        return self.add(actor, "GET", path, None, None, "The server sent nothing for 30 s.")

    def add(
        self,
        actor: str,
        method: str,
        path: str,
        body: Any,
        status: int | None,
        answer: Any,
        *,
        seconds: float = 0.1,
        took_s: float = 0.012,
        test: str | None = None,
        provoked: str | None = None,
    ) -> str:
        text = answer if isinstance(answer, str) else json.dumps(answer)
        response = error = None
        if status is None:
            error = TransportFault(kind="ReadTimeout", message=text)
        else:
            content_type = "text/html" if text.startswith("<") else "application/json"
            response = Response(status=status, headers={"content-type": content_type}, body=text)
        identifier = f"x{len(self.exchanges) + 1:04d}"
        headers = {
            "Host": "127.0.0.1:8400",
            "Authorization": "Bearer $CONNECT_API_KEY",
            "Accept": "application/json",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.exchanges.append(
            Exchange(
                id=identifier,
                actor=actor,
                test=test,
                operation=None,
                started_at=at(seconds),
                took_s=took_s,
                request=Request(
                    method=method,
                    url=f"{self._base}/api/v1{path}",
                    headers=headers,
                    body=None if body is None else json.dumps(body),
                ),
                response=response,
                error=error,
                provoked=provoked,
            )
        )
        return identifier
