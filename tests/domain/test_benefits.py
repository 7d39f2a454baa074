"""Benefits: promised, measured, reviewed; and books that are not shut before somebody has looked."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel.refusal import Invalid
from domain.project.benefit_events import BenefitPlanned, BenefitRecorded, BenefitReviewed
from domain.project.events import ProjectClosed, ProjectCompleted, ProjectDrafted
from domain.project.words import GIVEN_UP, LIVE, State
from tests.domain.scene import WHY, Outcome, Scene, numbered
from tests.lifecycle import body_of

SHOP = numbered(1)
PLAN = {"owner": "sales", "measure": "Waiting time", "unit": "minutes", "target": "5", "due_on": "2026-12-31"}
LATER = {"code": "too_early", "text": "The season has only begun, so nothing can be measured"}


def shop(state: State = State.ACTIVE) -> Scene:
    return Scene().given((SHOP, ProjectDrafted(name="Shop", state=state)))


def do(scene: Scene, verb: str, benefit: str = "Short queues", **body: Any) -> Outcome:
    return scene.when(f"projects.{verb}-benefit", SHOP, {"benefit": benefit, **body})


def with_a_plan(state: State, *benefits: str) -> Scene:
    plans = [BenefitPlanned.model_validate({"benefit": each, **PLAN}) for each in benefits or ("Short queues",)]
    return shop(state).given(*((SHOP, plan) for plan in plans))


def close(scene: Scene, **more: Any) -> Outcome:
    return scene.when("projects.close", SHOP, {"rationale": WHY, **more})


def test_a_benefit_is_promised_with_an_owner_a_measure_and_a_day() -> None:
    planned = do(shop(), "plan", **PLAN).then(BenefitPlanned)
    assert (planned.benefit, planned.target, planned.baseline) == ("Short queues", Decimal(5), None)
    for missing in PLAN:
        with pytest.raises(ValidationError, match=missing):
            do(shop(), "plan", **{member: value for member, value in PLAN.items() if member != missing})
    do(shop(), "plan", **PLAN, baseline="5.0").refused("/target", "another value than baseline", kind=Invalid)


def test_to_promise_something_else_is_a_decision() -> None:
    scene = shop()
    do(scene, "plan", **PLAN)
    do(scene, "plan", **PLAN).then()
    do(scene, "plan", **PLAN, rationale=WHY).refused("a reason without a change would be lost")
    do(scene, "plan", **{**PLAN, "target": "9"}).refused("/rationale", kind=Invalid)
    assert do(scene, "plan", **{**PLAN, "target": "9"}, rationale=WHY).then(BenefitPlanned).target == 9
    do(scene, "review", actual="9", on="2026-03-02", text="As we said")
    do(scene, "plan", **PLAN, rationale=WHY).refused("was reviewed, so its plan stays")


def test_what_was_measured_is_corrected_for_a_reason() -> None:
    scene = with_a_plan(State.ACTIVE)
    stood = {"actual": "12.5", "on": "2026-03-01"}
    do(scene, "record", **stood).then(BenefitRecorded)
    do(scene, "record", **stood).then()
    do(scene, "record", **{**stood, "actual": "11"}).refused("/rationale", "stood at 12.5 on 2026-03-01", kind=Invalid)
    do(scene, "record", **{**stood, "actual": "11"}, rationale=WHY).then(BenefitRecorded)
    do(scene, "record", actual="10", on="2026-03-02").then(BenefitRecorded)
    do(scene, "record", actual="10", on="2026-03-03").refused("/on", "up to 2026-03-02", kind=Invalid)
    do(scene, "record", "Money", **stood).refused("/benefit", "(Short queues)", kind=Invalid)


def test_a_review_says_what_came_of_it_and_may_be_repeated_later() -> None:
    scene = with_a_plan(State.COMPLETED)
    review = {"actual": "7.5", "on": "2026-03-01", "text": "Nearly there"}
    with pytest.raises(ValidationError, match="text"):
        do(scene, "review", actual="7.5", on="2026-03-01")
    do(scene, "review", **review).then(BenefitReviewed)
    do(scene, "review", **review).refused("was reviewed for 2026-03-01 at 7.5; a later day is possible")
    do(scene, "review", **{**review, "on": "2026-02-01"}).refused("/on", "from 2026-03-01 on", kind=Invalid)
    do(scene, "review", **{**review, "on": "2026-03-02"}).then(BenefitReviewed)


@pytest.mark.parametrize("state", State)
def test_when_a_benefit_is_promised_and_when_it_is_measured(state: State) -> None:
    planned = do(shop(state), "plan", **PLAN)
    measured = do(with_a_plan(state), "record", actual="7", on="2026-03-01")
    if state in LIVE:
        planned.then(BenefitPlanned)
    else:
        planned.refused("A benefit needs a live project", state)
    if state in GIVEN_UP:
        measured.refused(state, "not given up")
    else:
        measured.then(BenefitRecorded)


# --- the books are shut ---------------------------------------------------------------------------


def test_without_a_planned_benefit_a_project_closes_as_ever() -> None:
    closed = close(shop(State.COMPLETED)).then(ProjectClosed)
    assert (closed.benefits, closed.unreviewed) == ((), None)


def test_nobody_closes_a_project_whose_benefits_nobody_has_reviewed() -> None:
    scene = with_a_plan(State.COMPLETED, "Short queues", "Less paper", "Money")
    do(scene, "review", "Money", actual="5", on="2026-03-01", text="To the penny")
    do(scene, "record", "Less paper", actual="7.25", on="2026-03-01")
    refusal = close(scene).refused("the benefits Less paper, Short queues", "review-benefit", "unreviewed_benefits")
    assert refusal.details["unreviewed"] == ["Less paper", "Short queues"]
    closed = close(scene, unreviewed_benefits=LATER).then(ProjectClosed)
    assert closed.unreviewed.text == LATER["text"]
    told = [(each.benefit, each.actual, each.variance, each.reviewed_on is None) for each in closed.benefits]
    assert told == [
        ("Less paper", Decimal("7.25"), Decimal("2.25"), True),
        ("Money", Decimal(5), Decimal(0), False),
        ("Short queues", None, None, True),
    ]


def test_a_review_before_the_completion_is_a_record_and_another_one_follows() -> None:
    scene = with_a_plan(State.ACTIVE)
    do(scene, "review", actual="7.5", on="2026-03-01", text="It looks well")
    scene.when("projects.complete", SHOP, body_of("complete")).then(ProjectCompleted)
    close(scene).refused("the benefit Short queues", "since it was completed")
    do(scene, "review", actual="4.5", on="2026-03-02", text="Better than we promised")
    (result,) = close(scene).then(ProjectClosed).benefits
    assert (result.actual, str(result.reviewed_on)) == (Decimal("4.5"), "2026-03-02")


def test_a_close_tells_actual_against_plan() -> None:
    scene = with_a_plan(State.COMPLETED)
    do(scene, "review", actual="7.5", on="2026-03-01", text="Nearly there")
    (result,) = close(scene).then(ProjectClosed).benefits
    assert (result.target, result.actual, result.variance) == (Decimal(5), Decimal("7.5"), Decimal("2.5"))


def test_a_reason_for_what_is_not_so_is_not_taken() -> None:
    scene = with_a_plan(State.COMPLETED)
    do(scene, "review", actual="7.5", on="2026-03-01", text="Nearly there")
    close(scene, unreviewed_benefits=LATER).refused("/unreviewed_benefits", "would be lost", kind=Invalid)
    close(shop(State.COMPLETED), unreviewed_benefits=LATER).refused("/unreviewed_benefits", kind=Invalid)


def test_a_benefit_that_was_left_unreviewed_can_be_reviewed_later() -> None:
    scene = with_a_plan(State.COMPLETED)
    close(scene, unreviewed_benefits=LATER).then(ProjectClosed)
    do(scene, "review", actual="7.5", on="2026-03-01", text="At last").then(BenefitReviewed)


def test_what_is_said_about_benefits_follows_what_was_said_before() -> None:
    scene = with_a_plan(State.ACTIVE)
    early = "2026-03-02T09:00:00Z"
    do(scene, "record", actual="7", on="2026-03-01", occurred_at=early).refused("/occurred_at", kind=Invalid)
