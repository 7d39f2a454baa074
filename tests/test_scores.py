"""Scoring models and scores through the API: who scores, in which order that puts a portfolio, at any moment."""

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.domain.test_intake import SHORT
from tests.test_pages import Visitor, text_of

JUDGED = {"code": "judgement", "text": "The ministry made this one a duty"}
VALUE = {"name": "Value", "method": "weighted", "rationale": WHY}
CRITERIA = [{"name": "Reach", "weight": "0.6"}, {"name": "Ease", "weight": "0.4", "high": 10}]


@pytest.fixture
def harbour(ada: Api) -> str:
    """A portfolio with a scoring model."""
    harbour = str(ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"])
    ada.do(f"/portfolios/{harbour}/set-scoring-model", {**VALUE, "criteria": CRITERIA})
    return harbour


def proposal(ada: Api, portfolio: str, name: str, **evaluate: Any) -> str:
    """A project under evaluation."""
    body = {"name": name, "sponsor": "s", "portfolio": portfolio, "rationale": WHY}
    project = str(ada.do("/projects", body)["id"])
    ada.do(f"/projects/{project}/submit", SHORT)
    ada.do(f"/projects/{project}/evaluate", evaluate)
    return project


def score(api: Api, project: str, *values: Any, **more: Any) -> Any:
    given = dict(zip(("Reach", "Ease"), values, strict=False))
    return api.do(f"/projects/{project}/score", {"values": given, **more})


def test_scores_put_a_portfolio_in_order_and_what_lacks_one_comes_last(ada: Api, harbour: str) -> None:
    quay, crane, buoy = (proposal(ada, harbour, name) for name in ("Quay", "Crane", "Buoy"))
    score(ada, quay, 50, 5)
    score(ada, crane, 80, 10)
    score(ada, buoy, 90)
    told = ada.get(f"/portfolios/{harbour}/scores")
    assert told["scoring_model"]["asks"] == ["Reach", "Ease"]
    assert [(each["project"]["name"], each["score"], each["score_rank"]) for each in told["items"]] == [
        ("Crane", "88.0000", 1),
        ("Quay", "50.0000", 2),
        ("Buoy", None, None),
    ]
    last = told["items"][-1]
    assert [(each["scorer"], each["value"]) for each in last["missing"]] == [(ada.person, "Ease")]
    assert last["by_scorer"][0]["values"] == {"Reach": "90"}
    assert ada.get(f"/projects/{crane}")["score"] == "88.0000"
    assert ada.get(f"/projects/{buoy}")["score"] is None
    for sort, order in (("score", [quay, crane, buoy]), ("-score", [crane, quay, buoy])):
        items = ada.get("/projects", portfolio=harbour, sort=sort)["items"]
        assert [each["id"] for each in items] == order, "what has no score is last either way"
        assert [each["score"] for each in items][-1] is None


def test_several_scorers_are_told_apart_with_their_spread(world: World, ada: Api, harbour: str) -> None:
    carol = world.person("carol", Role.TEAM_MEMBER)
    quay = proposal(ada, harbour, "Quay", scorers=[ada.person, carol.person])
    score(ada, quay, 100, 10)
    (own,) = ada.get(f"/projects/{quay}/scores")["items"]
    assert (own["score"], own["spread"]) == (None, None)
    assert {(each["name"], each["value"]) for each in own["missing"]} == {("carol", "Reach"), ("carol", "Ease")}
    carol.token = ada.token
    score(carol, quay, 50, 5)
    told = carol.get(f"/projects/{quay}/scores")
    assert [each["name"] for each in told["evaluation"]["scorers"]] == ["ada", "carol"]
    (own,) = told["items"]
    assert (own["score"], own["scoring_model"]) == ("75.0000", {"name": "Value", "version": 1})
    assert own["spread"] == {"low": "50.0000", "high": "100.0000", "standard_deviation": "25.0000"}
    assert {(each["name"], each["score"], each["counts"]) for each in own["by_scorer"]} == {
        ("ada", "100.0000", True),
        ("carol", "50.0000", True),
    }
    dora = world.person("dora", Role.BOARD)
    refused = dora.attempt(f"/projects/{quay}/score", {"values": {"Reach": 1}})
    assert (refused.status_code, "not among them" in refused.json()["detail"]) == (403, True)


def test_an_override_shows_its_reason_beside_what_was_computed(ada: Api, harbour: str) -> None:
    quay = proposal(ada, harbour, "Quay")
    score(ada, quay, 50, 5)
    ada.do(f"/projects/{quay}/override-score", {"score": 95, "rationale": JUDGED})
    (own,) = ada.get(f"/portfolios/{harbour}/scores")["items"]
    assert (own["score"], own["computed"]) == ("95", "50.0000")
    assert (own["override"]["score"], own["override"]["decision"]["text"]) == ("95", JUDGED["text"])
    (decided,) = [each for each in ada.get(f"/projects/{quay}/why")["items"] if "overridden" in each["fact"]]
    assert decided["data"]["computed"] == "50.0000"
    ada.do(f"/projects/{quay}/override-score", {"score": None, "rationale": JUDGED})
    assert ada.get(f"/projects/{quay}")["score"] == "50.0000"


def test_each_version_of_a_model_is_kept_and_scores_are_told_under_either(ada: Api, harbour: str) -> None:
    quay = proposal(ada, harbour, "Quay")
    score(ada, quay, 50, 0)
    ada.do(f"/portfolios/{harbour}/set-scoring-model", {**VALUE, "criteria": [{"name": "Reach", "weight": "1"}]})
    score(ada, quay, 20, scoring_model="Value", version=2)
    models = ada.get(f"/portfolios/{harbour}/scoring-models")["items"]
    assert [(each["name"], each["version"], each["asks"]) for each in models] == [
        ("Value", 2, ["Reach"]),
        ("Value", 1, ["Reach", "Ease"]),
    ]
    assert models[0]["decision"]["text"] == WHY["text"]
    for version, told in ((1, "30.0000"), (2, "20.0000"), (None, "20.0000")):
        asked = {"version": version} if version else {}
        assert ada.get(f"/portfolios/{harbour}/scores", scoring_model="Value", **asked)["items"][0]["score"] == told
    assert ada.get(f"/projects/{quay}")["score"] == "30.0000", "it is evaluated under version 1"
    unknown = ada.ask(f"/portfolios/{harbour}/scores", scoring_model="Fit")
    assert (unknown.status_code, "expected one of Value; got Fit" in unknown.text) == (422, True)
    unknown = ada.ask(f"/portfolios/{harbour}/scores", version=3)
    assert (unknown.status_code, "a version of Value: 1, 2; got 3" in unknown.text) == (422, True)


def test_the_model_of_the_policy_is_the_one_scores_are_told_under(ada: Api, harbour: str) -> None:
    model = {"name": "Duty", "version": 1, "criteria": [{"name": "Law", "weight": "1"}]}
    ada.do(f"/portfolios/{harbour}/set-policy", {"scoring_model": model, "rationale": WHY})
    ada.do(f"/portfolios/{harbour}/set-scoring-model", {**VALUE, "name": "Speed", "method": "wsjf"})
    models = ada.get(f"/portfolios/{harbour}/scoring-models")["items"]
    assert [(each["name"], each["method"], each["is_default"]) for each in models] == [
        ("Speed", "wsjf", False),
        ("Duty", "weighted", True),
        ("Value", "weighted", False),
    ]
    assert ada.get(f"/portfolios/{harbour}/scores")["scoring_model"]["name"] == "Duty"


def test_scores_are_told_as_they_stood(world: World, ada: Api, harbour: str) -> None:
    quay = proposal(ada, harbour, "Quay")
    first = score(ada, quay, 50, 5)["position"]
    then = world.clock().isoformat()
    world.clock.now += timedelta(days=1)
    score(ada, quay, 100, 10)
    ada.do(f"/projects/{quay}/recycle", {"to_fix": "The cost", "rationale": WHY})
    ada.do(f"/projects/{quay}/submit", SHORT)
    assert ada.get(f"/projects/{quay}")["score"] == "100.0000"
    ada.do(f"/projects/{quay}/evaluate")
    assert ada.get(f"/projects/{quay}")["score"] is None, "what was scored before it was mended is history"
    assert ada.get(f"/projects/{quay}/scores")["items"] == []
    for bound in ({"at": str(first)}, {"as_of": then}, {"known_at": then}):
        assert ada.get(f"/projects/{quay}", **bound)["score"] == "50.0000"
        assert ada.get(f"/portfolios/{harbour}/scores", **bound)["items"][0]["score"] == "50.0000"
        assert ada.get(f"/projects/{quay}/scores", **bound)["items"][0]["score"] == "50.0000"
    before = {"as_of": "2020-01-01"}
    assert ada.get(f"/portfolios/{harbour}/scores", scoring_model="Value", **before)["items"] == []
    assert ada.get(f"/projects/{quay}/scores", **before)["evaluation"] is None


def test_scores_of_another_portfolio_are_not_shown(world: World, ada: Api, harbour: str) -> None:
    quay = proposal(ada, harbour, "Quay")
    score(ada, quay, 50, 5)
    roads = ada.do("/portfolios", {"name": "Roads"})["id"]
    ada.do(f"/portfolios/{roads}/add-component", {"component": quay, "rationale": WHY})
    erin = world.person("erin", Role.BOARD, portfolio=roads)
    erin.token = ada.token
    assert erin.ask(f"/portfolios/{harbour}/scores").status_code == 404
    told = erin.get(f"/projects/{quay}/scores")
    assert (told["items"], told["evaluation"]["portfolio"]) == ([], None)
    assert erin.get(f"/projects/{quay}")["score"] is None


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_page_of_a_project_tells_its_scores_by_scorer(world: World, ada: Api, harbour: str) -> None:
    quay = proposal(ada, harbour, "Quay")
    visitor = Visitor(world, ada)
    assert visitor.sign_in().status_code == 303
    assert 'id="scores"' not in visitor.page(f"/projects/{quay}")
    score(ada, quay, 50)
    assert "missing: Ease by ada" in text_of(visitor.page(f"/projects/{quay}"))
    score(ada, quay, 50, 5)
    ada.do(f"/projects/{quay}/override-score", {"score": 95, "rationale": JUDGED})
    page = text_of(visitor.page(f"/projects/{quay}"))
    assert "score 95" in page
    assert f"95 instead of 50.0000{JUDGED['text']}" in page
    assert "Reach 50, Ease 5" in page


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_page_of_a_policy_tells_a_model_that_has_no_criteria_of_its_own(
    world: World, ada: Api, harbour: str
) -> None:
    model = {"name": "Speed", "version": 1, "method": "wsjf"}
    ada.do(f"/portfolios/{harbour}/set-policy", {"scoring_model": model, "rationale": WHY})
    visitor = Visitor(world, ada)
    visitor.sign_in()
    assert "Scored by Speed version 1, wsjf" in text_of(visitor.page(f"/portfolios/{harbour}/policy"))
