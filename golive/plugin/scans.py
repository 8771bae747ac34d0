"""The scans for tokens that a run was asked for, at its end; also of a run whose preflight failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

    from golive.evidence.statements import Scan
    from golive.plugin.run import Run
    from golive.settings import Settings


def scan_all(run: Run, hurry: Callable[[], bool]) -> tuple[Scan, ...]:
    """What `--scan` and `--scan-url` name, in that order; looked for is the partner's key, among others."""
    settings = run.settings
    places: tuple[Path | str, ...] = (*settings.scan, *settings.scan_url)
    return tuple(_scanned(run, place, hurry) for place in places)


def _scanned(run: Run, place: Path | str, hurry: Callable[[], bool]) -> Scan:
    from golive.evidence.statements import Scan
    from golive.scanning import scan_page, scan_tree  # late: few ask for it

    key = _looked_for(run.settings)
    try:
        if isinstance(place, Path):
            return scan_tree(place, key, hurry=hurry)
        return scan_page(place, key, hurry=hurry)
    except Exception as fault:
        # What this suite gets wrong must not cost the run its record: such a scan shows nothing, and says so.
        return Scan(
            what="tree" if isinstance(place, Path) else "page",
            root=run.redactor.text(str(place).partition("?")[0]),
            files=0,
            skipped=(f"everything: the scan ended in an error of this suite itself ({type(fault).__name__})",),
            complete=False,
        )


def _looked_for(settings: Settings) -> SecretStr | None:
    """The key in use; in a rehearsal that is the simulator's, so the partner's own where one is set."""
    if settings.target.kind != "simulator":
        return settings.key
    own = (key for key in settings.given_keys if not key.get_secret_value().startswith("pk_"))
    return next(own, settings.key)
