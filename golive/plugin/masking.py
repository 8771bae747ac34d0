"""Whatever pytest makes of an exception, a warning, a log or of output passes the redactor before any other plugin
sees it.

A traceback shows the arguments and, with `--showlocals`, the variables of every function on its way: also those of the
HTTP library, where the headers stand as they are sent.
"""

import logging
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from golive.recording import Redactor

_HIDDEN: Final = "the traceback is left out: it shows a secret"


def mask_report(report: pytest.TestReport | pytest.CollectReport, redactor: Redactor) -> None:
    """Mask everything in `report` that is shown or written: traceback, captured output and logs, properties."""
    report.longrepr = _masked(report.longrepr, redactor)  # type: ignore[assignment]
    if report.longrepr is not None and redactor.found_in([str(report.longrepr).encode("utf-8", "replace")]):
        report.longrepr = _HIDDEN  # in a form that only shows when it is drawn
    report.sections = [(redactor.shortened(name), redactor.shortened(text)) for name, text in report.sections]
    if isinstance(report, pytest.TestReport):
        report.user_properties = [
            (name, redactor.shortened(value) if isinstance(value, str) else value)
            for name, value in report.user_properties
        ]


def mask_warning(warning: warnings.WarningMessage, redactor: Redactor) -> None:
    """Mask a warning that pytest is about to tell."""
    said = str(warning.message)
    if (masked := redactor.shortened(said)) != said:
        warning.message = warning.category(masked)


Current = Callable[[], Redactor]
"""The redactor of the run as it is by then: more is known of its secrets once it is connected."""


def mask_tracing(config: pytest.Config, redactor: Current) -> None:
    """Mask what `--debug` and PYTEST_DEBUG write of every call between plugins, its arguments among it."""
    root = config.trace.root
    if (write := root._writer) is not None:
        root.setwriter(lambda text: write(redactor().shortened(text)))


@contextmanager
def masked_logs(redactor: Current) -> Iterator[None]:
    """Within, every log record is masked as it is made, before any handler has it: captured, live or in a file."""
    former = logging.getLogRecordFactory()

    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = former(*args, **kwargs)
        try:
            said = record.getMessage()
        except (TypeError, ValueError):  # as the handlers will say; the arguments alone may show what they should not
            said = str(record.msg)
        record.msg, record.args = redactor().shortened(said), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redactor().shortened("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
        return record

    logging.setLogRecordFactory(make)
    try:
        yield
    finally:
        logging.setLogRecordFactory(former)


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
