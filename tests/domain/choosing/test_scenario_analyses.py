"""Analyses of a scenario: of what it was last solved with, and of nothing else."""

from typing import Any

import pytest

from domain.choosing.events import AnalysisRecorded
from domain.kernel.refusal import Invalid
from domain.portfolio.events import PortfolioCreated
from tests.domain.choosing.board import CITY, QUAY, SCENARIO, SHOP, city, create, force, solution, solve
from tests.domain.scene import Outcome, Scene, numbered

ANALYSIS, OTHER = numbered(20), numbered(21)


def analyse(scene: Scene, kind: str, **body: Any) -> Outcome:
    asked = {"portfolio": str(CITY), "title": "How sure", "kind": kind, "scenario": str(SCENARIO), "inputs": {}, **body}
    return scene.when("analyses.create", ANALYSIS, asked)


def solved() -> Scene:
    scene = city()
    create(scene)
    solve(scene)
    return scene


def test_a_selection_comes_to_what_the_scenario_came_to() -> None:
    scene = solved()
    kept = analyse(scene, "selection").then(AnalysisRecorded)
    told = solution(scene)
    assert kept.scenario == SCENARIO
    assert kept.result == told.result
    assert [each.kind for each in scene.ledger.facts[-1].subjects] == ["analysis", "portfolio", "scenario"]


def test_robustness_and_frontier_are_those_of_the_scenario() -> None:
    scene = solved()
    kept = analyse(scene, "robustness", inputs={"draws": 10, "swing": "0.01"}).then(AnalysisRecorded)
    assert [each["times"] for each in kept.result["projects"]] == [10, 10, 0]
    assert kept.result["base"]["selected"] == [each["project"] for each in solution(scene).result["selected"]]
    scene = solved()
    kept = analyse(scene, "frontier", inputs={"amounts": [5000, 16000]}).then(AnalysisRecorded)
    assert [each["value"] for each in kept.result["points"]] == ["9", "22"]


def test_a_scenario_that_changed_is_solved_first() -> None:
    scene = city()
    create(scene)
    analyse(scene, "selection").refused("The scenario Next year is not solved", "solve")
    solve(scene)
    force(scene, "force-in", QUAY)
    analyse(scene, "selection").refused("has changed since it was solved")
    solve(scene)
    kept = analyse(scene, "selection", inputs={"seconds": 5, "explain": False}).then(AnalysisRecorded)
    assert {each["project"] for each in kept.result["selected"]} == {str(SHOP), str(QUAY)}
    assert kept.inputs["seconds"] == "5"
    assert kept.result["losers"][0]["let_in"] is None


@pytest.mark.parametrize(
    ("kind", "body", "pointer", "words"),
    [
        ("matrix", {}, "/scenario", "matrix chooses nothing"),
        ("selection", {"inputs": {"periods": ["2026"]}}, "/inputs/periods", "the scenario says it"),
        ("robustness", {"inputs": {"selection": {"budgets": []}}}, "/inputs/selection/budgets", "the scenario says it"),
        ("frontier", {"inputs": {"selection": 1, "amounts": [1]}}, "/inputs/selection", "expected an object"),
        ("frontier", {"inputs": {}}, "/inputs/amounts", "required"),
        ("selection", {"portfolio": str(OTHER)}, "/scenario", "a scenario of the same portfolio"),
    ],
)
def test_what_is_wrong_is_named(kind: str, body: dict[str, Any], pointer: str, words: str) -> None:
    scene = solved().given((OTHER, PortfolioCreated(name="Roads", currency="GBP")))
    refusal = analyse(scene, kind, **body).refused(words, kind=Invalid)
    assert isinstance(refusal, Invalid)
    assert words in refusal.errors[pointer]
