"""Attestations and waivers, as the dossier has them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from golive.dossier.exhibits import Folder
from golive.dossier.fields import LONG, Table, shown
from golive.dossier.unusable import UnusableFile
from golive.evidence.checklist import Backing, Requirement
from golive.evidence.model import Assurance
from golive.evidence.statements import MAX_AGE_DAYS, MOST_WAIVED_DAYS, Answer, Attestation, Waiver
from golive.guard import ForbiddenTarget, check_url

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_ANSWERS: Final = {answer.value: answer for answer in Answer}
_EVIDENCE: Final = 'write the files in brackets, as in ["golive-files/status.png"]'


class Attesting:
    """Reads the attestations of a dossier and attaches their files to `folder`."""

    def __init__(self, register: Sequence[Requirement], review: dict[str, str], folder: Folder, today: date) -> None:
        self._register = {requirement.id: requirement for requirement in register}
        self._review = review
        self._folder = folder
        self._today = today

    def read(self, table: Table) -> tuple[Attestation, ...]:
        """All of them, in the order of the file."""
        seen: set[str] = set()
        found = [self._one(each, seen) for each in table.tables("attestation")]
        return tuple(attestation for attestation in found if attestation is not None)

    def _one(self, each: Table, seen: set[str]) -> Attestation | None:
        requirement = requirement_of(each, self._register, seen)
        answer = self._answer(each)
        given = answer is not Answer.NO
        name, role = (each.text(key, required=given) for key in ("name", "role"))
        on = self._day(each, given=given)
        statement = each.text("statement", required=given, longest=LONG)
        away = answer is Answer.NOT_APPLICABLE
        reason = each.text("reason", required=away, longest=LONG, remedy="say why it does not apply")
        exhibits = self._exhibits(each)
        each.close()
        if requirement is None:
            return None
        if away:
            self._may_be_away(each, requirement)
        if answer is Answer.YES:
            self._is_backed(each, requirement, exhibits)
        return Attestation(
            requirement_id=requirement.id,
            answer=answer,
            name=name,
            role=role,
            on=on,
            statement=statement,
            reason=reason or None,
            exhibits=exhibits,
        )

    def _answer(self, each: Table) -> Answer:
        text = each.text("answer", required=False)
        if text and text not in _ANSWERS:
            each.fault("answer", f'is none that is known; write "{Answer.YES}", "{Answer.NO}" or "not_applicable"')
        return _ANSWERS.get(text, Answer.NO)

    def _day(self, each: Table, *, given: bool) -> date | None:
        day = each.day("date", required=given)
        if day is None:
            return None
        if day > self._today:
            each.fault("date", f"{day} lies in the future (today is {self._today} in UTC); write the day it was said")
        elif given and (age := (self._today - day).days) > MAX_AGE_DAYS:
            each.fault("date", f"{day} is {age} days ago, and {MAX_AGE_DAYS} is the most; ask the person again")
        return day

    def _exhibits(self, each: Table) -> tuple[str, ...]:
        """The ids of what it attaches and refers to."""
        ids: list[str] = []
        for number, name in each.texts("evidence", remedy=_EVIDENCE):
            try:
                ids.append(self._folder.attach(name))
            except UnusableFile as fault:
                each.fault("evidence", f"{_file(name)} {fault}", number)
        if (video := self._video(each)) is not None:
            ids.append(video)
        return tuple(dict.fromkeys(ids))

    def _video(self, each: Table) -> str | None:
        url = each.text("video", required=False, longest=1000)
        digest = each.text("video_sha256", required=False)
        if digest and not _SHA256.fullmatch(digest):
            each.fault("video_sha256", "is no SHA-256; write its 64 digits from 0 to f in small letters")
        elif digest and not url:
            each.fault("video_sha256", "stands without a video; name the video's URL too")
        if not url:
            return None
        try:
            check_url(url, what="it")
        except ForbiddenTarget as refusal:
            each.fault("video", str(refusal).removeprefix("it: "))
            return None
        return self._folder.refer(url, digest or None)

    def _may_be_away(self, each: Table, requirement: Requirement) -> None:
        if requirement.needed is not Assurance.ATTESTED:
            how = "by the partner's own integration" if requirement.needed is Assurance.OBSERVED else "by this suite"
            each.fault(
                "answer", f'{requirement.id} has to be {requirement.needed} {how} and always applies; answer "no"'
            )
        elif not requirement.may_not_apply:
            known = " and ".join(each.id for each in self._register.values() if each.may_not_apply)
            only = f"only {known} may not apply" if known else "no line may be said not to apply"
            each.fault("answer", f'{requirement.id} is asked of everyone ({only}); answer "yes" or "no"')

    def _is_backed(self, each: Table, requirement: Requirement, exhibits: tuple[str, ...]) -> None:
        shows = each.filled("evidence") or each.filled("video")  # what is wrong with it has been said
        if requirement.backing is Backing.EXHIBIT and not exhibits and not shows:
            each.fault("evidence", f"is empty, but this line is about what a driver sees: show it; {_EVIDENCE}")
        if requirement.backing is Backing.REVIEW and requirement.id not in self._review:
            each.fault("answer", f"there is nothing to review yet; write {requirement.id} under [review], or answer no")


def read_waivers(table: Table, register: Sequence[Requirement], today: date) -> tuple[Waiver, ...]:
    """All waivers, in the order of the file."""
    by_id = {requirement.id: requirement for requirement in register}
    seen: set[str] = set()
    found: list[Waiver] = []
    for each in table.tables("waiver"):
        requirement = requirement_of(each, by_id, seen)
        owner = each.text("owner")
        until = each.day("until", required=True)
        reason = each.text("reason", longest=LONG)
        each.close()
        if until is not None:
            _in_time(each, until, today)
        if requirement is not None and until is not None:
            found.append(Waiver(requirement_id=requirement.id, owner=owner, until=until, reason=reason))
    return tuple(found)


def _in_time(each: Table, until: date, today: date) -> None:
    last = today + timedelta(days=MOST_WAIVED_DAYS)
    if until < today:
        each.fault("until", f"{until} is past: the waiver has ended; take it out, or agree on a new day")
    elif until > last:
        each.fault("until", f"{until} is more than {MOST_WAIVED_DAYS} days away; write {last} or an earlier day")


def requirement_of(each: Table, register: dict[str, Requirement], seen: set[str]) -> Requirement | None:
    """The requirement that a table speaks of, by which messages call the table from here on."""
    id_ = each.text("requirement", remedy="write the line's id, such as FE-3")
    if not id_:
        return None
    if id_ not in register:
        near = next((known for known in register if known.casefold() == id_.casefold().replace("_", "-")), None)
        remedy = f"did you mean {near}?" if near else "write an id of the checklist, such as FE-3"
        each.fault("requirement", f"{shown(id_)} is none of the checklist; {remedy}")
        return None
    each.speaks_of(id_)
    if id_ in seen:
        each.fault("requirement", f"{id_} is spoken of twice; keep one")
        return None
    seen.add(id_)
    return register[id_]


def _file(name: str) -> str:
    """A file's name for a message."""
    return repr(name) if len(name) <= 60 and name.isprintable() else "this file"
