"""Why this suite itself did not send a request. To whoever asked it is a request without an answer.

NotSent (an httpx.TransportError)
├── CircuitOpen    the target did not answer for long
├── BudgetSpent    as many requests were sent as the run may send
└── RunEnding      the run is being ended
"""

import httpx


class NotSent(httpx.TransportError):
    """Not a byte left this machine, by this suite's own decision."""


class CircuitOpen(NotSent):
    """The target did not answer for long, so that it is asked for nothing but clean-up."""


class BudgetSpent(NotSent):
    """As many requests were sent as the run may send, for one EVSE or besides."""


class RunEnding(NotSent):
    """The run is being ended: only clean-up is sent now."""
