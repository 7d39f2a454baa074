"""Which program a component belongs to."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from domain.kernel.refusal import Invalid
from domain.project.events import MovedToProgram, ProjectDrafted
from domain.project.words import Kind, State
from tests.domain.scene import WHY, Outcome, Scene, numbered

TRAMS, FERRIES, SHOP = map(numbered, (1, 2, 3))


def town() -> Scene:
    return Scene().given(
        (TRAMS, ProjectDrafted(name="Trams", kind=Kind.PROGRAM)),
        (FERRIES, ProjectDrafted(name="Ferries", kind=Kind.PROGRAM)),
        (SHOP, ProjectDrafted(name="Shop")),
    )


def move(scene: Scene, component: UUID, program: UUID | None) -> Outcome:
    body: dict[str, Any] = {"program": program and str(program), "rationale": WHY}
    return scene.when("projects.move", component, body)


def test_a_component_joins_a_program_changes_to_another_and_leaves_it() -> None:
    scene = town()
    told = [move(scene, SHOP, program).then(MovedToProgram) for program in (TRAMS, FERRIES, None)]
    assert [(each.from_program, each.to_program) for each in told] == [(None, TRAMS), (TRAMS, FERRIES), (FERRIES, None)]
    move(scene, SHOP, None).refused("already belongs to no program")


def test_a_component_is_born_into_a_program_for_a_reason() -> None:
    scene, body = town(), {"name": "Stop", "sponsor": "s", "parent": str(TRAMS)}
    scene.when("projects.create", numbered(9), body).refused("needs a rationale", kind=Invalid)
    assert scene.when("projects.create", numbered(9), body, rationale=WHY).then(ProjectDrafted).parent == TRAMS
    scene.when("projects.create", numbered(8), body, parent=str(SHOP), rationale=WHY).refused(
        "Shop is of kind project", kind=Invalid
    )


def test_only_a_program_takes_components_in_and_only_one_that_lives() -> None:
    scene = town().given((numbered(7), ProjectDrafted(name="Buses", kind=Kind.PROGRAM, state=State.CLOSED)))
    move(scene, FERRIES, SHOP).refused("/program", "Shop is of kind project", kind=Invalid)
    move(scene, SHOP, numbered(7)).refused("Joining a program needs a live project")
    move(scene, SHOP, numbered(66)).refused("/program", kind=Invalid)


@pytest.mark.parametrize("length", [1, 2, 4])
def test_a_circle_of_programs_is_refused_by_naming_it(length: int) -> None:
    chain = [numbered(number) for number in range(20, 20 + length)]
    scene = Scene().given(*((each, ProjectDrafted(name=f"P{each.int}", kind=Kind.PROGRAM)) for each in chain))
    for lower, upper in zip(chain[1:], chain, strict=False):
        move(scene, lower, upper).then(MovedToProgram)
    round_about = pairwise([*reversed(chain), chain[-1]])
    circle = ", ".join(f"P{lower.int} belongs to P{upper.int}" for lower, upper in round_about)
    move(scene, chain[0], chain[-1]).refused("cannot belong to itself", circle)
