"""The page of a portfolio's goals, as it leaves the server."""

import re
from datetime import UTC, datetime

import pytest

from tests.conftest import WHY, Api, World
from tests.test_pages import Visitor, begin, text_of
from whyfolio.settings import Settings

QUARTER = {"starts_on": "2026-01-01", "ends_on": "2026-06-30"}
WAITING = {"measure": "Waiting time", "unit": "minutes", "start": "30", "target": "5", "period": QUARTER}


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: the queries behind the page are tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


@pytest.fixture
def visitor(world: World, ada: Api) -> Visitor:
    found = Visitor(world, ada)
    assert found.sign_in().status_code == 303
    return found


@pytest.fixture
def portfolio(ada: Api) -> str:
    """One goal that a shop serves and one that nothing does; a kiosk serves none."""
    held = str(ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"])
    shop, _ = begin(ada, held, "Shop"), begin(ada, held, "Kiosk")
    queues, _ = (ada.do("/goals", {"name": n, "portfolio": held, "rationale": WHY})["id"] for n in ("Queues", "Water"))
    ada.do(f"/goals/{queues}/set-key-result", WAITING)
    ada.do(f"/goals/{queues}/link", {"project": shop, "weight": "0.5", "rationale": WHY})
    return held


def test_the_portfolio_leads_to_its_goals(visitor: Visitor, portfolio: str) -> None:
    link = re.search(r'href="(/portfolios/[^"]*/goals[^"]*)"', visitor.page("/?as_of=2026-03-02"))
    assert link
    assert link[1] == f"/portfolios/{portfolio}/goals?as_of=2026-03-02"
    visitor.page(link[1])


def test_what_nobody_recorded_is_told_as_not_known(visitor: Visitor, ada: Api, portfolio: str) -> None:
    page = visitor.page(f"/portfolios/{portfolio}/goals")
    shown, water = text_of(page), page.split(">Water</th>")[1].split("</tr>")[0]
    assert "not known 0 of 1 recorded" in shown
    for told in ("not known", "no key result", "nothing contributes"):
        assert told in water
    assert "Waiting time: not measured from 30 to 5 minutes by 30 Jun 2026" in shown
    assert "50 % Shop draft, progress not recorded" in shown
    assert " 0 %" not in shown


def test_progress_shows_from_its_day_on(world: World, visitor: Visitor, ada: Api, portfolio: str) -> None:
    world.clock.now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    visitor.sign_in()
    goal, shop = ada.get("/goals")["items"][0]["id"], ada.get("/projects", q="Shop")["items"][0]["id"]
    ada.do(f"/goals/{goal}/record-progress", {"project": shop, "progress": "0.9"})
    ada.do(f"/goals/{goal}/record-progress", {"measure": "Waiting time", "current": "10"})
    now = text_of(visitor.page(f"/portfolios/{portfolio}/goals"))
    assert "45 % 1 of 1 recorded" in now
    assert "Waiting time: 10 minutes from 30 to 5 minutes by 30 Jun 2026, 80 % of the way" in now
    assert "90 % delivered" in now
    then = text_of(visitor.page(f"/portfolios/{portfolio}/goals?as_of=2026-03-10"))
    assert "not known 0 of 1 recorded" in then
    assert "Nothing had been recorded" in text_of(visitor.page(f"/portfolios/{portfolio}/goals?as_of=2020-01-01"))


def test_what_stands_alone_is_named(visitor: Visitor, portfolio: str) -> None:
    shown = visitor.page(f"/portfolios/{portfolio}/goals")
    headings = ("Goals without projects", "Live projects without a goal")
    goals, projects = (shown.split(heading)[1].split("</section>")[0] for heading in headings)
    assert re.findall(r">(Queues|Water)<", goals) == ["Water"]
    assert re.findall(r">(Shop|Kiosk)<", projects) == ["Kiosk"]


def test_a_decision_about_a_goal_leads_to_all_about_it(visitor: Visitor, ada: Api, portfolio: str) -> None:
    (goal,) = [each["id"] for each in ada.get("/goals")["items"] if each["name"] == "Queues"]
    shown = visitor.page("/decisions?fact=linked")
    assert f'<a href="/decisions?subject={goal}">Queues</a>' in shown
    assert "weight – → 0.5" in text_of(shown)


def test_a_portfolio_that_is_not_there_has_no_goals(visitor: Visitor) -> None:
    assert "Nothing is here" in visitor.page("/portfolios/0190a1b2-0000-7000-8000-000000000000/goals", 404)
