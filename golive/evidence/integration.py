"""What was seen of the partner's own integration: its traffic judged by rules, errors provoked, what drivers saw."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from golive.evidence.base import Model
from golive.outcomes import Outcome, Owner


class RuleStatus(StrEnum):
    """Of a traffic rule, worst first."""

    BROKEN = "broken"
    NOT_SHOWN = "not_shown"
    KEPT = "kept"


class RuleResult(Model):
    """What one rule came to over the partner's exchanges."""

    rule: str = Field(description="the rule's name, such as bearer-token")
    title: str = Field(description="the rule as a sentence")
    requirement_ids: tuple[str, ...]
    status: RuleStatus
    message: str = Field(description="what was seen, with figures; or what broke it; or why nothing shows it")
    exchanges: tuple[str, ...] = ()


class Shown(Model):
    """What a driver was shown at one moment."""

    at: AwareDatetime
    state: str | None = Field(default=None, description="in the app's own words, such as charging; null if not told")
    kwh: str | None = None
    message: str | None = Field(default=None, description="an error or a hint, word for word; null if there was none")
    attachment: str | None = Field(default=None, description="path of a screenshot in the bundle")


class Charge(Model):
    """One charge that a driver made through the partner's integration."""

    driver: str
    evse_id: str
    stops: bool = Field(default=True, description="false where the driver was to leave it alone until it ended")
    user_id: str | None = None
    session_id: str | None = None
    shown: tuple[Shown, ...] = ()
    receipt: str | None = Field(default=None, description="what the driver was given, in the app's own words")
    exchanges: tuple[str, ...] = ()
    outcome: Outcome = Outcome.PASSED
    owner: Owner | None = None
    message: str | None = Field(default=None, description="why the charge did not come to its end")


class Meeting(Model):
    """Two drivers at one shared VCP: while the first one charges, the second one tries to start there."""

    evse_id: str | None = Field(default=None, description="null where they did not meet")
    first: str | None = Field(default=None, description="the driver who charged; that charge is among the charges")
    first_user_id: str | None = None
    first_session_id: str | None = None
    second: str = Field(description="the driver who tried to start")
    second_user_id: str | None = None
    told_it_began: bool | None = Field(
        default=None, description="whether the app told the second driver that a charge began; null if nobody tried"
    )
    answered: tuple[str, ...] = Field(
        default=(), description="the second driver's start, and each that was sent until the driver was told"
    )
    followed: tuple[str, ...] = Field(default=(), description="what was sent for the second driver after it")
    looked: tuple[str, ...] = Field(
        default=(), description="the gateway's own look at both drivers' sessions, right after that start"
    )
    watched_until: AwareDatetime | None = None
    shown: tuple[Shown, ...] = Field(default=(), description="what the second driver was shown")
    rules: tuple[RuleResult, ...] = Field(default=(), description="on what the integration made of the refusal")
    outcome: Outcome = Outcome.PASSED
    owner: Owner | None = None
    message: str | None = Field(default=None, description="why they did not meet, or what the API did wrong")


class ProvokedError(Model):
    """An error that the gateway answered in DEV's place, and what became of it."""

    name: str
    title: str
    error_type: str | None = Field(default=None, description="error.type of the answer; null where it had none")
    status: int | None = Field(default=None, description="of the answer; null where there was none")
    met: bool = Field(description="whether the integration sent a request that was answered with it")
    answered: tuple[str, ...] = Field(default=(), description="exchanges that were answered with it")
    followed: tuple[str, ...] = Field(default=(), description="what the integration sent after it")
    watched_until: AwareDatetime | None = Field(default=None, description="when the watching ended")
    shown: tuple[Shown, ...] = ()
    rules: tuple[RuleResult, ...] = ()
    problem: str | None = Field(default=None, description="why it could not be provoked, or not be followed")


class Integration(Model):
    """The partner's own integration under test."""

    kind: Literal["adapter", "manual", "gateway"]
    name: str = Field(description="module:factory of the adapter, or who drove by hand")
    offered: tuple[str, ...] = Field(default=(), description="what the adapter can be asked to do")
    not_offered: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    meeting: Meeting | None = Field(default=None, description="null where the run had no shared VCP, or no driver")
    rules: tuple[RuleResult, ...] = ()
    provoked: tuple[ProvokedError, ...] = ()
    watched_until: AwareDatetime | None = Field(
        default=None, description="when the watching ended: what was sent later is not judged; null: with the run"
    )
    log_lines: dict[str, str | None] = Field(
        default_factory=dict, description="the partner's log by support code; null where the log has no such line"
    )


def screenshots(integration: Integration | None) -> tuple[str, ...]:
    """The paths of all pictures of what drivers were shown, each once."""
    if integration is None:
        return ()
    shown = [each for charge in integration.charges for each in charge.shown]
    shown += integration.meeting.shown if integration.meeting is not None else ()
    shown += [each for provoked in integration.provoked for each in provoked.shown]
    return tuple(dict.fromkeys(each.attachment for each in shown if each.attachment is not None))
