"""Commands on people and teams."""

from uuid import UUID

from fastapi import APIRouter

from api.desk import DeskOf, ReceiptAnswer
from api.identity import Thing
from domain.kernel.decide import Facts, Reading
from domain.processes import staffing
from domain.resources import commands as c
from domain.resources.events import ResourceKind
from domain.resources.resource import Resource

router = APIRouter(prefix="/resources", tags=["resources"])


@router.post("", status_code=201)
def add_resource(command: c.AddResource, desk: DeskOf) -> ReceiptAnswer:
    """Make a person or team assignable. A person's name is kept apart from the facts."""
    resource_id = desk.context.new_id()
    names = {resource_id: command.name} if command.kind is ResourceKind.PERSON else None

    def decide(read: Reading) -> Facts:
        return [(resource_id, read.new(Resource, resource_id).add(command, read.occasion))]

    return desk.record("resources.create", resource_id, decide, command, [], names)


@router.post("/{resource_id}/assign")
def assign_resource(resource_id: UUID, command: c.AssignResource, desk: DeskOf) -> ReceiptAnswer:
    """Give a share of the time to a project; 409 if that is more than there is."""
    things = [Thing("project", command.project, "/project")]
    return desk.record("resources.assign", resource_id, staffing.assign(resource_id, command), command, things)


@router.post("/{resource_id}/reassign")
def reassign_resource(resource_id: UUID, command: c.ReassignResource, desk: DeskOf) -> ReceiptAnswer:
    """Move a share of the time from one project to another."""
    things = [
        Thing("project", command.from_project, "/from_project"),
        Thing("project", command.to_project, "/to_project"),
    ]
    return desk.record("resources.reassign", resource_id, staffing.reassign(resource_id, command), command, things)


@router.post("/{resource_id}/release")
def release_resource(resource_id: UUID, command: c.ReleaseResource, desk: DeskOf) -> ReceiptAnswer:
    """Take the resource off a project from a day on."""
    things = [Thing("project", command.project, "/project")]
    return desk.record("resources.release", resource_id, staffing.release(resource_id, command), command, things)
