"""Scores in the order of a portfolio and in its matrix: criteria are axes, what is incomplete says so."""

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.test_matrix import missing, placed
from tests.test_scores import proposal

MODEL = {"method": "value_effort", "rationale": WHY}
URGENT = [
    {"name": "Urgency", "weight": "0.5", "low": 1, "high": 5},
    {"name": "Importance", "weight": "0.5", "high": 10},
]
JUDGED = {"code": "judgement", "text": "The ministry made this one a duty"}


class Office:
    """A portfolio that scores by value and effort: a quay and a crane are scored, a buoy half, a pier not at all."""

    def __init__(self, world: World, ada: Api) -> None:
        self.world, self.ada = world, ada
        self.portfolio = str(ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"])
        ada.do(f"/portfolios/{self.portfolio}/set-scoring-model", {"name": "Worth", **MODEL})
        self.ids = {name: proposal(ada, self.portfolio, name) for name in ("Quay", "Crane", "Buoy", "Pier")}
        self.score("Quay", value=8, effort=2)
        self.score("Crane", value=10, effort=8)
        self.score("Buoy", value=5)

    def score(self, name: str, by: Api | None = None, model: str = "Worth", **values: Any) -> None:
        scorer = by or self.ada
        scorer.do(f"/projects/{self.ids[name]}/score", {"scoring_model": model, "values": values})
        self.ada.token = scorer.token

    def get(self, what: str, **asked: Any) -> Any:
        return self.ada.get(f"/portfolios/{self.portfolio}/{what}", **asked)

    def scores(self, **asked: Any) -> dict[str, tuple[Any, ...]]:
        items = self.get("priorities", **asked)["items"]
        return {each["name"]: (each["rank"], each["score"], each["score_rank"]) for each in items}


@pytest.fixture
def office(world: World, ada: Api) -> Office:
    return Office(world, ada)


def test_the_criteria_value_and_effort_are_the_axes_by_themselves(office: Office) -> None:
    matrix = office.get("matrix")
    assert (matrix["preset"], matrix["x"]["measure"], matrix["y"]["measure"]) == (
        "value_effort",
        "criterion:effort",
        "criterion:value",
    )
    assert (matrix["scoring_model"]["name"], matrix["scoring_model"]["version"]) == ("Worth", 1)
    assert placed(matrix) == {"Quay": "Quick wins", "Crane": "Big bets"}
    assert missing(matrix) == {"Buoy": ["no effort"], "Pier": ["no effort", "no value"]}


def test_what_one_scorer_has_not_said_is_missing_and_the_others_are_no_answer(world: World, office: Office) -> None:
    bob = world.person("bob", Role.BOARD)
    office.score("Quay", by=bob, value=4)
    matrix = office.get("matrix")
    assert missing(matrix)["Quay"] == ["effort not by every scorer"]
    office.score("Quay", by=bob, value=4, effort=5)
    (quay,) = [each for each in office.get("matrix")["points"] if each["name"] == "Quay"]
    assert (quay["x"], quay["y"]) == ("3.5000", "6.0000"), "the mean of the scorers"


def test_another_model_gives_other_axes_with_its_own_scales(office: Office) -> None:
    ada, portfolio = office.ada, office.portfolio
    model = {"name": "Pressure", "method": "weighted", "criteria": URGENT, "rationale": WHY}
    ada.do(f"/portfolios/{portfolio}/set-scoring-model", model)
    office.score("Quay", model="Pressure", Urgency=5, Importance=2)
    office.score("Crane", model="Pressure", Urgency=2, Importance=9)
    matrix = office.get("matrix", scoring_model="Pressure")
    assert matrix["preset"] == "urgency_importance"
    assert [matrix["x"][end] for end in ("low", "line", "high")] == ["1", "3", "5"]
    assert placed(matrix) == {"Quay": "Delegate", "Crane": "Schedule"}
    assert office.get("matrix", scoring_model="Worth")["preset"] == "value_effort"
    refused = ada.ask(f"/portfolios/{portfolio}/matrix", scoring_model="Beauty")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "query:scoring_model")


def test_the_score_is_an_axis_and_what_is_incomplete_says_so(office: Office) -> None:
    matrix = office.get("matrix", x="cost", y="score")
    assert {each["name"]: each["y"] for each in matrix["points"]} == {"Quay": "4.0000", "Crane": "1.2500"}
    assert missing(matrix) == {"Buoy": ["score is incomplete"], "Pier": ["not scored"]}
    assert office.get("matrix", x="cost")["y"]["measure"] == "score", "where there are scores"
    model = {"name": "Pressure", "method": "weighted", "criteria": URGENT, "rationale": WHY}
    office.ada.do(f"/portfolios/{office.portfolio}/set-scoring-model", model)
    asked = office.get("matrix", x="criterion:Urgency", scoring_model="Worth")
    assert missing(asked)["Quay"] == ["no scoring model that asks for Urgency"], "another model does"


def test_the_order_tells_the_score_and_the_place_it_alone_would_give(office: Office) -> None:
    assert office.scores() == {
        "Quay": (1, "4.0000", 1),
        "Crane": (2, "1.2500", 2),
        "Buoy": (3, None, None),
        "Pier": (4, None, None),
    }
    override = {"scoring_model": "Worth", "score": "9", "rationale": JUDGED}
    office.ada.do(f"/projects/{office.ids['Pier']}/override-score", override)
    answer = office.get("priorities")
    told = {each["name"]: (each["rank"], each["score_rank"], each["is_overridden"]) for each in answer["items"]}
    assert told == {"Quay": (1, 2, False), "Crane": (2, 3, False), "Buoy": (3, None, False), "Pier": (4, 1, True)}
    assert answer["scoring_model"]["name"] == "Worth"


def test_scores_of_the_past_are_those_that_were_given_then(office: Office) -> None:
    then = office.world.clock().isoformat()
    office.world.clock.now += timedelta(days=1)
    office.score("Quay", value=1, effort=8)
    assert placed(office.get("matrix", as_of=then))["Quay"] == "Quick wins"
    assert office.scores(known_at=then)["Quay"] == (1, "4.0000", 1)
    assert office.scores()["Quay"] == (1, "0.1250", 2)
    before = office.get("matrix", as_of="2020-01-01", x="criterion:value", y="score")
    assert (before["points"], before["scoring_model"]) == ([], None)
