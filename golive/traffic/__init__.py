"""The partner's own traffic held against the rules: pure functions over the recorded exchanges of the actor `partner`.

`judge` goes through all rules, `after_provocation` through those on reactions, `judge_shown` and
`judge_told_apart` through what the drivers were shown. Nothing is sent, nothing is read but what is passed in.
"""

from golive.traffic.bounds import Bounds
from golive.traffic.judge import DEFAULT_BOUNDS, after_provocation, judge
from golive.traffic.rule import Rule
from golive.traffic.rules import BY_NAME, RULES
from golive.traffic.rules.support import support_code
from golive.traffic.shown import SHOWN_RULES, judge_shown, judge_told_apart

__all__ = [
    "BY_NAME",
    "DEFAULT_BOUNDS",
    "RULES",
    "SHOWN_RULES",
    "Bounds",
    "Rule",
    "after_provocation",
    "judge",
    "judge_shown",
    "judge_told_apart",
    "support_code",
]
