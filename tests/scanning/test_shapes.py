"""Secrets that are known by their shape, and all that only looks like one."""

import json
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.scanning import shapes
from golive.scanning.kinds import Kind
from golive.scanning.placeholders import is_placeholder
from tests.scanning.samples import KEYS, OPAQUE, OTHER, STRIPE, jwt, part
from tests.scanning.test_key import found

PLANTED = {
    "a token in code": (f"const token = '{OTHER}'", Kind.TOKEN),
    "a token in an URL": (f"https://x.example/?token={OTHER}&x=1", Kind.TOKEN),
    "a token in a file of its own": (OTHER, Kind.TOKEN),
    "a token without a type": (jwt("x", {"alg": "RS256", "kid": "1"}), Kind.TOKEN),
    "a secret key": (f"stripe.api_key = '{STRIPE['sk_test']}'", Kind.STRIPE_TEST),
    "a restricted key": (f"STRIPE={STRIPE['rk_test']}", Kind.STRIPE_TEST),
    "a live secret key": (f"{{key:{STRIPE['sk_live']}}}", Kind.STRIPE_LIVE),
    "a live restricted key": (STRIPE["rk_live"], Kind.STRIPE_LIVE),
    "a header in JSON": (f'{{"Authorization": "Bearer {OPAQUE}"}}', Kind.BEARER),
    "a header in JavaScript": (f"headers:{{authorization:`Bearer {OPAQUE}`}}", Kind.BEARER),
    "a header in Python": (f"headers['Authorization'] = f'Bearer {OPAQUE}'", Kind.BEARER),
    "a header of a call": (f'xhr.setRequestHeader("Authorization","Bearer {OPAQUE}")', Kind.BEARER),
    "a header of curl": (f"curl -H 'Authorization: Bearer {OPAQUE}' https://x.example", Kind.BEARER),
    "a header in YAML": (f"Authorization: Bearer {OPAQUE}", Kind.BEARER),
    "a header in capitals": (f"AUTHORIZATION: BEARER {OPAQUE}", Kind.BEARER),
    "a header put together": (f"authorization: 'Bearer ' + '{OPAQUE}'", Kind.BEARER),
    "a header kept apart": (f'const AUTH = "Bearer {OPAQUE}";', Kind.BEARER),
    "a header in a string of a source map": (json.dumps(f'x({{"Authorization": "Bearer {OPAQUE}"}})'), Kind.BEARER),
    "a header in JSON in JSON": (json.dumps(json.dumps({"Authorization": f"Bearer {OPAQUE}"})), Kind.BEARER),
    "a token behind an escaped line break": (json.dumps(f"x\n{OTHER}"), Kind.TOKEN),
}

LOOK_ALIKES = {
    # a value that is put in later
    "shell": "curl -H 'Authorization: Bearer $CONNECT_API_KEY' https://x.example",
    "shell, braces": 'curl -H "Authorization: Bearer ${CONNECT_API_KEY:?is not set}"',
    "template literal": "headers: { authorization: `Bearer ${token}` }",
    "template literal, call": "headers: { Authorization: `Bearer ${await getAccessToken1234567890()}` }",
    "f-string": "headers = {'Authorization': f'Bearer {os.environ[\"CONNECT_API_KEY\"]}'}",
    "format": '"Authorization": "Bearer {}".format(settings.CONNECT_API_KEY_2)',
    "percent": "'Authorization': 'Bearer %s' % token_1234567890123",
    "plus": "'Authorization': 'Bearer ' + process.env.CONNECT_API_KEY_2",
    "Mustache": "Authorization: Bearer {{token}}",
    "Actions": "Authorization: Bearer ${{ secrets.CONNECT_DEV_KEY }}",
    "angle brackets": '"Authorization": "Bearer <token>"',
    "angle brackets in HTML": "<code>Authorization: Bearer &lt;YOUR_TOKEN_1234567890&gt;</code>",
    "ERB": "Authorization: Bearer <%= ENV['CONNECT_API_KEY'] %>",
    "Ruby": '"Authorization" => "Bearer #{ENV.fetch(\'CONNECT_API_KEY\')}"',
    "Go": 'req.Header.Set("Authorization", "Bearer "+os.Getenv("CONNECT_API_KEY_2"))',
    "Kotlin": 'header("Authorization", "Bearer $token")',
    "Swift": 'request.setValue("Bearer \\(token)", forHTTPHeaderField: "Authorization")',
    "PHP": "'Authorization' => 'Bearer ' . getenv('CONNECT_API_KEY_12345678')",
    "unquoted variable": "Authorization: Bearer process.env.CONNECT_API_KEY_2",
    "Vite": "authorization: 'Bearer ' + import.meta.env.VITE_CONNECT_API_KEY_2",
    # documentation
    "dots": "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6...",
    "words": "Authorization: Bearer your-connect-api-token-1",
    "capitals": "Authorization: Bearer YOUR_CONNECT_API_KEY_1",
    "crosses": "Authorization: Bearer xxxxxxxxxxxxxxxxxxxxxxxxxx",
    "stars": "Authorization: Bearer **************************",
    "alphabet": "Authorization: Bearer abcdefghijklmnopqrstuvwxyz",
    "alphabet and figures": "Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789",
    "a pattern": "Authorization: Bearer a0a0a0a0a0a0a0a0a0a0a0a0",
    "nothing but figures": "Authorization: Bearer 82736455910928374655",
    "a constant": "Authorization: Bearer PARTNER_OUTBOUND_V2",
    "a call": "Authorization: Bearer retrieved7f2c9d81b64a(request)",
    "figures": "Authorization: Bearer 01234567890123456789",
    "prose": "Each request carries `Authorization: Bearer` and the key; authorization: bearer-authentication-scheme.",
    "short": 'Authorization: "Bearer abc123"',
    "scheme": '{"scheme": "bearer", "bearerFormat": "JWT"}',
    "Stripe's sample": "sk_" + "test_xxxxxxxxxxxxxxxxxxxxxxxx",
    "Stripe's zeroes": "sk_" + "live_000000000000000000000000",
    "Stripe's words": "sk_" + "test_yourSecretKeyGoesHere",
    "Stripe's prefix": "if key.startswith(('sk_" + "live_', 'rk_" + "live_')):",
    "Stripe's publishable key": "pk_" + "test_51NvQ83kdA92jfKe03kdUw82",
    "a word": "task_" + "test_51NvQ83kdA92jfKe03kdUw82",
    # other things that look random
    "SHA-256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "git": "commit 89e3c9951fe4a0b6c2d7e8f90a1b2c3d4e5f6071",
    "integrity": "sha512-rmZfNGYhVGYyTYkZQSfTYVzVWhnIpvQy4Fj7WdOIRqzu5RQNT1Xn0BgrTh5lV2Rk0oJc1kzN0Q1m2FQ==",
    "UUID": "6f1c2d3e-4b5a-4978-8695-a4b3c2d1e0f1",
    "data": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "a name with dots": "com.example.connect.charging.SessionController",
    "a name that begins as a token does": "eyJournal.controller.initialise_everything()",
    "minified": '!function(e,t){"object"==typeof exports?t(exports):t(e.eyJ={})}(this,function(e){e.bearer="x"});',
    "a JSON value in base64": part({"version": 3, "sources": ["a.js", "b.js", "c.js"]}),
    "three of them": ".".join([part({"a": 1})] * 3),
    "no algorithm": jwt("x", {"typ": "JWT", "kid": "1"}),
    "an algorithm that is none": jwt("x", {"alg": 5}),
    "a content that is none": f"{part({'alg': 'HS256'})}.bm90IEpTT04.{'q8Zr_x-7LwBv4Nc2TgYh1KdPs9'}",
    "a header that is no object": f"{part(['alg', 'HS256', 'x'])}.{part({})}.q8Zr_x-7LwBv4Nc2TgYh1KdPs9",
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_secret_is_found_by_its_shape(case: str) -> None:
    text, kind = PLANTED[case]
    assert [(line, found_kind) for line, found_kind, _ in found(f"\n{text}\n", key=None)] == [(2, kind)]


@pytest.mark.parametrize("case", LOOK_ALIKES)
def test_what_only_looks_like_a_secret_is_left_alone(case: str) -> None:
    assert found(LOOK_ALIKES[case]) == []


@given(token=KEYS.filter(lambda key: any(c.isdigit() for c in key)))
@settings(max_examples=100, deadline=None)
def test_a_literal_in_a_header_is_found_whatever_it_is(token: str) -> None:
    assert len(found(f'"Authorization": "Bearer {token}"', key=None)) == (0 if is_placeholder(token) else 1)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_is_too_strange(text: str) -> None:
    for begin, end, _ in shapes.shapes_in(text + "eyJk_live_earer"):
        assert 0 <= begin < end <= len(text)


def test_each_detector_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the scanner's word neither a token nor a live key is one."""

    class Silent:
        def analyze_string(self, _string: str) -> list[str]:
            return []

    for detector in ("_jwt_detector", "_stripe_detector"):
        monkeypatch.setattr(shapes, detector, Silent)
    assert found(OTHER, key=None) == found(STRIPE["rk_live"], key=None) == []
    assert found(STRIPE["rk_test"], key=None)


def test_nothing_that_is_found_is_sent_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secret scanners offer to try a key out at its issuer's."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert len(found("\n".join(text for text, _ in PLANTED.values()), key=None)) == len(PLANTED)


def test_a_token_nested_beyond_reason_is_none() -> None:
    deep = part({"alg": "HS256"}) + "." + part("x").replace("Ing", "W1tb") * 20_000 + ".q8Zr_x-7LwBv4Nc2TgYh1KdPs9"
    assert found(deep, key=None) == []
