"""Queries about people and teams."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.facts import CATALOGUE, Event
from domain.resources.bookings import LAST_DAY, Booking, booked, held, stretches
from projections.bounds import View
from projections.dated import Cell, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.names import names_of
from projections.paging import Answer, Page, ordered, page_of
from projections.staffing import BOOKING, staffing

FULL_TIME = 1
Promises = Mapping[UUID, frozenset[UUID]]
"""The projects to which each one's time is promised."""


def list_resources(view: View, page: Page) -> tuple[list[Answer], bool]:
    """People and teams in scope by name, one page."""
    cells = staffing.cells(view)
    visible = [subject for subject in cells if "kind" in cells[subject] and view.sees(subject)]
    names = names_of(view, visible)
    shown, more = page_of(ordered(visible, names.get, str, descending=False), page)
    return [_answer(view, subject, cells[subject]) for subject in shown], more


def one_resource(view: View, resource: UUID) -> Answer | None:
    """The person or team within the bounds; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(resource) or not is_known(view, resource, [f"{staffing.name}_latest"]):
        return None
    cells = staffing.cells(view, [resource]).get(resource, {})
    answer = _answer(view, resource, cells)
    return answer if cells else {**answer, "first_fact_at": first_fact_at(view, resource)}


def over_allocated(view: View) -> Promises:
    """Who is promised for more than full time, today or later, and the projects they are promised to."""
    everyone = {subject: bookings_of(cells) for subject, cells in staffing.cells(view).items()}
    return {
        subject: frozenset(booking.project for booking in bookings)
        for subject, bookings in everyone.items()
        if any(stretch.share > FULL_TIME for stretch in stretches(bookings, view.now.date(), LAST_DAY))
    }


def of_these(over: Promises, projects: Collection[UUID]) -> list[UUID]:
    """Those of them who are promised to any of these projects."""
    return [subject for subject, promised in over.items() if not promised.isdisjoint(projects)]


def people_on(view: View, project: UUID) -> list[Answer]:
    """Who is promised to a project, with the stretches of equal share."""
    cells = staffing.cells(view)
    on_it = {subject: stretches_on for subject in cells if (stretches_on := held(bookings_of(cells[subject]), project))}
    names = names_of(view, on_it)
    return [
        {
            "resource": str(subject),
            "name": names.get(subject),
            "share": share_text(s.share),
            **_days(s.starts_on, s.ends_on),
        }
        for subject in sorted(on_it)
        for s in on_it[subject]
    ]


def bookings_of(cells: dict[str, Cell]) -> tuple[Booking, ...]:
    """What somebody's time is promised to."""
    return booked((), *(fact for _, fact in _moves(cells)))


def bookings_over(cells: dict[str, Cell]) -> Iterator[tuple[int, tuple[Booking, ...]]]:
    """Each fact that moved somebody's time, in (occurred_at, position): its position, and what is promised after it."""
    bookings: tuple[Booking, ...] = ()
    for position, fact in _moves(cells):
        bookings = booked(bookings, fact)
        yield position, bookings


def _moves(cells: dict[str, Cell]) -> Iterator[tuple[int, Event]]:
    facts = sorted((cell for aspect, cell in cells.items() if aspect.startswith(BOOKING)), key=lambda cell: cell[1:])
    for moved, _, position in facts:
        yield position, CATALOGUE[moved["name"]].model_validate(moved["data"])


def share_text(share: Decimal) -> str:
    """A share as text without needless zeros, such as 0.4."""
    return f"{share.normalize():f}"


def _answer(view: View, resource: UUID, cells: dict[str, Cell]) -> Answer:
    bookings = bookings_of(cells)
    projects = sorted({booking.project for booking in bookings})
    names = names_of(view, [resource, *projects])
    return {
        "id": str(resource),
        "name": names.get(resource) if "kind" in cells else None,
        "kind": value_of(cells, "kind"),
        "assignments": [
            {"project": str(project), "name": names.get(project), **assignment}
            for project in projects
            if view.sees(project)
            for assignment in _assignments(bookings, project)
        ],
        "version": versions(view, [resource]).get(resource),
    }


def _assignments(bookings: Iterable[Booking], project: UUID) -> list[Answer]:
    own = [booking for booking in bookings if booking.project == project]
    return [
        {
            "share": share_text(stretch.share),
            **_days(stretch.starts_on, stretch.ends_on),
            "as_role": next((b.as_role for b in own if b.as_role and b.starts_on <= stretch.ends_on), None),
        }
        for stretch in held(own, project)
    ]


def _days(starts_on: date, ends_on: date) -> Answer:
    return {"starts_on": starts_on.isoformat(), "ends_on": None if ends_on == LAST_DAY else ends_on.isoformat()}
