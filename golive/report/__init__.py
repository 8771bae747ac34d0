"""Views of a record: HTML for people, JUnit XML for CI, Markdown for a comment, CSV for a comparison with logs.

Each reads evidence, and the page the exhibits beside it; nothing else. Importing this package is light: what a view
needs is imported when it is rendered, so that collecting the checks does not pay for it.
"""

from collections.abc import Callable

from golive.evidence.model import Evidence

Exhibits = Callable[[str], bytes | None]
"""Gives the bytes of an exhibit by its path below the record's directory, None where there are none."""


def no_exhibits(path: str) -> bytes | None:  # noqa: ARG001 - the form of Exhibits
    """Nothing lies beside the record."""
    return None


def render_html(evidence: Evidence, exhibits: Exhibits = no_exhibits) -> str:
    """`evidence` as one HTML page, with the pictures among `exhibits` in it."""
    from golive.report.html import render

    return render(evidence, exhibits)


def render_junit(evidence: Evidence) -> str:
    """`evidence` as JUnit XML: a suite per section, a case per check."""
    from golive.report.junit import render

    return render(evidence)


def render_markdown(evidence: Evidence) -> str:
    """`evidence` in short: verdict, why, counts, what is not shown and whose move it is."""
    from golive.report.markdown import render

    return render(evidence)


def render_reconciliation(evidence: Evidence) -> str:
    """Every user, session and invoice of the run as CSV."""
    from golive.report.reconciliation import render

    return render(evidence)


VIEWS: dict[str, Callable[[Evidence, Exhibits], str]] = {
    "evidence.html": render_html,
    "junit.xml": lambda evidence, _: render_junit(evidence),
    "summary.md": lambda evidence, _: render_markdown(evidence),
    "reconciliation.csv": lambda evidence, _: render_reconciliation(evidence),
}
"""The files that are made from the record, beside evidence.json: the same record and exhibits give the same bytes."""
