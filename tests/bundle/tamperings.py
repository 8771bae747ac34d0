"""Ways to make a bundle say something else, each with what finds it when manifest, foot and views are adapted to it.

An edit of the record is made twice: naively, in `evidence.json` alone; and with care, by somebody who runs this very
suite over the edited record and seals the result. `rederived` also lets requirements and verdict follow.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from golive.bundle.foot import PAGE
from golive.bundle.opening import RECORD
from golive.evidence.model import Evidence
from tests.bundle.bench import FAILING, MESSAGE, NOTES, PICTURE, SHARED, Files, Json, edited, rederived

ONLY_TOLD_APART = None
"""Found by nothing but the manifest's digest, told apart from the bundle, or a signature: nothing else in the record
says what it should be."""


LONG_AGO = "2020-01-01T00:00:00Z"
CLEAN_SCAN = {"what": "tree", "root": "backend", "files": 900, "skipped": [], "findings": []}


@dataclass(frozen=True)
class OfRecord:
    """An edit of the record; `found_by` is the name of a look that differs."""

    name: str
    edit: Callable[[Json], object]
    found_by: str | None
    rederive: bool = False

    def careful(self, evidence: Evidence) -> Evidence:
        changed = edited(evidence, self.edit)
        return rederived(changed) if self.rederive else changed

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class OfFiles:
    """An edit of the files; `found_by` once the manifest lists what is there and the foot shows its digest."""

    name: str
    edit: Callable[[Files], object]
    found_by: str | None
    naive_found_by: str = field(default="manifest")

    def __str__(self) -> str:
        return self.name


# -- the record ----------------------------------------------------------------------------------------------


def _check(record: Json, nodeid: str = FAILING) -> Json:
    return next(check for check in record["tests"] if check["nodeid"] == nodeid)


def _fewer(figures: Json, *names: str) -> None:
    for name in names:
        figures[name] -= 1


def _passes(record: Json) -> None:
    _check(record).update(outcome="passed", owner=None, message=None)


def _deselected(record: Json, **changes: Any) -> None:
    next(check for check in record["tests"] if check["outcome"] == "deselected").update(changes)


def _exchange(record: Json, operation: str, status: int = 200) -> Json:
    return next(
        x for x in record["exchanges"] if x["operation"] == operation and (x["response"] or {}).get("status") == status
    )


def _walk(record: Json) -> Json:
    return next(journey for journey in record["journeys"] if journey["receipt"])


def _of_reading(record: Json, old: str, new: str) -> None:
    reading = next(r for r in _walk(record)["readings"] if r["kwh"] and float(r["kwh"]) > 0)
    exchange = next(x for x in record["exchanges"] if x["id"] == reading["exchange"])
    body = json.loads(exchange["response"]["body"])
    assert old in body
    exchange["response"]["body"] = json.dumps(body | {old: new})


def _swap(items: list[Any], one: int, other: int) -> None:
    items[one], items[other] = items[other], items[one]


def _row(record: Json, type_: str) -> Json:
    return next(row for row in record["errors"] if row["type"] == type_)


def _attested(record: Json, requirement: str) -> Json:
    return next(a for a in record["dossier"]["attestations"] if a["requirement_id"] == requirement)


def _serving_be2(record: Json) -> Json:
    return next(c for c in record["tests"] if c["outcome"] == "passed" and "BE-2" in c["requirement_ids"])


def _waiver(record: Json) -> Json:
    (waiver,) = record["dossier"]["waivers"]
    return waiver  # type: ignore[no-any-return]


def _video(record: Json) -> None:
    none: Json = {"path": None, "media_type": None, "size": None, "sha256": None, "removed": []}
    record["dossier"]["exhibits"].append({"id": "e03", "name": "video", "reference": "javascript:alert(1)", **none})


def _become_dev(record: Json) -> None:
    dev = "https://dev.connect.cariqa.com"
    record["run"].update(rehearsal=False, target_kind="dev", target=dev)
    record["run"]["options"].update(target="dev", url=dev)
    record["verdict"]["rehearsal"] = False


def _answered_well(record: Json) -> None:
    """The exchange of the failing check, and what it concluded from it."""
    (id_,) = _check(record)["exchanges"]
    exchange = next(x for x in record["exchanges"] if x["id"] == id_)
    exchange["response"]["body"] = '{"error":{"type":"permission_denied"}}'
    _passes(record)


RECORD_EDITS = (
    # outcomes and what follows from them
    OfRecord("a failed check is said to have passed", _passes, "requirements"),
    OfRecord("the same, and requirements and verdict follow", _passes, "allure results", rederive=True),
    OfRecord("the same, with the answer that it should have had", _answered_well, "allure results", rederive=True),
    OfRecord("a failed check is gone", lambda r: r["tests"].remove(_check(r)), "references"),
    OfRecord("a failed check is deselected", lambda r: _check(r).update(outcome="deselected"), "requirements"),
    OfRecord("its reason is prettier", lambda r: _check(r).update(message="A hiccup."), "requirements"),
    OfRecord("its owner is another", lambda r: _check(r).update(owner="cariqa"), "requirements"),
    OfRecord("a deselected check passed", lambda r: _deselected(r, outcome="passed", message=None), "conclusions"),
    OfRecord(
        "a deselected check passed on exchanges of another",
        lambda r: _deselected(r, outcome="passed", message=None, exchanges=["x0001"]),
        "allure results",
        rederive=True,
    ),
    OfRecord("a check stands there twice", lambda r: r["tests"].append(_check(r)), "references"),
    OfRecord(
        "a check serves a nicer requirement", lambda r: _check(r).update(requirement_ids=["FE-9"]), "requirement ids"
    ),
    OfRecord("the verdict is ready", lambda r: r["verdict"].update(status="ready"), "verdict"),
    OfRecord("the verdict has other reasons", lambda r: r["verdict"].update(reasons=["All is well."]), "verdict"),
    OfRecord("a requirement is met", lambda r: r["requirements"][0].update(status="met", reason=None), "requirements"),
    OfRecord("a requirement is gone", lambda r: r["requirements"].pop(), "requirements"),
    OfRecord("a requirement needs less", lambda r: r["requirements"][1].update(needed="exercised"), "requirements"),
    OfRecord("a probe failed", lambda r: r["preflight"][0].update(outcome="failed"), "verdict"),
    OfRecord(
        "a check of the suite is observed", lambda r: _serving_be2(r).update(shows="observed"), "conclusions", True
    ),
    OfRecord("a check is attested", lambda r: _serving_be2(r).update(shows="attested"), "conclusions", True),
    # exchanges
    OfRecord("the last exchange is gone", lambda r: r["exchanges"].pop(), "aftermath"),
    OfRecord("an exchange in the middle is gone", lambda r: r["exchanges"].pop(60), "exchanges"),
    OfRecord("two exchanges are swapped", lambda r: _swap(r["exchanges"], 40, 41), "exchanges"),
    OfRecord("an exchange is there twice", lambda r: r["exchanges"].append(r["exchanges"][5]), "exchanges"),
    OfRecord(
        "an answer has another status",
        lambda r: _exchange(r, "users_list", 403)["response"].update(status=200),
        "allure results",
    ),
    OfRecord("an error was of another type", lambda r: _row(r, "already_stopped").update(seen=[]), "error table"),
    OfRecord("an error was provoked", lambda r: _row(r, "temporary_locked").update(outcome="passed"), "error table"),
    OfRecord(
        "an exchange was earlier", lambda r: r["exchanges"][0].update(started_at="2020-01-01T00:00:00Z"), "run window"
    ),
    OfRecord("the run ended later", lambda r: r["run"].update(finished_at="2099-01-01T00:00:00Z"), "run window"),
    OfRecord("the requests went elsewhere", lambda r: r["run"].update(target="http://127.0.0.1:1"), "target"),
    OfRecord("the rehearsal is none", lambda r: r["run"].update(rehearsal=False), "target"),
    OfRecord("the rehearsal was on DEV", _become_dev, "target", rederive=True),
    OfRecord("the run has another id", lambda r: r["run"].update(id=r["run"]["id"][:-2] + "ff"), "sender"),
    OfRecord("the suite was another version", lambda r: r["run"].update(suite_version="9.9.9"), "sender"),
    OfRecord("the seed is another", lambda r: r["run"].update(seed=8), "target"),
    OfRecord("the key is another", lambda r: r["run"].update(key_fingerprint="0" * 12), "target"),
    OfRecord("more defects were caught", lambda r: r["run"]["proof"].update(defects_caught=9_999), "proof"),
    OfRecord("there is no proof", lambda r: r["run"].update(proof=None), "proof"),
    # requests
    OfRecord("fewer requests were sent", lambda r: r["asked"].update(sent=r["asked"]["sent"] - 1), "requests"),
    OfRecord("fewer were sent, and fewer besides", lambda r: _fewer(r["asked"], "sent", "beside"), "requests"),
    OfRecord("fewer were sent for an EVSE", lambda r: _fewer(r["asked"]["by_evse"], SHARED), "requests"),
    OfRecord("one was held back", lambda r: r["asked"].update(held_back=1), "requests"),
    OfRecord("the target was left alone", lambda r: r["asked"].update(silences=["It did not answer."]), "requests"),
    OfRecord("more requests were allowed", lambda r: r["asked"].update(bound=r["asked"]["bound"] + 1), "requests"),
    OfRecord("more were allowed at once", lambda r: r["asked"].update(bound_at_once=99), "requests"),
    OfRecord("so many were allowed per second", lambda r: r["asked"].update(bound_per_second=1.0), "requests"),
    # journeys
    OfRecord("a reading is higher", lambda r: _walk(r)["readings"][-1].update(kwh="99.000"), "journeys"),
    OfRecord("the answer behind a reading is another", lambda r: _of_reading(r, "consumed_energy", "99"), "journeys"),
    OfRecord("a receipt is cheaper", lambda r: _walk(r)["receipt"]["costs"].update(invoice_summary="0.01"), "journeys"),
    OfRecord("a receipt began", lambda r: _walk(r)["receipt"].update(start_time=LONG_AGO), "journeys"),
    OfRecord("a receipt never ended", lambda r: _walk(r)["receipt"].update(end_time=None), "journeys"),
    OfRecord("an EVSE was held for a blink", lambda r: r["evses"][0].update(held_s=0.001), "EVSE matrix"),
    OfRecord("a receipt is of another session", lambda r: _walk(r)["receipt"].update(session_id="none"), "journeys"),
    OfRecord("a journey is there twice", lambda r: r["journeys"].append(_walk(r)), "references"),
    OfRecord("a journey had another session", lambda r: _walk(r).update(session_id="made-up"), "journeys"),
    OfRecord(
        "a stage that was not reached is met",
        lambda r: r["evses"][1]["stages"]["settled"].update(status="met"),
        "EVSE matrix",
    ),
    OfRecord("an EVSE's session is another", lambda r: r["evses"][0].update(session_id="made-up"), "EVSE matrix"),
    # the dossier
    OfRecord("an attestation says yes", lambda r: _attested(r, "FE-2").update(answer="yes"), "requirements"),
    OfRecord(
        "an attestation was given tomorrow", lambda r: _attested(r, "FE-1").update(on="2099-01-01"), "requirements"
    ),
    OfRecord("an attestation has no exhibit", lambda r: _attested(r, "FE-1").update(exhibits=[]), "requirements"),
    OfRecord(
        "an attestation names an exhibit that is none",
        lambda r: _attested(r, "FE-1").update(exhibits=["e09"]),
        "exhibits",
    ),
    OfRecord("the challenge is another", lambda r: r["dossier"].update(challenge="easier"), "challenge"),
    OfRecord(
        "the dossier is valid for years", lambda r: r["dossier"].update(valid_until="2099-01-01T00:00:00Z"), "validity"
    ),
    OfRecord("a waiver is for years", lambda r: _waiver(r).update(until="2099-01-01"), "validity", True),
    OfRecord("a waiver is nobody's", lambda r: _waiver(r).update(owner=" "), "validity", True),
    OfRecord("a scan that was never made", lambda r: r["scans"].append(CLEAN_SCAN), "scans", True),
    OfRecord("a scan that was asked for is gone", lambda r: r["run"]["options"].update(scan=["app"]), "scans"),
    OfRecord("a video is a program", _video, "exhibits"),
    OfRecord("an exhibit is not mentioned", lambda r: r["dossier"]["exhibits"].pop(), "files"),
    OfRecord(
        "an exhibit has another digest", lambda r: r["dossier"]["exhibits"][0].update(sha256="0" * 64), "exhibits"
    ),
    # what nothing else in the record can tell
    OfRecord(
        "who attested is another", lambda r: _attested(r, "FE-1").update(name="Bo"), ONLY_TOLD_APART, rederive=True
    ),
    OfRecord(
        "a failure has another reason everywhere",
        lambda r: _check(r).update(message="A hiccup."),
        ONLY_TOLD_APART,
        rederive=True,
    ),
    OfRecord("the challenge is not mentioned", lambda r: r["dossier"].update(challenge=None), ONLY_TOLD_APART),
    OfRecord("a check was quicker", lambda r: _check(r).update(duration_s=0.001), ONLY_TOLD_APART),
    OfRecord("the selection is not mentioned", lambda r: r["run"].update(selection=""), ONLY_TOLD_APART),
    OfRecord("the suite's digest is another", lambda r: r["run"].update(digest="0" * 64), ONLY_TOLD_APART),
)


# -- the files -----------------------------------------------------------------------------------------------


def _replace(path: str, old: str, new: str) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        assert old.encode() in files[path], f"{path} has no {old}"
        files[path] = files[path].replace(old.encode(), new.encode())

    return edit


def _flip(which: Callable[[str], bool]) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        path = next(path for path in sorted(files) if which(path))
        middle = len(files[path]) // 2
        files[path] = files[path][:middle] + bytes([files[path][middle] ^ 1]) + files[path][middle + 1 :]

    return edit


def _ends(suffix: str) -> Callable[[str], bool]:
    return lambda path: path.endswith(suffix)


def _attachment(files: Files) -> None:
    path = next(p for p in sorted(files) if p.endswith("-attachment.json") and b'"response"' in files[p])
    files[path] = files[path].replace(b'"took_s"', b'"took_S"')


def _result(files: Files) -> None:
    path = next(p for p in sorted(files) if p.endswith("-result.json") and b'"status": "failed"' in files[p])
    files[path] = files[path].replace(b'"status": "failed"', b'"status": "passed"')


def _container(files: Files) -> None:
    path = next(p for p in sorted(files) if p.endswith("-container.json") and b'"start": 1' in files[p])
    files[path] = files[path].replace(b'"start": 1', b'"start": 2', 1)


def _extra_member(files: Files) -> None:
    files[RECORD] = json.dumps(json.loads(files[RECORD]) | {"approved": True}).encode()


def _rename(old: str, new: str) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        files[new] = files.pop(old)

    return edit


FILE_EDITS = (
    OfFiles("a byte of the page", _flip(_ends(PAGE)), "views"),
    OfFiles("a byte of the JUnit file", _flip(_ends("junit.xml")), "views"),
    OfFiles("a byte of the summary", _flip(_ends("summary.md")), "views"),
    OfFiles("a byte of the reconciliation sheet", _flip(_ends("reconciliation.csv")), "views"),
    OfFiles("a byte of a screenshot", _flip(_ends(".png")), "exhibits"),
    OfFiles("a time in Allure's containers", _container, ONLY_TOLD_APART),
    OfFiles("a byte of the log", _flip(_ends("log.html")), ONLY_TOLD_APART),
    OfFiles("the log is gone", lambda files: files.pop("log.html"), ONLY_TOLD_APART),
    OfFiles("the page has another reason", _replace(PAGE, MESSAGE, "A hiccup."), "views"),
    OfFiles("the screenshot is another", lambda files: files.update({PICTURE: files[PICTURE] + b"\0"}), "exhibits"),
    OfFiles("two exhibits are swapped", lambda f: f.update({PICTURE: f[NOTES], NOTES: f[PICTURE]}), "exhibits"),
    OfFiles("an exhibit is gone", lambda files: files.pop(NOTES), "exhibits"),
    OfFiles("an exhibit has another name", _rename(NOTES, "exhibits/e02-other.txt"), "exhibits"),
    OfFiles("a file was added", lambda files: files.update({"approval.txt": b"Approved."}), "files"),
    OfFiles("an exhibit was added", lambda files: files.update({"exhibits/e03-more.png": b"?"}), "files"),
    OfFiles("a view is gone", lambda files: files.pop("junit.xml"), "views"),
    OfFiles("a view has another name", _rename("summary.md", "SUMMARY.md"), "views"),
    OfFiles("Allure's result is another", _result, "allure results"),
    OfFiles(
        "Allure's result is gone", lambda f: f.pop(next(p for p in f if p.endswith("-result.json"))), "allure results"
    ),
    OfFiles("Allure shows another exchange", _attachment, "allure results"),
    OfFiles("the record has a member more", _extra_member, "record"),
    OfFiles("the record has a member twice", _replace(RECORD, '"run": {', '"run": {},\n "run": {'), "record"),
    OfFiles("the record is written otherwise", lambda f: f.update({RECORD: f[RECORD] + b"\n"}), "views"),
)
