"""What a check can conclude, whose move it is then, and the exceptions that carry a conclusion.

    Conclusion
    ├── Failed            the requirement is not met
    └── Inconclusive      nothing can be said: neither met nor not met
        └── NotReached    an earlier stage of the same journey ended the walk

Any other exception is the harness's own fault and becomes the outcome ``error``.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended, worst first: the order of the members is the order of the roll-up."""

    ERROR = "error"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    NOT_RUN = "not_run"
    DESELECTED = "deselected"
    PASSED = "passed"


class Owner(StrEnum):
    """Whose move it is."""

    PARTNER = "partner"
    CARIQA = "cariqa"
    ENVIRONMENT = "environment"
    SUITE = "suite"  # only with the outcome `error`: the harness got something wrong


class Conclusion(Exception):  # noqa: N818 - a conclusion is no error of the program
    """A check's conclusion with the owner of the next move; `message` is one sentence for a person."""

    outcome: Outcome

    def __init__(self, message: str, *, owner: Owner) -> None:
        super().__init__(message)
        self.message = message
        self.owner = owner


class Failed(Conclusion):
    """The requirement is not met."""

    outcome = Outcome.FAILED


class Inconclusive(Conclusion):
    """The requirement could not be judged, through no proven fault of the API or the integration."""

    outcome = Outcome.INCONCLUSIVE


class NotReached(Inconclusive):
    """An earlier stage ended the journey; the message names it, the owner is that stage's owner."""
