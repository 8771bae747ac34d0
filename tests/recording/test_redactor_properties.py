"""Whatever a secret is made of and however it is written, it does not come through."""

import base64
import json
import string
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from golive.recording import Redactor

# Letters that no surrounding text has, so that what is left of a secret can only be the secret.
ALPHABET = string.ascii_letters + string.digits + "-._~+/=!$*'(),:;@%&\"\\ <>"
secrets = st.text(ALPHABET, min_size=10, max_size=60).filter(lambda s: s.strip() == s and "redacted" not in s)
surroundings = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)


def every_other(secret: str, escape: Callable[[str], str]) -> str:
    return "".join(escape(c) if i % 2 else c for i, c in enumerate(secret))


FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "url": lambda s: quote(s, safe=""),
    "form": quote_plus,
    "url twice": lambda s: quote(quote(s, safe=""), safe=""),
    "url in lower case": lambda s: "".join(f"%{ord(c):02x}" for c in s),
    "json": lambda s: json.dumps(s)[1:-1],
    "json slashes": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "json in json": lambda s: json.dumps(json.dumps(s))[1:-1],
    "unicode escapes": lambda s: "".join(f"\\u{ord(c):04X}" for c in s),
    "some unicode escapes": lambda s: every_other(
        s.replace("\\", "\\\\").replace('"', '\\"'), lambda c: c if c in '\\"' else f"\\u{ord(c):04x}"
    ),
    "hex": lambda s: s.encode().hex(),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64 after one byte": lambda s: base64.b64encode(b"x" + s.encode() + b"yy").decode(),
    "base64 after two bytes": lambda s: base64.b64encode(b"xx" + s.encode() + b"y").decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "base64 in a url": lambda s: quote(base64.b64encode(b"u:" + s.encode()).decode(), safe=""),
    "base64 in json": lambda s: base64.b64encode(s.encode()).decode().replace("/", "\\/"),
}
forms = st.sampled_from(sorted(FORMS))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(secret=secrets, form=forms, before=surroundings, after=surroundings)
@example(secret='000000"%00', form="json", before="", after="")
@example(secret='000000"%00', form="json in json", before="", after="")
def test_no_form_of_a_known_secret_comes_through(secret: str, form: str, before: str, after: str) -> None:
    written = FORMS[form](secret)
    shown = Redactor({"KEY": secret}).text(f"{before} {written} {after}")
    assert "$KEY" in shown
    assert written not in shown.replace("$KEY", "\x00")
    assert secret not in shown.replace("$KEY", "\x00")


@settings(max_examples=100, deadline=None)
@given(secret=secrets, form=forms, text=surroundings)
def test_redacting_twice_is_redacting_once(secret: str, form: str, text: str) -> None:
    redactor = Redactor({"KEY": secret})
    once = redactor.text(f"{text} {FORMS[form](secret)} {text}")
    assert redactor.text(once) == once


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_text_without_secrets_comes_through_unchanged(text: str) -> None:
    redactor = Redactor({"KEY": "\ue000a secret of the private use area\ue000"})
    shown = redactor.text(text)
    assert shown == text or "redacted" in shown


CLIENT = st.builds(
    "{}_{}_secret_{}".format,
    st.sampled_from(["seti", "pi"]),
    st.text(string.ascii_letters + string.digits, min_size=4, max_size=24),
    st.text(string.ascii_letters + string.digits, min_size=8, max_size=30),
)


@settings(max_examples=100, deadline=None)
@given(client=st.lists(CLIENT, min_size=1, max_size=4, unique_by=lambda s: s.rpartition("_")[2]), form=forms)
def test_a_client_secret_has_one_number_for_good(client: list[str], form: str) -> None:
    redactor = Redactor({})
    first = [redactor.text(secret) for secret in client]
    for secret, shown in zip(client, first, strict=True):
        assert shown.partition("_secret_")[0] == secret.partition("_secret_")[0]
        number = shown[shown.index("[redacted-") :]
        later = redactor.text(f"<{FORMS[form](secret)}>")
        assert number in later
        assert secret not in later
        assert number in redactor.text(f"bare {secret.partition('_secret_')[2]} here")
    assert len(set(first)) == len(client)


@settings(max_examples=100, deadline=None)
@given(secret=secrets, data=st.data())
def test_a_text_cut_within_a_secret_shows_at_most_three_characters_of_it(secret: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(4, len(secret)))
    shown = Redactor({"KEY": secret}).text(f"~ {secret[:length]}", cut_off=True)
    assert shown == "~ $KEY"
