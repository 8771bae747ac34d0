"""The contract watch in the life of a run: the document is read before anything is asked of the target, the record is
compared with it once everything has been sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from golive.connect.sender import on_behalf_of
from golive.guard import ForbiddenTarget
from golive.outcomes import Owner
from golive.recording import EXTENSION, live_transport
from golive.settings import Settings, SettingsError

if TYPE_CHECKING:
    from golive.contract import Contract
    from golive.plugin.run import Run

ACTOR: Final = "contract"
"""Who asks for the document in the record."""

TIMEOUT_S: Final = 20.0
"""To connect, to the first byte of the document, and from there to its last."""

CONTRACT = pytest.StashKey["Contract"]()


def read_file(config: pytest.Config, settings: Settings) -> None:
    """Read the document where it is a file. Raises `SettingsError`."""
    if isinstance(settings.openapi, Path):
        try:
            text = settings.openapi.read_bytes()
        except OSError as fault:
            raise SettingsError(f"{settings.place('openapi')}: cannot be read ({fault.strerror})") from None
        config.stash[CONTRACT] = _understood(text, settings)


def fetch(config: pytest.Config, run: Run) -> None:
    """Ask for the document where it is a URL, once, without a key, following nothing. Raises `SettingsError`."""
    settings = run.settings
    if isinstance(settings.openapi, str):
        place = settings.place("openapi")
        try:
            response = _asked(settings.openapi, run)
        except (httpx.HTTPError, ForbiddenTarget) as fault:
            said = f"{type(fault).__name__}: {run.redactor.text(str(fault)) or 'no further word'}"
            raise SettingsError(
                f"{place}: the document cannot be had ({said}); look at the URL, or give a file"
            ) from None
        if response.is_redirect:
            raise SettingsError(f"{place}: is a redirect ({response.status_code}); give the URL that it leads to")
        if response.status_code != httpx.codes.OK:
            raise SettingsError(f"{place}: is answered with {response.status_code}; look at the URL, or give a file")
        config.stash[CONTRACT] = _understood(response.content, settings)


def compare_record(config: pytest.Config, run: Run) -> None:
    """Observe what the recorded exchanges with the Connect API have against the document, if there is one."""
    contract = config.stash.get(CONTRACT, None)
    if contract is None:
        return
    from golive.contract import Kind, compare

    theirs = [e for e in run.recorder.exchanges if e.actor != ACTOR and e.provoked is None]
    connect = [e for e in theirs if not (e.operation or "").startswith("stripe_")]
    for difference in compare(connect, contract, api=run.settings.target.url or ""):
        run.recorder.observe(
            difference.kind,
            difference.message,
            owner=Owner.ENVIRONMENT if difference.kind is Kind.NOT_COMPARED else Owner.CARIQA,
            exchanges=difference.exchanges,
        )


def _asked(url: str, run: Run) -> httpx.Response:
    from golive.contract import MOST_BYTES

    transport = live_transport(run.recorder, max_body=MOST_BYTES, connections=1)
    with httpx.Client(transport=transport, trust_env=False, follow_redirects=False) as client:
        request = client.build_request(
            "GET",
            url,
            headers={
                "Accept": "application/json, application/yaml, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
                "User-Agent": on_behalf_of(run.user_agent, test=None, actor=ACTOR),
            },
            timeout=TIMEOUT_S,
            extensions={EXTENSION: {"actor": ACTOR, "operation": None, "body_s": TIMEOUT_S}},
        )
        return client.send(request)


def _understood(text: bytes, settings: Settings) -> Contract:
    from golive.contract import UnreadableContract, read_contract  # late: it takes a while, and few ask for it

    try:
        return read_contract(text)
    except UnreadableContract as fault:
        raise SettingsError(f"{settings.place('openapi')}: {fault}") from None
