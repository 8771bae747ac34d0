"""No code, a person: the adapter that asks somebody to do it in the app, on a local page and in the terminal."""

from collections.abc import Callable, Mapping

from golive.integration.manual.adapter import ManualAdapter
from golive.integration.manual.page import UnusablePicture


def factory(say: Callable[[str], None]) -> Callable[[str, Mapping[str, str]], ManualAdapter]:
    """The factory that `--integration manual` stands for; `say` gets each line for the terminal."""

    def make(base_url: str, environment: Mapping[str, str]) -> ManualAdapter:  # noqa: ARG001 - the backend has its own
        return ManualAdapter(base_url, say, clean=_clean)

    return make


def _clean(content: bytes) -> bytes:
    """The picture as PNG or JPEG, without what is no picture. Raises `UnusablePicture`."""
    from golive.dossier.pictures import cleaned
    from golive.dossier.unusable import UnusableFile

    kind = "JPEG" if content.startswith(b"\xff\xd8\xff") else "PNG"
    try:
        return cleaned(content, kind)[0]
    except UnusableFile as fault:
        raise UnusablePicture(str(fault)) from None
