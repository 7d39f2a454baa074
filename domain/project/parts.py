"""Commands on the parts that a component holds: its register, milestones, needs, benefits and requests."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from domain.kernel.decide import Decide, Occasion, change
from domain.kernel.event import Event
from domain.project.benefits import Benefits
from domain.project.milestones import Milestones
from domain.project.project import Project
from domain.project.register import Register
from domain.project.requests import Requests
from domain.project.words import GIVEN_UP, State

OnProject = Callable[[UUID, Any], Decide]
Decided = Event | None


def _register(decide: Callable[[Register, Any, Occasion], Decided], live: str | None = None) -> OnProject:
    return _on(lambda project, command, occasion: decide(project.outlook.register, command, occasion), live)


def _milestones(decide: Callable[[Milestones, Any, Occasion], Decided]) -> OnProject:
    return _on(lambda project, command, occasion: decide(project.outlook.milestones, command, occasion), "A milestone")


def _benefits(decide: Callable[[Benefits, Any, Occasion], Decided]) -> OnProject:
    def decided(project: Project, command: Any, occasion: Occasion) -> Decided:
        project.must_be_in(set(State) - GIVEN_UP, "Only a project that was not given up brings benefits")
        return decide(project.outlook.benefits, command, occasion)

    return _on(decided, None)


def _on(decide: Callable[[Project, Any, Occasion], Decided], live: str | None) -> OnProject:
    """A decision of a part; what is told as `live` needs a project that has not come to its end."""

    def decided(project: Project, command: Any, occasion: Occasion) -> Decided:
        if live:
            project.must_be_live(live)
        return decide(project, command, occasion)

    return lambda project_id, command: change(Project, project_id, decided, command)


def _requests(decide: Callable[[Requests, Any, Occasion], Decided], live: str | None = None) -> OnProject:
    return _on(lambda project, command, occasion: decide(project.requests, command, occasion), live)


record_risk = _register(Register.record_risk, "A risk")
revise_risk = _register(Register.revise_risk, "A risk")
close_risk = _register(Register.close_risk)
record_issue = _register(Register.record_issue, "An issue")
revise_issue = _register(Register.revise_issue, "An issue")
close_issue = _register(Register.close_issue)
set_milestone = _milestones(Milestones.set)
drop_milestone = _milestones(Milestones.drop)
remove_dependency = _on(lambda project, command, occasion: project.outlook.needs.remove(command, occasion), None)
plan_benefit = _on(lambda project, command, occasion: project.outlook.benefits.plan(command, occasion), "A benefit")
record_benefit = _benefits(Benefits.record)
review_benefit = _benefits(Benefits.review)
request_resource = _requests(Requests.ask, "A request")
withdraw_request = _requests(Requests.withdraw)
decline_request = _requests(Requests.decline)
