"""Allure's results against the record: each check's outcome, each attached exchange."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from golive.evidence.model import Evidence, Exchange
from golive.outcomes import Outcome

FOLDER = "allure-results/"

_ATTACHMENT = re.compile(r"[0-9a-f-]+-attachment\.(?:json|txt)")
"""An exchange, or what a check printed: nothing that a browser would run."""

_STATUS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "broken",
    Outcome.INCONCLUSIVE: "unknown",
    Outcome.SKIPPED: "skipped",
}


def results(evidence: Evidence, files: Mapping[str, bytes]) -> list[str]:
    """What Allure would show otherwise than the record, and files that belong to no result."""
    exchanges = {exchange.id: exchange for exchange in evidence.exchanges}
    problems: list[str] = []
    referenced: set[str] = set()
    shown: dict[str, Counter[str]] = {}
    for path, data in files.items():
        if not path.startswith(FOLDER) or not path.endswith(("-result.json", "-container.json")):
            continue
        try:
            content = json.loads(data)
        except (ValueError, RecursionError):
            problems.append(f"{path} is no JSON")
            continue
        if path.endswith("-result.json") and isinstance(content, dict):
            function = str(content.get("fullName")).replace("#", ".")
            shown.setdefault(function, Counter())[str(content.get("status"))] += 1
        referenced.add(path)
        for attachment in _attachments(content):
            source = f"{FOLDER}{attachment.get('source')}"
            referenced.add(source)
            problems += _attached(attachment.get("name"), source, files.get(source), exchanges)
    if shown:
        problems += _outcomes(evidence, shown)
    problems += [f"{path} belongs to no result" for path in files if path.startswith(FOLDER) and path not in referenced]
    return problems


def _outcomes(evidence: Evidence, shown: Mapping[str, Counter[str]]) -> Iterator[str]:
    """By test function: Allure names none of its parameters in a form that the record has. Where a check was broken
    off, Allure may have a result of it or none."""
    told: dict[str, Counter[str]] = {}
    broken_off: set[str] = set()
    for check in evidence.tests:
        function = _function(check.nodeid)
        if check.outcome is Outcome.NOT_RUN:
            broken_off.add(function)
        elif check.outcome is not Outcome.DESELECTED:
            told.setdefault(function, Counter())[_STATUS[check.outcome]] += 1
    for function in sorted({*told, *shown} - broken_off):
        if told.get(function) != shown.get(function):
            yield f"{function} has other outcomes there"


def _function(nodeid: str) -> str:
    """`suites/test_a.py::Class::test_b[c]` as Allure writes it: with dots, without parameters."""
    file, _, name = nodeid.partition("::")
    return f"{file.removesuffix('.py').replace('/', '.')}.{name.partition('[')[0].replace('::', '.')}"


def _attachments(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        for name, value in content.items():
            if name == "attachments" and isinstance(value, list):
                yield from (each for each in value if isinstance(each, dict))
            else:
                yield from _attachments(value)
    elif isinstance(content, list):
        for each in content:
            yield from _attachments(each)


def _attached(name: Any, source: str, data: bytes | None, exchanges: Mapping[str, Exchange]) -> Iterator[str]:
    if not _ATTACHMENT.fullmatch(source.removeprefix(FOLDER)):
        yield f"{source} is no attachment as this suite makes them"
    elif data is None:
        yield f"{source} is missing"
    elif name in exchanges:
        try:
            same = Exchange.model_validate_json(data) == exchanges[name]
        except ValidationError:
            same = False
        if not same:
            yield f"{source} shows {name} otherwise than the record"
