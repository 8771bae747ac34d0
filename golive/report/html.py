"""The record as one self-contained HTML page that works without JavaScript and asks nothing of the network."""

import base64
import hashlib
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from golive.evidence.model import Assurance, Evidence, Stage
from golive.evidence.writing import record_digest
from golive.report import Exhibits
from golive.report.marks import ASSURANCES, REHEARSAL
from golive.report.text import visible
from golive.report.views import checklist, exchanges, journeys, ledger, opening
from golive.report.views.decisions import decisions
from golive.report.views.exhibits import MOST_PICTURES
from golive.report.views.integration import integration, lines_to_observe
from golive.report.views.links import Anchors
from golive.report.views.statements import statements

_TEMPLATES = Path(__file__).with_name("templates")
_HEADER_NAME = re.compile("^([A-Za-z0-9-]+:)", re.MULTILINE)
_LONGEST_TEXT = 4_000
"""Characters of any one value outside a body: a hostile header or message must not become the page."""

SECTIONS = (
    ("verdict", "Verdict"),
    ("decisions", "Decisions"),
    ("who", "Who asks"),
    ("moves", "Whose move it is"),
    ("checklist", "Checklist"),
    ("attestations", "Attestations"),
    ("scans", "Scans"),
    ("integration", "Integration"),
    ("evses", "EVSE matrix"),
    ("journeys", "Journeys"),
    ("busy", "Busy station"),
    ("receipts", "Receipts"),
    ("errors", "Error table"),
    ("observations", "Observations"),
    ("reconciliation", "Reconciliation"),
    ("attempts", "Attempts"),
    ("left", "What was left"),
    ("run", "The run"),
    ("preflight", "Preflight"),
    ("checks", "Checks"),
    ("exchanges", "Exchanges"),
)


def render(evidence: Evidence, exhibits: Exhibits) -> str:
    """`evidence` as one HTML page; the same record and exhibits give the same page, to the byte."""
    anchors = Anchors(evidence)
    style = "".join(_source(f"{name}.css") for name in ("style", "dossier", "integration", "print"))
    script = _source("script.js.j2")
    said = statements(evidence, anchors, exhibits)
    room = MOST_PICTURES - (said.pictured if said else 0)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            sections=SECTIONS,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            policy=_policy(script),
            run=evidence.run,
            record_digest=record_digest(evidence),
            rehearsal=evidence.run.rehearsal or evidence.verdict.rehearsal,
            rehearsal_words=REHEARSAL,
            page_foot=css_string(f"{evidence.run.id} · {evidence.verdict.status}"),
            page_head=css_string(REHEARSAL),
            stages=[stage.value for stage in Stage],
            assurances=[ASSURANCES[level] for level in reversed(Assurance)],
            statements=said,
            integration=integration(evidence, anchors, exhibits, room),
            to_observe=lines_to_observe(evidence),
            decisions=decisions(evidence, anchors),
            opening=opening.opening(evidence, anchors),
            preflight=checklist.preflight(evidence.preflight, anchors),
            requirements=checklist.requirements(evidence, anchors),
            matrix=journeys.matrix(evidence, anchors),
            holds=journeys.holds(evidence),
            hold_bound=journeys.bound(evidence),
            walks=journeys.journeys(evidence, anchors, kinds=("walk", "refusals")),
            meetings=journeys.journeys(evidence, anchors, kinds=("busy",)),
            receipts=journeys.receipts(evidence, anchors),
            errors=checklist.errors(evidence, anchors),
            checks=checklist.checks(evidence, anchors),
            observations=checklist.observations(evidence, anchors),
            scans=ledger.scans(evidence),
            sheet=ledger.sheet(evidence, anchors),
            attempts=ledger.attempts(evidence),
            left=ledger.left(evidence),
            exchanges=exchanges.exchanges(evidence, anchors),
            named_apart=exchanges.named_apart(evidence),
            exchange_total=len(evidence.exchanges),
            provoked_total=sum(exchange.provoked is not None for exchange in evidence.exchanges),
        )
    )


def css_string(text: str) -> Markup:
    """`text` as a CSS string; whatever is not a letter, digit or space is a CSS escape, so nothing can end it."""
    escaped = re.sub("[^A-Za-z0-9 ]", lambda found: f"\\{ord(found.group()):x} ", visible(text))
    return Markup(f'"{escaped}"')  # noqa: S704 - only letters, digits, spaces and escapes are left


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def _finalize(value: Any) -> Any:
    """Each value a template writes passes here: plain text is made visible and held to a sensible length."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return visible(_held(value))


def _held(text: str) -> str:
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]}… [{len(text):,} characters, cut here; evidence.json has the whole]"


def _body(text: str) -> Markup:
    """A body's text, already cut by its own limit, between tags: there a quotation mark needs no escape, and JSON is
    full of them."""
    return Markup(escape(visible(text), quote=False))  # noqa: S704 - escaped here


@lru_cache(maxsize=512)  # most requests of a run have the same ones
def _headers(pairs: tuple[tuple[str, str], ...]) -> Markup:
    """One line each, the name marked; a line break within a value is shown, so that none can feign a header."""
    lines = (f"{name}: {_held(value)}".replace("\n", "\\n") for name, value in pairs)
    escaped = escape(visible("\n".join(lines)), quote=False)
    return Markup(_HEADER_NAME.sub(r"<i>\1</i>", escaped))  # noqa: S704 - escaped before


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["body"] = _body
    environment.filters["headers"] = _headers
    return environment


@lru_cache(maxsize=8)
def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
