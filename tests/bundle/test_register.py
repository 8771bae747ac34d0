"""A record that went by a register which this checkout does not have: never agreed without a word of it."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from golive.__main__ import main
from golive.bundle.verify import verify
from golive.evidence.checklist import VERSION
from tests.bundle.bench import Base, Json, archived, edited, whole

pytestmark = pytest.mark.usefixtures("same_suite")


@pytest.mark.parametrize("version", ["0", f"{VERSION}0", "none"])
def test_the_last_line_says_so(base: Base, tmp_path: Path, version: str, capsys: pytest.CaptureFixture[str]) -> None:
    evidence = edited(base.evidence, lambda record: record["run"].update(register_version=version))
    bundle = tmp_path / "golive-sample.zip"
    bundle.write_bytes(archived(evidence, whole(evidence, base.others)))
    assert main(["verify", str(bundle)]) == 0
    last = " ".join(capsys.readouterr().out.partition("\nagreed")[2].split())
    assert last.startswith(f"on the record: it went by register {version}, which this checkout does not have; the")
    main(["verify", str(bundle), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["reservations"] == [f"it went by register {version}, which this checkout does not have"]


def _attested(record: Json) -> None:
    record["dossier"]["attestations"][0]["requirement_id"] = "FE-99"


def _observed(record: Json) -> None:
    record["observations"] = [
        {"code": "X", "owner": "cariqa", "message": "?", "requirement_ids": ["DEV-99"], "exchanges": []}
    ]


def _of_a_check(record: Json) -> None:
    record["tests"][0]["requirement_ids"] = ["DEV-99"]


def _twice(record: Json) -> None:
    record["requirements"].append(record["requirements"][0])


def _unnamed(record: Json) -> None:
    served = record["tests"][0]["requirement_ids"][0]
    next(found for found in record["requirements"] if found["id"] == served)["tests"].pop(0)


@pytest.mark.parametrize("edit", [_attested, _observed, _of_a_check, _twice, _unnamed])
@pytest.mark.parametrize("version", ["0", VERSION])
def test_ids_that_lead_nowhere_are_found_by_whatever_register(
    base: Base, tmp_path: Path, today: datetime, edit: object, version: str
) -> None:
    evidence = edited(base.evidence, edit)  # type: ignore[arg-type]
    evidence = edited(evidence, lambda record: record["run"].update(register_version=version))
    bundle = tmp_path / "golive-sample.zip"
    bundle.write_bytes(archived(evidence, whole(evidence, base.others)))
    verified = verify(bundle, now=today)
    (ids,) = [seen for seen in verified.looks if seen.name == "requirement ids"]
    assert ids.result == "differs"
