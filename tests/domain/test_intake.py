"""How a proposal comes in: a business case in versions, all that is missing told at once, and what has to be mended."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel.refusal import Forbidden, Invalid
from domain.project.case_events import BusinessCaseSet
from domain.project.commands import SubmitProject
from domain.project.events import ProjectDrafted, ProjectEvaluationStarted, ProjectRecycled, ProjectSubmitted
from domain.project.words import UNDER_WAY, State
from tests.domain.scene import WHY, Outcome, Scene, numbered

SHOP = numbered(1)
POUND = {"amount": "100.00", "currency": "GBP"}
SHORT = {"problem": "No shop", "expected_benefit": "Sales", "cost_low": POUND, "cost_high": POUND}
CASE: dict[str, Any] = {
    "problem": "People queue at the till",
    "options": [{"title": "Do nothing", "note": "The queue grows"}, "Build a shop"],
    "chosen_option": "Build a shop",
    "benefits": ["Sales at night", {"title": "No queue", "note": "Measured at the till"}],
    "costs": [
        {"month": "2026-04", "category": "capex", "money": POUND},
        {"month": "2026-05", "category": "capex", "money": {"amount": "20.50", "currency": "GBP"}},
    ],
    "risks": [{"title": "Nobody comes", "response": "Advertise"}],
    "assumptions": ["The till stays where it is"],
}


def shop(state: State = State.DRAFT) -> Scene:
    return Scene().given((SHOP, ProjectDrafted(name="Shop", sponsor="sales", state=state)), actor="carol")


def argue(scene: Scene, **said: Any) -> Outcome:
    return scene.when("projects.set-business-case", SHOP, said)


def submit(scene: Scene, **said: Any) -> Outcome:
    return scene.when("projects.submit", SHOP, said)


def missing(outcome: Outcome) -> set[str]:
    refusal = outcome.refused(kind=Invalid)
    assert isinstance(refusal, Invalid)
    return set(refusal.errors)


def test_a_whole_business_case_is_enough_to_submit() -> None:
    scene = shop()
    argue(scene, **CASE).then(BusinessCaseSet)
    submitted = submit(scene).then(ProjectSubmitted)
    assert (submitted.problem, submitted.expected_benefit) == (CASE["problem"], "Sales at night\nNo queue")
    assert (str(submitted.cost_low.amount), submitted.cost_low) == ("120.50", submitted.cost_high)


def test_a_proposal_without_a_business_case_is_submitted_as_ever() -> None:
    submitted = submit(shop(), **SHORT).then(ProjectSubmitted)
    assert (submitted.problem, submitted.expected_benefit) == ("No shop", "Sales")


def test_what_the_submit_says_goes_before_the_business_case() -> None:
    scene = shop()
    argue(scene, **CASE)
    submitted = submit(scene, problem="Another", cost_high={"amount": "500.00", "currency": "GBP"}).then(
        ProjectSubmitted
    )
    assert submitted.problem == "Another"
    assert (str(submitted.cost_low.amount), str(submitted.cost_high.amount)) == ("120.50", "500.00")


def test_all_that_is_missing_is_told_at_once() -> None:
    scene = shop()
    assert missing(submit(scene)) == {"/problem", "/expected_benefit", "/cost_low", "/cost_high"}
    assert missing(submit(scene, problem="Queues", cost_low=POUND)) == {"/expected_benefit", "/cost_high"}
    argue(scene, options=CASE["options"])
    every = {f"/{member}" for member in CASE}
    assert missing(submit(scene)) == every - {"/options"}
    assert missing(submit(scene, **SHORT)) == {"/chosen_option", "/risks", "/assumptions"}
    assert missing(submit(scene, cost_low=POUND)) == every - {"/options"}


def test_what_submit_does_not_take_is_told_with_the_command_that_does() -> None:
    scene = shop()
    argue(scene, options=CASE["options"])
    sentence = submit(scene, **SHORT).refused("set-business-case records it", kind=Invalid)
    assert "what may go wrong; set-business-case" in str(sentence)


@pytest.mark.parametrize("member", ["problem", "expected_benefit"])
@pytest.mark.parametrize("word", ["tbd", "N/A", "TODO."])
def test_a_placeholder_is_no_proposal(member: str, word: str) -> None:
    with pytest.raises(ValidationError, match="says nothing"):
        SubmitProject.model_validate({**SHORT, member: word})


@pytest.mark.parametrize("member", CASE)
def test_each_part_of_a_business_case_that_was_begun_is_needed(member: str) -> None:
    scene = shop()
    argue(scene, **{name: said for name, said in CASE.items() if name != member})
    assert missing(submit(scene)) == {f"/{member}"}
    argue(scene, **{member: CASE[member]})
    submit(scene).then(ProjectSubmitted)


def test_what_cannot_be_read_hides_nothing_that_is_absent() -> None:
    with pytest.raises(ValidationError) as refused:
        SubmitProject.model_validate({"cost_low": {"amount": 1, "currency": "GBP"}, "mood": "good"})
    places = {".".join(map(str, error["loc"])) for error in refused.value.errors()}
    assert places == {"problem", "expected_benefit", "cost_low.amount", "cost_high", "mood"}


def test_what_is_left_out_stays_and_null_takes_it_away() -> None:
    scene = shop()
    first = argue(scene, problem="Queues", assumptions=["It stays open"]).then(BusinessCaseSet)
    second = argue(scene, risks=["Nobody comes"], assumptions=None).then(BusinessCaseSet)
    assert (first.version, second.version) == (1, 2)
    assert second.business_case.problem == "Queues"
    assert second.business_case.assumptions is None
    assert [risk.title for risk in second.business_case.risks] == ["Nobody comes"]


def test_what_changes_nothing_is_no_fact_and_a_reason_is_not_lost() -> None:
    scene = shop()
    argue(scene, problem="Queues")
    argue(scene, problem="Queues").then()
    argue(scene, problem="Queues", rationale=WHY).refused("Nothing would change")


def test_the_choice_is_one_of_the_options() -> None:
    scene = shop()
    assert missing(argue(scene, options=["Do nothing", "Build"], chosen_option="Buy")) == {"/chosen_option"}
    argue(scene, options=["Do nothing", "Build"], chosen_option="Build").then(BusinessCaseSet)
    argue(scene, options=["Do nothing", "Buy"]).refused("/chosen_option", "Do nothing, Buy", kind=Invalid)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"options": ["Build", {"title": "Build"}]}, "each title once; Build comes twice"),
        ({"benefits": []}, "at least 1 item"),
        ({"costs": [{"month": "2026-04", "category": "capex", "money": None}]}, "an amount in every line"),
        ({"costs": [CASE["costs"][0], CASE["costs"][0]]}, "each category once a month"),
        (
            {"costs": [*CASE["costs"], {"month": "2026-06", "category": "x", "money": {**POUND, "currency": "USD"}}]},
            "one currency",
        ),
        (
            {
                "costs": [
                    {"month": f"2026-{month:02}", "category": "x", "money": {**POUND, "amount": "9" * 15}}
                    for month in (1, 2)
                ]
            },
            "at most 15 digits",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        argue(shop(), **said)


@pytest.mark.parametrize("state", State)
def test_a_business_case_changes_until_the_proposal_is_decided(state: State) -> None:
    outcome = argue(shop(state), **CASE)
    if state in UNDER_WAY:
        outcome.then(BusinessCaseSet)
    else:
        refusal = outcome.refused("draft, submitted, under evaluation", f"this one is {state}")
        assert refusal.details["state"] == state


def test_whoever_argued_for_it_may_not_authorize_it() -> None:
    scene = shop(State.UNDER_EVALUATION)
    scene.when("projects.set-business-case", SHOP, CASE, actor="bob").then(BusinessCaseSet)
    scene.when("projects.select", SHOP, {"rationale": WHY})
    authorize = {"budget": POUND, "rationale": WHY}
    scene.when("projects.authorize", SHOP, authorize, actor="bob").refused("whoever proposed", kind=Forbidden)


def test_a_recycled_proposal_is_handed_in_again() -> None:
    scene = shop()
    submit(scene, **SHORT)
    submit(scene).refused("Submit starts from draft", "submitted")
    scene.when("projects.evaluate", SHOP)
    scene.when("projects.recycle", SHOP, {"to_fix": "The cost", "rationale": WHY}).then(ProjectRecycled)
    again = submit(scene, cost_high={"amount": "300.00", "currency": "GBP"}).then(ProjectSubmitted)
    assert (again.problem, str(again.cost_high.amount)) == ("No shop", "300.00")
    submit(scene, **SHORT).refused("Submit starts from draft", "submitted")


def test_what_is_evaluated_again_has_nothing_left_to_mend() -> None:
    scene = shop(State.UNDER_EVALUATION)
    scene.when("projects.recycle", SHOP, {"to_fix": "The cost", "rationale": WHY})
    scene.when("projects.evaluate", SHOP).then(ProjectEvaluationStarted)
    submit(scene, **SHORT).refused("this project is under_evaluation")
