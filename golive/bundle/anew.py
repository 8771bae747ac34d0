"""The views of a bundle, written anew by this checkout: whoever reads them need not trust those that were packed."""

from collections.abc import Mapping
from pathlib import Path

from golive.bundle.checks.views import rendered
from golive.bundle.foot import PAGE, with_digest
from golive.bundle.writing import write_whole
from golive.evidence.model import Evidence
from golive.report.exhibits import is_ours


def write_anew(directory: Path, evidence: Evidence, files: Mapping[str, bytes], *, digest: str | None) -> list[str]:
    """Write the views of `evidence`, and the exhibits among `files` that the page leads to; returns the views' names.

    `digest` is that of the manifest, for the page's foot; None leaves the zeros there. Raises FileExistsError where
    the directory holds anything, OSError where something cannot be written.
    """
    views = rendered(evidence, files)
    if digest is not None:
        views[PAGE] = with_digest(views[PAGE], digest)
    named = {exhibit.path for exhibit in evidence.dossier.exhibits} if evidence.dossier else set()
    exhibits = {path: files[path] for path in named if path is not None and path in files and is_ours(path)}
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise FileExistsError(None, "it holds something already; name a new folder")
    for path, data in (views | exhibits).items():
        (directory / path).parent.mkdir(exist_ok=True)
        write_whole(directory / path, data)
    return list(views)
