"""Where requests go, and with which keys."""

import pytest

from golive.guard import DEV_URL
from golive.settings import STRIPE_URL
from tests.settings.conftest import Load, Refused

KEY = {"CONNECT_API_KEY": "token"}


@pytest.mark.parametrize(
    ("target", "kind", "url"),
    [
        ("simulator", "simulator", None),
        ("SIMULATOR", "simulator", None),
        ("dev", "dev", DEV_URL),
        ("DEV", "dev", DEV_URL),
        ("https://dev.connect.cariqa.com", "dev", DEV_URL),
        ("https://DEV.connect.cariqa.com.:443/api/v1/", "dev", DEV_URL),
        ("https://dev.connect.cariqa.com:8443", "url", f"{DEV_URL}:8443"),
        ("https://dev.connect.cariqa.com/prefix", "url", f"{DEV_URL}/prefix"),
        ("https://api.example.org/", "url", "https://api.example.org"),
        ("https://api.example.org/connect/api/v1", "url", "https://api.example.org/connect"),
        ("http://127.0.0.1:8400/api/v1/", "url", "http://127.0.0.1:8400"),
        ("http://[::1]:8400", "url", "http://[::1]:8400"),
    ],
)
def test_target_is_one_of_three_kinds(target: str, kind: str, url: str | None, load: Load) -> None:
    settings = load({"--target": target}, env=KEY)
    assert (settings.target.kind, settings.target.url) == (kind, url)
    assert settings.target.rehearsal is (kind != "dev")


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("simulater", "use simulator"),
        ("develop", "neither simulator, dev nor a URL"),
        ("", "is empty"),
        ("prod", "production"),
        ("Production", "production"),
        ("https://CONNECT.cariqa.com.:443", "production host"),
        ("connect.cariqa.com/api/v1", "production host"),
        ("https://dev.connect.cariqa.com@connect.cariqa.com", "production host"),
        ("http://api.example.org", "plain http"),
        ("api.example.org", "https://HOST"),
        ("https://user:hunter2@api.example.org", "user name or password"),
        ("https://api.example.org?x=hunter2", "query"),
        ("https://api.example.org/#", "query or fragment"),
    ],
)
def test_a_target_that_cannot_be_used_is_refused(target: str, says: str, refused: Refused) -> None:
    message = refused({"--target": target}, env=KEY)
    assert message.startswith("--target: ")
    assert says in message
    assert "hunter2" not in message


def test_a_refused_target_is_named_by_its_place(refused: Refused) -> None:
    message = refused(env={"GOLIVE_TARGET": "http://api.example.org"})
    assert message.startswith("environment variable GOLIVE_TARGET: plain http")


@pytest.mark.parametrize(
    "domain",
    [
        "dev.connect.cariqa.com",
        "dev.connect.cariqa.com/",
        "dev.connect.cariqa.com/api/v1",
        "https://dev.connect.cariqa.com/api/v1/",
        "DEV.connect.cariqa.com.",
    ],
)
def test_the_playgrounds_domain_is_what_dev_means(domain: str, load: Load) -> None:
    assert load({"--target": "dev"}, env=KEY | {"CONNECT_API_DOMAIN": domain}).target.url == DEV_URL


@pytest.mark.parametrize("domain", ["staging.example.org/api/v1", "https://staging.example.org", "canary"])
def test_another_domain_contradicts_the_target_dev(domain: str, load: Load, refused: Refused) -> None:
    message = refused({"--target": "dev"}, env=KEY, dotenv=f"CONNECT_API_DOMAIN={domain}\n")
    assert message.startswith("CONNECT_API_DOMAIN, .env line 1: names another host")
    assert "--target https://HOST" in message
    assert "canary" not in message
    assert load(dotenv=f"CONNECT_API_DOMAIN={domain}\n").target.kind == "simulator"


def test_a_domain_on_this_machine_is_told_its_target(refused: Refused) -> None:
    message = refused({"--target": "dev"}, env=KEY | {"CONNECT_API_DOMAIN": "127.0.0.1:8400/api/v1"})
    assert "--target http://127.0.0.1:8400 " in message


def test_a_url_on_the_command_line_wins_over_the_domain(load: Load) -> None:
    settings = load({"--target": "https://api.example.org"}, env=KEY, dotenv="CONNECT_API_DOMAIN=other.example\n")
    assert settings.target.url == "https://api.example.org"


@pytest.mark.parametrize("name", ["CONNECT_API_DOMAIN", "GOLIVE_TARGET", "STRIPE_API_BASE"])
@pytest.mark.parametrize("target", ["simulator", "dev", "https://api.example.org"])
def test_production_is_refused_wherever_it_stands_and_whatever_overrides_it(
    name: str, target: str, refused: Refused
) -> None:
    dotenv = f"{name}=https://connect.cariqa.com/api/v1\n"
    message = refused({"--target": target}, env=KEY | {name: "dev"}, dotenv=dotenv)
    assert message.startswith(f"{name}, .env line 1: names the production host")


# -- keys and Stripe -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["dev", "https://api.example.org"])
def test_a_missing_key_is_one_line_that_names_it(target: str, refused: Refused) -> None:
    assert refused({"--target": target}).startswith("CONNECT_API_KEY: is not set")


def test_the_simulator_takes_nothing_that_belongs_to_dev(load: Load) -> None:
    settings = load(
        dotenv=(
            "CONNECT_API_DOMAIN=dev.connect.cariqa.com\nCONNECT_API_KEY=real-key\n"
            "STRIPE_PUBLISHABLE_KEY=pk_test_real\nSTRIPE_API_BASE=https://api.stripe.com\n"
            "CONNECT_USERS=real-user:pm_real\n"
        )
    )
    assert settings.target.kind == "simulator"
    assert settings.key is None
    assert settings.publishable_key is None
    assert settings.stripe_api_base is None
    assert settings.users == ()
    assert "real" not in settings.model_dump_json()


def test_loopback_falls_back_to_the_simulators_keys_and_address(load: Load) -> None:
    settings = load({"--target": "http://127.0.0.1:8400/prefix/api/v1"})
    assert settings.key is not None
    assert settings.key.get_secret_value() == "simulator-key"
    assert settings.publishable_key is not None
    assert settings.publishable_key.get_secret_value() == "pk_test_simulator"
    assert settings.stripe_api_base == "http://127.0.0.1:8400"
    assert settings.place("key") == "default"


def test_loopback_takes_what_is_given_instead(load: Load) -> None:
    settings = load(
        {"--target": "http://localhost:8400"},
        env=KEY | {"STRIPE_PUBLISHABLE_KEY": "pk_test_own", "STRIPE_API_BASE": "http://localhost:8420/v1/"},
    )
    assert settings.key is not None
    assert settings.key.get_secret_value() == "token"
    assert settings.publishable_key is not None
    assert settings.publishable_key.get_secret_value() == "pk_test_own"
    assert settings.stripe_api_base == "http://localhost:8420"


def test_prepared_users_on_loopback_mean_that_there_is_no_stripe_key(load: Load) -> None:
    settings = load({"--target": "http://localhost:8400"}, env={"CONNECT_USERS": "u1:pm_1"})
    assert settings.publishable_key is None
    assert len(settings.users) == 1


def test_dev_pays_at_stripe_unless_told_otherwise(load: Load, refused: Refused) -> None:
    assert load({"--target": "dev"}, env=KEY).stripe_api_base == STRIPE_URL
    own = KEY | {"STRIPE_API_BASE": "https://stripe.example.org/v1/"}
    assert load({"--target": "dev"}, env=own).stripe_api_base == "https://stripe.example.org"
    message = refused({"--target": "dev"}, env=KEY | {"STRIPE_API_BASE": "http://stripe.example.org"})
    assert message.startswith("environment variable STRIPE_API_BASE: plain http")


def test_the_embedded_simulator_is_attached_once_it_runs(load: Load) -> None:
    settings = load({"--seed": "5"})
    other = load({"--target": "http://127.0.0.1:1"})
    assert other.key is not None
    assert other.publishable_key is not None

    attached = settings.attached("http://127.0.0.1:1", key=other.key, publishable_key=other.publishable_key)

    assert attached.target.kind == "simulator"
    assert attached.target.url == attached.stripe_api_base == "http://127.0.0.1:1"
    assert attached.key_fingerprint == other.key_fingerprint
    assert (settings.target.url, attached.seed) == (None, 5)
