"""The partner's log: a support code is kept, a secret is not.

The lines come from the partner's adapter (`log_line`); what only the traffic shows cannot tell.
"""

import re
from collections.abc import Iterator
from typing import Final

from golive.traffic.calls import UNEXPECTED_ERROR, Call, text_in
from golive.traffic.rule import Point, Rule, Traffic, broken, counted, kept, unclear
from golive.traffic.rules.access import is_token

UUID: Final = re.compile(r"(?<![0-9A-Fa-f-])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f-])")
_SECRET: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:seti|pi|src|cs)_\w{1,100}?_secret_|(?<![A-Za-z0-9])[sr]k_(?:test|live)_"
)
_HIDDEN: Final = re.compile(r"\[redacted(?:-\d+)?\]")


def support_code(call: Call) -> str | None:
    """The UUID in the words of an unexpected error; None where there is none."""
    if call.error_type != UNEXPECTED_ERROR and (call.status or 0) < 500:
        return None
    error = call.answer.get("error") if isinstance(call.answer, dict) else None
    for holder, name in ((error, "details"), (call.answer, "detail")):
        if (text := text_in(holder, name)) and (found := UUID.search(text)):
            return found[0]
    return None


def holds_secret(text: str, secrets: tuple[str, ...] = ()) -> bool:
    """Whether a text has a token, a client secret or a private key in it, or stands for one that was taken out."""
    return (
        is_token(text)
        or _SECRET.search(text) is not None
        or _HIDDEN.search(text) is not None
        or any(secret and secret in text for secret in secrets)
    )


def _code_kept(traffic: Traffic) -> Iterator[Point]:
    for call in traffic.calls:
        code = support_code(call)
        if code is None:
            continue
        if code not in traffic.log_lines:
            yield unclear(f"the support code of {call.id} came, and the partner's log was not asked for it", call)
        elif code.lower() in (traffic.log_lines[code] or "").lower():
            yield kept(f"the partner's log has the support code of {call.id}", call)
        else:
            yield broken(f"the partner's log has no line with the support code of {call.id}", call)


def _log_clean(traffic: Traffic) -> Iterator[Point]:
    calls = {code: call for call in traffic.calls if (code := support_code(call)) is not None}
    clean: list[Call] = []
    for code, line in traffic.log_lines.items():
        on = (calls[code],) if code in calls else ()
        if line is not None and holds_secret(line, traffic.secrets):
            yield broken(f"the partner's log line on {on[0].id if on else 'a support code'} holds a secret", *on)
        elif line is not None:
            clean.extend(on)
    if told := sum(line is not None for line in traffic.log_lines.values()):
        yield kept(f"{counted(told, 'log line')} without a secret", *clean)


RULES: Final = (
    Rule(
        "support-code-kept",
        "The support code of an unexpected error is in the partner's log",
        ("BE-6",),
        _code_kept,
        "No answer came with a support code.",
    ),
    Rule(
        "log-without-secrets",
        "The partner's log holds no token or client secret",
        ("BE-6",),
        _log_clean,
        "The partner's log was not seen.",
    ),
)
