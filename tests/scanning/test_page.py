"""A web page and the scripts that it loads, as a stranger's browser would see them."""

import base64
import gzip
import json
from collections.abc import Mapping

import pytest
from pydantic import SecretStr

from golive.evidence.statements import Scan
from golive.guard import PROD_HOST, ForbiddenTarget
from golive.scanning import PageBounds, scan_page
from golive.scanning.fetch import Fetcher, NotFetchedError
from golive.scanning.kinds import Kind
from golive.scanning.links import Page, imports_in, inline_source_map, source_map_of
from tests.scanning.samples import KEY, OPAQUE, OTHER
from tests.scanning.web import Answer, Site, html, script, serving

SECRET = SecretStr(KEY)
CLEAN = script("console.log(1)")
USUAL = PageBounds()
QUICK = PageBounds(seconds=0.3)


def scanned(answers: Mapping[str, Answer], bounds: PageBounds = USUAL, path: str = "/") -> tuple[Scan, Site]:
    with serving(answers) as site:
        return scan_page(site.url + path, SECRET, bounds=bounds), site


def places(scan: Scan, site: Site) -> list[tuple[str, int]]:
    return [(found.place.removeprefix(site.url), found.line) for found in scan.findings]


# -- what is read --------------------------------------------------------------------------------------------


def test_a_clean_page_is_read_and_nothing_is_found() -> None:
    scan, site = scanned({"/": html("<script src=/a.js></script>"), "/a.js": CLEAN})
    assert scan == Scan(what="page", root=f"{site.url}/", files=2, unread=0)


@pytest.mark.parametrize(
    "line",
    [
        f"<script>const KEY = '{KEY}'</script>",
        f"<script type=module>const KEY = '{KEY}'</script>",
        f'<script type="application/json">{{"key": "{KEY}"}}</script>',
        f"<!-- {KEY} -->",
        f'<div data-key="{KEY}">',
        f'<meta name=key content="{"".join(f"&#{ord(c)};" for c in KEY)}">',
    ],
    ids=["script", "module", "state", "comment", "attribute", "escaped"],
)
def test_the_page_itself_is_looked_through(line: str) -> None:
    scan, site = scanned({"/": html("<!doctype html>", "<title>x</title>", line)})
    assert places(scan, site) == [("/", 3)]


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="/x/a.js"></script>',
        "<SCRIPT SRC=x/a.js>",
        '<script type="module" crossorigin src="./x/a.js"></script>',
        '<link rel="modulepreload" href="/x/a.js">',
        '<link rel="preload" as="script" href="/x/a.js">',
        '<link rel="prefetch" as="script" href="/x/a.js">',
        '<base href="/x/"><script src="a.js"></script>',
        "<script type=module>import './x/a.js'</script>",
        "<script type=module>import('/x/a.js')</script>",
        '<![weird[ ]]><script src="/x/a.js"></script>',
    ],
)
def test_a_script_is_read_however_the_page_names_it(tag: str) -> None:
    if tag.startswith("<!["):
        tag = tag.partition("]]>")[2] + tag
    scan, site = scanned({"/": html("<title>x</title>", tag), "/x/a.js": script(f"1\n'{KEY}'")})
    assert places(scan, site) == [("/x/a.js", 2)]


def test_scripts_of_another_origin_are_read_too() -> None:
    with serving({"/lib.js": script(f"'{OTHER}'")}) as elsewhere:
        scan, _ = scanned({"/": html(f"<script src={elsewhere.url}/lib.js></script>")})
        assert [(found.place, found.kind) for found in scan.findings] == [(f"{elsewhere.url}/lib.js", Kind.TOKEN)]


def test_what_a_module_imports_is_read() -> None:
    scan, site = scanned(
        {
            "/": html("<script type=module src=/js/main.js></script>"),
            "/js/main.js": script('import{a}from"./a.js";const b=()=>import("../late/b.js")'),
            "/js/a.js": CLEAN,
            "/late/b.js": script(f"'{KEY}'"),
        }
    )
    assert places(scan, site) == [("/late/b.js", 1)]
    assert scan.files == 4


def test_a_source_map_is_read() -> None:
    source_map = json.dumps({"version": 3, "sourcesContent": [f'fetch(u, {{"Authorization": "Bearer {OPAQUE}"}})']})
    scan, site = scanned(
        {
            "/": html("<script src=/js/a.js></script>"),
            "/js/a.js": script("x()\n//# sourceMappingURL=a.js.map\n"),
            "/js/a.js.map": Answer(source_map.encode()),
        }
    )
    assert [(found.place.removeprefix(site.url), found.kind) for found in scan.findings] == [
        ("/js/a.js.map", Kind.BEARER)
    ]


def test_a_source_map_of_a_header_or_within_is_read() -> None:
    inline = base64.b64encode(json.dumps({"sourcesContent": [f"key = '{KEY}'"]}).encode()).decode()
    scan, site = scanned(
        {
            "/": html("<script src=/a.js></script><script src=/b.js></script>"),
            "/a.js": Answer(b"x()", headers={"SourceMap": "/maps/a.map"}),
            "/maps/a.map": Answer(f'{{"sourcesContent": ["{OTHER}"]}}'.encode()),
            "/b.js": script(f"x()\n//# sourceMappingURL=data:application/json;base64,{inline}"),
        }
    )
    assert {place for place, _ in places(scan, site)} == {"/maps/a.map", "/b.js", "/b.js (source map within)"}


def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress(f"'{KEY}'".encode())
    scan, _ = scanned({"/": Answer(body, headers={"Content-Encoding": "gzip"})})
    assert len(scan.findings) == 1


def test_a_redirect_is_followed_and_the_place_is_where_it_led() -> None:
    scan, site = scanned(
        {"/": Answer(status=302, headers={"Location": "/app/"}), "/app/": html("<script src=a.js></script>")}
        | {"/app/a.js": script(f"'{KEY}'")}
    )
    assert places(scan, site) == [("/app/a.js", 1)]


def test_each_script_is_asked_for_once() -> None:
    tags = "<script src=/a.js></script><link rel=modulepreload href=/a.js><script src=/a.js#x></script>"
    _, site = scanned({"/": html(tags), "/a.js": script("import './a.js'")})
    assert site.asked == ["/", "/a.js"]


# -- what is sent --------------------------------------------------------------------------------------------


def test_neither_key_nor_cookie_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    cookie = {"Set-Cookie": "session=1; Path=/"}
    page = Answer(b"<script src=/a.js></script>", headers={**cookie, "Content-Type": "text/html"})
    _, site = scanned({"/": Answer(status=302, headers={"Location": "/p", **cookie}), "/p": page, "/a.js": CLEAN})
    assert site.asked == ["/", "/p", "/a.js"]
    for headers in site.headers:
        assert KEY not in repr(headers)
        assert not {"cookie", "authorization"} & set(headers)
        assert headers["user-agent"].startswith("cariqa-golive/")


@pytest.mark.parametrize("url", [f"https://{PROD_HOST}/", "http://partner.example/", "ftp://x.example/", "x.example"])
def test_where_nothing_may_be_sent_nothing_is(url: str) -> None:
    with pytest.raises(ForbiddenTarget):
        scan_page(url, SECRET)


def test_production_is_asked_for_nothing_also_where_the_page_says_so() -> None:
    tags = f"<script src=https://{PROD_HOST}/x.js?{KEY}></script><script src=/to-prod.js></script>"
    scan, _ = scanned(
        {"/": html(tags), "/to-prod.js": Answer(status=307, headers={"Location": f"//{PROD_HOST.upper()}./x.js"})}
    )
    assert scan.files == 1
    assert len(scan.skipped) == 2
    assert all("not asked for: its address: names the production host" in note for note in scan.skipped)
    assert KEY not in scan.model_dump_json(exclude={"findings"})


def test_a_page_from_elsewhere_cannot_make_this_machine_answer() -> None:
    with serving({"/": CLEAN}) as site, Fetcher(seconds=5, most=1000) as fetcher:
        with pytest.raises(NotFetchedError, match="lies on this machine"):
            fetcher.get(_url(site.url), loopback=False)
        assert site.asked == []


def _url(text: str):  # type: ignore[no-untyped-def]
    import httpx

    return httpx.URL(text)


# -- what cannot be had, with a word -------------------------------------------------------------------------


def test_a_page_that_cannot_be_had_shows_nothing() -> None:
    scan, site = scanned({}, path="/gone?token=x")
    said = f"{site.url}/gone: answered with 404"
    assert scan == Scan(what="page", root=f"{site.url}/gone", files=0, skipped=(said,), unread=1)


def test_nobody_at_home_is_told() -> None:
    with serving({}) as site:
        url = site.url
    assert scan_page(url, SECRET).skipped == (f"{url}: cannot be had (ConnectError)",)


def test_a_script_that_cannot_be_had_is_told_and_a_hidden_source_map_is_not() -> None:
    tags = "<script src=/gone.js></script><script src=/a.js></script>"
    scan, site = scanned({"/": html(tags), "/a.js": script("//# sourceMappingURL=a.js.map")})
    assert scan.skipped == (f"{site.url}/gone.js: answered with 404",)
    assert site.asked == ["/", "/gone.js", "/a.js", "/a.js.map"]


def test_a_source_map_of_another_origin_is_not_asked_for() -> None:
    with serving({"/a.map": Answer(KEY.encode())}) as elsewhere:
        scan, _ = scanned(
            {"/": html("<script src=/a.js>"), "/a.js": script(f"//# sourceMappingURL={elsewhere.url}/a.map")}
        )
        assert elsewhere.asked == []
        assert scan.skipped == (f"{elsewhere.url}/a.map: a source map of another origin, not read",)


def test_endless_redirects_end() -> None:
    scan, site = scanned({"/": Answer(status=302, headers={"Location": "/"})})
    assert scan.skipped == (f"{site.url}/: redirects more than 5 times",)


@pytest.mark.parametrize("location", ["http://[", "javascript:alert(1)", "https://user:word@x.example/"])
def test_a_redirect_to_nowhere_is_told(location: str) -> None:
    scan, _ = scanned({"/": Answer(status=302, headers={"Location": location})})
    assert (scan.files, len(scan.skipped)) == (0, 1)
    assert "word@" not in scan.skipped[0]


def test_a_script_that_never_ends_is_given_up() -> None:
    slow = Answer(b"x" * 100, held=True)
    scan, site = scanned({"/": html("<script src=/slow.js></script>"), "/slow.js": slow}, QUICK)
    assert scan.skipped == (f"{site.url}/slow.js: cannot be had (ReadTimeout)",)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
def test_a_huge_script_is_given_up(packed: bool) -> None:
    body = b" " * 3_000_000
    huge = Answer(gzip.compress(body), headers={"Content-Encoding": "gzip"}) if packed else Answer(body)
    scan, site = scanned({"/": html("<script src=/huge.js></script>"), "/huge.js": huge}, PageBounds(bytes=1_000_000))
    assert scan.skipped == (f"{site.url}/huge.js: larger than 1 MB, not read",)


def test_what_is_not_compressed_as_it_says_is_told() -> None:
    scan, _ = scanned({"/": Answer(b"no gzip at all", headers={"Content-Encoding": "gzip"})})
    assert (scan.files, len(scan.skipped)) == (0, 1)


def test_more_scripts_than_the_bound_are_told() -> None:
    tags = "".join(f"<script src=/{number}.js></script>" for number in range(9))
    answers = {f"/{number}.js": CLEAN for number in range(9)}
    scan, site = scanned({"/": html(tags), **answers}, PageBounds(scripts=4))
    assert len(site.asked) == 5
    assert scan.skipped == ("4 scripts and source maps were asked for: the rest was not read",)
    assert not scan.complete


def test_the_time_is_bounded_in_all() -> None:
    scan, site = scanned({"/": html("<script src=/a.js></script>"), "/a.js": CLEAN}, PageBounds(all_seconds=-1))
    assert site.asked == ["/"]
    assert scan.skipped == ("-1 s have passed: the rest was not read",)
    assert not scan.complete


def test_who_is_in_a_hurry_gets_what_there_is() -> None:
    with serving({"/": html("<script src=/a.js></script>"), "/a.js": CLEAN}) as site:
        later = iter([False])
        scan = scan_page(site.url, SECRET, hurry=lambda: next(later, True))
        assert (scan.files, scan.skipped) == (1, ("interrupted: what follows was not read",))
        at_once = scan_page(site.url, SECRET, hurry=lambda: True)
        assert (at_once.files, at_once.skipped) == (0, scan.skipped)
        assert not scan.complete
        assert not at_once.complete
    assert site.asked == ["/"]


def test_a_token_in_an_address_is_not_shown() -> None:
    scan, site = scanned({"/": html(f"<script src=/{KEY}.js?k={KEY}></script>")}, path=f"/?key={KEY}")
    shown = scan.model_dump_json()
    assert scan.root == f"{site.url}/"
    assert KEY not in shown
    assert f"{site.url}/[redacted].js: answered with 404" in scan.skipped


# -- reading what a page says --------------------------------------------------------------------------------


def test_what_is_no_script_is_not_asked_for() -> None:
    page = Page('<script type="application/ld+json" src=a></script><link rel=stylesheet href=b><script src="data:,x">')
    assert page.scripts == []


def test_names_in_scripts() -> None:
    assert list(imports_in("import x from './a.js';import\"/b.js\";from 'react';import(`./c.js`)")) == [
        "./a.js", "/b.js", "./c.js"
    ]  # fmt: skip
    assert source_map_of("//# sourceMappingURL=a\n//# sourceMappingURL=b.map") == "b.map"
    assert source_map_of("//# sourceMappingURL=data:application/json,{}") is None
    assert source_map_of("x") is None
    assert inline_source_map("//# sourceMappingURL=data:application/json,%7B%7D") == b"{}"
    assert inline_source_map("//# sourceMappingURL=data:application/json;base64,A") is None
