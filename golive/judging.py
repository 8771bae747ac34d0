"""From an exception to a conclusion: the type decides the outcome and whose move it is.

What is not listed here is unforeseen, so it is the harness's own error and never a failed requirement.
"""

from golive.connect.errors import (
    ApiError,
    ConnectError,
    Forbidden,
    StartUnknown,
    StopUnknown,
    TemporaryLocked,
    Unauthorized,
    Unreachable,
)
from golive.connect.stripe import StripeAuthError, StripeError
from golive.guard import ForbiddenTarget
from golive.outcomes import Conclusion, Failed, Inconclusive, Owner


def conclude(exc: BaseException) -> Conclusion | None:
    """The conclusion that `exc` stands for, or None where the harness itself is at fault.

    An answer outside the published contract is Cariqa's; a connection that drops, or a list that is locked for a
    while, is the environment's (design, rule 3). A key that is no good is the partner's, and ends the run in its
    preflight: where the API refuses it later, it refuses a key that it has accepted.
    """
    if isinstance(exc, Conclusion):
        return exc
    if isinstance(exc, AssertionError):
        return Failed(_first_line(exc), owner=Owner.CARIQA)
    if isinstance(exc, (Unreachable, StartUnknown, StopUnknown, TemporaryLocked)):
        return Inconclusive(str(exc), owner=Owner.ENVIRONMENT)
    if isinstance(exc, StripeAuthError):
        return Failed(str(exc), owner=Owner.PARTNER)
    if isinstance(exc, (Unauthorized, Forbidden)):
        return Failed(f"the API refused a key that it had accepted before: {exc}", owner=Owner.CARIQA)
    if isinstance(exc, ApiError):
        return Failed(f"the API refused what it should accept: {exc}", owner=Owner.CARIQA)
    if isinstance(exc, ForbiddenTarget):
        return Failed(f"the API led towards a forbidden host: {exc}", owner=Owner.CARIQA)
    if isinstance(exc, (ConnectError, StripeError)):
        return Failed(str(exc), owner=Owner.CARIQA)
    return None


def _first_line(exc: AssertionError) -> str:
    """The sentence of a failed assertion: what the check says, without the comparison below it."""
    text = str(exc).strip()
    return text.splitlines()[0] if text else "the assertion does not hold"
