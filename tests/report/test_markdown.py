"""The summary says in short what the record says."""

from golive.evidence.model import Stage
from golive.report import render_markdown
from tests.report import samples


def test_the_summary_opens_with_the_verdict_and_its_cautions() -> None:
    lines = render_markdown(samples.interrupted()).splitlines()
    assert lines[0] == "## ✗ Not ready: Cariqa Connect go-live readiness"
    assert lines[2].startswith("> **Rehearsal: not against DEV")
    assert lines[4].startswith("> **Partial: the run was interrupted")
    assert lines[6].startswith("> **Narrowed: ")


def test_each_section_has_its_counts() -> None:
    lines = render_markdown(samples.rehearsal()).splitlines()
    assert "| stations |  | 1 | 1 |  |  |  |  |" in lines
    assert "| **all** | 1 | 1 | 3 | 1 |  | 1 | 18 |" in lines


def test_moves_are_grouped_by_owner() -> None:
    summary = render_markdown(samples.rehearsal())
    assert "**Cariqa** (1 failed)" in summary
    assert "**Environment** (2 inconclusive)" in summary
    assert "**Partner** (1 inconclusive)" in summary
    assert "**This suite** (1 error)" in summary


def test_what_is_not_shown_names_the_assurance_it_needs() -> None:
    summary = render_markdown(samples.rehearsal())
    assert "- **BE-2** Each request carries the right Bearer token: needs observed, shown as exercised" in summary


def test_the_matrix_has_a_row_for_each_evse_and_a_cell_for_each_stage() -> None:
    rows = [line for line in render_markdown(samples.rehearsal()).splitlines() if "&#42;" in line and line[0] == "|"]
    assert len(rows) == 7  # the eighth EVSE ID has no separators
    assert all(row.count("|") == len(Stage) + 3 for row in rows)


def test_a_failed_preflight_is_told_with_its_remedy() -> None:
    summary = render_markdown(samples.stopped_by_preflight())
    assert "- **key accepted** failed (Partner): DEV refuses the key (403). Remedy: Use the key" in summary


def test_an_empty_record_has_a_sentence_for_each_part() -> None:
    summary = render_markdown(samples.empty())
    assert "The record gives no reason." in summary
    assert "No check is in this record." in summary
    assert "No virtual charging point was part of this run." in summary


def test_the_summary_names_who_asks_and_what_is_to_be_waived() -> None:
    summary = render_markdown(samples.rehearsal())
    assert "Voltfahrt GmbH, Voltfahrt app and backend 4.2.0, valid until 2026-03-31T10:15:00Z." in summary
    assert "- Waiver asked for: **FE-5** until 2026-04-15 (Ada Kern): The new error texts ship" in summary
    assert "No dossier: nobody says who asks for production" in render_markdown(samples.unsigned())
