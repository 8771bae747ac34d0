"""Whatever pytest makes of an exception or of output passes the redactor before any other plugin sees it.

A traceback shows the arguments and, with `--showlocals`, the variables of every function on its way: also those of the
HTTP library, where the headers stand as they are sent.
"""

from typing import Final

import pytest

from golive.recording import Redactor

_HIDDEN: Final = "the traceback is left out: it shows a secret"


def mask_report(report: pytest.TestReport, redactor: Redactor) -> None:
    """Mask everything in `report` that is shown or written: traceback, captured output and logs, properties."""
    report.longrepr = _masked(report.longrepr, redactor)  # type: ignore[assignment]
    if report.longrepr is not None and redactor.found_in([str(report.longrepr).encode("utf-8", "replace")]):
        report.longrepr = _HIDDEN  # in a form that only shows when it is drawn
    report.sections = [(redactor.shortened(name), redactor.shortened(text)) for name, text in report.sections]
    report.user_properties = [
        (name, redactor.shortened(value) if isinstance(value, str) else value) for name, value in report.user_properties
    ]


def mask_trace(trace: object, redactor: Redactor) -> None:
    """Mask a traceback that pytest has made ready to be drawn."""
    _masked(trace, redactor)


def mask_attributes(thing: object, redactor: Redactor) -> None:
    """Mask every text in a result of Allure's, in place, however deep."""
    _masked_within(thing, redactor)


def _masked(value: object, redactor: Redactor) -> object:
    """`value` with its texts masked: a new text, list or tuple, or the same object changed in place."""
    if isinstance(value, str):
        return redactor.shortened(value)
    if isinstance(value, list):
        return [_masked(part, redactor) for part in value]
    if isinstance(value, tuple):
        return tuple(_masked(part, redactor) for part in value)
    if hasattr(value, "toterminal") or hasattr(type(value), "__attrs_attrs__"):
        _masked_within(value, redactor)
    return value


def _masked_within(thing: object, redactor: Redactor) -> None:
    for name, value in list(vars(thing).items()):
        masked = _masked(value, redactor)
        if masked is not value:
            setattr(thing, name, masked)
