"""A dossier for the sample records, with exhibits of every kind, and what stands beside it in a record."""

import hashlib
import struct
import zlib
from datetime import date
from typing import Any

from golive.evidence.aftermath import Aftermath, TestUser
from golive.evidence.model import Attempt, VerdictStatus
from golive.evidence.statements import (
    Answer,
    Attestation,
    Contact,
    Dossier,
    Exhibit,
    Scan,
    ScanFinding,
    Waiver,
)
from tests.report.record import at

NOTES = 'Retry: 3 times, 2 s apart.\nThen: "Please try another station."\n'


def picture(width: int = 90, height: int = 160, colour: tuple[int, int, int] = (10, 90, 112)) -> bytes:
    """A PNG of one colour with a white band."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    band = range(height // 3, height // 2)
    rows = b"".join(b"\0" + (b"\xff\xff\xff" if y in band else bytes(colour)) * width for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


FILES: dict[str, bytes] = {
    "exhibits/e01-payment-sheet.png": picture(),
    "exhibits/e02-charging.png": picture(160, 90, (26, 104, 56)),
    "exhibits/e03-support-handbook.pdf": b"%PDF-1.4\n%%EOF\n",
    "exhibits/e04-retry-notes.txt": NOTES.encode(),
}
"""The exhibits as they lie beside the record."""

_KINDS = {"png": "image/png", "pdf": "application/pdf", "txt": "text/plain"}


def _attached(path: str, content: bytes, **changes: Any) -> Exhibit:
    id_, _, name = path.removeprefix("exhibits/").partition("-")
    values: dict[str, Any] = {
        "id": id_,
        "name": name,
        "path": path,
        "media_type": _KINDS[name.rpartition(".")[2]],
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Exhibit(**values | changes)


def album() -> tuple[Dossier, dict[str, bytes]]:
    """A dossier with so many pictures that pages end everywhere among them, and its files."""
    files = {f"exhibits/e{n:02d}-screen.png": picture(90, 30 + n) for n in range(1, 70)}
    shots = tuple(_attached(path, content) for path, content in files.items())
    said = tuple(attested(f"FE-{n % 6 + 1}", f"As picture {n} shows.", shot.id) for n, shot in enumerate(shots))
    return dossier(attestations=said, exhibits=shots, waivers=(), review={}), files


def exhibits() -> tuple[Exhibit, ...]:
    attached = [_attached(path, content) for path, content in FILES.items()]
    attached[0] = attached[0].model_copy(update={"removed": ("EXIF", "GPS")})
    video = Exhibit(
        id="e05",
        name="a charge from start to stop",
        path=None,
        reference="https://media.example.com/walk.mp4",
        media_type=None,
        size=None,
        sha256=None,
    )
    return (*attached, video)


def attested(requirement_id: str, statement: str, *exhibits: str, **changes: Any) -> Attestation:
    values: dict[str, Any] = {
        "requirement_id": requirement_id,
        "answer": Answer.YES,
        "name": "Ada Kern",
        "role": "head of mobile",
        "on": date(2026, 2, 20),
        "statement": statement,
        "exhibits": exhibits,
    }
    return Attestation(**values | changes)


def dossier(**changes: Any) -> Dossier:
    values: dict[str, Any] = {
        "partner": "Voltfahrt GmbH",
        "integration": "Voltfahrt app and backend",
        "version": "4.2.0",
        "countries": ("DE", "AT", "IT"),
        "contacts": (
            Contact(purpose="go-live", name="Ada Kern", channel="ada.kern@example.com", hours="Mon-Fri 9-17 CET"),
            Contact(purpose="support", name="Driver support", channel="+49 30 5550100", hours="24/7"),
        ),
        "review": {"REV-1": "A walk through the app: https://docs.example.com/journey\nAsk Ada for a guest account."},
        "challenge": "kite-4417",
        "valid_until": at(30 * 86_400),
        "sha256": "3b" * 32,
        "attestations": (
            attested(
                "BE-1", "The token is in our vault; only the charging service reads it.", name="Bo Lind", role="CTO"
            ),
            attested("FE-1", "Cards are collected with Stripe's payment sheet.", "e01"),
            attested("FE-3", "The charging screen shows energy, time and cost.", "e02", "e05"),
            attested("FE-6", "Starts are retried three times.", "e04", "e02"),
            attested("REV-1", "The journey is documented.", "e03"),
            attested("FE-2", "", answer=Answer.NO, on=None, name="", role=""),
            attested(
                "REV-6",
                "We operate where no calibrated receipt is asked for.",
                answer=Answer.NOT_APPLICABLE,
                reason="None of the three countries asks for more than the receipt shows.",
            ),
        ),
        "waivers": (
            Waiver(
                requirement_id="FE-5",
                owner="Ada Kern",
                until=date(2026, 4, 15),
                reason="The new error texts ship with 4.3 in April.",
            ),
            Waiver(requirement_id="FE-4", owner="Bo Lind", until=date(2026, 1, 31), reason="Stop by RFID only."),
        ),
        "exhibits": exhibits(),
    }
    return Dossier(**values | changes)


def scans() -> tuple[Scan, ...]:
    leaked = ScanFinding(place="src/api.js", line=12, kind="the key in use", form="base64")
    return (
        Scan(what="tree", root="../voltfahrt/dist", files=214, skipped=("map.wasm: binary",), findings=(leaked,)),
        Scan(what="page", root="https://app.example.com/", files=9),
        Scan(what="tree", root="../voltfahrt/backend", files=50_000, skipped=("50000 files read",), complete=False),
    )


def attempts() -> tuple[Attempt, ...]:
    return tuple(
        Attempt(
            run_id=f"20260228T{hour}0000Z-aa0{hour}",
            started_at=at(-86_400 + 3_600 * n),
            target_kind="simulator",
            complete=complete,
            selection="" if complete else "-k DE*PWA",
            verdict=VerdictStatus.NOT_READY if complete else VerdictStatus.INCOMPLETE,
            failed=3 - n,
            inconclusive=n,
            total=280,
        )
        for n, (hour, complete) in enumerate((("10", True), ("11", False)))
    )


def aftermath() -> Aftermath:
    return Aftermath(
        open_before=("0ld5e55",),
        started=("5f0c7a16", "77aa01"),
        open_after=("77aa01",),
        users=(
            TestUser(user_id="4711", actor="surveyor", external_id="e-1", made_at=at(0.1), fate="deleted"),
            TestUser(user_id="21", actor="driver B", fate="kept"),
            TestUser(user_id="20", actor="driver A", external_id="golive-a", made_at=at(2.1), fate="left"),
        ),
        left_behind=("the session on DE*CIQ*EWBNHHLM82TLA*1 of user 20 may still be open: no answer",),
    )
