"""Keys, prepared users, numbers, EVSE IDs and directories; and that no refusal shows a key."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from golive.settings import (
    NAMES,
    OPTIONS,
    Option,
    PreparedUser,
    Settings,
    SettingsError,
    describe,
    fingerprint,
    load_settings,
    values,
)
from tests.settings.conftest import LISTED, SIMULATOR, Load, Refused

DEV = {"--target": "dev"}
KEY = {"CONNECT_API_KEY": "token"}
CANARY = "kanarie-4fd1c86e0b7a92d35c"

# -- keys ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (f" {CANARY}", "white space"),
        (f"{CANARY}\n", "white space"),
        (f"{CANARY}\n{CANARY}", "cannot travel"),
        (f"{CANARY} {CANARY}", "cannot travel"),
        (f"{CANARY}\x07", "cannot travel"),
        (f"{CANARY}é", "cannot travel"),
        (f"{CANARY}\u200b", "cannot travel"),
        (f"Bearer {CANARY}", "Bearer"),
        (f"bearer\t{CANARY}", "Bearer"),
        (f"sk_live_{CANARY}", "sk_"),
        (f"Bearer rk_test_{CANARY}", "sk_"),
        (f"'pk_live_{CANARY}'", "sk_"),
    ],
)
def test_a_connect_key_that_cannot_be_sent_is_refused_unseen(key: str, says: str, refused: Refused) -> None:
    message = refused(DEV, env={"CONNECT_API_KEY": key})
    assert message.startswith("environment variable CONNECT_API_KEY: ")
    assert says in message
    assert "anarie" not in message


@of_hypothesis(deadline=None)
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60))
def test_nothing_is_decided_by_the_shape_of_a_connect_key(key: str) -> None:
    if key.lstrip("'\"").startswith(("sk_", "rk_", "pk_live_")):
        return
    settings = load_settings({"target": ("dev", "--target")}, {"CONNECT_API_KEY": key}, None, listed=LISTED)
    assert settings.key == SecretStr(key)


@pytest.mark.parametrize(
    "key", ["pk_live_x", "sk_test_x", "rk_live_x", "pk_test_", "pk_x", "token", " pk_test_x", "pk_test_é"]
)
def test_only_a_publishable_test_key_is_taken_for_stripe(key: str, refused: Refused) -> None:
    message = refused(DEV, env=KEY | {"STRIPE_PUBLISHABLE_KEY": key})
    assert message.startswith("environment variable STRIPE_PUBLISHABLE_KEY: ")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secret", ["sk_test_", "sk_live_", "rk_test_", "pk_live_"])
def test_a_stripe_secret_is_refused_in_any_setting(name: str, secret: str, refused: Refused) -> None:
    value = f"{secret}{CANARY}"
    for message in (
        refused(env={name: value}),
        refused(dotenv=f"{name}={value}\n"),
        refused(env={name: ""}, dotenv=f"{name}={value}\n"),
    ):
        assert "must never stand here" in message
        assert CANARY not in message


@pytest.mark.parametrize("value", ["https://sk_live_x@api.stripe.com", "https://api.stripe.com/?key=rk_test_x"])
def test_a_stripe_secret_is_found_within_a_value_too(value: str, refused: Refused) -> None:
    assert "must never stand here" in refused(env={"STRIPE_API_BASE": value})


@pytest.mark.parametrize("name", NAMES)
def test_no_refusal_shows_a_key_that_stands_in_the_wrong_place(name: str) -> None:
    for target in ("dev", "simulator", "http://127.0.0.1:1"):
        given = {"GOLIVE_TARGET": target} | KEY | {name: CANARY}
        said = ""
        try:
            load_settings({}, given, None, listed=LISTED, loopback_defaults=SIMULATOR)
        except SettingsError as refusal:
            said = str(refusal)
        assert CANARY not in said


def test_a_short_key_in_the_wrong_place_is_not_shown_either(refused: Refused) -> None:
    assert "token" not in refused({"--seed": "token"}, env=KEY)
    assert "toke" in refused({"--seed": "toke"})


def test_keys_are_masked_wherever_settings_are_printed(load: Load) -> None:
    settings = load(DEV, env={"CONNECT_API_KEY": CANARY, "STRIPE_PUBLISHABLE_KEY": f"pk_test_{CANARY}"})
    for text in (repr(settings), str(settings), str(describe(settings)), settings.model_dump_json()):
        assert CANARY not in text


def test_fingerprint_tells_keys_apart(load: Load) -> None:
    one, same, other = (load(DEV, env={"CONNECT_API_KEY": key}) for key in ("a", "a", "b"))
    assert one.key_fingerprint == same.key_fingerprint == fingerprint(SecretStr("a"))
    assert one.key_fingerprint != other.key_fingerprint
    assert one.key_fingerprint is not None
    assert len(one.key_fingerprint) == 12
    assert load().key_fingerprint is None


# -- prepared users ------------------------------------------------------------------------------------------


def test_prepared_users_are_read_in_order(load: Load) -> None:
    settings = load(DEV, env=KEY | {"CONNECT_USERS": "u-1:pm_1, 17:pm_2 ,"})
    assert settings.users == (
        PreparedUser(user_id="u-1", payment_method_id="pm_1"),
        PreparedUser(user_id="17", payment_method_id="pm_2"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("u1", "item 1 is not"),
        ("u1:pm_1,u2", "item 2 is not"),
        ("u1:pm_1,,u2:pm_2", "item 2 is not"),
        ("u1:", "item 1 is not"),
        (":pm_1", "item 1 is not"),
        ("u1:pm_1:x", "item 1 is not"),
        ("u1:pm_1;u2:pm_2", "item 1 is not"),
        ("u 1:pm_1", "item 1 is not"),
        ("../admin:pm_1", "item 1 is not"),
        ("pm_1:u1", "item 1 has the payment method first"),
        ("u1:pm_1,u2:pm_2,u1:pm_3", "item 3 names the same user as item 1"),
        ("u1:pm_1,u2:pm_1", "item 2 names the payment method of item 1"),
    ],
)
def test_a_prepared_user_that_cannot_be_read_is_named_by_its_place(text: str, says: str, refused: Refused) -> None:
    message = refused(DEV, env=KEY, dotenv=f"CONNECT_USERS={text}\n")
    assert message.startswith("CONNECT_USERS, .env line 1: ")
    assert says in message


# -- numbers and switches ------------------------------------------------------------------------------------

_SECONDS = [option for option in OPTIONS if "seconds" in option.expects]
_COUNTS = [option for option in OPTIONS if "whole number" in option.expects]


@pytest.mark.parametrize("option", _SECONDS, ids=lambda option: option.flag)
@pytest.mark.parametrize("text", ["", "x", "0", "-1", "nan", "inf", "-inf", "1e9", "1,5", "5s"])
def test_seconds_are_finite_and_within_range(option: Option, text: str, refused: Refused) -> None:
    message = refused({option.flag: text})
    assert message.startswith(f"{option.flag}: ")
    assert "give a number of seconds above 0" in message


@pytest.mark.parametrize("option", _COUNTS, ids=lambda option: option.flag)
@pytest.mark.parametrize("text", ["", "x", "-1", "0.5", "nan", str(2**63)])
def test_whole_numbers_are_within_range(option: Option, text: str, refused: Refused) -> None:
    message = refused({option.flag: text})
    assert message.startswith(f"{option.flag}: ")
    assert "give a whole number from " in message


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "nan", "inf", "1e9", "10/s"])
def test_a_rate_is_finite_and_within_range(text: str, refused: Refused) -> None:
    message = refused({"--max-rate": text})
    assert message.startswith("--max-rate: ")
    assert "give a number of requests per second from 0.1 to 1000" in message


def test_a_shared_target_is_asked_for_less_than_one_on_this_machine(load: Load) -> None:
    there, here = load(DEV, env=KEY), load({})
    assert (there.max_in_flight, there.max_rate) == (8, 10.0)
    assert (here.max_in_flight, here.max_rate) == (32, None)


def test_the_largest_seed_is_taken(load: Load) -> None:
    assert load({"--seed": str(2**63 - 1)}).seed == 2**63 - 1


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("false", False), ("no", False)]
)
def test_switches_are_read(text: str, value: bool, load: Load) -> None:
    settings = load(env={"GOLIVE_GATE": text, "GOLIVE_KEEP_USERS": text})
    assert (settings.gate, settings.keep_users) == (value, value)


def test_a_switch_that_is_neither_on_nor_off_is_refused(refused: Refused) -> None:
    message = refused(dotenv="\nGOLIVE_KEEP_USERS=maybe\n")
    assert message == ("GOLIVE_KEEP_USERS, .env line 2: 'maybe' cannot be used; give 1, 0, true, false, yes or no")


def test_waiting_times_fit_dev(load: Load) -> None:
    for target in ("dev", "https://api.example.org"):
        settings = load({"--target": target}, env=KEY)
        assert (settings.poll_interval, settings.start_timeout, settings.busy_patience) == (5, 120, 120)
        assert (settings.cdr_timeout, settings.invoice_timeout, settings.fuzz_examples) == (900, 300, 5)


@pytest.mark.parametrize("line", [{}, {"--target": "http://127.0.0.1:8400"}], ids=["simulator", "loopback"])
def test_waiting_times_are_tightened_on_this_machine(line: dict[str, str], load: Load) -> None:
    settings = load(line)
    assert (settings.poll_interval, settings.start_timeout, settings.busy_patience) == (0.05, 30, 2)
    assert (settings.cdr_timeout, settings.invoice_timeout, settings.fuzz_examples) == (60, 30, 25)
    assert settings.tick == 0.2


@of_hypothesis(deadline=None)
@given(st.floats(min_value=0.001, max_value=3600))
def test_waiting_times_leave_room_for_a_slow_tick(tick: float) -> None:
    settings = load_settings({"tick": (str(tick), "--tick")}, {}, None, listed=LISTED)
    assert settings.cdr_timeout >= 20 * tick + 10
    assert settings.invoice_timeout >= 20 * tick + 10
    assert 0 < settings.poll_interval <= max(tick, 0.02)


def test_a_given_waiting_time_is_not_tightened(load: Load) -> None:
    assert load({"--poll-interval": "9", "--tick": "2"}).poll_interval == 9


@pytest.mark.parametrize("target", ["dev", "http://127.0.0.1:8400"])
def test_only_the_embedded_simulator_has_a_tick(target: str, refused: Refused) -> None:
    assert refused({"--target": target, "--tick": "1"}, env=KEY).startswith("--tick: only the embedded simulator")


def test_each_run_without_a_seed_gets_its_own(load: Load) -> None:
    assert len({load().seed for _ in range(5)}) > 1


# -- EVSE IDs and directories --------------------------------------------------------------------------------


def test_evse_ids_are_taken_in_any_spelling_and_once(load: Load) -> None:
    given = ("DEQRMEF7GRC21", "de*qrm*ef7grc21", "DECIQEWBNHHLM82TLA1", "DE-2GO-EMCD1520-1B-3")
    assert load({"--evse": given}).evse == ("DEQRMEF7GRC21", LISTED[0], LISTED[2])
    assert load(env={"GOLIVE_EVSE": "deqrmef7grc21, DE*CIQ*EWBNHHLM82TLA*1"}).evse == ("DEQRMEF7GRC21", LISTED[0])
    assert load().evse == ()


@pytest.mark.parametrize("text", ["DE*CIQ*EWBNHHLM82TLA*2", "DE*CIQ", "x", ""])
def test_an_evse_id_that_is_not_listed_is_refused(text: str, refused: Refused) -> None:
    message = refused({"--evse": ("DEQRMEF7GRC21", text)})
    assert message.startswith("--evse: ")
    assert not text or repr(text) in message


def test_the_nearest_listed_evse_id_is_named(refused: Refused) -> None:
    assert refused({"--evse": "DE*CIQ*EWBNHHLM82TLA*2"}).endswith("the nearest is DE*CIQ*EWBNHHLM82TLA*1")


def test_a_report_directory_is_not_made_by_looking_at_it(load: Load, tmp_path: Path) -> None:
    wanted = tmp_path / "new" / "deep"
    before = sorted(tmp_path.iterdir())
    assert load({"--report-dir": str(wanted)}).report_dir == wanted
    assert load({"--report-dir": str(tmp_path)}).report_dir == tmp_path
    assert not wanted.parent.exists()
    assert sorted(path for path in tmp_path.iterdir() if path.name != ".env") == before


def test_a_report_directory_that_cannot_be_is_refused(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    bad = ["file", "file/below", "link", "link/below", "x" * 300, "a\0b"]
    for text in [*(str(tmp_path / name) for name in bad), "", " ", "~no-such-user-here/x"]:
        assert refused({"--report-dir": text}).startswith("--report-dir: ")

    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "cannot be written" in refused({"--report-dir": str(tmp_path / "new")})


# -- the contract --------------------------------------------------------------------------------------------


def test_the_contract_is_a_file_or_a_url(load: Load, tmp_path: Path) -> None:
    file = tmp_path / "openapi.yml"
    file.write_text("openapi: 3.0.3")
    assert load().openapi is None
    assert load({"--openapi": str(file)}).openapi == file
    url = "https://docs.example.org/openapi.json?format=yaml"
    assert load({"--openapi": f"{url}#top"}).openapi == url
    assert load({"--openapi": "http://127.0.0.1:8000/openapi.json"}).openapi == "http://127.0.0.1:8000/openapi.json"


def test_the_query_of_the_contracts_url_is_not_shown(load: Load) -> None:
    shown = describe(load({"--openapi": "https://docs.example.org/openapi.json?signature=abc"}))
    assert shown["openapi"] == "https://docs.example.org/openapi.json"
    assert "signature" not in str(shown)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "is empty"),
        ("nowhere.yml", "no file"),
        (".", "no file"),
        ("a\0b", "path"),
        ("~no-such-user-here/x", "path"),
        ("http://docs.example.org/openapi.json", "loopback"),
        ("https://connect.cariqa.com/openapi.json", "production host"),
        ("https://CONNECT.cariqa.com./openapi.json", "production host"),
        ("https://user:word@docs.example.org/openapi.json", "user name"),
        ("file:///openapi.yml", "scheme"),
        ("https:///openapi.yml", "host"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(given: str, says: str, refused: Refused) -> None:
    message = refused({"--openapi": given})
    assert message.startswith("--openapi: ")
    assert says in message


def test_a_contract_that_cannot_be_opened_is_refused(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "openapi.yml"
    file.write_text("openapi: 3.0.3")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "cannot be read" in refused({"--openapi": str(file)})


@pytest.mark.parametrize("key", [CANARY, f"{CANARY}/+"])
def test_no_key_travels_in_the_contracts_url(key: str, refused: Refused) -> None:
    for shown in (key, key.replace("/", "%2F").replace("+", "%2B")):
        message = refused({"--openapi": f"https://docs.example.org/?k={shown}"}, env={"CONNECT_API_KEY": key})
        assert "holds a key" in message
        assert "anarie" not in message


# -- the object ----------------------------------------------------------------------------------------------


def test_settings_are_frozen(load: Load) -> None:
    with pytest.raises(ValidationError):
        load().seed = 1  # type: ignore[misc]


def test_every_option_is_a_setting() -> None:
    assert {option.name for option in OPTIONS} <= set(Settings.model_fields)
    assert set(NAMES.values()) - {"api_domain", "key_command"} <= set(Settings.model_fields)


def test_evidence_shows_every_setting_that_is_no_secret(load: Load) -> None:
    shown = describe(load({"--seed": "7"}, env={"GOLIVE_GATE": "1"}))
    assert shown["seed"] == 7
    assert shown["given"] == {"gate": "environment variable GOLIVE_GATE", "seed": "--seed"}
    assert {option.name for option in OPTIONS} <= set(shown)


def test_every_refusal_is_one_line() -> None:
    assert str(SettingsError("a\nb\r\n  c")) == "a b c"


def test_a_listless_suite_has_no_evse_to_name() -> None:
    with pytest.raises(values.Wrong, match="not listed"):
        values.evse("DE*1", ())


# -- the dossier ---------------------------------------------------------------------------------------------


def test_the_dossier_is_a_file(load: Load, tmp_path: Path) -> None:
    file = tmp_path / "dossier.toml"
    file.write_text("")
    assert load().dossier is None
    assert load({"--dossier": str(file)}).dossier == file
    assert describe(load({"--dossier": str(file)}))["dossier"] == "dossier.toml"


@pytest.mark.parametrize(("given", "says"), [("", "is empty"), ("nowhere.toml", "no file"), (".", "no file")])
def test_a_dossier_that_cannot_be_is_refused(given: str, says: str, refused: Refused) -> None:
    message = refused({"--dossier": given})
    assert message.startswith("--dossier: ")
    assert says in message
    assert "python -m golive init" in message


# -- keys to be looked for -----------------------------------------------------------------------------------


def test_every_key_that_is_set_is_known_and_shown_nowhere(load: Load) -> None:
    settings = load(
        env={"CONNECT_API_KEY": "one-key"}, dotenv="CONNECT_API_KEY=two-key\nSTRIPE_PUBLISHABLE_KEY=pk_test_3\n"
    )
    assert {key.get_secret_value() for key in settings.given_keys} == {"one-key", "two-key", "pk_test_3"}
    assert settings.key is None
    assert not {"one-key", "two-key", "pk_test_3"} & set(re.findall(r"[\w-]+", f"{settings!r} {describe(settings)}"))
