"""The rules, in the order of a driver's day: who asks, users, payment, start, watch, stop, errors."""

from typing import Final

from golive.traffic.rule import Rule
from golive.traffic.rules import access, cards, errors, payment, polling, starts, stops, support, users

RULES: Final[tuple[Rule, ...]] = (
    *access.RULES,
    *users.RULES,
    *payment.RULES,
    *cards.RULES,
    *starts.RULES,
    *polling.RULES,
    *stops.RULES,
    *errors.RULES,
    *support.RULES,
)
"""All of them."""

BY_NAME: Final = {rule.name: rule for rule in RULES}
