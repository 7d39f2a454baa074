"""Queries about milestones: which there are, which is next, and how far each has slipped."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from domain.project.dates import Dates
from projections.bounds import View
from projections.dated import Cell, instant_of, set_by
from projections.journal import decisions_at
from projections.paging import Answer, Page, page_of
from projections.schedule_board import DECISION, MILESTONE, milestones


class Milestone(NamedTuple):
    """The name and the dates of a milestone."""

    name: str
    dates: Dates


def list_milestones(view: View, project: UUID, page: Page) -> tuple[list[Answer], bool]:
    """The milestones of a component by the day they are expected or were reached, one page."""
    cells = milestones.cells(view, [project]).get(project, {})
    found, more = page_of(_in_order(cells), page)
    decided = {each.name: set_by(cells, aspect) for each in found if (aspect := f"{DECISION}{each.name}") in cells}
    decisions = decisions_at(view, decided.values())
    return [
        {
            **_answer(each, view.now.date()),
            "reached_on": _day(each.dates.reached_on),
            "set_at": instant_of(cells, f"{MILESTONE}{each.name}"),
            "last_decision": decisions[decided[each.name]] if each.name in decided else None,
        }
        for each in found
    ], more


def next_milestones(view: View, projects: Sequence[UUID]) -> dict[UUID, Answer]:
    """For each of these components the milestone that is expected first of those not reached; absent if none is."""
    found, today = {}, view.now.date()
    for project, cells in milestones.cells(view, projects).items():
        # of a thousand components only the first of each is told, so only that is made of its text
        first = min(_ahead(cells), default=None)
        if first:
            aspect = first[1]
            found[project] = _answer(next(_told({aspect: cells[aspect]})), today)
    return found


def _ahead(cells: Mapping[str, Cell]) -> Iterator[tuple[str, str]]:
    """The day on which each that is not reached is expected, with its aspect."""
    for aspect, (dates, *_) in cells.items():
        if aspect.startswith(MILESTONE) and dates and not dates["reached_on"]:
            yield dates["forecast_on"] or dates["due_on"], aspect


def _in_order(cells: Mapping[str, Cell]) -> list[Milestone]:
    return sorted(_told(cells), key=lambda each: (each.dates.expected_on, each.name))


def _told(cells: Mapping[str, Cell]) -> Iterator[Milestone]:
    for aspect, (dates, *_) in cells.items():
        if aspect.startswith(MILESTONE) and dates:
            told: dict[str, Any] = {member: date.fromisoformat(day) if day else None for member, day in dates.items()}
            yield Milestone(aspect.removeprefix(MILESTONE), Dates(**told))


def _answer(milestone: Milestone, today: date) -> Answer:
    dates = milestone.dates
    return {
        "name": milestone.name,
        "promised_on": _day(dates.promised_on),
        "due_on": _day(dates.due_on),
        "forecast_on": _day(dates.forecast_on),
        "expected_on": _day(dates.expected_on),
        "slippage_days": dates.slippage(today),
        "overdue": dates.is_overdue(today),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
