"""Lists are read to their end, which they have, and only from where they were asked for."""

from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.connect.errors import PagingLoop, Unreadable
from golive.connect.policy import MAX_PAGES
from tests.connect.bench import API, KEY, Bench, ok, page, user

URL = f"{API}/users/"


def paged(items: list[Any], *, largest: int, base: str = URL) -> Bench:
    """An API with these users that gives at most `largest` to a page, whatever page size is asked for."""

    def answer(request: httpx.Request) -> httpx.Response:
        size = min(int(request.url.params.get("page_size", largest)), largest)
        number = int(request.url.params.get("page", 1))
        rest = items[number * size :]
        following = str(httpx.URL(base).copy_merge_params({**request.url.params, "page": number + 1})) if rest else None
        return page(items[(number - 1) * size : number * size], following)

    return Bench(answer)


@settings(max_examples=60, deadline=None)
@given(total=st.integers(0, 30), largest=st.integers(1, 12), asked=st.none() | st.integers(1, 20))
def test_every_item_comes_once_and_in_order(total: int, largest: int, asked: int | None) -> None:
    bench = paged([user(str(i)) for i in range(total)], largest=largest)
    assert [u.id for u in bench.client.list_users(page_size=asked)] == [str(i) for i in range(total)]
    assert bench.codes == []


def test_a_page_is_asked_for_when_it_is_needed() -> None:
    bench = paged([user(str(i)) for i in range(10)], largest=2)
    users = bench.client.list_users()
    assert bench.sent == []
    next(users)
    next(users)
    assert len(bench.sent) == 1


def test_the_query_of_the_first_page_is_that_of_the_call() -> None:
    bench = paged([user("1"), user("2")], largest=1)
    list(bench.client.list_users(search="a b&c", page_size=1))
    assert [dict(r.url.params) for r in bench.sent] == [
        {"search": "a b&c", "page_size": "1"},
        {"search": "a b&c", "page_size": "1", "page": "2"},
    ]


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (f"{URL}?page=2", None),
        ("https://127.0.0.1:8400/api/v1/users/?page=2", "NEXT_LINK_SCHEME"),
        ("https://127.0.0.1/api/v1/users/?page=2", "NEXT_LINK_SCHEME"),
        ("/api/v1/users/?page=2", "NEXT_LINK_RELATIVE"),
        ("?page=2", "NEXT_LINK_RELATIVE"),
    ],
)
def test_of_a_next_link_only_the_query_is_followed(link: str, code: str | None) -> None:
    bench = Bench(page([user("1")], link), page([user("2")]))
    assert [u.id for u in bench.client.list_users()] == ["1", "2"]
    assert str(bench.sent[1].url) == f"{URL}?page=2"
    assert bench.codes == ([code] if code else [])


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:9999/api/v1/users/?page=2",
        "http://127.0.0.1:8400/api/v1/users/u1/?page=2",
        "http://example.org/api/v1/users/?page=2",
        "http://localhost:8400/api/v1/users/?page=2",
        "file:///api/v1/users/?page=2",
        "http://[broken",
        {"page": 2},
        2,
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(link: Any) -> None:
    bench = Bench(page([user("1")], link))
    with pytest.raises(Unreadable, match="next link"):
        list(bench.client.list_users())
    assert len(bench.sent) == 1
    assert bench.codes == ["NEXT_LINK_ASTRAY"]


@pytest.mark.parametrize(
    "link",
    [
        "https://connect.cariqa.com/api/v1/users/?page=2",
        "https://CONNECT.cariqa.com.:443/api/v1/users/?page=2",
        "//connect.cariqa.com/api/v1/users/?page=2",
        f"https://user:{KEY}@connect.cariqa.com/api/v1/users/?page=2",
    ],
)
def test_a_link_to_production_is_named_and_not_followed(link: str) -> None:
    bench = Bench(page([user("1")], link))
    with pytest.raises(Unreadable, match="PRODUCTION") as caught:
        list(bench.client.list_users())
    assert len(bench.sent) == 1
    assert bench.codes == ["NEXT_TO_PROD"]
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("link", [f"{URL}?page=2&token={KEY}", f"?page=2&auth={quote(f'Bearer {KEY}')}"])
def test_a_link_that_carries_the_key_is_not_followed(link: str) -> None:
    bench = Bench(page([user("1")], link))
    with pytest.raises(Unreadable, match="carries the key") as caught:
        list(bench.client.list_users())
    assert len(bench.sent) == 1
    assert bench.codes == ["NEXT_LINK_KEY"]
    assert KEY not in str(caught.value)


def test_a_circle_is_left() -> None:
    numbers = count(1)

    def answer(request: httpx.Request) -> httpx.Response:
        number = next(numbers)
        return page([user(str(number))], f"{URL}?page={number % 3 + 1}")

    bench = Bench(answer)
    with pytest.raises(PagingLoop, match="leads back"):
        list(bench.client.list_users())
    assert len(bench.sent) == 4
    assert bench.codes == ["PAGING_LOOP"]


def test_the_same_page_under_ever_new_links_is_left() -> None:
    numbers = count(2)
    bench = Bench(lambda _: page([user("1")], f"{URL}?page={next(numbers)}"))
    with pytest.raises(PagingLoop, match="came twice"):
        list(bench.client.list_users())
    assert len(bench.sent) == 2


def test_a_list_without_an_end_is_left() -> None:
    numbers = count(2)
    bench = Bench(lambda _: page([], f"{URL}?page={next(numbers)}"))
    with pytest.raises(PagingLoop, match="more than"):
        list(bench.client.list_users())
    assert len(bench.sent) == MAX_PAGES


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ([user("1")], ["1"]),
        ({"results": [user("1")]}, ["1"]),
        ({"count": "1", "results": []}, []),
    ],
    ids=["list", "no-count", "count-as-text"],
)
def test_another_form_of_a_page_is_read_and_noted(body: Any, ids: list[str]) -> None:
    bench = Bench(ok(body))
    assert [u.id for u in bench.client.list_users()] == ids
    assert bench.codes == ["PAGE_FORM"]


def test_absent_links_are_the_end_and_no_matter() -> None:
    bench = Bench(ok({"count": 1, "results": [user("1")]}))
    assert len(list(bench.client.list_users())) == 1
    assert bench.codes == []


@pytest.mark.parametrize("body", [{}, {"count": 0, "results": None}, "text", 7, None])
def test_what_is_no_list_cannot_be_read(body: Any) -> None:
    with pytest.raises(Unreadable):
        list(Bench(ok(body)).client.list_users())


def test_partners_may_come_in_a_page() -> None:
    bench = Bench(page([{"name": "A", "logo_url": None}]))
    assert [p.name for p in bench.client.list_partners()] == ["A"]
    assert bench.codes == ["PAGE_FORM"]
