"""Which portfolio belongs to which."""

from collections.abc import Mapping
from uuid import UUID

from projections.bounds import View
from projections.dated import value_of
from projections.names import names_of
from projections.paging import Answer
from projections.portfolio_board import PARENT, portfolios
from projections.project_board import circle_of

Tree = Mapping[UUID, UUID]
"""The portfolio that each subsidiary belongs to."""


def tree_of(view: View) -> Tree:
    """Within the bounds."""
    found = portfolios.cells(view, aspects=[PARENT])
    return {each: UUID(parent) for each, cells in found.items() if (parent := value_of(cells, PARENT))}


def below(tree: Tree, portfolio: UUID) -> list[UUID]:
    """Its subsidiaries, their subsidiaries, and so on."""
    found = [portfolio]
    for each in found:
        found += sorted(child for child, parent in tree.items() if parent == each and child not in found)
    return found[1:]


def relatives(view: View, tree: Tree, portfolio: UUID) -> Answer:
    """The portfolio it belongs to, and its own subsidiaries, as far as the caller may see them."""
    parent = tree.get(portfolio)
    own = [child for child, above in tree.items() if above == portfolio and view.sees(child)]
    names = names_of(view, own)
    return {
        "parent_id": str(parent) if parent and view.sees(parent) else None,
        "subsidiaries": [
            {"id": str(each), "kind": "portfolio", "name": names.get(each)}
            for each in sorted(own, key=lambda each: (names.get(each) or "", each))
        ],
    }


def family_circle_of(view: View, portfolio: UUID) -> set[UUID]:
    """Everything whose facts the sums with subsidiaries rest on."""
    return {each for one in below(tree_of(view), portfolio) for each in circle_of(view, one)}
