"""What the driver is shown after an error, judged as far as a program can: whether the words are good, a person says.

A result of these rules can speak against FE-5 ("Error messages make sense to a driver"); it never stands in for the
person who attests it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from golive.evidence.exchange import Exchange
from golive.evidence.integration import ProvokedError, RuleResult, RuleStatus, Shown
from golive.traffic.calls import Call
from golive.traffic.needs import Need, need_of
from golive.traffic.rules.support import UUID, holds_secret


class ShownRule(NamedTuple):
    """A rule on what drivers are shown."""

    name: str
    title: str
    requirement_ids: tuple[str, ...]


DRIVER_TOLD: Final = ShownRule(
    "driver-told", "After an error the driver is shown a message for people, without ids and secrets", ("FE-5",)
)
TOLD_APART: Final = ShownRule(
    "errors-told-apart", "Errors that ask different things of the driver are shown in different words", ("FE-5",)
)
SHOWN_RULES: Final = (DRIVER_TOLD, TOLD_APART)

_PROGRAM: Final = (
    (
        "a stack trace",
        re.compile(
            r"Traceback \(most recent|File \"[^\"]{1,300}\", line \d|^\s*at \S.{0,200}\.\w{1,5}:\d", re.MULTILINE
        ),
    ),
    ("an exception of the program", re.compile(r"\w(?:Error|Exception)\b\s*[:(]|\bException(?: in thread|:)")),
    ("HTML", re.compile(r"<!doctype|</?[a-z][a-z0-9]{0,20}(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)),
    ("JSON", re.compile(r"[\[{]\s{0,20}[\"'][\w .-]{1,60}[\"']\s{0,20}:|\[object \w+\]")),
)
_BLANK: Final = frozenset({"none", "null", "undefined", "nan", "true", "false", "{}", "[]", '""'})
_PREFIXED: Final = re.compile(r"(?<![A-Za-z0-9])(?:pm|seti|pi|cus|src|ch|cs|in)_(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{6,}")
_SHORTEST_WORDS: Final = 12
"""Letters of `error.details` from which on finding them in a message is no chance."""
_SHORTEST_ID: Final = 6
"""A shorter id, such as 42, may be a number that means something else."""


def judge_shown(
    shown: Sequence[Shown],
    *,
    error_type: str | None = None,
    details: str | None = None,
    detail: str | None = None,
    ids: Sequence[str] = (),
    secrets: Sequence[str] = (),
    exchanges: Sequence[str] = (),
    came_about: bool = False,
) -> RuleResult:
    """What the driver was shown after one error. `details` and `detail` are the answer's own words, `ids` those of
    the user, session and payment method, `exchanges` the ids of what was answered with the error. `came_about` says
    that what the driver wanted had come about before they were shown anything: a look, or a later try of the backend's
    own, had made up for the error.

    Where the error has no type (a lost answer), asks nothing of the driver (already_stopped) or was made up for, an app
    that shows the state needs no message. The support code of an unexpected error may be shown: people quote it.
    """
    messages = list(dict.fromkeys(one.message.strip() for one in shown if one.message and one.message.strip()))
    code = UUID.search(details or "") or UUID.search(detail or "")
    faults: list[str] = []
    for message in messages:
        without_code = message.replace(code[0], "") if code else message
        faults += _faults(message, without_code, error_type, (details, detail), ids, tuple(secrets))
    if faults:
        status, said = RuleStatus.BROKEN, f"the driver was shown {'; '.join(dict.fromkeys(faults))}"
    elif messages:
        status, said = RuleStatus.KEPT, f"the driver was told: {messages[-1]!r}"
    elif not shown:
        status, said = RuleStatus.NOT_SHOWN, "what the driver is shown was not seen"
    elif (came_about or _state_is_enough(error_type)) and any(one.state for one in shown):
        state = next(one.state for one in reversed(shown) if one.state)
        status, said = RuleStatus.KEPT, f"no message was needed: the driver saw the state {state!r}"
    else:
        status, said = RuleStatus.BROKEN, f"the driver was shown no message after {error_type or 'the error'}"
    return RuleResult(
        rule=DRIVER_TOLD.name,
        title=DRIVER_TOLD.title,
        requirement_ids=DRIVER_TOLD.requirement_ids,
        status=status,
        message=f"{said[:1].upper()}{said[1:]}.",
        exchanges=tuple(exchanges),
    )


def _state_is_enough(error_type: str | None) -> bool:
    return error_type is None or need_of(error_type) is Need.NOTHING


def _faults(
    message: str,
    without_code: str,
    error_type: str | None,
    words: tuple[str | None, ...],
    ids: Sequence[str],
    secrets: tuple[str, ...],
) -> Iterator[str]:
    """What a message has that is not for drivers. The faults never repeat it: it may hold a secret."""
    if _is_json(message):
        yield "JSON"
    else:
        yield from (f"{what}" for what, form in _PROGRAM if form.search(message))
    if message.lower() in _BLANK:
        yield "an empty value"
    if error_type and error_type in message:
        yield f"the error's type as programs know it ({error_type})"
    if any(_repeats(message, said) for said in words):
        yield "the API's own words (error.details or detail), which are not made for this app's drivers"
    if UUID.search(without_code) or _PREFIXED.search(message) or any(_names(message, id_) for id_ in ids):
        yield "an id"
    if holds_secret(message, secrets):
        yield "a secret"


def _is_json(message: str) -> bool:
    try:
        return isinstance(json.loads(message), (dict, list))
    except (ValueError, RecursionError):
        return False


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _repeats(message: str, said: str | None) -> bool:
    theirs, ours = _plain(said or ""), _plain(message)
    return bool(theirs) and (theirs == ours or (len(theirs) >= _SHORTEST_WORDS and theirs in ours))


def _names(message: str, id_: str) -> bool:
    return len(id_) >= _SHORTEST_ID and re.search(rf"(?<!\w){re.escape(id_)}(?!\w)", message) is not None


def judge_told_apart(provoked: Sequence[ProvokedError], exchanges: Sequence[Exchange]) -> RuleResult:
    """Whether the messages differ where the driver has to do something different. `exchanges` are those of the
    record: their answers tell whether `pre_authorization_failed` could be authenticated."""
    by_id = {exchange.id: exchange for exchange in exchanges}
    told: dict[str, dict[Need, ProvokedError]] = {}
    for error in provoked:
        answers = [Call.of(by_id[id_]) for id_ in error.answered if id_ in by_id]
        need = need_of(error.error_type, authentication=any(call.has_client_secret for call in answers))
        message = next((one.message for one in reversed(error.shown) if one.message and one.message.strip()), None)
        if need not in (None, Need.NOTHING) and message is not None and error.met:
            told.setdefault(_plain(re.sub(r"\d", "", message)), {}).setdefault(need, error)
    same = [list(needs.items()) for needs in told.values() if len(needs) > 1]
    needs_told = {need for needs in told.values() for need in needs}
    if same:
        status = RuleStatus.BROKEN
        stands_on = [error for pairs in same for _, error in pairs]
        said = "; ".join(
            "one and the same message for "
            + " and for ".join(f"{error.name} (the driver has to {need})" for need, error in pairs)
            for pairs in same
        )
    else:
        stands_on = [error for needs in told.values() for error in needs.values()]
        status = RuleStatus.KEPT if len(needs_told) > 1 else RuleStatus.NOT_SHOWN
        said = (
            f"{len(needs_told)} different things to do, each in its own words: {', '.join(sorted(needs_told))}"
            if len(needs_told) > 1
            else "messages for fewer than two different things to do were seen"
        )
    return RuleResult(
        rule=TOLD_APART.name,
        title=TOLD_APART.title,
        requirement_ids=TOLD_APART.requirement_ids,
        status=status,
        message=f"{said[:1].upper()}{said[1:]}.",
        exchanges=tuple(dict.fromkeys(id_ for error in stands_on for id_ in error.answered)),
    )
