"""The lifecycle: every verb from every state, and mistakes put right."""

from typing import Any

import pytest

from domain.kernel.aggregate import fold
from domain.kernel.refusal import Forbidden, Invalid
from domain.operations import OPERATIONS
from domain.project import events as e
from domain.project.money_events import ActualsRecorded
from domain.project.project import Project
from domain.project.words import LIVE, MOVES, State, verbs_from
from tests.domain.scene import WHY, Outcome, Scene, numbered
from tests.lifecycle import BODIES, body_of

SHOP = numbered(1)


def in_state(state: State) -> Scene:
    """A project that Carol proposed, in a state."""
    return Scene().given((SHOP, e.ProjectDrafted(name="Shop", sponsor="sales", state=state)), actor="carol")


def move(scene: Scene, verb: str, supersedes: str | None = None, **options: Any) -> Outcome:
    """A verb with a body that is right but for the state."""
    body = body_of(verb)
    if supersedes:
        body["rationale"] = {**body["rationale"], "supersedes": supersedes}
    return scene.when(f"projects.{verb}", SHOP, body, **options)


def state_of(scene: Scene) -> State | None:
    """Where the project stands now."""
    return fold(Project, SHOP, scene.ledger.history(SHOP)).state


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", MOVES)
def test_a_verb_leads_where_the_table_says_or_is_refused_with_what_is_allowed(verb: str, state: State) -> None:
    scene = in_state(state)
    outcome = move(scene, verb)
    if state in MOVES[verb].sources:
        assert outcome.refusal is None, outcome.refusal
        assert len(outcome.facts) == 1
        assert state_of(scene) is MOVES[verb].target
    else:
        refusal = outcome.refused(f"this project is {state}")
        assert refusal.details == {"state": state, "allowed_moves": list(verbs_from(state))}
        assert state_of(scene) is state


def test_every_verb_of_the_table_is_an_operation() -> None:
    assert {f"projects.{verb}" for verb in MOVES} <= set(OPERATIONS)


def test_only_the_closed_have_no_way_out() -> None:
    assert [state for state in State if not verbs_from(state)] == [State.CLOSED]


@pytest.mark.parametrize("state", State)
def test_a_status_is_reported_while_it_lives(state: State) -> None:
    outcome = in_state(state).when("projects.status-updates", SHOP, {"overall": "on_track", "text": "All is well"})
    if state in LIVE:
        outcome.then(e.StatusReported)
    else:
        outcome.refused("live project", state)


@pytest.mark.parametrize("overall", ["at_risk", "off_track"])
def test_trouble_needs_a_path_to_green(overall: str) -> None:
    trouble = {"overall": overall, "text": "The payment provider is late"}
    scene = in_state(State.ACTIVE)
    scene.when("projects.status-updates", SHOP, trouble).refused("/path_to_green", kind=Invalid)
    scene.when("projects.status-updates", SHOP, trouble, path_to_green="Take another").then(e.StatusReported)


def test_whoever_proposed_it_may_not_authorize_it() -> None:
    scene = in_state(State.SUBMITTED)
    move(in_state(State.SELECTED), "authorize", actor="carol").refused("whoever proposed", kind=Forbidden)
    move(in_state(State.SELECTED), "authorize", actor="bob").then(e.ProjectAuthorized)
    for verb in ("evaluate", "select"):
        move(scene, verb)
    move(scene, "authorize", actor="carol").refused("whoever proposed", kind=Forbidden)


def test_whoever_submitted_it_may_not_authorize_it_either() -> None:
    scene = in_state(State.DRAFT)
    move(scene, "submit", actor="bob")
    for verb in ("evaluate", "select"):
        move(scene, verb)
    move(scene, "authorize", actor="bob").refused("whoever proposed", kind=Forbidden)
    move(scene, "authorize", actor="ada").then(e.ProjectAuthorized)


@pytest.mark.parametrize("review_on", [None, "2026-03-01", "2026-03-02"])
def test_a_deferral_looks_ahead(review_on: str | None) -> None:
    scene = in_state(State.SUBMITTED)
    body = {"rationale": {**WHY, "review_on": review_on}}
    scene.when("projects.defer", SHOP, body).refused("/rationale/review_on", "after 2026-03-02", kind=Invalid)


def test_a_deferred_proposal_is_taken_up_again_for_a_reason() -> None:
    scene = in_state(State.DEFERRED)
    scene.when("projects.evaluate", SHOP, {}).refused("/rationale", kind=Invalid)
    move(scene, "evaluate").then(e.ProjectReEvaluated)


def test_a_code_that_is_not_on_the_list_is_refused_with_the_list() -> None:
    why = {"code": "boredom", "text": "Nobody wants to do it any more"}
    refusal = in_state(State.ACTIVE).when("projects.pause", SHOP, {**BODIES["pause"], "rationale": why})
    refusal.refused("/rationale/code", "resource_conflict", "other", "got boredom", kind=Invalid)


# --- mistakes ------------------------------------------------------------------------------------


def test_a_mistake_is_put_right_by_the_decision_that_should_have_been_taken() -> None:
    scene = in_state(State.UNDER_EVALUATION)
    wrong = move(scene, "reject")
    move(scene, "defer").refused("this project is rejected")
    right = move(scene, "defer", supersedes=wrong.event_id)
    assert str(right.then(e.ProjectDeferred).why.supersedes) == wrong.event_id
    assert state_of(scene) is State.DEFERRED


def test_a_correction_can_itself_be_corrected_from_the_same_start() -> None:
    scene = in_state(State.UNDER_EVALUATION)
    first = move(scene, "reject")
    second = move(scene, "defer", supersedes=first.event_id)
    move(scene, "recycle", supersedes=second.event_id).then(e.ProjectRecycled)
    assert state_of(scene) is State.SUBMITTED


def test_a_correction_may_only_do_what_was_possible_before_the_mistake() -> None:
    scene = in_state(State.SUBMITTED)
    wrong = move(scene, "reject")
    move(scene, "activate", supersedes=wrong.event_id).refused("Activate starts from authorized", "rejected")


def test_a_correction_may_also_start_from_where_the_mistake_led() -> None:
    paused, rejected = in_state(State.ACTIVE), in_state(State.UNDER_EVALUATION)
    move(paused, "resume", supersedes=move(paused, "pause").event_id).then(e.ProjectResumed)
    assert state_of(paused) is State.ACTIVE
    move(rejected, "reopen", supersedes=move(rejected, "reject").event_id).then(e.ProjectReopened)
    assert state_of(rejected) is State.UNDER_EVALUATION


def test_only_the_latest_move_can_be_undone() -> None:
    scene = in_state(State.SUBMITTED)
    old = move(scene, "evaluate")
    move(scene, "select")
    move(scene, "recycle", supersedes=old.event_id).refused("this project is selected")


def test_reopening_supersedes_the_decision_that_ended_it() -> None:
    scene = in_state(State.ACTIVE)
    cancelled = move(scene, "cancel")
    reopened = move(scene, "reopen")
    assert str(reopened.then(e.ProjectReopened).why.supersedes) == cancelled.event_id
    move(scene, "complete", supersedes=reopened.event_id).refused("this project is under_evaluation")


def test_a_decision_is_superseded_once() -> None:
    scene = in_state(State.UNDER_EVALUATION)
    wrong = move(scene, "reject")
    right = move(scene, "defer", supersedes=wrong.event_id)
    refusal = move(scene, "select", supersedes=wrong.event_id)
    refusal.refused(f"already superseded by {right.event_id}")


def test_what_is_superseded_must_be_a_decision_about_this() -> None:
    move(in_state(State.SUBMITTED), "reject", supersedes=str(numbered(77))).refused(
        "/rationale/supersedes", "no decision about this", kind=Invalid
    )


# --- days and amounts that cannot be --------------------------------------------------------------


def told(scene: Scene, verb: str, actor: str = "ada", **more: Any) -> Outcome:
    """A verb with a body that is right but for these members."""
    return scene.when(f"projects.{verb}", SHOP, {**body_of(verb), **more}, actor=actor)


@pytest.mark.parametrize("day", ["2026-03-02", "2025-12-31"])
def test_a_pause_is_expected_to_end_after_it_began(day: str) -> None:
    scene = in_state(State.ACTIVE)
    told(scene, "pause", expected_resume=day).refused("/expected_resume", "after 2026-03-02", kind=Invalid)
    early = told(scene, "pause", expected_resume="2026-03-03").then(e.ProjectPaused)
    assert str(early.expected_resume) == "2026-03-03"


def test_what_goes_on_does_not_finish_before() -> None:
    scene = in_state(State.ON_HOLD)
    told(scene, "resume", forecast_finish="2026-03-01").refused("/forecast_finish", "2026-03-02", kind=Invalid)
    told(scene, "resume", forecast_finish="2026-03-02").then(e.ProjectResumed)


def test_another_finish_is_a_slip_and_needs_a_reason() -> None:
    scene = in_state(State.ACTIVE)

    def revise(**body: Any) -> Outcome:
        return scene.when("projects.revise", SHOP, body)

    revise(forecast_finish="2026-09-30").then(e.ProjectRevised)
    revise(forecast_finish="2026-09-30").then()
    revise(forecast_finish="2026-12-31").refused("/rationale", "2026-09-30", kind=Invalid)
    assert revise(forecast_finish="2026-12-31", rationale=WHY).then(e.ProjectRevised).why.text == WHY["text"]


def test_nothing_finishes_before_it_starts() -> None:
    scene = in_state(State.AUTHORIZED)
    told(scene, "activate", starts_on="2026-03-02").then(e.ProjectActivated)
    early = scene.when("projects.revise", SHOP, {"forecast_finish": "2026-03-01", "rationale": WHY})
    early.refused("/forecast_finish", "2026-03-02", kind=Invalid)


# --- acceptance -----------------------------------------------------------------------------------


def test_whoever_accepts_says_what_it_cost_unless_the_months_do() -> None:
    scene = in_state(State.ACTIVE)
    told(scene, "complete", actual_cost=None).refused("/actual_cost", kind=Invalid)
    line = {"month": "2026-02", "category": "capex", "money": {"amount": "30.00", "currency": "GBP"}}
    scene.given((SHOP, ActualsRecorded.model_validate({"lines": [line]})))
    assert told(scene, "complete", actual_cost=None).then(e.ProjectCompleted).actual_cost is None


def test_whoever_proposed_a_completion_does_not_accept_it() -> None:
    scene, carol = in_state(State.ACTIVE), numbered(77)
    told(scene, "complete", actor=str(carol), proposed_by=str(carol)).refused("another sponsor", kind=Forbidden)
    assert told(scene, "complete", proposed_by=str(carol)).then(e.ProjectCompleted).proposed_by == carol
