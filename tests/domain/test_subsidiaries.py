"""Which portfolio belongs to which."""

from itertools import pairwise
from uuid import UUID

import pytest

from domain.kernel.refusal import Invalid
from domain.portfolio.events import PortfolioCreated, SubsidiaryAdded, SubsidiaryRemoved
from tests.domain.scene import WHY, Outcome, Scene, numbered

COUNCIL, CLIMATE, PORTS = map(numbered, (1, 2, 3))


def council() -> Scene:
    named = ((COUNCIL, "Council"), (CLIMATE, "Climate"), (PORTS, "Ports"))
    return Scene().given(*((each, PortfolioCreated(name=name)) for each, name in named))


def add(scene: Scene, portfolio: UUID, subsidiary: UUID) -> Outcome:
    return scene.when("portfolios.add-subsidiary", portfolio, {"subsidiary": str(subsidiary), "rationale": WHY})


def remove(scene: Scene, portfolio: UUID, subsidiary: UUID) -> Outcome:
    return scene.when("portfolios.remove-subsidiary", portfolio, {"subsidiary": str(subsidiary), "rationale": WHY})


def test_a_portfolio_belongs_to_one_other_until_it_is_let_go() -> None:
    scene = council()
    assert add(scene, COUNCIL, CLIMATE).then(SubsidiaryAdded).subsidiary == CLIMATE
    add(scene, COUNCIL, CLIMATE).refused("already belongs to this portfolio")
    add(scene, PORTS, CLIMATE).refused("already belongs to another portfolio")
    remove(scene, PORTS, CLIMATE).refused("does not belong to this portfolio")
    remove(scene, COUNCIL, CLIMATE).then(SubsidiaryRemoved)
    add(scene, PORTS, CLIMATE).then(SubsidiaryAdded)
    add(scene, PORTS, numbered(66)).refused("/subsidiary", kind=Invalid)


@pytest.mark.parametrize("length", [1, 2, 4])
def test_a_circle_of_portfolios_is_refused_by_naming_it(length: int) -> None:
    chain = [numbered(number) for number in range(20, 20 + length)]
    scene = Scene().given(*((each, PortfolioCreated(name=f"P{each.int}")) for each in chain))
    for lower, upper in zip(chain[1:], chain, strict=False):
        add(scene, upper, lower).then(SubsidiaryAdded)
    circle = ", ".join(f"P{lower.int} belongs to P{upper.int}" for lower, upper in pairwise([chain[0], *chain[::-1]]))
    add(scene, chain[-1], chain[0]).refused("cannot belong to itself", circle)
