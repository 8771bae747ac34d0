"""`python -m golive.report EVIDENCE.json OUT.html`: renders the page of a record again, with the exhibits beside it."""

import sys
from pathlib import Path

from pydantic import ValidationError

from golive.evidence.model import Evidence
from golive.report import render_html
from golive.report.exhibits import beside

_USAGE = "usage: python -m golive.report EVIDENCE.json OUT.html"


def main(arguments: list[str]) -> int:
    """Writes the page; 0 on success, 2 with one line on the error stream otherwise."""
    if len(arguments) != 2:
        return _refuse(_USAGE)
    source, target = map(Path, arguments)
    try:
        evidence = Evidence.model_validate_json(source.read_bytes())
    except OSError as problem:
        return _refuse(f"{source} cannot be read: {problem.strerror}")
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return _refuse(f"{source} is no record of this version: {place or 'the file'}: {first['msg']}")
    try:
        target.write_text(render_html(evidence, beside(source.parent)), encoding="utf-8")
    except OSError as problem:
        return _refuse(f"{target} cannot be written: {problem.strerror}")
    return 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
