"""The log: what happened, to whom, and the support code; never a token, a client secret or a card."""

import logging
import re
import sys
from pathlib import Path

from examples.partner_app.connect import ConnectError
from examples.partner_app.notices import reference

_SECRET = re.compile(r"\b\w+_secret_\w+|\bBearer\s+\S+")


class KeepSecrets(logging.Formatter):
    """A second line of defence, over the whole text with its trace. The first one: nothing below puts a secret in."""

    def __init__(self, key: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._key = key

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub("[removed]", super().format(record).replace(self._key, "[removed]"))


class Log:
    """Lines of `name=value`, to standard error or to a file."""

    def __init__(self, key: str, file: Path | None = None) -> None:
        if file is not None:
            file.touch(mode=0o600)  # it tells who charged where
        handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler(sys.stderr)
        handler.setFormatter(KeepSecrets(key))
        self._handler = handler
        self._logger = logging.Logger("partner_app", logging.INFO)
        self._logger.addHandler(handler)

    def close(self) -> None:
        self._handler.close()

    def event(self, what: str, **values: object) -> None:
        self._logger.info(_line(what, values))

    def trouble(self, what: str, error: ConnectError, **values: object) -> None:
        """An error of the API, with all that support needs to find it again on the other side."""
        found: dict[str, object] = {"status": error.status, "type": error.type, "details": repr(error.details)}
        if error.support_code is not None:
            found |= {"support_code": error.support_code, "reference": reference(error)}
        self._logger.warning(_line(what, {**values, **found}))

    def crash(self, what: str, fault: BaseException) -> None:
        """A fault of this app. The trace is for the log alone."""
        self._logger.error(_line(what, {"fault": type(fault).__name__}), exc_info=fault)


def _line(what: str, values: dict[str, object]) -> str:
    return " ".join([what, *(f"{name}={value}" for name, value in values.items())])
