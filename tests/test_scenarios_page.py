"""The pages of scenarios, as they leave the server."""

import pytest

from tests.conftest import WHY, Api, World
from tests.test_pages import Visitor, words_of
from tests.test_scenarios import BECAUSE, Board, pounds
from whyfolio.settings import Settings


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: the queries behind the pages are tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


@pytest.fixture
def board(ada: Api) -> Board:
    return Board(ada)


@pytest.fixture
def visitor(world: World, ada: Api, board: Board) -> Visitor:
    found = Visitor(world, ada)
    assert found.sign_in().status_code == 303
    return found


def test_the_portfolio_leads_to_its_scenarios(board: Board, visitor: Visitor) -> None:
    link = f"/portfolios/{board.portfolio}/scenarios"
    assert f'href="{link}"' in visitor.page("/")
    assert "No scenario was made." in words_of(visitor.page(link))
    scenario = board.create()
    assert "Next year 2 Mar 2026, by ada not solved yet" in words_of(visitor.page(link))
    assert "It was not solved yet." in words_of(visitor.page(f"/scenarios/{scenario}"))
    board.solve(scenario)
    listed = visitor.page(link)
    assert "proven optimal 19 11,000 2 1 0" in words_of(listed)
    assert f'href="/scenarios/{scenario}"' in listed
    assert f'name="id" value="{scenario}"' in listed


def test_a_scenario_tells_who_is_in_who_is_out_and_why(board: Board, visitor: Visitor) -> None:
    scenario = board.create()
    board.force(scenario, "in", "Quay")
    board.solve(scenario)
    shown = words_of(visitor.page(f"/scenarios/{scenario}"))
    for told in (
        "proven optimal",
        "2 in, 1 out",
        "Shop in 2026 10 6,000",
        "App out – 9 5,000 GBP 4000.00 over the budget of capex in 2026, GBP 12000.00 what would let it in",
        f"Quay in 2026 3 5,000 {BECAUSE['text']}",
        "capex, 2026 budget 11,000 12,000 1,000",
        f"Quay in: {BECAUSE['text']} 2 Mar 2026, ada",
    ):
        assert told in shown, told
    board.force(scenario, "out", "Shop")
    assert "It was changed since it was solved" in words_of(visitor.page(f"/scenarios/{scenario}"))


def test_what_cannot_be_kept_and_what_is_missing_is_told(board: Board, visitor: Visitor) -> None:
    scenario = board.create(
        adjustments=[{"project": board.project["Shop"], "value": 1}], budgets=[{"money": pounds(8000)}]
    )
    for name in ("Shop", "App"):
        board.force(scenario, "in", name)
    board.solve(scenario)
    shown = words_of(visitor.page(f"/scenarios/{scenario}"))
    for told in (
        "infeasible",
        "These cannot all be kept; without any one of them the rest can:",
        "the budget, GBP 8000.00",
        "it is in anyway, and no value of it is counted",
        "Quay cannot be chosen – – – it has no analysis of its costs and benefits",
    ):
        assert told in shown, told


def test_a_scenario_that_became_the_plan_says_so(board: Board, visitor: Visitor) -> None:
    scenario = board.create("Chosen")
    board.solve(scenario)
    board.ada.do(f"/scenarios/{scenario}/commit", {"rationale": WHY})
    shown = words_of(visitor.page(f"/scenarios/{scenario}"))
    assert "It became the plan" in shown
    assert f"by ada: {WHY['text']}" in shown
    assert "became the plan 2 Mar 2026" in words_of(visitor.page(f"/portfolios/{board.portfolio}/scenarios"))


def test_side_by_side_what_differs_comes_first(board: Board, visitor: Visitor) -> None:
    plain, lawful, unsolved = board.create("Plain"), board.create("Lawful"), board.create("Later")
    board.force(lawful, "in", "Quay")
    for each in (plain, lawful):
        board.solve(each)
    shown = words_of(visitor.page(f"/scenarios/compare?id={plain}&id={lawful}&id={unsolved}"))
    for told in (
        "Plain Lawful Later",
        "Solution proven optimal proven optimal not solved yet",
        "Value 19 13 –",
        "Cost 11,000 11,000 –",
        "capex, 2026 budget 11,000 of 12,000 11,000 of 12,000 –",
        "Where they differ App in from 2026 out GBP 4000.00 over",
        "The same in all Shop in from 2026 in from 2026 –",
    ):
        assert told in shown, told
    refused = visitor.page(f"/scenarios/compare?id={plain}", status=422)
    assert "expected 2 to 5 scenarios" in refused
