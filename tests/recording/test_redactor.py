"""What the redactor replaces, and what it leaves."""

import base64
import json
from urllib.parse import quote, urlencode

import pytest
from pydantic import SecretStr

from golive.recording import Redactor
from golive.traffic.rules.access import PARAMETERS

KEY = "canary/key+0123456789~abc"
PUBLISHABLE = "pk_test_canary9876543210"
INTENT = "seti_1Abc_secret_Xyz9876543210"
SECRETS: dict[str, SecretStr | str] = {"CONNECT_API_KEY": SecretStr(KEY), "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE}


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(SECRETS)


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        quote(KEY, safe=""),
        quote(quote(KEY, safe=""), safe=""),
        json.dumps(KEY)[1:-1].replace("/", "\\/"),
        "".join(f"\\u{ord(c):04x}" for c in KEY),
        "".join(f"&#{ord(c)};" for c in KEY),
        KEY.encode().hex(),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
        quote(base64.b64encode(KEY.encode()).decode(), safe=""),
    ],
    ids=["plain", "url", "url-twice", "json", "unicode", "html", "hex", "base64", "base64url", "base64-in-url"],
)
def test_a_secret_is_replaced_in_every_form(redactor: Redactor, form: str) -> None:
    assert redactor.text(f"before {form} after") in (
        "before $CONNECT_API_KEY after",
        "before $CONNECT_API_KEY= after",
        "before $CONNECT_API_KEY%3D after",
        "before $CONNECT_API_KEY== after",
        "before $CONNECT_API_KEY%3D%3D after",
    )


@pytest.mark.parametrize("around", [(b"", b""), (b"a", b"z"), (b"ab", b"yz"), (b"user:", b"\n")])
def test_a_secret_within_base64_is_replaced_at_every_alignment(redactor: Redactor, around: tuple[bytes, bytes]) -> None:
    text = base64.b64encode(around[0] + KEY.encode() + around[1]).decode()
    shown = redactor.text(text)
    assert "$CONNECT_API_KEY" in shown
    assert len(shown) < len(text)


def test_text_without_a_secret_is_left_alone(redactor: Redactor) -> None:
    text = '{"name": "Ladepark Süd", "url": "https://example.org/a%20b?x=1", "note": "50\\/50 \\u00e9 &amp; more"}'
    assert redactor.text(text) == text


def test_a_client_secret_keeps_its_intent_and_gets_a_number(redactor: Redactor) -> None:
    assert redactor.text(f'{{"x": "{INTENT}"}}') == '{"x": "seti_1Abc_secret_[redacted-1]"}'


def test_the_same_client_secret_has_the_same_number_in_every_form(redactor: Redactor) -> None:
    redactor.text("pi_other_secret_Other12345678")
    first = redactor.text(INTENT)
    assert first == "seti_1Abc_secret_[redacted-2]"
    assert redactor.text(urlencode({"client_secret": INTENT, "a": 1})) == f"client_secret={first}&a=1"
    assert redactor.text(f"see {quote(INTENT)}.") == f"see {first}."
    assert "[redacted-2]" in redactor.text(base64.b64encode(INTENT.encode()).decode())


def test_a_bare_secret_part_is_replaced_once_its_client_secret_is_known(redactor: Redactor) -> None:
    redactor.text(INTENT)
    assert redactor.text("token Xyz9876543210!") == "token [redacted-1]!"


@pytest.mark.parametrize(
    "body",
    [
        '{"client_secret": "opaque-value-1"}',
        '{"setup_intent_client_secret":"opaque-value-1"}',
        '{"payment_intent_client_secret" : "opaque-value-1"}',
        '{"secret": "opaque-value-1"}',
        '{"clientSecret": "opaque-value-1"}',
        "client_secret=opaque-value-1&x=1",
        "a=1&data[client_secret]=opaque-value-1",
        '"{\\"client_secret\\":\\"opaque-value-1\\"}"',
        '{"client_secret": "opaque-value-1',
    ],
)
def test_a_secret_field_is_replaced_and_learnt(redactor: Redactor, body: str) -> None:
    assert "opaque-value-1" not in redactor.text(body)
    assert redactor.text("elsewhere: opaque-value-1") == "elsewhere: [redacted-1]"


def test_a_short_value_of_a_secret_field_is_replaced_only_there(redactor: Redactor) -> None:
    assert redactor.text('{"secret": "de"}') == '{"secret": "[redacted-1]"}'
    assert redactor.text("country: de") == "country: de"


def test_private_keys_of_any_account_are_replaced(redactor: Redactor) -> None:
    assert "sk_live_51abcdefgh" not in redactor.text("found sk_live_51abcdefgh here")


def test_userinfo_of_a_url_is_replaced(redactor: Redactor) -> None:
    assert redactor.text("https://me:hidden@example.org/") == "https://[redacted]@example.org/"


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (f"Bearer {KEY}", "Bearer $CONNECT_API_KEY"),
        (f"bearer {KEY}", "bearer $CONNECT_API_KEY"),
        ("Basic " + base64.b64encode(f"{PUBLISHABLE}:".encode()).decode(), "Basic $STRIPE_PUBLISHABLE_KEY"),
        ("Bearer another-token", "[redacted]"),
        ("Basic !!!", "[redacted]"),
        (KEY, "[redacted]"),
        ("", "[redacted]"),
    ],
)
def test_authorization_shows_whose_key_it_was(redactor: Redactor, header: str, shown: str) -> None:
    assert redactor.headers({"Authorization": header}) == {"authorization": shown}


def test_an_altered_key_is_replaced_where_an_answer_repeats_it(redactor: Redactor) -> None:
    redactor.headers({"Authorization": f"Bearer {KEY[:-1]}X"})
    assert redactor.text(f"invalid token {KEY[:-1]}X") == "invalid token [redacted-1]"


def test_cookies_are_replaced_and_other_headers_searched(redactor: Redactor) -> None:
    shown = redactor.headers([("Set-Cookie", "a=b"), ("Location", f"/x?key={quote(KEY, safe='')}"), ("Vary", "a")])
    assert shown == {"set-cookie": "[redacted]", "location": "/x?key=$CONNECT_API_KEY", "vary": "a"}


def test_repeated_headers_are_joined(redactor: Redactor) -> None:
    assert redactor.headers([("Via", "a"), ("via", "b")]) == {"via": "a, b"}


def test_a_text_that_breaks_off_within_a_secret_loses_its_beginning(redactor: Redactor) -> None:
    assert redactor.text(f"begin {KEY[:12]}", cut_off=True) == "begin $CONNECT_API_KEY"
    assert redactor.text(f"begin {KEY[:12]}") == f"begin {KEY[:12]}"


def test_nothing_is_shown_by_its_repr(redactor: Redactor) -> None:
    redactor.text(INTENT)
    assert KEY not in repr(redactor) + str(redactor)


def test_a_placeholder_is_written_plainly_in_whatever_form_it_comes_back(redactor: Redactor) -> None:
    shown = redactor.text(INTENT)
    assert redactor.text(urlencode({"client_secret": shown})) == f"client_secret={shown}"


def test_without_secrets_nothing_is_replaced() -> None:
    assert Redactor({"CONNECT_API_KEY": ""}).text("plain") == "plain"


def test_a_secret_learnt_by_name_shows_its_label_and_takes_no_number() -> None:
    redactor = Redactor({"CONNECT_API_KEY": KEY})
    redactor.learn(altered := f"{KEY[:-1]}%", label="ALTERED_KEY")
    assert redactor.headers({"Authorization": f"Token {altered}"}) == {"authorization": "Token $ALTERED_KEY"}
    assert redactor.text(f"the key {altered} is unknown") == "the key $ALTERED_KEY is unknown"
    assert redactor.names_a_label("next=$ALTERED_KEY")
    redactor.learn("another secret of some length")
    assert redactor.text("another secret of some length") == "[redacted-1]"


@pytest.mark.parametrize(
    "shown",
    [
        "'x {all}'",
        "'Bearer {head}...'",
        "'...{tail}'",
        "'{head}...{tail}'",
        "b'{head}...{tail}' and {all}...{tail} end",
    ],
)
def test_a_secret_whose_middle_is_left_out_is_replaced_on_both_sides(shown: str) -> None:
    secret = "k3yOfTheP4rtnerAbcdef"
    masked = Redactor({"KEY": secret}).shortened(shown.format(all=secret, head=secret[:9], tail=secret[-6:]))
    assert not any(secret[n : n + 4] in masked for n in range(len(secret) - 3)), masked
    assert len(masked.replace("$KEY", "")) == len(shown.format(all="", head="", tail=""))


def test_program_text_in_a_traceback_is_not_learnt_as_a_secret() -> None:
    redactor = Redactor({})
    redactor.shortened("client_secret=intent.client_secret,")
    assert redactor.text("it reads intent.client_secret, there") == "it reads intent.client_secret, there"


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJlbnYiOiJwcm9kIn0.c2lnbmF0dXJlLWNhbmFyeQ"


@pytest.mark.parametrize("around", ["{}", '{{"t": "{}"}}', "?q={}&b=1", "see {}.", "'{}'"])
def test_a_token_that_nobody_told_of_is_replaced_by_its_shape(around: str) -> None:
    redactor = Redactor({"CONNECT_API_KEY": "eyJhbGciOiJIUzI1NiJ9.eyJlbnYiOiJkZXYifQ.b3VyLW93bi1zaWduYXR1cmU"})
    shown = redactor.text(around.format(JWT))
    assert shown == around.format("jwt_[redacted-1]")
    assert redactor.text(shown) == shown


def test_the_known_token_keeps_its_name() -> None:
    assert Redactor({"CONNECT_API_KEY": JWT}).text(f"a={JWT}&b={JWT}-x") == "a=$CONNECT_API_KEY&b=$CONNECT_API_KEY-x"


@pytest.mark.parametrize("text", ["eyJust.a.name", "eyJhbGciOiJIUzI1NiJ9", "xeyJhbGciOiJI.eyJlbnYiOiJ.c2lnbmF0dXJl"])
def test_what_is_no_token_stays(text: str) -> None:
    assert Redactor({}).text(text) == text


@pytest.mark.parametrize("name", sorted(PARAMETERS))
@pytest.mark.parametrize("before", ["/api/v1/users/?", "https://connect.example/users/?page=2&"])
def test_a_token_of_another_environment_is_replaced_where_an_address_names_one(name: str, before: str) -> None:
    redactor = Redactor(SECRETS)
    for spelt in (name, name.replace("_", "-"), name.upper()):
        shown = redactor.text(f"{before}{spelt}=opaque-4f3a9c1b&page_size=5")
        assert shown == f"{before}{spelt}=[redacted-1]&page_size=5"
        assert redactor.text(shown) == shown
    assert redactor.text("it was opaque-4f3a9c1b") == "it was [redacted-1]"


def test_the_known_key_keeps_its_name_in_an_address() -> None:
    redactor = Redactor({"CONNECT_API_KEY": "plainkey01234567"})
    assert redactor.text("/users/?token=plainkey01234567&x=1") == "/users/?token=$CONNECT_API_KEY&x=1"


@pytest.mark.parametrize("text", ["/users/?key=short", "/stations/?monkey=123456789", "key=0123456789 in it", "?key="])
def test_what_is_no_token_in_an_address_stays(text: str) -> None:
    assert Redactor(SECRETS).text(text) == text
