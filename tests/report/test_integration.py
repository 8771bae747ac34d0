"""The partner's integration on the page: rules, charges, provoked errors; no provoked answer looks like a real one."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from golive.evidence.integration import Integration, Meeting, RuleStatus
from golive.evidence.model import Evidence, Exchange
from golive.outcomes import Outcome
from golive.report import render_html, render_junit, render_markdown
from golive.report.reconciliation import Row, rows
from golive.report.views.exhibits import MOST_PICTURES
from tests.report import integrations, people, samples
from tests.report.page import Page
from tests.report.record import Record
from tests.report.test_statements import section

FILES = people.FILES | integrations.FILES


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(samples.integrated(), FILES.get))


def with_integration(**changes: Any) -> Evidence:
    whole = samples.integrated()
    assert whole.integration is not None
    return whole.model_copy(update={"integration": whole.integration.model_copy(update=changes)})


def seen() -> Integration:
    found = samples.integrated().integration
    assert found is not None
    return found


def provoked_exchanges() -> list[Exchange]:
    return [x for x in samples.integrated().exchanges if x.provoked is not None]


@pytest.mark.parametrize(
    "said",
    [
        "voltfahrt.golive:make",
        "driven through its adapter",
        "Requests of the partner's backend 44 Of these answered in the API's place 3",
        "log_line the line of a support code in the partner's log",
        "BE-2 Each request carries the right Bearer token",
        "none has it in its URL or body. x0100 …x0127 x0128 provoked x0129 x0130 provoked",
        "shown as observed, needs observed; 1 kept",
        "14 polls of 1 session, 2.0 s apart on the average (1.8 s to 2.2 s); none after it was final. x0106 …x0120",
        "told under BE-4",
        "6.000 kWh 3.24 EUR incl. 0.52 EUR VAT",
        "Another party held the VCP. owner: Environment",
        "charging · 3.000 kWh (3 times in 4.0 s)",
        "Thank you for charging with Voltfahrt.",
        "3 of 4 were met",
        "402 pre_authorization_failed",
        "after 200 ms POST charging/start ×7 → 409 already_charging each, 200 ms apart x0134 …x0140",
        "Your card was declined. Please add another card.",
        integrations.RAW,
        "The start was sent again 0.2 s after its answer was lost; the sessions were not read.",
        "The app asks for no list of partners.",
        "Nothing: the integration sent no request that fits.",
        "Not shown: the app does not tell.",
        "golive 7f3a on DE*PWA: left alone until it ended",
        "A second driver at a busy station",
        "Two drivers on DEQRMEF7GRC21",
        "golive 7f3a first was charging there when golive 7f3a second tried to start; 1 broken, 1 kept",
        "Connector occupied.",
        "The gateway's own look at both drivers' sessions",
        "no-start-unasked",
    ],
)
def test_the_chapter_says(page: Page, said: str) -> None:
    assert said in section(page, "integration")


def test_the_worst_stands_first(page: Page) -> None:
    words = section(page, "integration")
    provoked = words[words.index("Provoked errors") :]
    titles = [each.title for each in (seen().provoked[n] for n in (3, 2, 1, 0))]
    assert sorted(titles, key=provoked.index) == titles
    lines = words[words.index("BE-6 ") : words.index("Charges EVSE")]
    assert lines.index("Nothing is retried aggressively") < lines.index("No start is repeated after billing")


def test_what_broke_or_was_not_shown_is_asked_of_the_reviewer(page: Page) -> None:
    words = section(page, "decisions")
    for said in (
        "BE-6 Nothing is retried aggressively: 8 starts within 1.6 s. broken over all of the traffic",
        "BE-4 BE-6 After a lost answer the state is read",
        "FE-5 After an error the driver is shown a message for people: The driver was shown the API's own words. "
        "broken when a second driver came to a busy station",
        "broken after “A start is carried out, and its answer lost”",
        "billing-retry not shown by the traffic the adapter does not offer give_billing_data, log_line",
        "partners-locked 1 error was never met",
        "Read what drivers were shown after errors 2 provoked errors busy station (word for word)",
    ):
        assert said in words


def test_an_integration_without_fault_leaves_only_words_to_read() -> None:
    kept = [r.model_copy(update={"status": RuleStatus.KEPT}) for r in seen().rules]
    page = Page(render_html(with_integration(rules=tuple(kept), provoked=seen().provoked[:1], meeting=None)))
    words = section(page, "decisions")
    assert "Judge what the integration" not in words
    assert "Read what drivers were shown after errors 1 provoked error" in words


def test_a_run_without_an_integration_says_what_one_would_add() -> None:
    words = section(Page(render_html(samples.rehearsal())), "integration")
    assert "No integration was under test: --integration=package.module:factory" in words
    assert "what this suite's own client cannot: BE-2, BE-3, BE-4, BE-5, BE-6." in words
    assert "None was under test: with `--integration`" in render_markdown(samples.rehearsal())


# -- provoked answers --------------------------------------------------------------------------------------------


def test_each_link_to_a_provoked_exchange_is_marked_and_no_other(page: Page) -> None:
    provoked = {x.id for x in provoked_exchanges()}
    found = list(re.finditer(r'<a href="#(x\d+)">[^<]*</a>(\s*<span class="provoked">)?', page.source))
    assert {link[1] for link in found} > provoked
    for link in found:
        # In a list of requests the mark stands before the answer, elsewhere after the link.
        of_a_list = page.source[page.source.rindex("<li>", 0, link.start()) : link.start()].rpartition("→")[2]
        marked = link[2] is not None or (len(of_a_list) < 400 and 'class="provoked"' in of_a_list)
        assert marked == (link[1] in provoked), page.source[link.start() - 200 : link.end()]


def test_a_provoked_exchange_is_marked_in_the_list_and_says_whose_answer_it_is(page: Page) -> None:
    for exchange in samples.integrated().exchanges:
        start = page.source.index(f'<details class="x" id="{exchange.id}">')
        words = Page(page.source[start : page.source.index("</details>\n", start) + 10]).text
        assert ("provoked GET" in words or "provoked POST" in words) == (exchange.provoked is not None)
        assert ("the gateway's, given in the API's place" in words) == (exchange.provoked is not None)
    assert "3 of them were answered by the gateway in the API's place" in section(page, "exchanges")
    assert "answered by the gateway" not in render_html(samples.rehearsal())


def test_junit_names_the_provoked_ones_of_a_case() -> None:
    root = ET.fromstring(render_junit(samples.integrated()))  # noqa: S314 - our own document
    found = [
        {p.attrib["name"]: p.attrib["value"] for p in case.iter("property")}
        for case in root.iter("testcase")
        if case.attrib["classname"] == "suites.test_12_integration"
    ]
    assert [each.get("provoked") for each in found] == [None, "x0133"]
    suite = next(suite for suite in root if suite.attrib.get("name") == "integration")
    held = {p.attrib["name"]: p.attrib["value"] for p in suite.iter("property")}
    assert held["integration"] == "adapter: voltfahrt.golive:make"


def test_the_summary_tells_of_the_integration() -> None:
    summary = render_markdown(samples.integrated())
    for said in (
        "- voltfahrt.golive:make, driven through its adapter",
        "- Charges: 1 inconclusive, 1 passed",
        "- Rules over all of the traffic: 1 broken, 1 not shown, 4 kept",
        "- Provoked errors: 3 of 4 met",
        "- A second driver at a busy station: passed",
        "- **broken** when a second driver came to a busy station: After an error the driver is shown",
        "- Not offered by the adapter, so not shown: give&#95;billing&#95;data, log&#95;line",
        "- **broken** after “A start is carried out, and its answer lost”: The driver is shown words",
        "- **not shown**: No start is repeated after billing",
    ):
        assert said in summary


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (None, "dropped"),
        (201, "<html>"),
        (402, integrations.envelope("payment_error", "Debts.")),
        (201, integrations.session("s9", integrations.PROGRESS, "0.000", active=False)),
    ],
    ids=["lost", "malformed", "refused", "changed"],
)
def test_the_sheet_believes_the_gateways_own_exchange_and_no_provoked_start(status: int | None, answer: Any) -> None:
    record = Record(samples.BASE)
    body = {"evse_id": integrations.PROGRESS, "payment_method_id": "pm_7"}
    path = "/users/7/charging/start/"
    record.add("partner", "POST", path, body, status, answer, provoked="x")
    assert sessions(record) == []
    record.post("gateway", path, body, 201, integrations.session("s10", integrations.PROGRESS, "0.000"))
    assert [(row.id, row.state) for row in sessions(record)] == [("s10", "not seen to end")]


def test_a_provoked_stop_ends_nothing() -> None:
    record = Record(samples.BASE)
    driven = integrations.Driven(record, "7", 1.0)
    driven.start(integrations.PROGRESS, 201, integrations.session("s9", integrations.PROGRESS, "0.000"))
    driven.stop("s9", provoked="already-stopped")
    driven.read("s9", integrations.PROGRESS, "9.000", active=False, provoked="x")
    assert [(row.ended_utc, row.closed_utc, row.state) for row in sessions(record)] == [("", "", "not seen to end")]


def sessions(record: Record) -> list[Row]:
    whole = samples.evidence(run=samples.run(), checks=(), exchanges=record.exchanges)
    return [row for row in rows(whole) if row.kind == "session"]


# -- pictures and bounds -----------------------------------------------------------------------------------------


def test_a_screenshot_is_in_the_page_once_with_its_digest(page: Page) -> None:
    names = [a["alt"] for tag, a in page.tags if tag == "img" and "s01-card-declined.png" in a["alt"]]
    assert names == ["Exhibit screen 1, s01-card-declined.png: larger"]
    twice = tuple(s.model_copy(update={"attachment": integrations.SCREEN}) for s in seen().provoked[0].shown)
    charge = seen().charges[0].model_copy(update={"shown": twice[:1]})
    again = Page(render_html(with_integration(charges=(charge,)), FILES.get))
    assert sum(tag == "img" and "s01-card" in a["alt"] for tag, a in again.tags) == 1
    assert "Picture shown above: s01-card-declined.png" in section(again, "integration")
    assert again.fragments <= set(again.ids)


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("exhibits/s01.png", None, "The file is not beside this record."),
        ("exhibits/s01.png", b"<svg onload='alert(1)'/>", "file of no known kind"),
        ("../../etc/passwd", b"\x89PNG\r\n\x1a\n", "PNG picture"),
        ("exhibits/s01.png", b"\x89PNG\r\n\x1a\n" + bytes(MOST_PICTURES), "The page holds pictures enough"),
    ],
    ids=["missing", "svg", "elsewhere", "too-large"],
)
def test_what_is_no_screenshot_of_ours_does_no_harm(path: str, content: bytes | None, said: str) -> None:
    shown = seen().provoked[0].shown[0].model_copy(update={"attachment": path})
    provoked = seen().provoked[0].model_copy(update={"shown": (shown,)})
    page = Page(render_html(with_integration(provoked=(provoked,)), {path: content}.get))
    assert said in section(page, "integration")
    assert not any(a.get("href") == "../../etc/passwd" for _, a in page.tags)
    assert page.outside == []
    assert len(page.source) < 2_000_000


def test_pictures_of_drivers_share_the_room_with_those_of_the_dossier() -> None:
    path = "exhibits/s02.png"
    large = b"\x89PNG\r\n\x1a\n" + bytes(MOST_PICTURES - 10)
    shown = seen().provoked[0].shown[0].model_copy(update={"attachment": path})
    record = with_integration(provoked=(seen().provoked[0].model_copy(update={"shown": (shown,)}),))
    alone = record.model_copy(update={"dossier": None})
    assert "pictures enough" not in render_html(alone, (FILES | {path: large}).get)
    assert "pictures enough" in render_html(record, (FILES | {path: large}).get)


@pytest.mark.parametrize(
    "changes",
    [
        {"charges": (), "rules": (), "provoked": ()},
        {"kind": "gateway", "charges": (), "meeting": None},
        {"meeting": Meeting(second="", outcome=Outcome.SKIPPED, message="Nobody was met.")},
        {"meeting": Meeting(evse_id="DE*A", second="b", answered=("x9",), followed=("x9",), looked=("x9",))},
        {"offered": (), "not_offered": ("dance",)},
    ],
    ids=["nothing", "gateway", "nobody-met", "met-elsewhere", "unknown-act"],
)
def test_an_odd_integration_is_a_page(changes: dict[str, Any]) -> None:
    page = Page(render_html(with_integration(**changes), FILES.get))
    assert page.fragments <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    if changes.get("kind") == "gateway":
        assert "The requests for user 501" in section(page, "integration")


def test_exchanges_that_are_not_in_the_record_are_named_and_lead_nowhere() -> None:
    whole = samples.integrated()
    page = Page(render_html(whole.model_copy(update={"exchanges": whole.exchanges[:3]})))
    assert page.fragments <= set(page.ids)
    assert "The exchange is not in this record." in section(page, "integration")


def test_a_long_row_of_references_is_cut_and_says_so() -> None:
    odd = tuple(f"x{n:05d}" for n in range(1, 4_001, 2))
    rules = (seen().rules[0].model_copy(update={"exchanges": odd}),)
    page = Page(render_html(with_integration(rules=rules)))
    assert "1,992 more" in page.text
    assert "and 1,892 in evidence.json" in page.text
