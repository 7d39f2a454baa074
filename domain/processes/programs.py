"""A component belongs to a program, at its birth or later."""

from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Circular, Invalid
from domain.project.commands import MoveProject
from domain.project.project import Project
from domain.project.words import Kind


def move(project_id: UUID, command: MoveProject) -> Decide:
    """A component goes to a live program, or leaves the one it belongs to."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        moved = project.move_to_program(command.program, command.rationale)
        if command.program:
            must_take(read, command.program, project, "/program")
        return [(project_id, moved)]

    return decide


def must_take(read: Reading, program_id: UUID, component: Project, pointer: str) -> None:
    """Raises unless it is a live program that does not itself belong to the component."""
    program = read(Project, program_id, named_by=pointer)
    if program.component is not Kind.PROGRAM:
        raise Invalid({pointer: f"expected the id of a program; {_named(program)} is of kind {program.component}"})
    program.must_be_live("Joining a program")
    chain = [program]
    while chain[-1].id != component.id and chain[-1].parent:
        chain.append(read(Project, chain[-1].parent))
    if chain[-1].id == component.id:
        links = [(each.id, each.values.get("name")) for each in (*chain, program)]
        after = "Any program outside of it is possible."
        raise Circular("A program cannot belong to itself", links, "belongs to", after)


def _named(component: Project) -> str:
    return component.values.get("name") or str(component.id)
