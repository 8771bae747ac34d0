"""Secrets are replaced before anything is stored, printed or raised."""

import base64
import binascii
import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import unquote_plus

from pydantic import SecretStr

from golive.recording.cards import card_numbers
from golive.recording.finding import find_in
from golive.recording.secret_forms import Layer, Needle, layers, needles

REDACTED: Final = "[redacted]"

_SHORTEST_LEARNT: Final = 8
"""A shorter value of a secret field is replaced where it stands only: elsewhere it may be an ordinary word."""
_SHORTEST_CUT_OFF: Final = 4
_LEFT_OUT: Final = "..."

_CLIENT_SECRET: Final = re.compile(r"(?<![A-Za-z0-9])((?:seti|pi|src|cs)_\w{1,100}?_secret_)([A-Za-z0-9_\-]+)")
_PRIVATE_KEY: Final = re.compile(r"(?<![A-Za-z0-9])((?:sk|rk)_(?:test|live)_)([A-Za-z0-9_]{6,})")
_JSON_FIELD: Final = re.compile(r'"\w{0,60}[sS]ecret"\s*:\s*"((?:[^"\\]|\\.)*)')
_FORM_FIELD: Final = re.compile(r'(?<!\w)\w{0,60}[sS]ecret\]?=([^&\s"#<>]+)')
_TOKEN_PARAMETER: Final = re.compile(
    r"(?<=[?&])(?:(?:(?:access|auth|connect[_-]?api|api)[_-]?)?(?:token|key)|auth|authorization|bearer|jwt)=([^&\s\"#<>]+)",
    re.IGNORECASE,
)
"""A token in an address, where it has no place: of another environment it has no shape that could be known."""
_USERINFO: Final = re.compile(r"(?<=://)[^/?#\s\"'<>@]+(?=@)")
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{8,}+\.[\w-]{2,}+\.[\w-]{8,}+")
_A_CARD: Final = "card_number_"
_A_JWT: Final = "jwt_"
"""What stands before the placeholder of a card number and of a token: that it was one is what a record has to show."""
_PLACEHOLDER: Final = re.compile(rf"(?:\w+_secret_|{_A_CARD}|{_A_JWT})?\[redacted(?:-\d+)?\]")
_NUMBERED: Final = re.compile(r"\[redacted(?:-\d+)?\]")

_CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization"})
_HIDDEN_HEADERS: Final = frozenset({"cookie", "set-cookie", "x-api-key"})

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
_Span = tuple[int, int, str]


class Redactor:
    """Replaces secrets by placeholders; safe to use from several threads.

    The secrets named at the start become ``$LABEL``. Client secrets of setup and payment intents are found by
    their shape and by the name of their field, tokens in an address by that of the parameter, and learnt: the same
    secret has the same number from then on, ``seti_X_secret_[redacted-N]``, wherever it appears. So are card numbers,
    as ``card_number_[redacted-N]``, and tokens of other environments, as ``jwt_[redacted-N]``. Plain, base64,
    URL-encoded and JSON-escaped forms are all found.
    """

    def __init__(self, secrets: Mapping[str, SecretStr | str]) -> None:
        self._lock = threading.Lock()
        self._labels = frozenset(f"${label}" for label in secrets)
        self._known: dict[str, str] = {}  # secret -> placeholder
        self._needles: tuple[tuple[Needle, str], ...] = ()
        self._count = 0
        for label, secret in secrets.items():
            value = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
            if value:
                self._add(value, f"${label}")

    def __repr__(self) -> str:
        return "Redactor(**********)"

    def text(self, s: str, *, cut_off: bool = False) -> str:
        """`s` with every known or recognised secret replaced; applying it twice changes nothing more.

        `cut_off` says that `s` breaks off somewhere: the beginning of a secret at its very end is replaced too.
        """
        return self._text(s, cut_off, fields=True)

    def _text(self, s: str, cut_off: bool, fields: bool) -> str:
        levels = layers(s)
        spans = [span for level in levels for span in self._recognised(level, fields)]
        for level in levels[1:]:  # a placeholder is always written plainly
            spans += [(*level.original(*at.span()), at[0]) for at in _NUMBERED.finditer(level.text)]
        for level in levels:
            for needle, placeholder in self._needles:
                if needle.text in level.text:
                    spans += [(*level.original(*at), placeholder) for at in needle.spans(level.text)]
                if cut_off and (begin := needle.cut_off(level.text, _SHORTEST_CUT_OFF)) is not None:
                    spans.append((*level.original(begin, len(level.text)), placeholder))
        return _replaced(s, spans) if spans else s

    def shortened(self, s: str) -> str:
        """As `text`, for a traceback. Long values stand there with their middle left out by ``...``: the beginning of
        a secret before the dots and its end behind them are replaced too. What follows the name of a secret field
        may be program text, and is not learnt."""
        pieces = self._text(s, False, fields=False).split(_LEFT_OUT)
        last = len(pieces) - 1
        for n, piece in enumerate(pieces if last else ()):
            before = self._text(piece, True, fields=False) if n < last else piece
            pieces[n] = self._without_end(before) if n > 0 else before
        return _LEFT_OUT.join(pieces)

    def _without_end(self, s: str) -> str:
        for needle, placeholder in self._needles:
            if (end := needle.cut_on(s, _SHORTEST_CUT_OFF)) is not None:
                return f"{placeholder}{s[end:]}"
        return s

    def headers(self, h: Headers) -> dict[str, str]:
        """Headers by lower-case name, repeated ones joined; credentials and cookies replaced."""
        found: dict[str, str] = {}
        for name, value in h.items() if isinstance(h, Mapping) else h:
            key = name.lower()
            if key in _CREDENTIALS:
                shown = self._credentials(value)
            else:
                shown = REDACTED if key in _HIDDEN_HEADERS else self.text(value)
            found[key] = f"{found[key]}, {shown}" if key in found else shown
        return found

    def names_a_label(self, redacted: str) -> bool:
        """Whether one of the secrets that have a label stood in a text that was redacted since."""
        return any(label in redacted for label in self._labels)

    def found_in(self, contents: Iterable[bytes]) -> str | None:
        """What a secret is called that stands in one of these files, in any form; None where none does.

        Every secret that was named at the start or learnt since is looked for, and whatever has the shape of one.
        A placeholder is none.
        """
        found = find_in(contents, self._needles)
        if found is None or found in self._labels:
            return found and found.removeprefix("$")
        return found if found.startswith("a ") else "a secret that an answer held"

    def learn(self, secret: SecretStr | str, *, label: str | None = None) -> None:
        """Replace this secret too from now on, by ``$LABEL`` or under the next number; too short a value is not
        taken."""
        value = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
        if len(value) < _SHORTEST_LEARNT:
            return
        if label is None:
            self._placeholder(value)
            return
        with self._lock:
            self._labels |= {f"${label}"}
            self._add(value, f"${label}")

    def _credentials(self, value: str) -> str:
        scheme, _, given = value.strip().partition(" ")
        given = given.strip()
        candidates = [given]
        if scheme.lower() == "basic":
            try:
                user, _, password = base64.b64decode(given, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                pass
            else:
                candidates = [user] if not password else [user, password]
        for candidate in candidates:
            placeholder = self._known.get(candidate, "")
            if placeholder in self._labels:
                return f"{scheme} {placeholder}"
        if self._is_placeholder(given):
            return f"{scheme} {given}"
        for candidate in candidates if given else [value]:
            self.learn(candidate)  # an altered key is nearly the key: an answer may repeat it
        return REDACTED

    def _recognised(self, level: Layer, fields: bool) -> Iterable[_Span]:
        """What is a secret by its shape or, with `fields`, by the name of its field."""
        text = level.text
        if "ecret" in text:  # the expressions are slow to find nothing in a long text
            for match in _CLIENT_SECRET.finditer(text):
                yield (*level.original(*match.span()), self._placeholder(match[0]))
            for match in _JSON_FIELD.finditer(text) if fields else ():
                yield from self._field(level, match, _json_text(match[1]))
            for match in _FORM_FIELD.finditer(text) if fields else ():
                yield from self._field(level, match, unquote_plus(match[1]))
        if "k_" in text:
            for match in _PRIVATE_KEY.finditer(text):
                yield (*level.original(*match.span()), self._placeholder(match[0]))
        if "eyJ" in text:
            for match in _JWT.finditer(text):
                if not self._has_label(match[0]):  # that it is the known one says more
                    yield (*level.original(*match.span()), self._placeholder(match[0], _A_JWT))
        if fields and ("?" in text or "&" in text):
            for match in _TOKEN_PARAMETER.finditer(text):
                if len(match[1]) >= _SHORTEST_LEARNT and not self._has_label(match[1]):
                    yield from self._field(level, match, unquote_plus(match[1]))
        for begin, end, digits in card_numbers(text):
            yield (*level.original(begin, end), self._placeholder(digits, _A_CARD))
        if "://" in text and "@" in text:
            for match in _USERINFO.finditer(text):
                if not self._is_placeholder(match[0]):
                    yield (*level.original(*match.span()), REDACTED)

    def _has_label(self, text: str) -> bool:
        return any(placeholder in self._labels and needle.text in text for needle, placeholder in self._needles)

    def _field(self, level: Layer, match: re.Match[str], value: str) -> Iterable[_Span]:
        if match[1] and not self._is_placeholder(match[1]) and not self._is_placeholder(value):
            yield (*level.original(*match.span(1)), self._placeholder(value))

    def _is_placeholder(self, value: str) -> bool:
        value = value.rstrip(".,;:)'")
        return value in self._labels or _PLACEHOLDER.fullmatch(value) is not None

    def _placeholder(self, secret: str, before: str = "") -> str:
        with self._lock:
            if secret in self._known:
                return self._known[secret]
            self._count += 1
            number = f"[redacted-{self._count}]"
            shaped = _CLIENT_SECRET.fullmatch(secret)
            placeholder = f"{shaped[1] if shaped else before}{number}"
            if shaped and len(shaped[2]) >= _SHORTEST_LEARNT:
                self._known[secret] = placeholder
                self._add(shaped[2], number)  # every form of the whole holds one of this part
            else:
                self._add(secret, placeholder)
            return placeholder

    def _add(self, secret: str, placeholder: str) -> None:
        self._known.setdefault(secret, placeholder)
        if placeholder in self._labels or len(secret) >= _SHORTEST_LEARNT:
            self._needles += tuple((needle, placeholder) for needle in needles(secret))


def _json_text(escaped: str) -> str:
    try:
        value = json.loads(f'"{escaped}"', strict=False)
    except ValueError:
        return escaped
    return value if isinstance(value, str) else escaped


def _replaced(text: str, spans: list[_Span]) -> str:
    """`text` with the spans replaced; of overlapping ones the longest gives the placeholder."""
    pieces: list[str] = []
    done = 0
    spans.sort(key=lambda span: (span[0], -span[1]))
    begin, end, placeholder = spans[0]
    longest = end - begin
    for next_begin, next_end, next_placeholder in spans[1:]:
        if next_begin < end:
            if next_end - next_begin > longest:
                longest, placeholder = next_end - next_begin, next_placeholder
            end = max(end, next_end)
            continue
        pieces += (text[done:begin], placeholder)
        done = end
        begin, end, placeholder = next_begin, next_end, next_placeholder
        longest = end - begin
    pieces += (text[done:begin], placeholder, text[end:])
    return "".join(pieces)
