"""People are given to projects, moved between them, and set free when a project stops."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Occasion, Reading
from domain.kernel.event import Event
from domain.kernel.refusal import Invalid
from domain.processes.policies import holders
from domain.project.commands import CancelProject, CompleteProject, PauseProject
from domain.project.project import Project
from domain.project.words import Allocations
from domain.resources import commands as c
from domain.resources.events import ResourceKind, ResourceReleased
from domain.resources.resource import Resource


def assign(resource_id: UUID, command: c.AssignResource) -> Decide:
    """A live project gets a share of somebody's time, perhaps because it asked for somebody."""

    def decide(read: Reading) -> Facts:
        resource = read(Resource, resource_id)
        project = read(Project, command.project, named_by="/project")
        project.must_be_live("An assignment")
        assigned: Facts = [(resource_id, resource.assign(command))]
        if command.request is None:
            return assigned
        promised = (command.share, command.starts_on, command.ends_on)
        filled = project.requests.fill(command.request, resource_id, promised, command.rationale, read.occasion)
        return [*assigned, (project.id, filled)]

    return decide


def reassign(resource_id: UUID, command: c.ReassignResource) -> Decide:
    """A share of somebody's time moves to another live project."""

    def decide(read: Reading) -> Facts:
        resource = read(Resource, resource_id)
        read(Project, command.from_project, named_by="/from_project")
        read(Project, command.to_project, named_by="/to_project").must_be_live("A reassignment")
        return [(resource_id, resource.reassign(command, _codes(read, command.from_project, command.to_project)))]

    return decide


def _codes(read: Reading, *projects: UUID) -> list[str]:
    """The codes that the portfolios of these projects have for a reassignment, beside those that hold everywhere."""
    return [code for each in projects for held in holders(read, each) for code in held.policy.codes("reassign")]


def release(resource_id: UUID, command: c.ReleaseResource) -> Decide:
    """Somebody is taken off a project."""

    def decide(read: Reading) -> Facts:
        resource = read(Resource, resource_id)
        read(Project, command.project, named_by="/project")
        return [(resource_id, resource.release(command))]

    return decide


def depart(resource_id: UUID, command: c.Depart) -> Decide:
    """Somebody leaves, and every project that holds their time after that loses it."""

    def decide(read: Reading) -> Facts:
        return [(resource_id, event) for event in read(Resource, resource_id).depart(command)]

    return decide


def set_members(team_id: UUID, command: c.SetMembers) -> Decide:
    """A team is made of persons who are known."""

    def decide(read: Reading) -> Facts:
        team = read(Resource, team_id)
        team.profile.must_be_a_team()
        wrong = {}
        for place, member in enumerate(command.members):
            found = read(Resource, member, named_by=f"/members/{place}")
            if found.profile.kind is not ResourceKind.PERSON:
                wrong[f"/members/{place}"] = "expected a person; a team is no member of a team"
        if wrong:
            raise Invalid(wrong)
        decided = team.profile.set_members(command)
        return [(team_id, decided)] if decided else []

    return decide


def pause(project_id: UUID, command: PauseProject) -> Decide:
    """A project stops for a while; its people go free if the decision says so."""
    return _stop(project_id, Project.pause, command, releases=command.allocations is Allocations.RELEASE)


def cancel(project_id: UUID, command: CancelProject) -> Decide:
    """A project stops for good; its people go free."""
    return _stop(project_id, Project.cancel, command, releases=True)


def complete(project_id: UUID, command: CompleteProject) -> Decide:
    """A project has come to its end; its people go free."""
    return _stop(project_id, Project.complete, command, releases=True)


def _stop(
    project_id: UUID, decide_stop: Callable[[Project, Any, Occasion], Event], command: Any, *, releases: bool
) -> Decide:
    def decide(read: Reading) -> Facts:
        stopped = decide_stop(read(Project, project_id), command, read.occasion)
        if not releases:
            return [(project_id, stopped)]
        day = read.moment.date()
        return [(project_id, stopped), *_freed(read, project_id, day, command)]

    return decide


def _freed(read: Reading, project_id: UUID, day: date, command: Any) -> Facts:
    holders = [resource for resource in read.about(project_id, Resource) if resource.holds(project_id, day)]
    why = command.rationale.model_copy(update={"supersedes": None})
    return [(resource.id, ResourceReleased(project=project_id, from_day=day, why=why)) for resource in holders]
