"""Who owes a status update by the clock of the view, and whose declared health is old."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from domain.kernel.instants import from_micros
from domain.project.cadence import days_past, is_stale, next_due
from domain.project.words import REPORTING, Health, State
from projections.bounds import View
from projections.dated import Cell, Cells, occurred_at, value_of
from projections.paging import Answer
from projections.portfolio_board import REVIEW, portfolios
from projections.project_board import member_of

Cadences = Mapping[str, int]
"""The cadence of updates of each portfolio that has one, by the aspect that says whether it holds a component."""
READ = ("state", "health", "reported", "cadence")
"""What is read of a component, beside the portfolios that hold it."""


def cadences_of(view: View) -> Cadences:
    """The cadences of all portfolios; a component is asked by each that holds it, whoever looks."""
    policies = {each: value_of(cells, "policy") for each, cells in portfolios.cells(view, aspects=["policy"]).items()}
    found = {member_of(each): (policy or {}).get("update_cadence_days") for each, policy in policies.items()}
    return {aspect: days for aspect, days in found.items() if days}


def cadence_of(cells: Mapping[str, Cell], cadences: Cadences) -> int | None:
    """A component's own cadence, or else the shortest of the portfolios that hold it; `None` = nobody asks."""
    own = value_of(cells, "cadence")
    return own or min((days for aspect, days in cadences.items() if value_of(cells, aspect)), default=None)


def status_due(cells: Mapping[str, Cell], cadences: Cadences, today: date) -> Answer | None:
    """When the next update of an active component is due; `None` if none is asked for."""
    days = cadence_of(cells, cadences)
    if days is None or value_of(cells, "state") != State.ACTIVE:
        return None
    return _due(next_due(from_micros(occurred_at(cells, "state")), reported_at(cells), days), today, days)


def health_is_stale(cells: Mapping[str, Cell], cadences: Cadences, today: date) -> bool | None:
    """Whether a health that counts is older than its cadence; `None` if it does not, or nobody asks or reported."""
    days, reported = cadence_of(cells, cadences), reported_at(cells)
    if days is None or reported is None or declared(cells) is None or value_of(cells, "state") not in REPORTING:
        return None
    return is_stale(reported, days, today)


def owed(cells: Cells, held: Iterable[UUID], cadences: Cadences, portfolio: UUID | None, today: date) -> Answer:
    """How many of these components owe an update, and the health of how many of those that count is old.

    `None` where no cadence asks for anything.
    """
    asked = [cells[each] for each in held if cadence_of(cells[each], cadences)]
    if not asked and (portfolio is None or member_of(portfolio) not in cadences):
        return {"overdue_updates": None, "stale_health": None}
    due = [status_due(own, cadences, today) for own in asked]
    return {
        "overdue_updates": sum(each is not None and each["is_overdue"] for each in due),
        "stale_health": sum(health_is_stale(own, cadences, today) is True for own in asked),
    }


def review_due(portfolio: Mapping[str, Cell], today: date) -> Answer | None:
    """When the next review of a portfolio is due: one cadence after the latest, or after the portfolio began."""
    days = (value_of(portfolio, "policy") or {}).get("review_cadence_days")
    if days is None:
        return None
    began = [occurred_at(portfolio, aspect) for aspect in portfolio if aspect == "name" or aspect.startswith(REVIEW)]
    return _due(next_due(from_micros(max(began)), None, days), today, days)


def reported_at(cells: Mapping[str, Cell]) -> datetime | None:
    """When somebody last said how it is doing, whether or not that was taken back; a correction counts from then."""
    at = value_of(cells, "reported")
    return from_micros(at) if at is not None else None


def declared(cells: Mapping[str, Cell]) -> Health | None:
    """How it is doing, as somebody said last; `None` if nobody did, or it was taken back."""
    report = value_of(cells, "health")
    return Health(report["overall"]) if report and report["overall"] != Health.NO_UPDATE else None


def _due(due_on: date, today: date, cadence_days: int) -> Answer:
    late = days_past(due_on, today)
    return {"due_on": due_on.isoformat(), "is_overdue": late > 0, "days_overdue": late, "cadence_days": cadence_days}
