"""From the file to the statements of the record."""

import bisect
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import SecretStr

from golive.dossier.attesting import Attesting, read_waivers
from golive.dossier.countries import CODES, meant
from golive.dossier.exhibits import Folder
from golive.dossier.fields import LONG, Fault, Faults, Table, shown
from golive.dossier.lines import Lines
from golive.dossier.secrets import Refusal, texts_in
from golive.evidence.checklist import Backing, Requirement
from golive.evidence.statements import MOST_VALID_DAYS, Attestation, Contact, Dossier, Exhibit, Waiver
from golive.settings import SettingsError

MOST_BYTES: Final = 256 * 1024
"""Of the file itself."""
VALID_DAYS: Final = 30
"""From the end of the run, unless the dossier says otherwise."""

_PURPOSES: Final[dict[str, Literal["go-live", "support"]]] = {"go-live": "go-live", "support": "support"}
_AT: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_SHOWN_LINES: Final = 8


@dataclass(frozen=True)
class Loaded:
    """A dossier as it was read; `files` are the bytes of its exhibits by their path beside the record."""

    name: str
    source: str
    sha256: str
    partner: str
    integration: str
    version: str
    countries: tuple[str, ...]
    contacts: tuple[Contact, ...]
    review: Mapping[str, str]
    challenge: str | None
    valid_days: int
    attestations: tuple[Attestation, ...]
    waivers: tuple[Waiver, ...]
    exhibits: tuple[Exhibit, ...]
    files: Mapping[str, bytes]

    def stated(self, finished_at: datetime) -> Dossier:
        """The statements as the record of a run that ended then holds them."""
        return Dossier(
            partner=self.partner,
            integration=self.integration,
            version=self.version,
            countries=self.countries,
            contacts=self.contacts,
            review=dict(self.review),
            challenge=self.challenge,
            valid_until=finished_at + timedelta(days=self.valid_days),
            sha256=self.sha256,
            attestations=self.attestations,
            waivers=self.waivers,
            exhibits=self.exhibits,
        )


def load(
    path: Path,
    *,
    today: date,
    register: Sequence[Requirement],
    name: str | None = None,
    secrets: Mapping[str, SecretStr] = MappingProxyType({}),
) -> Loaded:
    """The dossier at `path`; `today` is the day in UTC, `name` what messages call the file, `secrets` what must
    not stand in it nor in a file that it names, each by what messages call it; what has the shape of one neither.

    Raises `SettingsError` with the first fault: file, line, field, remedy, and on which lines there are more.
    """
    name = name or str(path)
    content = _content(path, name)
    refusal = Refusal(name, secrets)
    refusal.of_source(content)
    values, source = _parsed(content, name)
    refusal.of_values(texts_in(values))
    faults = Faults(Lines(source))
    loaded = _read(Table(values, (), "", faults), Folder(path.parent), name, source, content, today, register)
    if faults.found:
        raise SettingsError(_first(name, faults.found))
    refusal.of_files(loaded.exhibits, loaded.files)
    return loaded


def _content(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise SettingsError(f"{name}: cannot be read ({fault.strerror}); look at its path and permissions") from None
    if len(content) > MOST_BYTES:
        raise SettingsError(f"{name}: has more than {MOST_BYTES} bytes; attach long texts as files")
    return content


def _parsed(content: bytes, name: str) -> tuple[dict[str, Any], str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise SettingsError(f"{name}, line {line}: is not UTF-8; save the file as UTF-8") from None
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as fault:
        found = _AT.search(str(fault))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        problem = _AT.sub("", str(fault))
        raise SettingsError(f"{name}, line {line}: is no TOML: {_named(problem)}; correct the line") from None
    except (RecursionError, ValueError):
        line = _line_too_much(text)
        said = "holds a number too long, or brackets too deep in each other, to be read; correct the line"
        raise SettingsError(f"{name}, line {line}: {said}") from None


def _line_too_much(text: str) -> int:
    """The line with which the parser gives up on a text that is TOML: it does not say where. What is cut off before it
    is well-formed up to the cut, or not at all."""
    lines = text.split("\n")

    def is_too_much(count: int) -> bool:
        try:
            tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            return False
        except (RecursionError, ValueError):
            return True
        return False

    return bisect.bisect_left(range(len(lines)), True, key=is_too_much)


def _named(problem: str) -> str:
    """The parser's words, with a small letter in front, and without what could be a value."""
    quoted = re.sub(r"'[^']{25,}'", "a value", problem)
    return quoted[:1].lower() + quoted[1:]


def _first(name: str, found: Sequence[Fault]) -> str:
    """The first fault, and where there are more."""
    first, *more = sorted(found, key=lambda fault: fault.line)
    line = f"{name}, line {first.line}: {first.text}"
    if not more:
        return line
    lines = sorted({fault.line for fault in more})
    places = ", ".join(map(str, lines[:_SHOWN_LINES])) + (", …" if len(lines) > _SHOWN_LINES else "")
    return f"{line} (and {len(more)} more to correct: line{'' if len(lines) == 1 else 's'} {places})"


def _read(
    table: Table,
    folder: Folder,
    name: str,
    source: str,
    content: bytes,
    today: date,
    register: Sequence[Requirement],
) -> Loaded:
    partner, integration, version = (table.text(key) for key in ("partner", "integration", "version"))
    countries = _countries(table)
    challenge = table.text("challenge", required=False) or None
    valid_days = table.whole("valid_days", 1, MOST_VALID_DAYS, VALID_DAYS)
    contacts = _contacts(table)
    review = _review(table, register)
    attestations = Attesting(register, review, folder, today).read(table)
    waivers = read_waivers(table, register, today)
    table.close()
    return Loaded(
        name=name,
        source=source,
        sha256=hashlib.sha256(content).hexdigest(),
        partner=partner,
        integration=integration,
        version=version,
        countries=countries,
        contacts=contacts,
        review=review,
        challenge=challenge,
        valid_days=valid_days,
        attestations=attestations,
        waivers=waivers,
        exhibits=tuple(folder.exhibits),
        files=folder.files,
    )


def _countries(table: Table) -> tuple[str, ...]:
    remedy = 'write the codes of ISO 3166-1, as in ["DE", "AT"]'
    found: dict[str, None] = {}
    for number, text in table.texts("countries", remedy=remedy):
        if text not in CODES:
            better = meant(text)
            hint = f"did you mean {better}?" if better else "write one of two capital letters, such as DE"
            table.fault("countries", f"{shown(text)} is no country code of ISO 3166-1 alpha-2; {hint}", number)
        elif text in found:
            table.fault("countries", f"{text} is named twice; name it once", number)
        found[text] = None
    if not table.has("countries"):
        table.fault("countries", f"is missing; {remedy}")
    elif not table.filled("countries"):
        table.fault("countries", f"names none; {remedy}")
    return tuple(found)


def _contacts(table: Table) -> tuple[Contact, ...]:
    found: list[Contact] = []
    unclear = False
    for each in table.tables("contact"):
        text = each.text("purpose", remedy='write "go-live" or "support"')
        parts = {key: each.text(key) for key in ("name", "channel", "hours")}
        each.close()
        if (purpose := _PURPOSES.get(text)) is not None:
            found.append(Contact(purpose=purpose, **parts))
        else:
            unclear = True
        if text and purpose is None:
            each.fault("purpose", 'is none that is known; write "go-live" or "support"')
    for missing in () if unclear else _PURPOSES.keys() - {contact.purpose for contact in found}:
        table.fault("contact", f"none is for {missing}; add a [[contact]] with its purpose, name, channel and hours")
    return tuple(found)


def _review(table: Table, register: Sequence[Requirement]) -> dict[str, str]:
    """The texts that the reviewer may read, without those that are not written yet."""
    texts = table.table("review")
    ids = [requirement.id for requirement in register if requirement.backing is Backing.REVIEW]
    found = {id_: texts.text(id_, required=False, longest=LONG) for id_ in ids}
    texts.close()
    return {id_: text for id_, text in found.items() if text}
