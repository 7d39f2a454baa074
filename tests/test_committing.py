"""A scenario is committed through the public API, on both databases: at once, once, and computed again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.test_money import begin, gbp, harbour

WAITS = {"code": "awaiting_decision", "text": "The harbour master has not answered"}
COSTS = {"Quay": ("60.00", 10), "Crane": ("40.00", 8), "Buoy": ("50.00", 3)}


class Board:
    """A portfolio of three proposals and the money for two of them."""

    def __init__(self, ada: Api) -> None:
        self.ada, self.portfolio = ada, harbour(ada)
        line = {"year": 2026, "category": "capex", "money": gbp("100.00")}
        ada.do(f"/portfolios/{self.portfolio}/set-budget", {"lines": [line], "rationale": WHY})
        self.ids = {name: self.evaluated(name, cost) for name, (cost, _) in COSTS.items()}

    def evaluated(self, name: str, cost: str) -> str:
        project = begin(self.ada, self.portfolio, name)
        month = {"month": "2026-04", "category": "capex", "money": gbp(cost)}
        case = {"problem": "a", "options": ["b"], "chosen_option": "b", "benefits": ["c"], "costs": [month]}
        self.ada.do(f"/projects/{project}/set-business-case", {**case, "risks": ["d"], "assumptions": ["e"]})
        self.ada.do(f"/projects/{project}/submit", {})
        self.ada.do(f"/projects/{project}/evaluate")
        return project

    def solved(self, name: str = "Balanced", **more: Any) -> str:
        values = [{"project": self.ids[each], "value": value} for each, (_, value) in COSTS.items()]
        body = {"portfolio": self.portfolio, "name": name, "value": {"basis": "npv"}, "adjustments": values, **more}
        scenario = str(self.ada.do("/scenarios", body)["id"])
        self.ada.do(f"/scenarios/{scenario}/solve", {})
        return scenario

    def states(self) -> dict[str, str]:
        return {name: self.ada.get(f"/projects/{each}")["state"] for name, each in self.ids.items()}

    def last_why(self, name: str) -> Any:
        return self.ada.get(f"/projects/{self.ids[name]}/why")["items"][-1]


@pytest.fixture
def board(ada: Api) -> Board:
    return Board(ada)


def test_what_was_solved_becomes_the_plan_and_everybody_is_told_why(board: Board) -> None:
    ada, scenario = board.ada, board.solved()
    receipt = ada.do(f"/scenarios/{scenario}/commit", {"rationale": WHY})
    assert receipt["id"] == scenario
    assert board.states() == {"Quay": "selected", "Crane": "selected", "Buoy": "under_evaluation"}
    lost = board.last_why("Buoy")
    assert (lost["fact"], lost["code"]) == ("project.not_selected.v1", "below_waterline")
    assert lost["text"] == "GBP 50.00 over the budget of capex in 2026, GBP 100.00"
    won = board.last_why("Quay")
    assert (won["fact"], won["text"]) == ("project.selected.v1", WHY["text"])
    assert won["data"]["verdict"]["over"] == [{"project": board.ids["Buoy"], "name": "Buoy"}]
    (whole,) = ada.get("/decisions", fact="scenario_committed")["items"]
    assert [each["kind"] for each in whole["subjects"]] == ["portfolio", "scenario"]
    committed = ada.get(f"/scenarios/{scenario}")["committed"]
    assert (committed["fact"], committed["why"]) == (whole["event_id"], WHY["text"])
    assert len(whole["data"]["verdicts"]) == 3


def test_a_winner_tells_that_it_was_forced_in_and_which_premise_of_the_whole_broke(board: Board) -> None:
    ada, scenario, buoy = board.ada, board.solved(), board.ids["Buoy"]
    promised = {"code": "mandate", "text": "The regulator asks for it"}
    ada.do(f"/scenarios/{scenario}/force-in", {"project": buoy, "rationale": promised})
    ada.do(f"/scenarios/{scenario}/solve", {})
    left = {"figure": "budget_left", "portfolio": board.portfolio, "at_least": "0"}
    ada.do(f"/scenarios/{scenario}/commit", {"rationale": {**WHY, "premises": [left]}})
    ruled, won = ada.get(f"/projects/{buoy}/why")["items"][-2:]
    assert ruled["sentence"].startswith("Buoy forced into the scenario Balanced, by ada")
    assert won["sentence"].startswith("Selected over Quay, forced in: The regulator asks for it, by ada")
    assert [each["holds"] for each in won["premises"]] == [True]
    line = {"year": 2026, "category": "capex", "money": gbp("10.00")}
    ada.do(f"/portfolios/{board.portfolio}/set-budget", {"lines": [line], "rationale": WHY})
    (broken,) = board.last_why("Buoy")["premises"]
    assert (broken["holds"], broken["broken_by"]["name"]) == (False, "portfolio.budget_set.v1")
    assert ada.get(f"/projects/{buoy}/why")["story"][-1]["broken"] == [broken["sentence"]]
    assert board.last_why("Quay")["premises"] == [broken], "also who lost by it"


def test_what_the_choice_itself_broke_is_told_of_each_winner_as_of_the_whole(board: Board) -> None:
    ada, scenario = board.ada, board.solved()
    left = {"figure": "budget_left", "portfolio": board.portfolio, "at_least": "50"}
    ada.do(f"/scenarios/{scenario}/commit", {"rationale": {**WHY, "premises": [left]}})
    (whole, *_) = ada.get(f"/scenarios/{scenario}/why")["items"]
    told = [board.last_why(name)["premises"] for name in ("Quay", "Crane")]
    assert told == [whole["premises"]] * 2
    assert (told[0][0]["holds"], told[0][0]["broken_by"] is None) == (False, whole["premises"][0]["broken_by"] is None)


def test_a_scenario_tells_its_winners_beside_its_losers(board: Board) -> None:
    ada, scenario = board.ada, board.solved()
    ada.do(f"/scenarios/{scenario}/commit", {"rationale": WHY})
    told = [each["fact"] for each in ada.get(f"/scenarios/{scenario}/why")["items"]]
    assert told == [
        "portfolio.scenario_committed.v1",
        *["project.selected.v1"] * 2,
        "project.not_selected.v1",
    ]


def test_a_plan_that_moved_is_refused_with_the_difference(board: Board) -> None:
    ada, scenario = board.ada, board.solved()
    ada.do(f"/projects/{board.ids['Buoy']}/defer", {"rationale": {**WAITS, "review_on": "2026-12-01"}})
    refused = ada.attempt(f"/scenarios/{scenario}/commit", {"rationale": WHY})
    moved = {"subject": board.ids["Buoy"], "what": "state", "from": "under_evaluation", "to": "deferred"}
    assert (refused.status_code, refused.json()["difference"]) == (409, [moved])
    assert "selected" not in board.states().values()
    ada.do(f"/scenarios/{scenario}/solve", {})
    ada.do(f"/scenarios/{scenario}/commit", {"rationale": WHY})


def test_of_two_boards_that_commit_at_once_one_is_told_what_the_other_changed(board: Board, bob: Api) -> None:
    scenarios = [board.solved("Balanced"), board.solved("Cautious")]
    people = [board.ada, bob]
    with ThreadPoolExecutor(2) as threads:
        answers = list(
            threads.map(
                lambda place: people[place].attempt(f"/scenarios/{scenarios[place]}/commit", {"rationale": WHY}),
                range(2),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409], [each.text for each in answers]
    (lost,) = [answer.json() for answer in answers if answer.status_code == 409]
    told = {(each["subject"], each["what"]) for each in lost["difference"]}
    assert told == {
        (board.portfolio, "committed_scenario"),
        *((board.ids[name], "state") for name in ("Quay", "Crane")),
    }
    bob.token = board.ada.token = max(board.ada.token or "", bob.token or "")
    assert len(board.ada.every("/audit", fact="scenario_committed")) == 1
    assert len(board.ada.every("/audit", fact="project.selected.v1")) == 2


def test_what_was_committed_is_computed_again_from_the_plan_as_it_stood(board: Board) -> None:
    ada, scenario = board.ada, board.solved()
    nothing = ada.get(f"/scenarios/{scenario}/recomputation")
    assert (nothing["committed"], nothing["same_verdicts"]) == (None, None)
    ada.do(f"/scenarios/{scenario}/commit", {"rationale": WHY})
    line = {"year": 2026, "category": "capex", "money": gbp("50.00")}
    ada.do(f"/portfolios/{board.portfolio}/set-budget", {"lines": [line], "rationale": WHY})
    ada.do(f"/projects/{board.ids['Crane']}/deselect", {"rationale": WHY})
    ada.do(f"/scenarios/{scenario}/force-in", {"project": board.ids["Buoy"], "rationale": WHY})
    again = ada.get(f"/scenarios/{scenario}/recomputation")
    assert (again["same_inputs"], again["same_verdicts"], again["difference"]) == (True, True, [])
    assert (again["name"], again["said"], again["portfolio"]) == ("Balanced", "proven optimal", board.portfolio)
    assert [each["verdict"] for each in again["verdicts"]] == ["selected", "selected", "not_selected"]
    (whole,) = ada.get("/decisions", fact="scenario_committed")["items"]
    assert again["committed"]["event_id"] == whole["event_id"]
    assert ada.ask(f"/scenarios/{uuid4()}/recomputation").status_code == 404


def test_whoever_is_elsewhere_neither_commits_nor_sees_it(world: World, board: Board) -> None:
    other = board.ada.do("/portfolios", {"name": "Roads", "currency": "GBP"})["id"]
    stranger, scenario = world.person("stranger", Role.PORTFOLIO_MANAGER, portfolio=other), board.solved()
    assert stranger.attempt(f"/scenarios/{scenario}/commit", {"rationale": WHY}).status_code == 404
    board.ada.do(f"/scenarios/{scenario}/commit", {"rationale": WHY})
    assert stranger.ask(f"/scenarios/{scenario}/recomputation").status_code == 404
