"""What the weeks of people come to, as views know them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from uuid import UUID

from domain.resources.weeks import Person, Piece, Window, person_of, pieces_of
from projections.bounds import View
from projections.dated import Cell, value_of
from projections.resources import bookings_of, capacity_of
from projections.staffing import staffing


class Whom(StrEnum):
    """Whose time is shown: those who are promised to the portfolio within the weeks, or everybody in scope."""

    ASSIGNED = "assigned"
    ALL = "all"


def people_in(view: View, window: Window, components: set[UUID], whom: Whom) -> Iterator[Person]:
    """Those whose time is shown, with their weeks."""
    for resource, cells in staffing.cells(view).items():
        if "kind" in cells and view.sees(resource):
            pieces = _pieces(resource, cells, window)
            if whom is Whom.ALL or any(piece.project in components for piece in pieces):
                yield person_of(resource, value_of(cells, "as_role"), pieces, capacity_of(cells), window)


def person_in(resource: UUID, cells: Mapping[str, Cell], window: Window) -> Person:
    """Somebody's weeks."""
    pieces = _pieces(resource, cells, window)
    return person_of(resource, value_of(cells, "as_role"), pieces, capacity_of(cells), window)


def _pieces(resource: UUID, cells: Mapping[str, Cell], window: Window) -> list[Piece]:
    return pieces_of(resource, bookings_of(cells), value_of(cells, "as_role"), window)
