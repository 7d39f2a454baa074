"""How every component stood at the end of every day: what a BI tool draws lines of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import select

from domain.kernel.instants import from_micros
from projections.bounds import View
from projections.paging import Answer
from projections.project_board import board

VALUES = ("key", "name", "kind", "state", "owner", "sponsor")
MONEY = ("budget", "forecast")
MEMBER = "member:"
COLUMNS = (
    "day",
    "id",
    *VALUES,
    "health",
    *(f"{member}_{part}" for member in MONEY for part in ("amount", "currency")),
)
A_DAY = timedelta(days=1)


def days(view: View) -> Iterator[Answer]:
    """One row a component a day (its end, UTC), from the day of the first fact to that of the clock of the view.

    A component that every portfolio has removed has no row until one holds it again.
    """
    standing: defaultdict[UUID, dict[str, Any]] = defaultdict(dict)
    day: date | None = None
    for at, subject, aspect, value in _changes(view):
        while day is not None and day < at:
            yield from _rows(day, standing)
            day += A_DAY
        day = at
        standing[subject][aspect] = value
    while day is not None and day <= view.now.date():
        yield from _rows(day, standing)
        day += A_DAY


def _changes(view: View) -> Iterator[tuple[date, UUID, str, Any]]:
    """Every change within the bounds in its order, with the day on which it occurred."""
    changes = view.table(board.name)
    own = changes.c
    statement = select(own.occurred_at, own.subject, own.aspect, own.cell).where(*view.within(changes))
    for occurred_at, subject, aspect, cell in view.connection.execute(
        statement.order_by(own.occurred_at, own.position)
    ):
        yield from_micros(occurred_at).date(), subject, aspect, from_json(f"{{{cell}}}")[aspect][0]


def _rows(day: date, standing: Mapping[UUID, Mapping[str, Any]]) -> Iterator[Answer]:
    for subject in sorted(standing):
        values = standing[subject]
        held = [held for aspect, held in values.items() if aspect.startswith(MEMBER)]
        if "state" in values and (any(held) or not held):
            yield {
                "day": day.isoformat(),
                "id": str(subject),
                **{member: values.get(member) for member in VALUES},
                "health": (values.get("health") or {}).get("overall"),
                **money_of(values),
            }


def money_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Each sum of money as two columns, its amount and its currency."""
    return {
        f"{member}_{part}": (values.get(member) or {}).get(part) for member in MONEY for part in ("amount", "currency")
    }
