"""What a check gets when it asks a journey that came to nothing."""

from collections.abc import Callable

import pytest

from golive.outcomes import Conclusion, Owner


def conclusion_of(ask: Callable[[], object]) -> Conclusion:
    """The conclusion that `ask` raises."""
    with pytest.raises(Conclusion) as caught:
        ask()
    return caught.value


def judged(ask: Callable[[], object]) -> tuple[type[Conclusion], Owner]:
    """Its type and owner."""
    conclusion = conclusion_of(ask)
    return type(conclusion), conclusion.owner


def fault_of(ask: Callable[[], object]) -> Exception | None:
    """Whatever `ask` raises, or None."""
    try:
        ask()
    except Exception as fault:
        return fault
    return None
