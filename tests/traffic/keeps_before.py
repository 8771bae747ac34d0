"""The look-alikes for the rules on what comes before a charge: access, users, payment methods."""

from typing import Final

from tests.traffic.bench import CARD, EVSE, OTHER_CARD, Trace, refusal
from tests.traffic.ways import Way, ended, signed_up

BEFORE_KEEPS: Final[dict[str, dict[str, Way]]] = {
    "only-dev": {
        "the host's own port": lambda: ended().get_user("u1", headers={"host": "dev.connect.cariqa.com"}),
        "the gateway as the host": lambda: ended().get_user("u1", headers={"host": "127.0.0.1:8500"}),
        "the API refuses": lambda: ended().get_user("u1", status=404),
    },
    "bearer-token": {
        "the scheme in lower case": lambda: ended().get_user("u1", authorization="bearer $CONNECT_API_KEY"),
        "the right token is refused": lambda: ended().get_user("u1", status=403, answer={"detail": "no"}),
    },
    "token-in-header-only": {
        "a word in the query": lambda: ended().look_up("token of a user"),
        "a publishable key in a body": lambda: ended().billing("u1", sent={"note": "$STRIPE_PUBLISHABLE_KEY"}),
        "a member of that name that holds no secret": lambda: ended().billing("u1", sent={"token": "none"}),
        "something hidden that is no token": lambda: ended().billing("u1", sent={"note": "[redacted-1]"}),
        "a dotted name": lambda: ended().look_up("eyJust.a.name"),
    },
    "user-created-once": {
        "many users": lambda: Trace().create_user("u1", "a").create_user("u2", "b").create_user("u3", "c"),
        "again after a refusal": lambda: (
            Trace()
            .create_user("u1", "a", status=400, answer=refusal("validation_error"))
            .later(20)
            .create_user("u1", "a")
        ),
        "again after it was deleted": lambda: (
            Trace().create_user("u1", "a").later(9).delete_user("u1").later(9).create_user("u2", "a")
        ),
        "looked up afterwards": lambda: Trace().create_user("u1", "a").look_up("a", ("u1", "a")),
        "shown by a lookup, then deleted": lambda: (
            Trace().look_up("a", ("u0", "a")).delete_user("u0").create_user("u1", "a")
        ),
        "after a lookup that found a similar one": lambda: (
            Trace().look_up("driver-1", ("u0", "driver-10")).create_user("u1", "driver-1")
        ),
        "without any external id": lambda: (
            Trace().create_user("u1", sent={"locale": "en"}).create_user("u2", sent={"locale": "en"})
        ),
        "after the answer was lost, when the lookup found nothing": lambda: (
            Trace().create_user("u1", "a", lost="ReadTimeout").look_up("a").create_user("u1", "a")
        ),
    },
    "user-looked-up": {
        "after a lost answer": lambda: (
            Trace().create_user("u1", "a", lost="ReadTimeout").later(2).look_up("a").create_user("u1", "a")
        ),
        "all users listed": lambda: (
            Trace().create_user("u1", "a", lost="ReadTimeout").call("users_list", answer=[]).create_user("u1", "a")
        ),
        "all users listed, page by page": lambda: (
            Trace()
            .create_user("u1", "a", lost="ReadTimeout")
            .call("users_list", query={"page_size": "100"}, answer=[])
            .create_user("u1", "a")
        ),
        "a clear refusal": lambda: (
            Trace().look_up("a").create_user("u1", "a", status=400, answer={}).later(9).create_user("u1", "a")
        ),
        "by id": lambda: Trace().create_user("u1").get_user("u1"),
    },
    "setup-intent-first": {
        "in order": lambda: signed_up(),
        "a second card": lambda: Trace().signed_up("u1", CARD, OTHER_CARD),
        "a user from before": lambda: signed_up().methods("u0", "pm_old1").start("u0", card="pm_old1").read("u0"),
        "an empty list first": lambda: Trace().create_user("u1").methods("u1").setup_intent("u1").methods("u1", CARD),
    },
    "no-card-data": {
        "a number as an external id": lambda: Trace().create_user("u1", "4539578763621486"),
        "a number that is searched for": lambda: signed_up().look_up("4539578763621486"),
        "a long number in the path": lambda: signed_up().get_user("4539578763621486"),
        "a wrong check digit": lambda: ended().billing("u1", sent={"line1": "4539578763621487"}),
        "a check digit by chance, and no card's first digits": lambda: ended().billing(
            "u1", sent={"line1": "9000000000000001", "note": "1772445600003"}
        ),
        "a house number": lambda: ended().billing("u1", sent={"number": "12", "vat_id": "DE123456789"}),
        "a time in milliseconds": lambda: ended().get_user("u1", query={"_": "1772445600000"}),
        "card data in an answer": lambda: ended().methods(
            "u1", answer={"results": [{"id": CARD, "card": {"last4": "4242", "expiration_date": "12/30"}}]}
        ),
        "an empty field": lambda: ended().billing("u1", sent={"cvc": None, "expiry": ""}),
        "a telephone number": lambda: ended().billing("u1", sent={"line1": "+49 30 1234567890123"}),
        "a mobile number with a check digit by chance": lambda: (
            ended().billing("u1", sent={"phone": "4917612345679"}).billing("u1", sent={"phone": "+4539578763621486"})
        ),
        "a number as an external id, hidden in the record": lambda: Trace().create_user(
            "u1", "card_number_[redacted-1]"
        ),
    },
    "start-names-own": {
        "never listed, accepted": lambda: Trace().create_user("u1").setup_intent("u1").start("u1").read("u1"),
        "the second card": lambda: Trace().signed_up("u1", CARD, OTHER_CARD).start("u1", card=OTHER_CARD).read("u1"),
        "an EVSE whose station has its id": lambda: (
            signed_up().station(answer={"id": EVSE, "evses": [{"evse_id": EVSE}]}).start("u1").read("u1")
        ),
    },
}
