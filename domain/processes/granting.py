"""Roles are given in a place that is there."""

from collections.abc import Collection
from uuid import UUID

from domain.identity import commands as c
from domain.identity.person import Person
from domain.identity.words import Place, PlaceKind, Role
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid
from domain.portfolio.portfolio import Portfolio
from domain.project.project import Project
from domain.project.words import Kind


def grant(person_id: UUID, command: c.GrantRole) -> Decide:
    """A person receives a role, in a place if one is named."""

    def decide(read: Reading) -> Facts:
        person = read(Person, person_id)
        must_fit(read, command.place, [command.role])
        return [(person_id, person.grant_role(command, read.occasion))]

    return decide


def revoke(person_id: UUID, command: c.RevokeRole) -> Decide:
    """A person loses a role, in a place if one is named."""

    def decide(read: Reading) -> Facts:
        person = read(Person, person_id)
        must_fit(read, command.place)
        return [(person_id, person.revoke_role(command, read.occasion))]

    return decide


def must_fit(read: Reading, place: Place | None, roles: Collection[Role] = ()) -> None:
    """Raises `Invalid` at the member that names the place unless it is there, of its kind, and one for these roles.

    The kind of a component never changes, so that an id is either a program's or a project's for good.
    """
    if place is None:
        return
    pointer = f"/{place.kind}"
    if place.kind is PlaceKind.PORTFOLIO:
        read(Portfolio, place.id, named_by=pointer)
        return
    component = read(Project, place.id, named_by=pointer)
    called, is_program = component.values.get("name") or place.id, component.component is Kind.PROGRAM
    if place.kind is PlaceKind.PROGRAM and not is_program:
        raise Invalid({pointer: f"expected the id of a program; {called} is of kind {component.component}"})
    if place.kind is PlaceKind.PROJECT and is_program:
        raise Invalid({pointer: f"{called} is a program; name it as program, which holds over all that belongs to it"})
    if place.kind is PlaceKind.PROJECT and Role.PROGRAM_MANAGER in roles:
        sentence = f"a program_manager decides within a program; {called} is of kind {component.component}"
        raise Invalid({pointer: f"{sentence}, over which there is the role project_manager"})
