"""From an exception to a conclusion: every error of the client has its outcome and its owner."""

import pytest

from golive.connect import errors
from golive.connect.advice import Advice, Retry
from golive.connect.errors import ApiError, ConnectError
from golive.connect.stripe import CardDeclined, StripeAuthError, StripeError
from golive.guard import ForbiddenTarget
from golive.journeys.vcp import Cancelled
from golive.judging import conclude
from golive.outcomes import Failed, Inconclusive, NotReached, Outcome, Owner

ENVIRONMENT = {
    "HeldBack",
    "ServerUnavailable",
    "StartUnknown",
    "StopUnknown",
    "TemporaryLocked",
    "Throttled",
    "Unreachable",
}
KINDS = [
    kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, ConnectError)
]
ADVICE = Advice(retry=Retry.NEVER, driver_message="d", integrator="i")


def made(kind: type[ConnectError]) -> ConnectError:
    if issubclass(kind, ApiError):
        return kind("it was refused", status=400, advice=ADVICE)
    return kind("it came to nothing")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_of_the_client_has_its_owner(kind: type[ConnectError]) -> None:
    conclusion = conclude(made(kind))
    assert conclusion is not None
    name = kind.__name__
    owner = Owner.ENVIRONMENT if name in ENVIRONMENT else Owner.CARIQA
    assert conclusion.owner is owner
    assert conclusion.outcome is (Outcome.INCONCLUSIVE if owner is Owner.ENVIRONMENT else Outcome.FAILED)
    assert conclusion.message


@pytest.mark.parametrize(
    ("fault", "owner"),
    [
        (StripeAuthError("no", status=401), Owner.PARTNER),
        (StripeError("no", status=400), Owner.CARIQA),
        (CardDeclined("no"), Owner.CARIQA),
        (ForbiddenTarget("no"), Owner.CARIQA),
        (AssertionError("the answer is wrong\nassert 1 == 2"), Owner.CARIQA),
    ],
    ids=lambda value: type(value).__name__,
)
def test_these_are_failures(fault: Exception, owner: Owner) -> None:
    conclusion = conclude(fault)
    assert isinstance(conclusion, Failed)
    assert conclusion.owner is owner


def test_a_failed_assertion_says_its_sentence_only() -> None:
    assert str(conclude(AssertionError("the answer is wrong\nassert 1 == 2"))) == "the answer is wrong"
    assert str(conclude(AssertionError())) == "the assertion does not hold"


@pytest.mark.parametrize("kind", [Failed, Inconclusive, NotReached])
def test_a_conclusion_stands_for_itself(kind: type[Failed]) -> None:
    conclusion = kind("so it is", owner=Owner.PARTNER)
    assert conclude(conclusion) is conclusion


@pytest.mark.parametrize(
    "fault", [TypeError("x"), LookupError("x"), RuntimeError("x"), KeyboardInterrupt(), OSError("x"), Cancelled()]
)
def test_the_unforeseen_is_the_harnesss_own(fault: BaseException) -> None:
    assert conclude(fault) is None
