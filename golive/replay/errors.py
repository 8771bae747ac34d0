"""What can go wrong with a replay.

ReplayMiss         the record has no answer to what is asked: the harness's own error, whoever asks
UnreadableRecord   the file holds no record that can be replayed
"""

# ruff: noqa: N818 - each is named after what happened


class ReplayMiss(Exception):
    """The record lacks the answer. No conclusion about the target: neither passed nor failed, but an error."""


class UnreadableRecord(Exception):
    """The file holds no record; the message is half a line: what is wrong, and what to do."""
