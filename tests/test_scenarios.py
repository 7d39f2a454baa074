"""Scenarios as people use them: made, edited, forced, solved and put side by side, through the API."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World

CHOOSING = (Path(__file__).parents[1] / "docs" / "choosing.md").read_text()
BECAUSE = {"code": "mandate", "text": "The law demands it from next year on"}


def pounds(amount: int, currency: str = "GBP") -> dict[str, str]:
    return {"amount": f"{amount}.00", "currency": currency}


class Board:
    """A portfolio of three candidates: Shop (6000, worth 10), App (5000, worth 9) and Quay (5000, worth 3)."""

    def __init__(self, ada: Api) -> None:
        self.ada = ada
        self.portfolio = str(ada.do("/portfolios", {"name": "City", "currency": "GBP"})["id"])
        self.project = {
            name: self.propose(name, cost) for name, cost in (("Shop", 6000), ("App", 5000), ("Quay", 5000))
        }
        line = {"year": 2026, "category": "capex", "money": pounds(12000)}
        ada.do(f"/portfolios/{self.portfolio}/set-budget", {"lines": [line], "rationale": WHY})

    def propose(self, name: str, cost: int) -> str:
        body = {"name": name, "sponsor": "mayor", "portfolio": self.portfolio, "rationale": WHY}
        project = str(self.ada.do("/projects", body)["id"])
        case = {
            "problem": "People queue at the till",
            "options": ["Build", "Wait"],
            "chosen_option": "Build",
            "benefits": ["No queues"],
            "costs": [{"month": "2026-04", "category": "capex", "money": pounds(cost)}],
            "risks": ["It rains"],
            "assumptions": ["It is open"],
        }
        self.ada.do(f"/projects/{project}/set-business-case", case)
        self.ada.do(f"/projects/{project}/submit", {})
        self.ada.do(f"/projects/{project}/evaluate", {})
        return project

    def create(self, name: str = "Next year", **more: Any) -> str:
        worth = [
            {"project": self.project[each], "value": value} for each, value in (("Shop", 10), ("App", 9), ("Quay", 3))
        ]
        body = {"portfolio": self.portfolio, "name": name, "value": {"basis": "npv"}, "adjustments": worth, **more}
        return str(self.ada.do("/scenarios", body)["id"])

    def force(self, scenario: str, how: str, name: str) -> None:
        self.ada.do(f"/scenarios/{scenario}/force-{how}", {"project": self.project[name], "rationale": BECAUSE})

    def solve(self, scenario: str, **more: Any) -> Any:
        self.ada.do(f"/scenarios/{scenario}/solve", more)
        return self.ada.get(f"/scenarios/{scenario}")


@pytest.fixture
def board(ada: Api) -> Board:
    return Board(ada)


def inside(answer: Any) -> list[str]:
    return [each["name"] for each in answer["verdicts"] if each["verdict"] == "in"]


def test_a_scenario_tells_who_is_in_and_who_is_out_and_why(board: Board) -> None:
    scenario = board.create()
    fresh = board.ada.get(f"/scenarios/{scenario}")
    assert (fresh["name"], fresh["solved"], fresh["verdicts"], fresh["is_stale"]) == ("Next year", None, None, False)
    told = board.solve(scenario)
    assert inside(told) == ["Shop", "App"]
    assert (told["solved"]["said"], told["solved"]["value"], told["solved"]["cost"]) == (
        "proven optimal",
        "19",
        "11000.00",
    )
    (quay,) = [each for each in told["verdicts"] if each["verdict"] == "out"]
    assert (quay["name"], quay["cost"]) == ("Quay", "5000.00")
    assert quay["kept_out"] == ["GBP 4000.00 over the budget of capex in 2026, GBP 12000.00"]
    assert "GBP 4000.00 more than the budget of capex in 2026, GBP 12000.00" in quay["let_in"]
    assert told["solved"]["inputs_position"] <= told["position"]
    assert told["portfolio"] == board.portfolio
    assert board.ada.get(f"/projects/{board.project['Shop']}")["state"] == "under_evaluation"


def test_forcing_names_its_reason_and_makes_it_stale_until_it_is_solved_anew(board: Board) -> None:
    scenario = board.create()
    board.solve(scenario)
    board.force(scenario, "in", "Quay")
    stale = board.ada.get(f"/scenarios/{scenario}")
    assert (stale["is_stale"], inside(stale)) == (True, ["Shop", "App"])
    assert [(each["name"], each["forced"], each["why"]) for each in stale["rulings"]] == [
        ("Quay", "in", BECAUSE["text"])
    ]
    told = board.solve(scenario)
    assert (told["is_stale"], inside(told)) == (False, ["Shop", "Quay"])
    assert {each["name"]: each["forced"] for each in told["verdicts"]} == {
        "Shop": None,
        "App": None,
        "Quay": BECAUSE["text"],
    }
    why = board.ada.get(f"/projects/{board.project['Quay']}/why")["items"]
    assert why[-1]["fact"] == "scenario.forced_in.v1"
    history = [each["name"] for each in board.ada.get(f"/scenarios/{scenario}/history")["items"]]
    assert history == [f"scenario.{each}.v1" for each in ("created", "solved", "forced_in", "solved")]
    assert [each["text"] for each in board.ada.get(f"/scenarios/{scenario}/why")["items"]] == [BECAUSE["text"]]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_example_of_the_documentation_is_solved(board: Board) -> None:
    (example,) = re.findall(r"```jsonc\n(.*?)```", CHOOSING, re.DOTALL)
    for name, placeholder in (("Shop", "<project A>"), ("App", "<project B>")):
        example = example.replace(placeholder, board.project[name])
    model = {"name": "Fit", "method": "value_effort", "rationale": WHY}
    board.ada.do(f"/portfolios/{board.portfolio}/set-scoring-model", model)
    for project in board.project.values():
        board.ada.do(f"/projects/{project}/recycle", {"to_fix": "The model", "rationale": WHY})
        board.ada.do(f"/projects/{project}/evaluate", {"scoring_model": "Fit", "scoring_model_version": 1})
        board.ada.do(f"/projects/{project}/score", {"values": {"value": 4, "effort": 2}})
    told = board.solve(board.create(**json.loads(example), adjustments=[]))
    assert told["solved"]["said"] == "proven optimal"
    assert inside(told) == ["Shop", "Quay"]


def test_scenarios_stand_side_by_side_and_what_differs_comes_first(world: World, board: Board) -> None:
    plain, lawful, poor = board.create("Plain"), board.create("Lawful"), board.create("Poor")
    board.force(lawful, "in", "Quay")
    board.ada.do(f"/scenarios/{poor}/edit", {"budgets": [{"period": "2026", "money": pounds(5000)}]})
    for each in (plain, lawful, poor):
        board.solve(each)
    unsolved = board.create("Not solved")
    told = board.ada.get("/scenarios/compare", id=[plain, lawful, poor, unsolved])
    assert [each["name"] for each in told["scenarios"]] == ["Plain", "Lawful", "Poor", "Not solved"]
    assert [each["solved"] and each["solved"]["value"] for each in told["scenarios"]] == ["19", "13", "9", None]
    rows = {row["name"]: [each and each["verdict"] for each in row["verdicts"]] for row in told["projects"]}
    assert rows == {
        "Shop": ["in", "in", "out", None],
        "App": ["in", "out", "in", None],
        "Quay": ["out", "in", "out", None],
    }
    assert all(row["differs"] for row in told["projects"])
    limits = {(row["of"], row["category"], row["period"]): row["use"] for row in told["limits"]}
    assert [each and each["left"] for each in limits["budget", "capex", "2026"]] == ["1000.00", "1000.00", None, None]
    assert [each and each["left"] for each in limits["budget", None, "2026"]] == [None, None, "0.00", None]


@pytest.mark.parametrize("number", [1, 6])
def test_two_to_five_are_compared(board: Board, number: int) -> None:
    made = [board.create(f"Scenario {each}") for each in range(number)]
    refused = board.ada.ask("/scenarios/compare", id=made)
    assert (refused.status_code, "expected 2 to 5 scenarios, each once" in refused.text) == (422, True)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_is_compared_is_there_once_and_of_one_portfolio(board: Board) -> None:
    one, other = board.create(), board.create()
    assert board.ada.ask("/scenarios/compare", id=[one, one]).status_code == 422
    foreign = Board(board.ada).create()
    refused = board.ada.ask("/scenarios/compare", id=[one, foreign], after=board.ada.token)
    assert (refused.status_code, "one portfolio" in refused.text) == (422, True)
    missing = board.ada.ask("/scenarios/compare", id=[one, board.portfolio])
    assert (missing.status_code, board.portfolio in missing.text) == (404, True)
    assert board.ada.ask("/scenarios/compare", id=[one, other]).status_code == 200


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_was_not_made_yet_then_stands_beside_the_others_with_nothing_to_tell(world: World, board: Board) -> None:
    early = board.create("Early")
    then = world.clock.now.isoformat().replace("+00:00", "Z")
    world.clock.now += timedelta(days=1)
    late = board.create("Late")
    told = board.ada.get("/scenarios/compare", id=[early, late], as_of=then)
    assert [each["name"] for each in told["scenarios"]] == ["Early", None]


def test_scenarios_are_listed_by_portfolio_the_newest_first(world: World, board: Board) -> None:
    made = []
    for name in ("One", "Two"):
        world.clock.now += timedelta(minutes=1)
        made.append(board.create(name))
    world.clock.now += timedelta(minutes=1)
    foreign = Board(board.ada).create("Elsewhere")
    assert [each["id"] for each in board.ada.get("/scenarios")["items"]] == [foreign, *made[::-1]]
    listed = board.ada.get("/scenarios", portfolio=board.portfolio)["items"]
    assert [(each["name"], "inputs" in each) for each in listed] == [("Two", False), ("One", False)]
    first = board.ada.get("/scenarios", limit=1)
    assert [each["id"] for each in board.ada.get("/scenarios", limit=1, cursor=first["next_cursor"])["items"]] == [
        made[1]
    ]


def test_before_it_was_solved_it_was_not(world: World, board: Board) -> None:
    world.clock.now += timedelta(days=2)
    scenario = board.create()
    world.clock.now += timedelta(days=2)
    board.solve(scenario)
    then = (world.clock.now - timedelta(days=1)).isoformat()
    assert board.ada.get(f"/scenarios/{scenario}", as_of=then)["solved"] is None
    before = board.ada.get(f"/scenarios/{scenario}", as_of=(world.clock.now - timedelta(days=3)).isoformat())
    assert (before["name"], before["spec"], before["version"]) == (None, None, None)
    assert before["first_fact_at"]


def test_made_as_of_a_moment_it_knows_the_budget_of_then(world: World, board: Board) -> None:
    then = world.clock.now.isoformat()
    world.clock.now += timedelta(days=3)
    line = {"year": 2026, "category": "capex", "money": pounds(5000)}
    board.ada.do(f"/portfolios/{board.portfolio}/set-budget", {"lines": [line], "rationale": WHY})
    assert inside(board.solve(board.create("Of today"))) == ["App"]
    of_then = board.solve(board.create("Of then", as_of=then))
    assert (inside(of_then), of_then["solved"]["on"]) == (["Shop", "App"], then[:10])


def test_what_nothing_keeps_names_a_minimal_conflict(board: Board) -> None:
    scenario = board.create(budgets=[{"money": pounds(8000)}])
    for each in ("Shop", "App"):
        board.force(scenario, "in", each)
    told = board.solve(scenario)
    assert (told["solved"]["said"], told["solved"]["value"], inside(told)) == ("infeasible", None, [])
    assert {each["sentence"] for each in told["result"]["conflict"]} == {
        f"Shop has to be in: {BECAUSE['text']}",
        f"App has to be in: {BECAUSE['text']}",
        "the budget, GBP 8000.00",
    }
    assert told["result"]["conflict_is_minimal"]


def test_who_sees_the_portfolio_sees_its_scenarios(world: World, board: Board) -> None:
    scenario = board.create()
    board.solve(scenario)
    own = board.ada.do("/portfolios", {"name": "Own"})["id"]
    insider, stranger = (
        world.person(name, Role.PORTFOLIO_MANAGER, portfolio=UUID(held))
        for name, held in (("insider", board.portfolio), ("stranger", own))
    )
    insider.token = stranger.token = board.ada.token
    assert inside(insider.get(f"/scenarios/{scenario}")) == ["Shop", "App"]
    insider.do(f"/scenarios/{scenario}/edit", {"name": "Ours"})
    assert stranger.ask(f"/scenarios/{scenario}").status_code == 404
    assert stranger.get("/scenarios")["items"] == []
    assert stranger.attempt(f"/scenarios/{scenario}/solve").status_code == 404
    assert (
        stranger.attempt(
            "/scenarios", {"portfolio": board.portfolio, "name": "x", "value": {"basis": "npv"}}
        ).status_code
        == 422
    )


def test_finance_edits_and_does_not_decide(world: World, board: Board) -> None:
    scenario = board.create()
    finn = world.person("finn", Role.FINANCE_CONTROLLER)
    finn.do(f"/scenarios/{scenario}/edit", {"budgets": [{"money": pounds(5000)}]})
    for verb, body in (("solve", {}), ("force-in", {"project": board.project["Shop"], "rationale": BECAUSE})):
        assert finn.attempt(f"/scenarios/{scenario}/{verb}", body).status_code == 403


def test_the_same_key_solves_once(world: World, board: Board) -> None:
    scenario = board.create()
    head = world.system.store.head()
    answers = [board.ada.attempt(f"/scenarios/{scenario}/solve", {}, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert world.system.store.head() == head + 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "pointer", "sentence"),
    [
        ({"value": {"basis": "mood"}}, "/value/basis", "expected one of score, npv, blend"),
        ({"value": {"basis": "blend"}}, "/value", "expected weights for a blend"),
        (
            {"value": {"basis": "blend", "weights": {"score": "0.5", "npv": "0.6"}}},
            "/value/weights",
            "sum to 1; these sum to 1.1",
        ),
        ({"periods": ["2026", "2028"]}, "/periods", "so 2027; got 2028"),
        ({"periods": ["spring"]}, "/periods/0", "pattern"),
        ({"goals": [{"goal": "growth"}]}, "/goals/0/goal", "expected an open goal of the portfolio"),
        ({"budgets": [{"money": pounds(1, "USD")}]}, "/budgets/0/money/currency", "expected GBP"),
        ({"as_of": "2031-01-01"}, "/as_of", "in the future"),
        ({"mood": "good"}, "/mood", "not a member"),
    ],
)
def test_what_is_wrong_is_named(board: Board, body: dict[str, Any], pointer: str, sentence: str) -> None:
    asked = {"portfolio": board.portfolio, "name": "x", "value": {"basis": "npv"}, **body}
    refused = board.ada.attempt("/scenarios", asked)
    assert refused.status_code == 422, refused.text
    named = {error["pointer"]: error["detail"] for error in refused.json()["errors"]}
    assert sentence in named.get(pointer, ""), named
