"""The pages of people and of a portfolio's workload, as they leave the server."""

import re

import pytest

from tests.conftest import Api, World
from tests.test_pages import Visitor, text_of
from tests.test_workload import MANDATE, Town
from whyfolio.settings import Settings


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: the queries behind the pages are tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


@pytest.fixture
def town(world: World, ada: Api) -> Town:
    return Town(world, ada)


@pytest.fixture
def visitor(world: World, ada: Api) -> Visitor:
    found = Visitor(world, ada)
    assert found.sign_in().status_code == 303
    return found


def row_of(page: str, name: str) -> str:
    """A row of the heat map, blanks made one."""
    (row,) = [each for each in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f">{name}<" in each]
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


def test_a_heat_map_tells_numbers_and_marks_what_is_too_much(visitor: Visitor, town: Town) -> None:
    town.at_work(town.kim)
    town.assign(town.kim, town.shop, "0.6", "2026-03-09", "2026-03-20", as_role="Developer")
    town.assign(town.kim, town.dam, "0.6", "2026-03-16", "2026-03-20", override=MANDATE)
    page = visitor.page(f"/portfolios/{town.digital}/workload")
    row = row_of(page, "Kim")
    assert "0 % 60 % There is 5 days Promised 3 days Too much 0 days 60 % Shop , Developer 3 days" in row
    assert "▲ 120 % too much There is 5 days Promised 6 days Too much 1 day 60 %" in row
    assert page.count('<b class="off_track"><i aria-hidden="true">▲</i> 120 %</b>') == 1
    assert page.count("heat-over") == 1
    town.away(town.kim, "2026-03-09", "2026-03-13")
    assert "▲ 3 days too much There is 0 days" in row_of(visitor.page(f"/portfolios/{town.digital}/workload"), "Kim")


def test_what_nobody_said_is_told_as_not_known(visitor: Visitor, town: Town) -> None:
    town.assign(town.kim, town.shop, "0.6", "2026-03-09", "2026-03-15")
    row = row_of(visitor.page(f"/portfolios/{town.digital}/workload"), "Kim")
    assert "4.2 days There is – Promised 4.2 days Too much cannot be told" in row
    people = text_of(visitor.page("/people"))
    assert "none said" in people
    assert "not known" in people


def test_a_role_shows_what_is_missing(visitor: Visitor, town: Town) -> None:
    town.ada.do(f"/resources/{town.kim}/set-role", {"as_role": "Developer"})
    town.at_work(town.kim)
    town.assign(town.kim, town.shop, "0.6", "2026-03-02")
    town.ask(town.app, "1", "2026-03-09", "2026-03-13")
    row = row_of(visitor.page(f"/portfolios/{town.digital}/workload?by=role"), "Developer")
    assert "60 % 3 days missing There is 5 days Promised 3 days Too much 0 days Asked for 5 days" in row
    needed = text_of(visitor.page(f"/projects/{town.app}")).split("Asked for, and not answered yet")[1]
    assert needed.strip().startswith("100 % Developer 9 Mar 2026 – 13 Mar 2026")
    waiting = text_of(visitor.page("/people")).split("Asked for, and not answered yet")[1]
    assert "App" in waiting
    assert "100 %" in waiting


def test_people_show_what_they_can_do_and_when_they_are_away(visitor: Visitor, town: Town) -> None:
    town.at_work(town.kim, {"monday": "0.5"})
    town.away(town.kim, "2026-04-06", "2026-04-13")
    town.ada.do(f"/resources/{town.kim}/set-skills", {"skills": [{"skill": "Go", "level": 3}]})
    town.assign(town.kim, town.shop, "0.8", "2026-03-02", override=MANDATE)
    shown = text_of(visitor.page("/people"))
    for told in ("Go level 3", "50 % today", "vacation 6 Apr 2026 – 13 Apr 2026", MANDATE["text"]):
        assert told in shown
    assert "80 % where 50 % is there, for Shop mandate" in shown
    assert f"/portfolios/{town.digital}/workload" in visitor.page("/people")
    assert "promised for more than there is" in text_of(visitor.page(f"/?portfolio={town.digital}"))


def test_weeks_are_chosen_by_a_form_and_the_past_shows_what_was_promised_then(visitor: Visitor, town: Town) -> None:
    page = f"/portfolios/{town.digital}/workload"
    assert "Nobody's time is promised" in visitor.page(f"{page}?from=2026-05-01&to=2026-05-31&by=")
    town.assign(town.kim, town.shop, "0.6", "2026-12-28")
    assert "W53" in visitor.page(f"{page}?from=2026-12-28")
    assert "Nothing had been recorded" in text_of(visitor.page(f"{page}?as_of=2020-01-01"))
    visitor.page("/portfolios/0190a1b2-0000-7000-8000-000000000000/workload", 404)
    visitor.page(f"{page}?from=1.1.2026", 422)


def test_of_whom_nobody_knows_the_time_it_cannot_be_told_whether_it_is_too_much(visitor: Visitor, town: Town) -> None:
    town.assign(town.kim, town.shop, "0.6", "2026-03-02", as_role="Developer")
    town.ada.do(f"/resources/{town.kim}/set-role", {"as_role": "Developer"})
    row = row_of(visitor.page(f"/portfolios/{town.digital}/workload"), "Kim")
    assert "Too much cannot be told" in row
    assert "%" not in row.split("There is")[0]
    assert "1 of 1 without a calendar" in text_of(visitor.page(f"/portfolios/{town.digital}/workload?by=role"))
