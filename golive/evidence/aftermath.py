"""What a run leaves on its target: the proof that it left it clean, or what it did not."""

from typing import Literal

from pydantic import AwareDatetime, Field

from golive.evidence.base import Model


class TestUser(Model):
    """A user of the target that this run acted for, to be found again in the vendor's logs."""

    __test__ = False  # no test class, whatever pytest thinks of its name

    user_id: str
    actor: str
    external_id: str | None = Field(default=None, description="null for a user that the partner prepared")
    made_at: AwareDatetime | None = Field(default=None, description="null for a user that the partner prepared")
    fate: Literal["deleted", "kept", "left"] = Field(description="left: could not be removed, `left_behind` says why")


class Aftermath(Model):
    """What the run found open before it began, and what it left."""

    open_before: tuple[str, ...] = Field(default=(), description="sessions that prepared users had open already")
    started: tuple[str, ...] = Field(default=(), description="sessions that this run opened, in order")
    open_after: tuple[str, ...] = Field(default=(), description="of these, what may still be open at the end")
    users: tuple[TestUser, ...] = ()
    left_behind: tuple[str, ...] = Field(default=(), description="a sentence for each thing not removed")
