"""Risks and issues: recorded, seen otherwise, closed for a reason; a risk that came true becomes an issue."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel.refusal import Invalid
from domain.project import register_events as e
from domain.project.events import ProjectDrafted
from domain.project.words import LIVE, State
from tests.domain.scene import WHY, Outcome, Scene, numbered

QUAY = numbered(1)
STORM: dict[str, Any] = {"title": "A storm takes the crane", "owner": "harbour master", "due_on": "2026-05-01"}


def harbour(state: State = State.ACTIVE) -> Scene:
    return Scene().given((QUAY, ProjectDrafted(name="Quay", state=state)))


def do(scene: Scene, verb: str, **body: Any) -> Outcome:
    return scene.when(f"projects.{verb}", QUAY, body)


def test_risks_and_issues_are_numbered_in_their_project() -> None:
    scene = harbour()
    told = [do(scene, "record-risk", **STORM, probability=2, impact=5).then(e.RiskRecorded) for _ in range(2)]
    assert [(each.risk, each.probability, each.impact, each.owner) for each in told] == [
        (1, 2, 5, "harbour master"),
        (2, 2, 5, "harbour master"),
    ]
    assert do(scene, "record-issue", **STORM).then(e.IssueRecorded).issue == 1


def test_what_nobody_assessed_is_absent() -> None:
    risk = do(harbour(), "record-risk", **STORM).then(e.RiskRecorded)
    assert (risk.probability, risk.impact, risk.response) == (None, None, None)


@pytest.mark.parametrize("missing", ["title", "owner", "due_on"])
def test_nothing_is_recorded_without_an_owner_and_a_date(missing: str) -> None:
    body = {member: value for member, value in STORM.items() if member != missing}
    for verb in ("record-risk", "record-issue"):
        with pytest.raises(ValidationError, match=missing):
            do(harbour(), verb, **body)


@pytest.mark.parametrize("level", [0, 6, "3", 2.5, True])
def test_the_scale_is_from_one_to_five(level: Any) -> None:
    for member in ("probability", "impact"):
        with pytest.raises(ValidationError, match=member):
            do(harbour(), "record-risk", **STORM, **{member: level})


def test_a_revision_holds_only_what_changed() -> None:
    scene = harbour()
    do(scene, "record-risk", **STORM, impact=5)
    revised = do(scene, "revise-risk", risk=1, impact=5, probability=3, owner="pilot").then(e.RiskRevised)
    assert revised.model_dump(exclude_none=True) == {"risk": 1, "probability": 3, "owner": "pilot"}
    do(scene, "revise-risk", risk=1, probability=3).then()
    do(scene, "revise-risk", risk=1, probability=3, rationale=WHY).refused("a reason without a change would be lost")
    do(scene, "revise-risk", risk=1, probability=4, rationale=WHY).then(e.RiskRevised)


def test_an_issue_is_revised_and_closed_for_a_reason() -> None:
    scene = harbour()
    do(scene, "record-issue", **STORM)
    assert do(scene, "revise-issue", issue=1, impact=2).then(e.IssueRevised).impact == 2
    with pytest.raises(ValidationError, match="rationale"):
        do(scene, "close-issue", issue=1)
    assert do(scene, "close-issue", issue=1, rationale=WHY).then(e.IssueClosed).why.text == WHY["text"]
    do(scene, "close-issue", issue=1, rationale=WHY).refused("The issue 1 was closed; no issue is open")
    do(scene, "revise-issue", issue=1, impact=3).refused("The issue 1 was closed")


def test_a_closed_risk_stays_closed_and_the_open_ones_are_named() -> None:
    scene = harbour()
    for _ in range(3):
        do(scene, "record-risk", **STORM)
    do(scene, "close-risk", risk=2, rationale=WHY).then(e.RiskClosed)
    do(scene, "close-risk", risk=2, rationale=WHY).refused("The risk 2 was closed; open risks are 1, 3")
    do(scene, "revise-risk", risk=2, impact=1).refused("The risk 2 was closed")
    assert do(scene, "record-risk", **STORM).then(e.RiskRecorded).risk == 4


def test_a_risk_that_came_true_becomes_an_issue_for_a_reason() -> None:
    scene = harbour()
    do(scene, "record-risk", **STORM)
    do(scene, "record-issue", **STORM, risk=1).refused("/rationale", "risk 1 is closed by this", kind=Invalid)
    issue = do(scene, "record-issue", **STORM, risk=1, rationale=WHY).then(e.IssueRecorded)
    assert (issue.issue, issue.risk) == (1, 1)
    do(scene, "close-risk", risk=1, rationale=WHY).refused("The risk 1 has occurred")
    do(scene, "record-issue", **STORM, risk=1, rationale=WHY).refused("The risk 1 has occurred")


@pytest.mark.parametrize(("verb", "member"), [("close-risk", "risk"), ("close-issue", "issue")])
def test_a_number_that_was_never_given_is_refused(verb: str, member: str) -> None:
    scene = harbour()
    do(scene, verb, **{member: 1}, rationale=WHY).refused(f"/{member}", "has none yet", kind=Invalid)
    do(scene, "record-risk", **STORM)
    do(scene, "record-issue", **STORM)
    do(scene, verb, **{member: 2}, rationale=WHY).refused(f"/{member}", "from 1 to 1", kind=Invalid)


@pytest.mark.parametrize("state", State)
def test_a_project_that_has_ended_gets_no_new_risk_and_can_close_the_old_ones(state: State) -> None:
    scene = harbour(state)
    scene.given((QUAY, e.RiskRecorded.model_validate({"risk": 1, **STORM})))
    outcome = do(scene, "record-risk", **STORM)
    if state in LIVE:
        outcome.then(e.RiskRecorded)
    else:
        outcome.refused("A risk needs a live project", state)
    do(scene, "close-risk", risk=1, rationale=WHY).then(e.RiskClosed)


def test_what_is_said_about_the_register_follows_what_was_said_before() -> None:
    scene = harbour()
    do(scene, "record-risk", **STORM)
    early = "2026-03-02T09:00:00Z"
    do(scene, "close-risk", risk=1, occurred_at=early, rationale=WHY).refused(
        "/occurred_at", "latest change of its risks and issues", kind=Invalid
    )
