"""No key and nothing of the shape of a secret goes into a record with the dossier: it is refused where it stands."""

import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import SecretStr

from golive.evidence.statements import Exhibit
from golive.settings import SettingsError

_REMEDY: Final = "take it out, and have it rotated if the file was passed on"
_PICTURES: Final = frozenset({"image/png", "image/jpeg"})


class Refusal:
    """Looks for `secrets`, by what each is called, and for what has the shape of one. Its `repr` shows none."""

    def __init__(self, name: str, secrets: Mapping[str, SecretStr]) -> None:
        from golive.recording import Redactor  # late: it brings an HTTP client

        self._name = name
        self._redactor = Redactor(secrets)

    def __repr__(self) -> str:
        return f"Refusal({self._name!r}, **********)"

    def of_source(self, content: bytes) -> None:
        """Raise `SettingsError` where the dossier's file holds one, before a message can repeat a part of it."""
        if (found := self._redactor.found_in([content])) is not None:
            lines = enumerate(content.splitlines(), start=1)
            line = next((number for number, text in lines if self._redactor.found_in([text]) is not None), None)
            place = self._name if line is None else f"{self._name}, line {line}"
            raise SettingsError(f"{place}: holds {found}; {_REMEDY}")

    def of_values(self, texts: Iterable[str]) -> None:
        """Raise `SettingsError` where one is written with escapes of TOML, so that the source does not show it."""
        if (found := self._redactor.found_in([text.encode("utf-8", "surrogatepass") for text in texts])) is not None:
            raise SettingsError(f"{self._name}: holds {found}, written with escapes; {_REMEDY}")

    def of_files(self, exhibits: Sequence[Exhibit], files: Mapping[str, bytes]) -> None:
        """Raise `SettingsError` where a file that the dossier names holds one, also in a picture's colour profile."""
        for exhibit in exhibits:
            if exhibit.path is None:
                continue
            content = files[exhibit.path]
            parts = [content, _profile(content)] if exhibit.media_type in _PICTURES else [content]
            if (found := self._redactor.found_in(parts)) is not None:
                raise SettingsError(f"{self._name}: the file {exhibit.name!r} that it names holds {found}; {_REMEDY}")


def _profile(picture: bytes) -> bytes:
    """The colour profile of a picture that was written anew here: PNG packs it, and it takes any bytes."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large pictures, which were let in before
        with Image.open(io.BytesIO(picture)) as opened:
            profile = opened.info.get("icc_profile")
    return profile if isinstance(profile, bytes) else b""


def texts_in(value: object) -> Iterable[str]:
    """Every text in what TOML gave, keys too."""
    todo = [value]
    while todo:
        match todo.pop():
            case str() as text:
                yield text
            case Mapping() as table:
                todo += [*table.keys(), *table.values()]
            case list() as array:
                todo += array
