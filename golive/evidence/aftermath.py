"""What a run leaves on its target: the proof that it left it clean, or what it did not."""

from typing import Final, Literal

from pydantic import AwareDatetime, Field

from golive.evidence.base import Model

HOLD_WATCH: Final = "hold watch"
"""The actor that stops a session which is held for too long: beside the journeys, so that no replay asks for it."""


class TestUser(Model):
    """A user of the target that this run acted for, to be found again in the vendor's logs."""

    __test__ = False  # no test class, whatever pytest thinks of its name

    user_id: str
    actor: str
    external_id: str | None = Field(default=None, description="null for a user that the partner prepared")
    made_at: AwareDatetime | None = Field(default=None, description="null for a user that the partner prepared")
    fate: Literal["deleted", "kept", "left"] = Field(description="left: could not be removed, `left_behind` says why")


class Hold(Model):
    """How long a session held its VCP: from the answer to the start to the answer to the stop, or until it was seen to
    have ended."""

    session_id: str
    evse_id: str
    actor: str
    shared: bool = Field(description="whether another party may wait for the VCP, so that `--max-hold` applies")
    held_s: float | None = Field(default=None, description="null where its end was not seen")
    cut: bool = Field(default=False, description="stopped because of `--max-hold`, whatever was still to be seen of it")


class Aftermath(Model):
    """What the run found open before it began, what it held, and what it left."""

    open_before: tuple[str, ...] = Field(default=(), description="sessions that prepared users had open already")
    started: tuple[str, ...] = Field(default=(), description="sessions that this run opened, in order")
    open_after: tuple[str, ...] = Field(default=(), description="of these, what may still be open at the end")
    users: tuple[TestUser, ...] = ()
    left_behind: tuple[str, ...] = Field(default=(), description="a sentence for each thing not removed")
    holds: tuple[Hold, ...] = Field(default=(), description="of the sessions that this run opened, in order")
