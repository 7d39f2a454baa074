"""People are given to projects, moved between them, and set free when a project stops."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Occasion, Reading
from domain.kernel.event import Event
from domain.project.commands import CancelProject, PauseProject
from domain.project.project import Project
from domain.project.words import Allocations
from domain.resources import commands as c
from domain.resources.events import ResourceReleased
from domain.resources.resource import Resource


def assign(resource_id: UUID, command: c.AssignResource) -> Decide:
    """A live project gets a share of somebody's time."""

    def decide(read: Reading) -> Facts:
        resource = read(Resource, resource_id)
        read(Project, command.project, named_by="/project").must_be_live("An assignment")
        return [(resource_id, resource.assign(command))]

    return decide


def reassign(resource_id: UUID, command: c.ReassignResource) -> Decide:
    """A share of somebody's time moves to another live project."""

    def decide(read: Reading) -> Facts:
        resource = read(Resource, resource_id)
        read(Project, command.from_project, named_by="/from_project")
        read(Project, command.to_project, named_by="/to_project").must_be_live("A reassignment")
        return [(resource_id, resource.reassign(command))]

    return decide


def release(resource_id: UUID, command: c.ReleaseResource) -> Decide:
    """Somebody is taken off a project."""

    def decide(read: Reading) -> Facts:
        resource = read(Resource, resource_id)
        read(Project, command.project, named_by="/project")
        return [(resource_id, resource.release(command))]

    return decide


def pause(project_id: UUID, command: PauseProject) -> Decide:
    """A project stops for a while; its people go free if the decision says so."""
    return _stop(project_id, Project.pause, command, releases=command.allocations is Allocations.RELEASE)


def cancel(project_id: UUID, command: CancelProject) -> Decide:
    """A project stops for good; its people go free."""
    return _stop(project_id, Project.cancel, command, releases=True)


def _stop(
    project_id: UUID, decide_stop: Callable[[Project, Any, Occasion], Event], command: Any, *, releases: bool
) -> Decide:
    def decide(read: Reading) -> Facts:
        stopped = decide_stop(read(Project, project_id), command, read.occasion)
        if not releases:
            return [(project_id, stopped)]
        day = (read.occasion.occurred_at or read.occasion.now).date()
        return [(project_id, stopped), *_freed(read, project_id, day, command)]

    return decide


def _freed(read: Reading, project_id: UUID, day: date, command: Any) -> Facts:
    holders = [resource for resource in read.about(project_id, Resource) if resource.holds(project_id, day)]
    why = command.rationale.model_copy(update={"supersedes": None})
    return [(resource.id, ResourceReleased(project=project_id, from_day=day, why=why)) for resource in holders]
