"""Scenarios: what might be chosen, edited, forced and solved, while the plan itself stays as it is."""

from typing import Any

import pytest

from domain.choosing import scenario_events as e
from domain.choosing.selection import select
from domain.kernel.refusal import Invalid
from domain.project.events import ProjectDrafted
from domain.project.words import State
from tests.domain.choosing.board import (
    APP,
    CITY,
    QUAY,
    SCENARIO,
    SHOP,
    TRAM,
    budget,
    case,
    chosen,
    city,
    create,
    force,
    out,
    project,
    solution,
    solve,
    worth,
)
from tests.domain.scene import WHY, Scene, numbered


def solved(scene: Scene, **more: Any) -> e.ScenarioSolved:
    solve(scene, **more).then(e.ScenarioSolved)
    return solution(scene)


def edit(scene: Scene, **more: Any) -> Any:
    return scene.when("scenarios.edit", SCENARIO, more)


def test_the_plan_is_solved_and_not_touched() -> None:
    scene = city()
    before = len(scene.ledger.facts)
    create(scene).then(e.ScenarioCreated)
    found = solved(scene)
    assert chosen(found) == ["Shop", "App"]
    assert found.result["said"] == "proven optimal"
    assert out(found) == {"Quay": ["GBP 4000.00 over the budget of capex in 2026, GBP 12000.00"]}
    assert {fact.stream_id for fact in scene.ledger.facts[before:]} == {SCENARIO}
    assert (found.inputs_position, found.of_version, found.model) == (before + 1, 1, None)


def test_what_has_to_be_in_pushes_others_out() -> None:
    scene = city()
    create(scene)
    force(scene, "force-in", QUAY).then(e.ScenarioForcedIn)
    assert chosen(solved(scene)) == ["Shop", "Quay"]
    force(scene, "force-in", QUAY).refused("forced in already", "unforce")
    force(scene, "force-out", SHOP).then(e.ScenarioForcedOut)
    found = solved(scene)
    assert chosen(found) == ["App", "Quay"]
    assert out(found) == {
        "Shop": [f"Shop has to stay out: {WHY['text']}", "GBP 4000.00 over the budget of capex in 2026, GBP 12000.00"]
    }
    force(scene, "unforce", SHOP).then(e.ScenarioUnforced)
    force(scene, "unforce", SHOP).refused("Nothing was ruled")
    assert chosen(solved(scene)) == ["Shop", "Quay"]


def test_somebody_ruled_about_a_project_and_that_is_found_under_it() -> None:
    scene = city()
    create(scene)
    force(scene, "force-in", QUAY)
    ruled = scene.ledger.facts[-1]
    assert ([each.id for each in ruled.subjects], ruled.inputs_position) == (
        [SCENARIO, QUAY],
        len(scene.ledger.facts) - 1,
    )


def test_what_runs_is_in_with_its_reason() -> None:
    scene = city(running=True)
    create(scene)
    found = solved(scene)
    assert chosen(found) == ["App", "Quay", "Tram"]
    assert found.inputs["mandatory"] == [{"project": str(TRAM), "reason": "it is active"}]
    force(scene, "force-out", TRAM).refused(
        "Tram is active, so it is in anyway", "expected it under evaluation, deferred or selected"
    )
    force(scene, "force-in", numbered(77)).refused("/project", "does not hold", kind=Invalid)


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REJECTED, State.COMPLETED])
def test_only_what_may_be_chosen_is_a_candidate(state: State) -> None:
    scene = city().given(*project(TRAM, "Tram", state), (TRAM, case(("2026-03", "capex", 100))))
    create(scene, adjustments=worth({SHOP: 1, TRAM: 9}))
    assert "Tram" not in {each["name"] for each in solved(scene).inputs["candidates"]}
    force(scene, "force-in", TRAM).refused("Tram is", "so it cannot be forced in")


def test_an_edit_makes_it_be_solved_anew() -> None:
    scene = city()
    create(scene)
    solved(scene)
    lower = [{"money": {"amount": "5000.00", "currency": "GBP"}}]
    edited = edit(scene, budgets=lower).then(e.ScenarioEdited)
    assert edited.spec.adjustments
    assert chosen(solved(scene)) == ["App"]
    edit(scene, budgets=None).then(e.ScenarioEdited)
    assert chosen(solved(scene)) == ["Shop", "App"]
    assert edit(scene, budgets=None).facts == []
    edit(scene, rationale=WHY).refused("Nothing would change")
    edit(scene, value=None).refused("/value", kind=Invalid)
    edit(scene, name="Another").then(e.ScenarioEdited)


def test_what_cannot_be_kept_is_told_as_a_minimal_conflict() -> None:
    scene = city()
    create(scene, excludes=[{"project": str(APP), "other": str(QUAY)}])
    for each in (SHOP, APP):
        force(scene, "force-in", each)
    lower = [{"money": {"amount": "5000.00", "currency": "GBP"}}]
    edit(scene, budgets=lower)
    found = solved(scene)
    assert (found.result["said"], found.result["conflict_is_minimal"]) == ("infeasible", True)
    sentences = [each["sentence"] for each in found.result["conflict"]]
    assert sorted(sentences) == [f"Shop has to be in: {WHY['text']}", "the budget, GBP 5000.00"]


def test_made_as_of_a_moment_it_stays_with_the_plan_of_then() -> None:
    scene = city()
    then, position = scene.now.isoformat(), scene.ledger.head()
    scene.given(budget((2026, "capex", 5000)), (numbered(9), ProjectDrafted(name="Late")))
    create(scene)
    assert chosen(solved(scene)) == ["App"]
    edit(scene, as_of=then)
    assert chosen(solved(scene)) == ["Shop", "App"]
    edit(scene, as_of=None)
    assert chosen(solved(scene)) == ["App"]
    edit(scene, inputs_position=position)
    found = solved(scene)
    assert (chosen(found), found.inputs_position) == (["Shop", "App"], position)
    assert chosen(solved(scene, inputs_position=position + 1)) == ["App"]


def test_without_a_moment_each_solution_is_of_the_plan_as_it_stands() -> None:
    scene = city()
    create(scene)
    assert chosen(solved(scene)) == ["Shop", "App"]
    scene.given(budget((2026, "capex", 5000)))
    assert chosen(solved(scene)) == ["App"]


def test_a_plan_that_was_not_there_yet_gives_no_scenario() -> None:
    scene = city()
    create(scene, as_of="2026-01-01").refused("/as_of", "no portfolio", "was there then", kind=Invalid)
    create(scene, as_of="2027-01-01").refused("/as_of", "in the future", kind=Invalid)
    create(scene, inputs_position=0).refused("/inputs_position", "was there then", kind=Invalid)
    create(scene, portfolio=str(QUAY)).refused("/portfolio", kind=Invalid)


def test_nothing_to_choose_is_said_when_it_is_solved() -> None:
    scene = city()
    create(scene, adjustments=[]).then(e.ScenarioCreated)
    solve(scene).refused("Nothing can be chosen", "Shop: it has no analysis of its costs and benefits")


def test_who_forces_what_ended_meanwhile_hears_it_when_solving() -> None:
    scene = city()
    create(scene)
    force(scene, "force-in", QUAY)
    scene.given((QUAY, ProjectDrafted(name="Quay", state=State.REJECTED)))
    solve(scene).refused("Quay is rejected, so it cannot be forced in")
    force(scene, "unforce", QUAY).then(e.ScenarioUnforced)
    assert chosen(solved(scene)) == ["Shop", "App"]


CITY_ID, STRANGER = str(CITY), str(numbered(77))
PERIODS = {"periods": ["2026", "2027"]}


@pytest.mark.parametrize(
    ("body", "pointer", "sentence"),
    [
        ({"requires": [{"project": str(SHOP), "needs": STRANGER}]}, "/requires/0/needs", "does not hold the project"),
        ({"groups": [{"name": "G", "projects": [STRANGER]}]}, "/groups/0/projects/0", "does not hold the project"),
        ({"goals": [{"goal": "growth"}]}, "/goals/0/goal", "expected an open goal of the portfolio (there is none)"),
        (
            {
                "requires": [
                    {"project": str(SHOP), "needs": str(APP)},
                    {"project": str(APP), "needs": str(SHOP)},
                ]
            },
            "/requires",
            "expected no circle; Shop needs App needs Shop",
        ),
        (
            {"budgets": [{"money": {"amount": "1.00", "currency": "USD"}}]},
            "/budgets/0/money/currency",
            "expected GBP, or a currency with a rate on 2026-03-02",
        ),
        (
            {"budgets": [{"period": "2031", "money": {"amount": "1.00", "currency": "GBP"}}]},
            "/budgets/0/period",
            "2031",
        ),
        (
            {
                **PERIODS,
                "budgets": [{"period": "2027", "through": "2026", "money": {"amount": "1.00", "currency": "GBP"}}],
            },
            "/budgets/0/through",
            "expected a period from 2027 on",
        ),
        ({"capacities": [{"role": "dev", "period": "2031", "amount": 1}]}, "/capacities/0/period", "2031"),
        ({"excludes": [{"project": str(SHOP), "other": str(SHOP)}]}, "/excludes/0/other", "expected another"),
        ({**PERIODS, "starts": [{"project": str(SHOP), "earliest": "2028"}]}, "/starts/0/earliest", "2026, 2027"),
        (
            {**PERIODS, "starts": [{"project": str(SHOP), "earliest": "2027", "latest": "2026"}]},
            "/starts/0/latest",
            "from 2027 on",
        ),
        ({"periods": ["2020"]}, "/periods", "expected periods up to 2026, for Shop would end in it"),
        ({"adjustments": 2 * worth({SHOP: 1})}, "/adjustments/1/project", "comes twice"),
        ({"value": {"basis": "score"}}, "/value/scoring_model", "the policy sets none"),
        (
            {"value": {"basis": "npv", "analyses": [{"project": str(SHOP), "analysis": STRANGER}]}},
            "/value/analyses/0/analysis",
            "no analysis of the portfolio",
        ),
    ],
)
def test_what_makes_no_sense_in_the_plan_is_named_and_nothing_is_recorded(
    body: dict[str, Any], pointer: str, sentence: str
) -> None:
    refusal = create(city(), **body).refused(sentence, kind=Invalid)
    assert isinstance(refusal, Invalid)
    assert list(refusal.errors) == [pointer]
    scene = city()
    create(scene).then(e.ScenarioCreated)
    edit(scene, **body).refused(sentence, kind=Invalid)


def test_a_scenario_is_solved_once_however_often_it_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The portfolio moves on while it is solved, and then the scenario itself does."""
    scene, other, asked = city(), Scene(), []
    create(scene)
    other.ledger, other._ids = scene.ledger, map(numbered, range(9_000, 9_100))

    def slowly(given: Any) -> Any:
        asked.append(given)
        if len(asked) == 1:
            other.given(budget((2026, "capex", 5000)))
            other.when("scenarios.edit", SCENARIO, {"name": "Renamed meanwhile"})
        return select(given)

    monkeypatch.setattr("domain.processes.scenarios.select", slowly)
    assert solve(scene).refusal is None
    found = solution(scene)
    assert (len(asked), chosen(found), found.of_version) == (1, ["Shop", "App"], 2)
