"""The pages of the order of a portfolio and of its matrix, as they leave the server."""

import re
from datetime import timedelta

import pytest

from tests.conftest import WHY, Api, World
from tests.test_pages import CAPACITY, Visitor, begin, text_of, words_of
from whyfolio.settings import Settings


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: the queries behind the pages are tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


@pytest.fixture
def portfolio(world: World, ada: Api) -> str:
    """A shop and a kiosk that say what they cost, an idea that does not; on the third day the kiosk went to the top."""
    held = str(ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"])
    shop, kiosk, _ = (begin(ada, held, name) for name in ("Shop", "Kiosk", "Idea"))
    for project, amount in ((shop, "900.00"), (kiosk, "100.00")):
        cost = {"amount": amount, "currency": "GBP"}
        case = {"problem": "Queues", "expected_benefit": "Sales", "cost_low": cost, "cost_high": cost}
        ada.do(f"/projects/{project}/submit", case)
    world.clock.now += timedelta(hours=50)
    ada.do(f"/projects/{kiosk}/reprioritize", {"portfolio": held, "to_rank": 1, "rationale": CAPACITY})
    return held


@pytest.fixture
def visitor(world: World, ada: Api, portfolio: str) -> Visitor:
    """Somebody who signs in after all that: a session does not last that long."""
    found = Visitor(world, ada)
    assert found.sign_in().status_code == 303
    return found


def rows(page: str, heading: str) -> list[str]:
    """The rows of the table under a heading, in words."""
    table = page.split(heading, 1)[1].split("<tbody>", 1)[1].split("</tbody>")[0]
    return [words_of(row) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]


def test_the_portfolio_leads_to_its_priorities_and_these_to_the_matrix(visitor: Visitor, portfolio: str) -> None:
    front = visitor.page("/?as_of=2026-03-03")
    for page in ("priorities", "matrix"):
        assert f'href="/portfolios/{portfolio}/{page}?as_of=2026-03-03"' in front
    assert f'href="/portfolios/{portfolio}/matrix"' in visitor.page(f"/portfolios/{portfolio}/priorities")


def test_the_order_shows_the_last_move_and_why(visitor: Visitor, portfolio: str) -> None:
    first, second, _ = rows(visitor.page(f"/portfolios/{portfolio}/priorities"), "<h1>Priorities")
    assert first.startswith("1 Kiosk submitted")
    assert "2 → 1 Two engineers leave and cannot be replaced Reprioritized , 4 Mar 2026, by ada" in first
    assert "never moved since it joined" in second


def test_the_order_of_another_day_is_compared_with_now(visitor: Visitor, portfolio: str) -> None:
    path = f"/portfolios/{portfolio}/priorities?to=&state=&from="
    page = visitor.page(f"{path}2026-03-03")
    assert "What changed from 3 Mar 2026 to 4 Mar 2026" in text_of(page)
    kiosk, shop = rows(page, "What changed from")
    assert kiosk.startswith("Kiosk 2 1 ↑ Two engineers leave")
    assert shop == "Shop 1 2 ↓ others moved, came or left"
    assert "The order is the same at both moments" in text_of(visitor.page(f"{path}2026-03-04"))
    assert "expected a date" in visitor.page(f"{path}soon", 422)


def test_the_matrix_is_drawn_and_told(visitor: Visitor, portfolio: str) -> None:
    page = visitor.page(f"/portfolios/{portfolio}/matrix")
    drawn = page.split('<svg class="matrix"')[1].split("</svg>")[0]
    titles = re.findall(r"<g [^>]*><title>([^<]*)</title>", drawn)
    assert titles == ["2. Shop: Rank 2, Cost 900; cost GBP 900", "1. Kiosk: Rank 1, Cost 100; cost GBP 100"]
    assert "style=" not in drawn, "the pages allow no style of an element"
    kiosk, shop = rows(page, "The same as a table")
    assert kiosk.startswith("1 Kiosk Rank high, Cost low")
    assert shop.startswith("2 Shop Rank high, Cost high")
    assert rows(page, "Not in the matrix") == ["3 Idea draft no cost"]
    assert "1 without a value on an axis" in text_of(page)


def test_axes_are_chosen_by_their_names(visitor: Visitor, portfolio: str) -> None:
    page = visitor.page(f"/portfolios/{portfolio}/matrix?x=rank&y=cost&size=cost&colour=state&state=submitted")
    for chosen in ('"cost" selected>Cost', '"rank" selected>Rank', '"state" selected>', '"submitted" selected>'):
        assert chosen in page
    assert "expected one of rank" in visitor.page(f"/portfolios/{portfolio}/matrix?x=beauty", 422)


def test_the_pages_show_the_past(visitor: Visitor, portfolio: str) -> None:
    then = "?as_of=2026-03-03&known_at=2026-03-03"
    first, *_ = rows(visitor.page(f"/portfolios/{portfolio}/priorities{then}"), "<h1>Priorities")
    assert first.startswith("1 Shop submitted")
    picture = re.search(r'href="([^"]*)">As a picture', visitor.page(f"/portfolios/{portfolio}/matrix{then}"))
    assert picture
    assert picture[1].replace("&amp;", "&") == f"/api/v1/portfolios/{portfolio}/matrix.svg{then}"
    assert visitor.get(picture[1].replace("&amp;", "&")).headers["content-type"] == "image/svg+xml"
    for page in ("priorities", "matrix"):
        early = visitor.page(f"/portfolios/{portfolio}/{page}?as_of=2020-01-01")
        assert "Nothing had been recorded" in text_of(early)
        visitor.page(f"/portfolios/0190a1b2-0000-7000-8000-000000000000/{page}", 404)


def test_a_portfolio_without_projects_has_pages_that_say_so(visitor: Visitor, ada: Api) -> None:
    empty = ada.do("/portfolios", {"name": "New"})["id"]
    assert "This portfolio holds no project" in text_of(visitor.page(f"/portfolios/{empty}/priorities"))
    assert "No project has a value on both axes" in text_of(visitor.page(f"/portfolios/{empty}/matrix"))
    assert "Nothing is closed" in text_of(visitor.page(f"/portfolios/{empty}/priorities?state=closed"))


def test_what_anybody_named_cannot_break_the_pages(visitor: Visitor, ada: Api, portfolio: str) -> None:
    (shop,) = [each["id"] for each in ada.get("/projects")["items"] if each["name"] == "Shop"]
    ada.do(f"/projects/{shop}/revise", {"name": "<script>x</script>", "owner": WHY["text"]})
    for page in ("priorities?from=2026-03-03", "matrix"):
        assert "<script>x" not in visitor.page(f"/portfolios/{portfolio}/{page}")
