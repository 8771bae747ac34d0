"""What people say, what the run left and what is asked of the reviewer, on the page; and what may not be shown."""

import base64
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from golive.evidence.aftermath import Aftermath
from golive.evidence.exchange import by_the_suite
from golive.evidence.model import Evidence
from golive.evidence.statements import Answer
from golive.report import VIEWS, render_html
from golive.report.exhibits import beside
from golive.report.html import SECTIONS
from golive.report.views import ledger
from golive.report.views.exhibits import LONGEST_QUOTE, MOST_PICTURES, MOST_QUOTED, exhibit_views
from tests.report import people, samples
from tests.report.page import Page


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(samples.rehearsal(), people.FILES.get))


@pytest.fixture(scope="module")
def unsigned() -> Page:
    return Page(render_html(samples.unsigned()))


def section(page: Page, name: str) -> str:
    """The words of one section of the page."""
    source = page.source
    start = source.index(f'<section id="{name}"')
    words = Page(source[start : source.index("</section>", start) + len("</section>")]).words
    return " ".join(" ".join(words).split()).replace(" ,", ",").replace(" :", ":")


def with_dossier(**changes: object) -> Evidence:
    return samples.rehearsal().model_copy(update={"dossier": people.dossier(**changes)})


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("verdict", "Voltfahrt GmbH, Voltfahrt app and backend 4.2.0."),
        ("verdict", "2026-03-01T10:15:00Z to 2026-03-01T10:15:34Z (UTC)"),
        ("verdict", "Run 20260301T101500Z-7f3a against the simulated DEV of this suite"),
        ("who", "DE, AT, IT"),
        ("who", "2026-03-31T10:15:00Z"),
        ("who", "kite-4417"),
        ("who", "+49 30 5550100 24/7"),
        ("who", "Ask Ada for a guest account."),
        ("decisions", "FE-5 Error messages make sense to a driver: The new error texts ship with 4.3 in April."),
        ("decisions", "Ada Kern closes it, until 2026-04-15; the line is not shown"),
        ("decisions", "until 2026-01-31, which was over on the day of the run"),
        ("decisions", "REV-6 The rules of each country of operation are met: None of the three countries asks"),
        ("decisions", "Another party held the VCP for the whole busy patience (60 s). owner: Environment"),
        (
            "decisions",
            "BE-1 FE-1 FE-3 FE-6 REV-1 (the word of Bo Lind, CTO; Ada Kern, head of mobile, with 5 exhibits)",
        ),
        ("decisions", "1 observation (they block nothing)"),
        ("moves", "A secret was found in src/api.js, line 12: the key in use. Checklist: BE-1 PROD-1"),
        ("checklist", "attested Ada Kern, head of mobile, 2026-02-20"),
        ("checklist", "waiver Ada Kern, until 2026-04-15"),
        ("attestations", "FE-1 The frontend collects payment methods yes Ada Kern, head of mobile, 2026-02-20"),
        ("attestations", "Cards are collected with Stripe's payment sheet."),
        ("attestations", f"PNG picture, {len(people.picture())} bytes; removed from it: EXIF, GPS"),
        ("attestations", 'Then: "Please try another station."'),
        (
            "attestations",
            "e05 a charge from start to stop a reference: it is not attached https://media.example.com/walk.mp4",
        ),
        ("attestations", "Why it does not apply: None of the three countries"),
        ("attestations", "Shown above: charging.png"),
        ("attestations", "Answered with no"),
        ("scans", "1 secret found files below ../voltfahrt/dist, 214 files read"),
        ("scans", "src/api.js 12 the key in use base64"),
        ("scans", "nothing found page and its scripts at https://app.example.com/, 9 parts read"),
        (
            "attempts",
            "20260228T110000Z-aa011 2026-02-28T11:15:00Z simulator Incomplete 2 failed, 1 inconclusive of 280",
        ),
        ("attempts", "20260301T101500Z-7f3a this run"),
        ("left", "not left clean"),
        ("left", "the session on DE*CIQ*EWBNHHLM82TLA*1 of user 20 may still be open"),
        ("left", "Users could not be removed 1: 20"),
        ("reconciliation", "may still be open"),
    ],
)
def test_the_page_says(page: Page, where: str, said: str) -> None:
    assert said in section(page, where)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("who", "No dossier is in this record: nobody says who asks for production"),
        ("who", "python -m golive init"),
        ("attestations", "No dossier is in this record: nothing is attested."),
        ("scans", "Nothing was scanned in this run: --scan=PATH"),
        ("attempts", "No earlier one was found."),
        ("left", "the record does not say"),
        ("decisions", "Settle what the partner cannot"),
    ],
)
def test_a_record_without_a_dossier_says(unsigned: Page, where: str, said: str) -> None:
    assert said in section(unsigned, where)


def test_a_reviewer_of_nothing_has_nothing_to_decide() -> None:
    assert "None: nothing is waived" in section(Page(render_html(samples.empty())), "decisions")


def test_each_section_is_in_the_contents(page: Page) -> None:
    contents = [a["href"] for tag, a in page.tags if tag == "a"][1 : len(SECTIONS) + 1]
    assert contents == [f"#{name}" for name, _ in SECTIONS]
    assert [a["id"] for tag, a in page.tags if tag == "section"] == [name for name, _ in SECTIONS]


def test_pictures_are_in_the_page_with_their_bytes_and_words(page: Page) -> None:
    pictures = [a for tag, a in page.tags if tag == "img"]
    shown = [base64.b64decode(a["src"].removeprefix("data:image/png;base64,")) for a in pictures]
    assert shown == [content for path, content in people.FILES.items() if path.endswith(".png")]
    assert all(a["alt"].startswith("Exhibit e0") for a in pictures)


def test_every_attached_exhibit_is_named_with_its_digest_and_place(page: Page) -> None:
    words = section(page, "attestations")
    links = {a["href"] for tag, a in page.tags if tag == "a"}
    for exhibit in people.exhibits():
        assert exhibit.name in words
        assert exhibit.sha256 is None or exhibit.sha256 in words
        assert exhibit.path is None or exhibit.path in links
    video = next(a for tag, a in page.tags if a.get("href") == "https://media.example.com/walk.mp4")
    assert video["rel"] == "noreferrer noopener"


def test_a_swapped_picture_is_not_shown() -> None:
    swapped = people.FILES | {"exhibits/e01-payment-sheet.png": people.picture(colour=(1, 2, 3))}
    page = Page(render_html(samples.rehearsal(), swapped.get))
    assert page.count("img") == 1
    assert "is not the one that was attached: its SHA-256 differs." in section(page, "attestations")


def test_a_missing_exhibit_is_said_to_be_missing() -> None:
    page = Page(render_html(samples.rehearsal()))
    assert page.count("img") == 0
    assert section(page, "attestations").count("The file is not beside this record.") == 4


def test_only_pictures_of_a_known_kind_are_embedded() -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    exhibit = people._attached("exhibits/e09-x.png", svg, media_type="image/svg+xml")
    view = exhibit_views([exhibit], {"exhibits/e09-x.png": svg}.get)[exhibit.id]
    assert view.picture is None


def test_pictures_past_the_bound_stay_files() -> None:
    content = b"\x89PNG" + bytes(MOST_PICTURES // 2)
    paths = [f"exhibits/e0{n}-x.png" for n in range(1, 4)]
    exhibits = [people._attached(path, content) for path in paths]
    views = exhibit_views(exhibits, dict.fromkeys(paths, content).get)
    assert [view.picture is not None for view in views.values()] == [True, False, False]
    assert "this one is in the file beside it" in (views["e02"].trouble or "")
    assert (views["e02"].href, views["e02"].sha256) == (exhibits[1].path, exhibits[1].sha256)


def test_each_attestation_has_a_picture_before_any_has_its_second() -> None:
    sizes = {"e01": MOST_PICTURES // 2, "e02": MOST_PICTURES // 4, "e03": MOST_PICTURES // 2, "e04": 9, "e05": 8}
    files = {f"exhibits/{id_}-x.png": b"\x89PNG" + bytes(size - 4) for id_, size in sizes.items()}
    exhibits = [people._attached(path, content) for path, content in files.items()]
    said = [people.attested("FE-1", "x", "e01", "e02", "e04"), people.attested("FE-2", "x", "e03")]
    views = exhibit_views(exhibits, files.get, said)
    assert [id_ for id_, view in views.items() if view.picture] == ["e01", "e03"]
    assert list(views) == list(sizes)
    assert [id_ for id_, view in exhibit_views(exhibits, files.get).items() if view.picture] == [
        "e01",
        "e02",
        "e04",
        "e05",
    ]


def test_the_page_of_a_usual_run_stays_below_5_mb_with_all_that_a_dossier_may_bring() -> None:
    (bundle,) = (Path(__file__).parents[2] / "reports" / "sample").glob("*.zip")
    with zipfile.ZipFile(bundle) as opened:
        (name,) = (each for each in opened.namelist() if each.rpartition("/")[2] == "evidence.json")
        integrated = Evidence.model_validate_json(opened.read(name))
    record = integrated.model_copy(
        update={
            "integration": None,
            "exchanges": by_the_suite(integrated.exchanges),
            "tests": tuple(check for check in integrated.tests if "test_12_" not in check.nodeid),
        }
    )
    size = 40_000
    count = 12 * 1024 * 1024 // size
    files = {f"exhibits/e{n:03d}-x.png": b"\x89PNG" + n.to_bytes(4) + bytes(size - 8) for n in range(count)}
    shots = tuple(people._attached(path, content) for path, content in files.items())
    said = tuple(people.attested(f"FE-{n % 6 + 1}", "Shown.", shot.id) for n, shot in enumerate(shots))
    dossier = people.dossier(exhibits=shots, attestations=said)
    page = render_html(record.model_copy(update={"dossier": dossier}), files.get)
    assert page.count("data:image/png") == MOST_PICTURES // size
    assert len(page.encode()) < 5_000_000


def test_texts_past_the_bound_are_not_quoted() -> None:
    files = {f"exhibits/e{n:02d}-x.txt": b"z" * 4_000 for n in range(1, 18)}
    exhibits = [people._attached(path, content) for path, content in files.items()]
    views = list(exhibit_views(exhibits, files.get).values())
    assert sum(len(view.quote or "") for view in views) == MOST_QUOTED
    assert views[-1].quote is None
    assert "this one is in the file beside it" in (views[-1].trouble or "")


def test_a_long_text_is_quoted_up_to_its_bound() -> None:
    content = b"z" * 9_000
    exhibit = people._attached("exhibits/e01-x.txt", content)
    quote = exhibit_views([exhibit], {exhibit.path or "": content}.get)["e01"].quote or ""
    assert quote.startswith("z" * LONGEST_QUOTE + "…")
    assert "9,000 characters" in quote


def test_a_line_that_is_attested_twice_has_one_anchor() -> None:
    said = people.attested("FE-1", "once")
    page = Page(render_html(with_dossier(attestations=(said, said), waivers=people.dossier().waivers * 2)))
    assert len(page.ids) == len(set(page.ids))
    assert page.fragments <= set(page.ids)


def test_a_word_without_a_date_says_so() -> None:
    said = people.attested("REV-6", "", answer=Answer.NOT_APPLICABLE, on=None, name="", role="")
    page = Page(render_html(with_dossier(attestations=(said,))))
    assert "no reason was given nobody named, no date" in section(page, "decisions")


@pytest.mark.parametrize(
    ("until", "over"), [(date(2026, 2, 28), True), (date(2026, 3, 1), False)], ids=["before", "on-the-day"]
)
def test_a_waiver_is_over_after_its_day(until: date, over: bool) -> None:
    waiver = people.dossier().waivers[0].model_copy(update={"until": until})
    page = Page(render_html(with_dossier(waivers=(waiver,))))
    assert ("which was over on the day of the run" in section(page, "decisions")) is over
    assert ("(over)" in section(page, "attestations")) is over


@pytest.mark.parametrize(
    ("aftermath", "word"),
    [
        (Aftermath(), "the record does not say"),
        (Aftermath(started=("s1",)), "left clean"),
        (Aftermath(started=("s1",), open_after=("s1",)), "not left clean"),
        (Aftermath(left_behind=("a user",)), "not left clean"),
        (Aftermath(users=people.aftermath().users[:1]), "left clean"),
        (Aftermath(users=people.aftermath().users[:2]), "users were kept"),
        (Aftermath(users=people.aftermath().users[1:]), "not left clean"),
        (Aftermath(users=people.aftermath().users[2:]), "not left clean"),
    ],
    ids=["nothing", "stopped", "open", "behind", "deleted", "kept", "kept and left", "user"],
)
def test_left_clean_is_said_only_where_it_is_so(aftermath: Aftermath, word: str) -> None:
    assert ledger.left(samples.empty().model_copy(update={"aftermath": aftermath})).mark.word == word


@pytest.mark.parametrize(
    ("changed", "icon", "words"),
    [
        ({}, "tick", "nothing found"),
        ({"files": 0, "skipped": ("everything: an error of this suite",)}, "triangle", "nothing was read"),
        ({"complete": False}, "diamond", "nothing found, then broken off"),
        ({"skipped": ("a.zip: compressed",)}, "ring", "nothing found, but 1 place not read"),
    ],
    ids=["clean", "unread", "broken off", "partly"],
)
def test_only_what_was_read_to_its_end_has_a_tick(changed: dict[str, Any], icon: str, words: str) -> None:
    looked = people.scans()[1].model_copy(update=changed)
    record = samples.empty().model_copy(update={"scans": (looked,)})
    (view,) = ledger.scans(record)
    assert (view.mark.icon, view.mark.word) == (icon, words)
    assert words in section(Page(render_html(record)), "scans")


def test_a_replay_says_of_what_on_every_view() -> None:
    whole = samples.rehearsal()
    record = whole.model_copy(update={"run": whole.run.model_copy(update={"replay_of": "20260228T100000Z-aa010"})})
    said = "judged from the record of run 20260228T100000Z-aa010"
    for name in ("evidence.html", "junit.xml", "summary.md"):
        assert said in VIEWS[name](record, people.FILES.get)


def test_the_foot_has_one_place_for_the_digest_of_the_manifest(page: Page) -> None:
    assert page.source.count('<code id="manifest-digest">' + "0" * 64 + "</code>") == 1
    assert page.source.count("manifest-digest") == 1


def test_the_same_record_and_exhibits_give_the_same_views() -> None:
    for render in VIEWS.values():
        first = render(samples.rehearsal(), people.FILES.get)
        again = samples.rehearsal().model_validate_json(samples.rehearsal().model_dump_json())
        assert render(again, dict(reversed(people.FILES.items())).get) == first


def test_exhibits_are_read_only_from_their_own_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "exhibits"
    folder.mkdir(parents=True)
    (folder / "e01-a.png").write_bytes(b"ours")
    (tmp_path / "secret").write_bytes(b"theirs")
    (folder / "e02-link.png").symlink_to(tmp_path / "secret")
    read = beside(tmp_path / "run")
    assert read("exhibits/e01-a.png") == b"ours"
    for path in ("exhibits/../../secret", "../secret", str(tmp_path / "secret"), "exhibits/e02-link.png", "exhibits/x"):
        assert read(path) is None
