"""A recorded request as a shell command that can be copied, with the keys as environment variables.

Only in `Authorization` does a recorded `$CONNECT_API_KEY` become the shell's variable. Anywhere else it stays
literal text: a server chooses part of some URLs (`next` of a page), and must not be able to have a reviewer's
shell put the key into one.
"""

import re
import shlex

from golive.evidence.model import Request

# curl writes these itself; a copied Content-Length or Accept-Encoding would only do harm.
_LEFT_TO_CURL = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "authorization"}
)
_VARIABLE = re.compile(r"\$(?:CONNECT_API_KEY|STRIPE_PUBLISHABLE_KEY)\b")
_PLAIN = re.compile(r"[\n\x20-\x7e\u00a1-\u00ac\u00ae-\u0377\u20ac]*")
LARGEST_BODY = 4_000


def quote(text: str) -> str:
    """`text` as one word for bash or zsh; what is not plainly printable is written as an escape (`$'…'`).

    A shell's word cannot hold NUL: it is left as the text `\\0`, which `command` mentions.
    """
    if _PLAIN.fullmatch(text):
        return shlex.quote(text)
    return "$'" + "".join(_escaped(character) for character in text) + "'"


def _escaped(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    if character == "\0":
        return "\\\\0"
    if " " <= character <= "~":
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))


def _authorization(value: str) -> str:
    if value == "Basic $STRIPE_PUBLISHABLE_KEY":
        return '--user "$STRIPE_PUBLISHABLE_KEY:"'
    words: list[str] = []
    end = 0
    header = f"Authorization: {value}"
    for found in _VARIABLE.finditer(header):
        words += (quote(header[end : found.start()]), f'"{found.group()}"')
        end = found.end()
    return "-H " + "".join(words + ([quote(header[end:])] if end < len(header) else []))


def _header(name: str, value: str) -> str:
    if name.lower() == "authorization":
        return _authorization(value)
    return "-H " + quote(f"{name}: {value}" if value else f"{name};")


def command(request: Request) -> str:
    """The command that repeats `request`; a long body is left to the reader's own file."""
    lines = [f"curl -sS --globoff -X {quote(request.method)} {quote(request.url)}"]
    lines += [
        _header(name, value)
        for name, value in request.headers.items()
        if name.lower() not in _LEFT_TO_CURL or name.lower() == "authorization"
    ]
    if request.body:
        long = len(request.body) > LARGEST_BODY
        lines.append("--data-binary @request-body" if long else f"--data-raw {quote(request.body)}")
    return " \\\n  ".join(lines)


def caveat(request: Request) -> str | None:
    """Why the command cannot repeat the request to the letter, where it cannot."""
    written = request.url + (request.body or "") + "".join(request.headers.values())
    reasons = []
    if "[redacted" in written:
        reasons.append("a redacted secret has to be put back")
    if "\0" in written:
        reasons.append("a shell's word cannot hold the NUL of the request")
    if request.body and len(request.body) > LARGEST_BODY:
        reasons.append("the long body is in evidence.json: save it as request-body")
    return "; ".join(reasons) or None
