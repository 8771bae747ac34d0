"""The list of exchanges stays readable and small: it repeats no answer, and no name that would stand at all of them."""

import pytest

from golive.evidence.exchange import PARTNER
from golive.evidence.model import Evidence, Exchange
from golive.report import render_html
from golive.report.views.exchanges import MOST_NAMED, WORTH_A_LINK
from tests.report import samples

LONG = '{"said": "' + "again and " * (WORTH_A_LINK // 10) + '"}'


def answered(exchange: Exchange, body: str, *, truncated: bool = False) -> Exchange:
    assert exchange.response is not None
    response = exchange.response.model_copy(update={"body": body, "truncated": truncated})
    return exchange.model_copy(update={"response": response})


def page_of(*exchanges: Exchange) -> str:
    return render_html(samples.rehearsal().model_copy(update={"exchanges": exchanges, "tests": ()}))


@pytest.fixture
def three() -> tuple[Exchange, ...]:
    found = tuple(each for each in samples.rehearsal().exchanges if each.response is not None)[:3]
    assert len(found) == 3
    return found


def test_an_answer_that_came_before_is_a_link_to_where_it_is_shown(three: tuple[Exchange, ...]) -> None:
    page = page_of(*(answered(each, LONG) for each in three))
    assert page.count("again and") == WORTH_A_LINK // 10
    assert page.count(f'(the same body as <a href="#{three[0].id}">{three[0].id}</a>)') == 2


@pytest.mark.parametrize("body", ["short", LONG])
def test_only_a_whole_answer_that_is_long_is_worth_a_link(three: tuple[Exchange, ...], body: str) -> None:
    page = page_of(*(answered(each, body, truncated=body == LONG) for each in three))
    assert "the same body as" not in page


def test_what_the_partner_sent_is_read_and_not_repeated(three: tuple[Exchange, ...]) -> None:
    assert page_of(*three).count('class="curl"') == 3
    assert page_of(three[0].model_copy(update={"actor": PARTNER}), *three[1:]).count('class="curl"') == 2


def test_a_check_over_all_of_the_traffic_is_not_named_at_each_exchange() -> None:
    def standing_on(number: int) -> Evidence:
        whole = samples.rehearsal()
        one = whole.exchanges[0]
        many = tuple(one.model_copy(update={"id": f"x{n:04d}"}) for n in range(1, number + 1))
        check = whole.tests[0].model_copy(update={"exchanges": tuple(each.id for each in many)})
        return whole.model_copy(update={"exchanges": many, "tests": (check,)})

    named = render_html(standing_on(MOST_NAMED))
    assert named.count(", cited by") == MOST_NAMED
    assert "not named at each exchange" not in named
    page = render_html(standing_on(MOST_NAMED + 1))
    assert ", cited by" not in page
    assert "1 check over all of the traffic is not named at each exchange that it stands on." in page
