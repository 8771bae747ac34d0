"""The published JSON Schema of `evidence.json`, made from the model.

`python -m golive.evidence.schema` prints it; `evidence.schema.json` beside this file is that output.
"""

import json
import sys
from pathlib import Path
from typing import Any

from golive.evidence.model import Evidence

SCHEMA_FILE = Path(__file__).with_name("evidence.schema.json")


def evidence_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of what a run writes: every member is there, also where it is null."""
    schema = Evidence.model_json_schema(mode="serialization")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:cariqa-golive:evidence:1",
        "title": "The record of a go-live readiness run",
    }
    return head | {name: part for name, part in schema.items() if name not in head}


def schema_text() -> str:
    """The schema as it is written to the file."""
    return json.dumps(evidence_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
