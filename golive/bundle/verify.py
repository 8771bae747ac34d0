"""Whether a bundle is what it says: everything that can be found out from it alone, without network or credentials.

Each thing looked at gives a line. A bundle is agreed where nothing differs. What cannot be derived from the record (a
body that nothing stands on, a person's word, the log) is held by the manifest's digests alone: against an edit of the
record *and* of all that follows from it, only the digest that was told apart from the bundle helps, or a signature.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from golive.bundle.checks import (
    aftermath,
    allure,
    dossier,
    exchanges,
    figures,
    holds,
    integration,
    judged,
    listed,
    references,
    schema,
    told,
    views,
)
from golive.bundle.errors import BundleError, NotThereError
from golive.bundle.looks import Look, Result, counted, look
from golive.bundle.manifest import read_manifest, sha256
from golive.bundle.opening import RECORD, Opened, open_bundle, read_record
from golive.evidence.model import Evidence


@dataclass(frozen=True)
class Signature:
    """What a signature is looked at with."""

    file: Path
    signers: Path
    identity: str | None = None


@dataclass(frozen=True)
class Verified:
    """All that was looked at, and what the bundle says of itself as far as it could be read."""

    looks: tuple[Look, ...]
    manifest_digest: str | None = None
    evidence: Evidence | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By their paths, the page with zeros in its foot; empty where the record cannot be read."""

    @property
    def agreed(self) -> bool:
        return not any(seen.result is Result.DIFFERS for seen in self.looks)

    @property
    def reservations(self) -> tuple[str, ...]:
        """What an agreement leaves open: whoever reads no more than the last line is to know it."""
        return tuple(seen.reservation for seen in self.looks if seen.reservation)


def verify(
    path: Path, *, now: datetime, manifest_digest: str | None = None, signature: Signature | None = None
) -> Verified:
    """Look at everything. Raises NotThereError where a file that was named cannot be read."""
    looks: list[Look] = []
    try:
        opened = open_bundle(path)
    except NotThereError:
        raise
    except BundleError as problem:
        return Verified((look("archive", [str(problem)], ""),))
    looks.append(look("archive", [], f"{counted(len(opened.files) + 1, 'file')}, safe to read, as it was written"))
    digest = sha256(opened.manifest)
    looks += _of_the_manifest(opened, digest)
    looks.append(_told_apart(digest, manifest_digest))
    if signature is not None:
        looks.append(_signed(path, signature))
    try:
        evidence = read_record(opened.files.get(RECORD, b""))
    except BundleError as problem:
        looks.append(look("record", [str(problem)], ""))
        return Verified(tuple(looks), digest)
    looks += _of_the_record(evidence, opened, now)
    return Verified(tuple(looks), digest, evidence, listed.with_zeros(opened.files))


# -- the files -----------------------------------------------------------------------------------------------


def _of_the_manifest(opened: Opened, digest: str) -> list[Look]:
    foot = look("foot", listed.in_the_foot(opened.files, digest), "the report's foot shows the manifest's digest")
    try:
        manifest = read_manifest(opened.manifest)
    except BundleError as problem:
        return [look("manifest", [str(problem)], ""), foot]
    problems = listed.in_manifest(manifest, listed.with_zeros(opened.files))
    return [look("manifest", problems, "it lists exactly these files, each with its size and SHA-256"), foot]


def _told_apart(digest: str, expected: str | None) -> Look:
    if expected is None:
        return Look("digest", Result.NOT_COMPARED, "no --manifest-digest was given: whoever was told one compares it")
    problems = [] if digest == expected else ["the manifest's digest is not the one that was told"]
    return look("digest", problems, "the manifest's digest is the one that was told")


def _signed(path: Path, given: Signature) -> Look:
    from golive.bundle.signature import signer

    try:
        who, said = signer(path, given.file, given.signers, given.identity)
    except NotThereError:
        raise
    except BundleError as problem:
        return look("signature", [str(problem)], "")
    return look("signature", [said] if who is None else [], said)


# -- the record ----------------------------------------------------------------------------------------------


def _of_the_record(evidence: Evidence, opened: Opened, now: datetime) -> list[Look]:
    files = listed.with_zeros(opened.files)
    run, file = evidence.run, evidence.dossier
    same = (other := views.other_suite(evidence)) is None
    put_otherwise = {} if same else _words(evidence)
    asked: list[tuple[str, Callable[[], list[str]], str]] = [
        (
            "record",
            lambda: schema.strays(files[RECORD], same_suite=same),
            "keeps to the published JSON Schema, version 1",
        ),
        ("manifest's run", lambda: _of_this_run(opened, evidence), f"run {run.id}, {evidence.verdict.status.value}"),
        ("files", lambda: listed.strangers(files, evidence), "nothing but what a run leaves"),
        ("exchanges", lambda: exchanges.in_order(evidence), f"{len(evidence.exchanges):,}, none missing, in order"),
        ("run window", lambda: exchanges.in_the_window(evidence), _window(evidence)),
        (
            "sender",
            lambda: exchanges.by_this_run(evidence),
            _sender(evidence),
        ),
        ("target", lambda: exchanges.to_the_target(evidence), _target(evidence)),
        ("references", lambda: references.resolved(evidence), "every exchange and check that is named is there"),
        ("requirement ids", lambda: references.of_requirements(evidence), judged.register(evidence)),
        (
            "conclusions",
            lambda: references.concluded(evidence),
            f"{counted(len(evidence.tests), 'check')}, each founded",
        ),
        ("journeys", lambda: told.journeys(evidence), "readings and receipts are those of the answers"),
        ("EVSE matrix", lambda: told.stages(evidence), "follows from checks and journeys"),
        ("error table", lambda: told.errors(evidence), "follows from exchanges and checks"),
        ("aftermath", lambda: aftermath.left(evidence), _left(evidence)),
        (
            "holds",
            lambda: holds.holds(evidence),
            f"{counted(len(evidence.aftermath.holds), 'session')} as long as shown",
        ),
        ("requests", lambda: figures.asked(evidence), _asked(evidence)),
        ("requirements", lambda: judged.requirements(evidence, same_suite=same), "derived again, the same"),
        (
            "verdict",
            lambda: judged.verdict(evidence, same_suite=same),
            f"derived again: {evidence.verdict.status.value}",
        ),
    ]
    if same:
        asked.append(("proof", lambda: figures.proven(evidence), "the figures of its proof are those of this checkout"))
    if evidence.scans or run.options.get("scan") or run.options.get("scan_url"):
        asked.append(
            ("scans", lambda: dossier.scanned(evidence), f"{counted(len(evidence.scans), 'scan')}, as asked for")
        )
    if (seen := evidence.integration) is not None:
        asked.append(
            (
                "integration",
                lambda: integration.rules(evidence, same_suite=same),
                f"{counted(len(seen.rules), 'rule')} and {counted(len(seen.provoked), 'provoked error')} judged again,"
                " the same",
            )
        )
    if file is not None or evidence.attached:
        attached = counted(len(evidence.attached), "exhibit")
        asked.append(("exhibits", lambda: dossier.exhibits(evidence, files), f"{attached}, each as the record says"))
    if file is not None:
        asked += [
            ("validity", lambda: dossier.valid(evidence, now), f"until {file.valid_until:%Y-%m-%d %H:%M} UTC"),
        ]
        if file.challenge is not None:
            asked.append(("challenge", lambda: dossier.bound(evidence), "the run's id is bound to it"))
    if any(path.startswith(allure.FOLDER) for path in files):
        asked.append(
            ("allure results", lambda: allure.results(evidence, files), "outcomes and exchanges of the record")
        )
    asked_safely = ((name, _or_what_stopped_it(problems), otherwise) for name, problems, otherwise in asked)
    looks = [look(name, problems, otherwise) for name, problems, otherwise in asked_safely]
    return [
        *(_of_another_register(_in_other_words(seen, put_otherwise), evidence) for seen in looks),
        *_broken_off(evidence),
        _views(evidence, files, other),
    ]


def _broken_off(evidence: Evidence) -> list[Look]:
    """A record that is partial may agree with itself in everything; it is not that of a run that came to its end."""
    if evidence.run.complete:
        return []
    how = "killed" if evidence.run.died else "interrupted"
    said = f"the run was {how}: what is missing was not looked at"
    return [Look("end of the run", Result.IN_PART, said, f"it is partial, the run was {how}")]


def _or_what_stopped_it(problems: Callable[[], list[str]]) -> list[str]:
    """A record from anywhere may hold what nobody foresaw, such as a duration of a million years: that is no record
    of a run, and no reason to stumble."""
    try:
        return problems()
    except Exception as fault:
        return [_stumbled(fault)]


def _words(evidence: Evidence) -> dict[str, Callable[[], list[str]]]:
    """What another version of the suite may have put otherwise, held to the words of this one."""
    return {
        "requirements": lambda: judged.requirements(evidence, same_suite=True),
        "verdict": lambda: judged.verdict(evidence, same_suite=True),
        "integration": lambda: integration.rules(evidence, same_suite=True),
    }


def _in_other_words(seen: Look, put_otherwise: Mapping[str, Callable[[], list[str]]]) -> Look:
    """Nothing tells whether it was another suite that put it so."""
    words = put_otherwise.get(seen.name)
    if seen.result is Result.DIFFERS or words is None or not _or_what_stopped_it(words):
        return seen
    said = f"{seen.said}, but for the words: they are not this checkout's"
    return Look(seen.name, Result.IN_PART, said, f"the words of the {seen.name} were not compared")


def _of_another_register(seen: Look, evidence: Evidence) -> Look:
    """That the record went by a register which is not here is to be known, though this one comes to the same."""
    if seen.name != "requirement ids" or seen.result is Result.DIFFERS or judged.is_known(evidence):
        return seen
    theirs = evidence.run.register_version
    return Look(
        seen.name, Result.IN_PART, seen.said, f"it went by register {theirs}, which this checkout does not have"
    )


def _stumbled(fault: Exception) -> str:
    return f"it cannot be followed: {type(fault).__name__}: {str(fault)[:80]}"


def _of_this_run(opened: Opened, evidence: Evidence) -> list[str]:
    try:
        return listed.of_the_record(read_manifest(opened.manifest), evidence)
    except BundleError as problem:
        return [str(problem)]


def _window(evidence: Evidence) -> str:
    run = evidence.run
    if run.replay_of is not None:
        return f"a replay of {run.replay_of}: its exchanges have that run's times"
    return f"everything between {run.started_at:%Y-%m-%d %H:%M:%S} and {run.finished_at:%H:%M:%S} UTC"


def _sender(evidence: Evidence) -> str:
    if evidence.run.replay_of is not None:
        return f"each request names the run that it replays, {evidence.run.replay_of}"
    return "each request names this run and this version of the suite"


def _target(evidence: Evidence) -> str:
    kind = "a rehearsal, never evidence for go-live" if evidence.run.rehearsal else "the real DEV"
    return f"each call went to {evidence.run.target}: {kind}"


def _asked(evidence: Evidence) -> str:
    told = evidence.asked
    return "not counted by that suite" if told is None else f"{told.sent:,} sent, {told.held_back:,} held back"


def _left(evidence: Evidence) -> str:
    told = evidence.aftermath
    of = f"{counted(len(told.users), 'user')} and {counted(len(told.started), 'session')} of the run"
    return f"{of}, {len(told.open_after) or 'none'} of them still open"


def _views(evidence: Evidence, files: dict[str, bytes], other: str | None) -> Look:
    try:
        found = views.compared(evidence, files, same_suite=other is None)
    except Exception as fault:
        found = views.Compared([_stumbled(fault)])
    if found.by_content and not found.problems:
        said = f"compared by content only: {', '.join(found.by_content)} ({other})"
        return Look("views", Result.IN_PART, said, "the views were compared by content only")
    return look("views", found.problems, "rendered anew from the record, the same to the byte")
