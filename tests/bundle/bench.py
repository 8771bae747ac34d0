"""A sealed bundle to tamper with, and the tools of whoever does."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from golive.bundle.archive import packed
from golive.bundle.foot import PAGE, ZEROS, with_digest
from golive.bundle.manifest import NAME, manifest_of, sha256
from golive.bundle.opening import RECORD
from golive.evidence.challenge import tag
from golive.evidence.model import Evidence
from golive.evidence.statements import Answer, Attestation, Contact, Dossier, Exhibit, Waiver
from golive.evidence.verdict import decide, judge_requirements
from golive.evidence.writing import written
from golive.report import VIEWS
from tests.plugin.bench import TICK
from tests.plugin.launch import Finished, run_pytest

CHALLENGE = "a word from the reviewer"
SHARED, PROGRESS = "DE*CIQ*EWBNHHLM82TLA*1", "DE*2GO*EMCD1520*1B*3"
FAILING = "suites/test_01_credentials.py::test_an_altered_key_is_refused"
MESSAGE = "The altered key was answered with 200."
PICTURE, NOTES = "exhibits/e01-payment.png", "exhibits/e02-support.txt"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "0000000500017a5eab3f0000000049454e44ae426082"
)

Json = dict[str, Any]
Files = dict[str, bytes]


def rehearse(directory: Path) -> Finished:
    """Two EVSEs and the sections with the most different kinds of findings."""
    sections = ("01_credentials", "08_progress", "10_errors")
    return run_pytest(
        directory,
        f"--tick={TICK}",
        "--fuzz-examples=0",
        "--seed=7",
        f"--evse={SHARED}",
        f"--evse={PROGRESS}",
        *(f"suites/test_{section}.py" for section in sections),
    )


@dataclass(frozen=True)
class Base:
    """The record and the files beside it that are no views of it."""

    evidence: Evidence
    others: Mapping[str, bytes]

    @cached_property
    def files(self) -> Files:
        return whole(self.evidence, self.others)

    @cached_property
    def sealed(self) -> bytes:
        return archived(self.evidence, self.files)

    @cached_property
    def digest(self) -> str:
        return sha256(manifest_of(self.evidence, with_zeros(self.files)).written())


def base_of(rehearsal: Finished, digest: str) -> Base:
    others = {
        path.relative_to(rehearsal.report).as_posix(): path.read_bytes()
        for path in rehearsal.report.rglob("*")
        if path.is_file() and path.suffix != ".zip" and path.name not in (RECORD, *VIEWS)
    }
    others |= {PICTURE: PIXEL, NOTES: b"We answer from 8 to 20, every day.\n"}
    record = json.loads((rehearsal.report / RECORD).read_bytes())
    stamp = record["run"]["id"].split("-")[0]
    bound_id = f"{stamp}-{tag(CHALLENGE, stamp)}-00"
    others = {path: data.replace(record["run"]["id"].encode(), bound_id.encode()) for path, data in others.items()}
    record = json.loads(json.dumps(record).replace(record["run"]["id"], bound_id))
    record["run"]["digest"] = digest
    check = next(check for check in record["tests"] if check["nodeid"] == FAILING)
    check |= {"outcome": "failed", "owner": "partner", "message": MESSAGE}
    (result,) = [path for path, data in others.items() if path.endswith("-result.json") and _is_failing(data)]
    others[result] = json.dumps(json.loads(others[result]) | {"status": "failed"}).encode()
    evidence = Evidence.model_validate(record)
    for row in evidence.errors:
        assert FAILING not in row.provoked_by
    return Base(rederived(evidence.model_copy(update={"dossier": dossier(evidence, others)})), others)


def _is_failing(result: bytes) -> bool:
    name: str = json.loads(result)["fullName"]
    return name == FAILING.removesuffix(".py").replace("/", ".").replace(".py::", "#")


def dossier(evidence: Evidence, files: Mapping[str, bytes]) -> Dossier:
    finished = evidence.run.finished_at
    yesterday = finished.astimezone(UTC).date() - timedelta(days=1)

    def exhibit(id_: str, path: str, kind: str) -> Exhibit:
        data = files[path]
        return Exhibit(
            id=id_, name=path.rsplit("-", 1)[-1], path=path, media_type=kind, size=len(data), sha256=sha256(data)
        )

    def said(requirement: str, answer: Answer, *exhibits: str) -> Attestation:
        return Attestation(
            requirement_id=requirement,
            answer=answer,
            name="Ada Ampère",
            role="QA lead",
            on=None if answer is Answer.NO else yesterday,
            statement="Tried on two devices.",
            exhibits=exhibits,
        )

    return Dossier(
        partner="Voltfahrt & Söhne GmbH",
        integration="app and backend",
        version="3.2",
        countries=("DE",),
        contacts=(Contact(purpose="support", name="Desk", channel="desk@voltfahrt.example", hours="8-20 CET"),),
        challenge=CHALLENGE,
        valid_until=finished + timedelta(days=30),
        sha256=sha256(b"golive.toml"),
        attestations=(said("FE-1", Answer.YES, "e01"), said("FE-2", Answer.NO), said("REV-5", Answer.YES, "e02")),
        waivers=(Waiver(requirement_id="FE-2", owner="Ada", until=yesterday + timedelta(days=20), reason="soon"),),
        exhibits=(exhibit("e01", PICTURE, "image/png"), exhibit("e02", NOTES, "text/plain")),
    )


# -- what a careful hand does after an edit ------------------------------------------------------------------


def rederived(evidence: Evidence) -> Evidence:
    """Requirements and verdict as they follow from the rest."""
    told: Json = {"dossier": evidence.dossier, "scans": evidence.scans}
    told["on"] = evidence.run.finished_at.astimezone(UTC).date()
    run = evidence.run
    requirements = judge_requirements(evidence.tests, **told)
    verdict = decide(
        requirements, evidence.tests, evidence.preflight, rehearsal=run.rehearsal, complete=run.complete, **told
    )
    return evidence.model_copy(update={"requirements": requirements, "verdict": verdict})


def whole(evidence: Evidence, others: Mapping[str, bytes]) -> Files:
    """All files, the views rendered from this record."""
    files = {RECORD: written(evidence), **others}
    return files | {name: render(evidence, files.get).encode() for name, render in VIEWS.items()}


def with_zeros(files: Mapping[str, bytes]) -> Files:
    return {**files, PAGE: with_digest(files[PAGE], ZEROS)} if PAGE in files else dict(files)


def archived(evidence: Evidence, files: Mapping[str, bytes]) -> bytes:
    """A bundle in which manifest and foot are those of these files."""
    manifest = manifest_of(evidence, with_zeros(files)).written()
    page = {PAGE: with_digest(files[PAGE], sha256(manifest))} if PAGE in files else {}
    return packed({**files, **page, NAME: manifest})


def edited(evidence: Evidence, edit: Callable[[Json], object]) -> Evidence:
    """The record after an edit of its JSON."""
    record: Json = json.loads(evidence.model_dump_json())
    edit(record)
    return Evidence.model_validate(record)
