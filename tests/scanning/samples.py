"""Made-up secrets, put together here so that no file of this project holds one, and ways to write them down."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(subject: str, header: Mapping[str, Any] | None = None, signature: str = "q8Zr_x-7LwBv4Nc2TgYh1KdPs9") -> str:
    """A token as Connect issues them, by its form."""
    return f"{part(header or {'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': subject, 'iss': 'nobody'})}.{signature}"


KEY = jwt("the key in use", signature="Kx-73_bQe9LmT0vYw2RzA5uHs8Jd")
OTHER = jwt("someone else")
OPAQUE = "7c1e0b94d2aa4f63b8d5" + "90fe11"
STRIPE = {kind: f"{kind}_51NvQ83kdA92jfKe03kdUw82" for kind in ("sk_live", "sk_test", "rk_live", "rk_test")}


def percent(text: str) -> str:
    """Every character escaped, as no library does and as any may."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(c):04x}" for c in text)


FORMS: Mapping[str, tuple[Callable[[str], str], str]] = {
    "plain": (str, "plain"),
    "base64": (lambda key: base64.b64encode(key.encode()).decode(), "base64"),
    "base64, one in": (lambda key: base64.b64encode(b"x" + key.encode() + b"yz").decode(), "base64"),
    "base64, two in": (lambda key: base64.b64encode(b"x:" + key.encode()).decode(), "base64"),
    "base64url": (lambda key: base64.urlsafe_b64encode(key.encode()).decode().rstrip("="), "base64"),
    "percent": (percent, "URL-encoded"),
    "percent twice": (lambda key: quote(percent(key), safe=""), "URL-encoded"),
    "JSON": (escaped, "JSON-escaped"),
    "JSON in JSON": (lambda key: escaped(key).replace("\\", "\\\\"), "JSON-escaped"),
    "HTML": (lambda key: "".join(f"&#{ord(c)};" for c in key), "HTML-escaped"),
    "hexadecimal": (lambda key: key.encode().hex(), "hexadecimal"),
}
"""Ways to write a key down, each with the name that a finding gives it."""

KEYS = st.one_of(
    st.builds(
        jwt,
        st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
        signature=st.text("ABCXYZabcxyz0189-_", min_size=20, max_size=43),
    ),
    st.text("ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789-_", min_size=20, max_size=60),
)
"""Keys as Cariqa issues them today, and others of which nothing is known but their length."""
