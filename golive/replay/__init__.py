"""A record lived a second time: its exchanges answer in place of the target, at their own times.

    bundle, report directory or evidence.json → Recorded → Shelf → ReplayTransport, ReplayClock → compare

Nothing here opens a connection. What the record does not answer is a `ReplayMiss`, the harness's own error.
"""

from golive.replay.clock import ReplayClock
from golive.replay.compare import Comparison, compare
from golive.replay.deselection import left_out
from golive.replay.errors import ReplayMiss, UnreadableRecord
from golive.replay.reading import Recorded, read_record
from golive.replay.shelf import Shelf
from golive.replay.transport import ReplayTransport

__all__ = [
    "Comparison",
    "Recorded",
    "ReplayClock",
    "ReplayMiss",
    "ReplayTransport",
    "Shelf",
    "UnreadableRecord",
    "compare",
    "left_out",
    "read_record",
]
