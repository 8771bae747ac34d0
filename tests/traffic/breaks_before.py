"""What breaks the rules on what comes before a charge: access, users, payment methods."""

from typing import Final

from tests.traffic.bench import CARD, EVSE, OTHER_CARD, Trace, refusal
from tests.traffic.ways import JWT, Way, ended, signed_up

BEFORE_BREAKS: Final[dict[str, dict[str, Way]]] = {
    "only-dev": {
        "another host": lambda: ended().call("users_list", url="https://staging.example.com/api/v1/users/"),
        "plain http to it": lambda: ended().call("users_list", url="http://dev.connect.cariqa.com/api/v1/users/"),
        "a host that was refused": lambda: ended().call("users_list", lost="ForbiddenTarget"),
        "production by its Host header": lambda: ended().get_user("u1", headers={"host": "connect.cariqa.com:443"}),
        "an address that is none": lambda: ended().call(None, url="http://[half/api/v1/"),
    },
    "bearer-token": {
        "no header": lambda: ended().get_user("u1", authorization=None, status=401),
        "another scheme": lambda: ended().get_user("u1", authorization="Token $CONNECT_API_KEY"),
        "another token": lambda: ended().get_user("u1", authorization="[redacted]", status=403),
        "the bare token": lambda: ended().get_user("u1", authorization="$CONNECT_API_KEY"),
        "the token twice": lambda: ended().get_user(
            "u1", authorization="Bearer $CONNECT_API_KEY, Bearer $CONNECT_API_KEY"
        ),
    },
    "token-in-header-only": {
        "in the query": lambda: ended().get_user("u1", query={"token": "$CONNECT_API_KEY"}),
        "another one in the query": lambda: ended().get_user("u1", query={"access_token": "[redacted-3]"}),
        "a JWT in the query": lambda: ended().get_user("u1", query={"q": JWT}),
        "in the body": lambda: ended().billing("u1", sent={"line1": "Weg 1", "note": "$CONNECT_API_KEY"}),
        "in a form": lambda: ended().billing(
            "u1", sent="token=$CONNECT_API_KEY", headers={"content-type": "application/x-www-form-urlencoded"}
        ),
        "hidden, in the body": lambda: ended().billing("u1", sent={"meta": [{"api-key": "[redacted-2]"}]}),
        "in another header": lambda: ended().get_user("u1", headers={"x-api-token": "$CONNECT_API_KEY"}),
        "hidden, in another header": lambda: ended().get_user("u1", headers={"X-API-Key": "[redacted]"}),
    },
    "user-created-once": {
        "created twice": lambda: Trace().create_user("u1", "driver-a").later(60).create_user("u2", "driver-a"),
        "created though the lookup showed it": lambda: (
            Trace().look_up("driver-a", ("u0", "driver-a")).create_user("u1", "driver-a")
        ),
        "again though another was deleted": lambda: (
            Trace().create_user("u1", "a").create_user("u9", "z").delete_user("u9").later(9).create_user("u2", "a")
        ),
        "deleted only afterwards": lambda: Trace().create_user("u1", "a").create_user("u2", "a").delete_user("u1"),
        "not deleted after all": lambda: (
            Trace().create_user("u1", "a").delete_user("u1", status=402).later(9).create_user("u2", "a")
        ),
        "created at every log-in": lambda: (
            Trace().create_user("u1", "a").create_user("u2", "b").later(9).create_user("u3", "a").create_user("u4", "b")
        ),
        "twice at a time": lambda: (
            Trace().create_user("u1", "driver-a", took=3).later(-2).create_user("u2", "driver-a")
        ),
        "the same e-mail address": lambda: (
            Trace()
            .create_user("u1", sent={"email": "a@example.com"})
            .later(60)
            .create_user("u2", sent={"email": "A@example.com"})
        ),
    },
    "user-looked-up": {
        "created again after a lost answer": lambda: (
            Trace().look_up("a").create_user("u1", "a", lost="ReadTimeout").later(5).create_user("u1", "a")
        ),
        "created again after a gateway's error": lambda: (
            Trace().create_user("u1", "a", status=502, answer="<html>").later(5).create_user("u1", "a")
        ),
        "created again after a 500": lambda: (
            Trace().create_user("u1", "a", status=500, answer={}).later(5).create_user("u1", "a")
        ),
        "looked up before, not since": lambda: (
            Trace().look_up("a").create_user("u1", "a", lost="ReadTimeout").later(5).create_user("u1", "a").look_up("a")
        ),
        "the lookup failed": lambda: (
            Trace().create_user("u1", "a", lost="ReadTimeout").look_up("a", status=500).later(5).create_user("u1", "a")
        ),
        "another one looked up": lambda: (
            Trace().create_user("u1", "a-1", lost="ReadTimeout").look_up("b-2").later(5).create_user("u1", "a-1")
        ),
    },
    "setup-intent-first": {
        "a method from nowhere": lambda: Trace().create_user("u1").methods("u1", CARD),
        "started without": lambda: Trace().create_user("u1").refused_start("u1", "payment_method_error"),
        "the intent afterwards": lambda: Trace().create_user("u1").methods("u1", CARD).setup_intent("u1"),
        "the intent was refused": lambda: Trace().create_user("u1").setup_intent("u1", status=404).methods("u1", CARD),
    },
    "no-card-data": {
        "a number": lambda: ended().billing("u1", sent={"line1": "4242 4242 4242 4242"}),
        "a number that is no test card": lambda: ended().billing("u1", sent={"card": {"number": "4539578763621486"}}),
        "a number that is no test card, anywhere": lambda: ended().billing("u1", sent={"line1": "4539-5787-6362-1486"}),
        "a test card as an id": lambda: ended().look_up("4242424242424242"),
        "a security code": lambda: ended().billing("u1", sent={"card": {"cvc": "123"}}),
        "an expiry date": lambda: ended().billing("u1", sent={"payment": [{"exp_month": 12, "exp_year": 2030}]}),
        "in a form": lambda: ended().billing(
            "u1",
            sent="card%5Bnumber%5D=5555555555554444&card%5Bcvc%5D=1",
            headers={"content-type": "application/x-www-form-urlencoded"},
        ),
        "in an address": lambda: ended().get_user("u1", query={"card": "378282246310005"}),
        "a number that the record hides": lambda: ended().billing("u1", sent={"line1": "card_number_[redacted-1]"}),
        "in a text that is no JSON": lambda: ended().billing("u1", sent="<card>6011111111111117</card>"),
    },
    "start-names-own": {
        "no payment method": lambda: signed_up().start(
            "u1", sent={"evse_id": EVSE}, status=400, answer=refusal("validation_error")
        ),
        "no payment method, of a user who has none": lambda: (
            Trace()
            .create_user("u1")
            .start("u1", sent={"evse_id": EVSE}, status=400, answer=refusal("validation_error"))
        ),
        "no EVSE": lambda: signed_up().start(
            "u1", sent={"payment_method_id": CARD}, status=400, answer=refusal("validation_error")
        ),
        "no body": lambda: signed_up().start("u1", sent=None, status=400, answer=refusal("validation_error")),
        "a station": lambda: signed_up().station().refused_start("u1", "validation_error", evse="station-1"),
        "another user's method": lambda: (
            Trace()
            .signed_up("u2", OTHER_CARD)
            .signed_up("u1")
            .refused_start("u1", "payment_method_error", card=OTHER_CARD)
        ),
    },
}
