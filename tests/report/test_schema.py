"""The published schema, the model and what a run writes are in step."""

import json
import subprocess
import sys
from collections.abc import Callable

import jsonschema
import pytest

from golive.evidence.model import Evidence
from golive.evidence.schema import SCHEMA_FILE, evidence_schema, schema_text
from tests.report import samples

SAMPLES = [
    samples.rehearsal,
    samples.integrated,
    samples.dev,
    samples.empty,
    samples.interrupted,
    samples.stopped_by_preflight,
]


def test_the_published_file_is_the_models_schema() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "the model changed: python -m golive.evidence.schema > golive/evidence/evidence.schema.json"
    )


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(evidence_schema())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_what_a_run_writes_is_valid_and_reads_back_equal(sample: Callable[[], Evidence]) -> None:
    written = sample().model_dump_json()
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(json.loads(written), evidence_schema(), jsonschema.Draft202012Validator, format_checker=checker)
    assert Evidence.model_validate_json(written) == sample()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verdict", "status"), "almost"),
        (("tests", 0, "outcome"), "fine"),
        (("evses", 0, "stages", "started", "status"), "yes"),
        (("unknown",), 1),
    ],
    ids=["verdict", "outcome", "stage", "unknown-member"],
)
def test_the_schema_refuses_what_the_model_does_not_know(path: tuple[str | int, ...], value: object) -> None:
    record = json.loads(samples.rehearsal().model_dump_json())
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, evidence_schema())


def test_the_module_prints_the_schema() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "golive.evidence.schema"], capture_output=True, check=True, encoding="utf-8"
    )
    assert printed.stdout == schema_text()
