"""A project asks for somebody; a resource manager sends one or says no, or nobody is needed any more."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.kernel.refusal import Invalid
from domain.project import request_events as r
from domain.project.events import ProjectDrafted
from domain.project.words import State
from domain.resources import events as e
from tests.domain.scene import WHY, Outcome, Scene, numbered

SHOP, APP, KIM = numbered(1), numbered(2), numbered(9)
NEED = {"as_role": "Developer", "share": "0.6", "starts_on": "2026-04-01", "ends_on": "2026-06-30", "rationale": WHY}


@pytest.fixture
def scene() -> Scene:
    """Kim, and two live projects."""
    drafted = [(project, ProjectDrafted(name="P", state=State.ACTIVE)) for project in (SHOP, APP)]
    return Scene().given((KIM, e.ResourceAdded(kind=e.ResourceKind.PERSON)), *drafted)


def ask(scene: Scene, **more: Any) -> Outcome:
    return scene.when("projects.request-resource", SHOP, NEED, **more)


def send(scene: Scene, request: str, project: Any = SHOP) -> Outcome:
    body = {"project": str(project), "share": "0.5", "starts_on": "2026-04-06", "request": request, "rationale": WHY}
    return scene.when("resources.assign", KIM, body)


def answer(scene: Scene, verb: str, request: str) -> Outcome:
    return scene.when(f"projects.{verb}-request", SHOP, {"request": request, "rationale": WHY})


def test_an_assignment_that_names_the_request_fills_it(scene: Scene) -> None:
    request = ask(scene).event_id
    assigned, filled = send(scene, request).then(e.ResourceAssigned, r.ResourceRequestFilled)
    assert (str(assigned.request), str(filled.request), filled.resource) == (request, request, KIM)
    assert (filled.share, filled.starts_on, filled.ends_on) == (Decimal("0.5"), date(2026, 4, 6), None)
    send(scene, request).refused("filled already")


@pytest.mark.parametrize(
    ("verb", "fact", "fate"),
    [("decline", r.ResourceRequestDeclined, "declined"), ("withdraw", r.ResourceRequestWithdrawn, "withdrawn")],
)
def test_a_request_is_answered_once(scene: Scene, verb: str, fact: Any, fate: str) -> None:
    request = ask(scene).event_id
    answer(scene, verb, request).then(fact)
    send(scene, request).refused(f"{fate} already")
    answer(scene, "decline", request).refused(f"{fate} already")
    answer(scene, "withdraw", request).refused(f"{fate} already")


def test_only_the_request_of_that_project_is_filled(scene: Scene) -> None:
    request = ask(scene).event_id
    send(scene, request, APP).refused("/request", kind=Invalid)
    send(scene, str(numbered(77))).refused("/request", kind=Invalid)


def test_a_request_says_whom_it_wants_and_when(scene: Scene) -> None:
    ask(scene, as_role=None).refused("/as_role", "expected a role, or a skill", kind=Invalid)
    ask(scene, ends_on="2026-03-31").refused("/ends_on", kind=Invalid)
    ask(scene, as_role=None, skill="Python", ends_on=None).then(r.ResourceRequested)


def test_only_a_live_project_asks(scene: Scene) -> None:
    scene.given((SHOP, ProjectDrafted(name="P", state=State.COMPLETED)))
    ask(scene).refused("A request needs a live project")


def test_an_answer_does_not_come_before_what_it_answers(scene: Scene) -> None:
    request = ask(scene).event_id
    body = {"request": request, "rationale": WHY, "occurred_at": "2026-03-02T09:01:00Z"}
    scene.when("projects.decline-request", SHOP, body).refused("before the latest change of its requests", kind=Invalid)
