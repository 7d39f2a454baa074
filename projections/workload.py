"""Who is promised for how much of the time there is, week by week, and what makes that up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.resources.bookings import A_DAY, LAST_DAY
from domain.resources.weeks import A_WEEK, Person, Piece, WeekOf, Window, window_of
from domain.resources.words import NOTHING, PLACES
from projections.bounds import View
from projections.dated import Cells, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.names import names_of
from projections.paging import Answer, ordered
from projections.portfolio_board import portfolios
from projections.project_board import board, member_of
from projections.projects import members
from projections.requests import RequestFilter, RequestStatus, requests_of
from projections.resources import share_text
from projections.weeks import Whom, people_in


class By(StrEnum):
    """What a row is for."""

    PERSON = "person"
    ROLE = "role"


class Load(NamedTuple):
    """A cell, in days of full time: `limit` is what a load of 1 would be, `None` if that cannot be told; `of` counts
    people, `missing` those of whom it is not known how much time they have.
    """

    capacity: Decimal | None
    of: int
    missing: int
    promised: Decimal
    over: Decimal | None
    limit: Decimal | None
    requested: Decimal | None = None
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What people and components are called; those out of scope are in neither."""

    people: Mapping[UUID, str | None]
    projects: Mapping[UUID, str | None]


def workload(view: View, portfolio: UUID, wanted: tuple[date | None, date | None], by: By, whom: Whom) -> Answer | None:
    """The load of a portfolio's people by week; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(portfolio) or not is_known(view, portfolio, [f"{portfolios.name}_latest"]):
        return None
    own = portfolios.cells(view, [portfolio], ["name"]).get(portfolio, {})
    window = window_of(*wanted, view.now.date())
    components = board.cells(view, aspects=["name", member_of(portfolio)])
    people = list(people_in(view, window, set(members(components, portfolio)), whom)) if own else []
    named = Names(names_of(view, [each.id for each in people]), _visible(view, components))
    rows = _by_person(people, window, named) if by is By.PERSON else _by_role(view, portfolio, people, window, named)
    answer = {
        "id": str(portfolio),
        "name": value_of(own, "name"),
        "by": by,
        "people": whom,
        "from": window.first.isoformat(),
        "to": window.last.isoformat(),
        "weeks": [_week(monday) for monday in window.weeks()],
        "rows": rows,
        "version": versions(view, [portfolio]).get(portfolio),
    }
    return answer if own else {**answer, "first_fact_at": first_fact_at(view, portfolio)}


def _visible(view: View, components: Cells) -> dict[UUID, str | None]:
    return {each: value_of(cells, "name") for each, cells in components.items() if view.sees(each)}


def _by_person(people: Sequence[Person], window: Window, named: Names) -> list[Answer]:
    by_name = ordered(people, lambda each: named.people.get(each.id), lambda each: str(each.id), descending=False)
    return [
        {
            "resource": str(person.id),
            "name": named.people.get(person.id),
            "as_role": person.as_role,
            "cells": [
                _persons_cell(monday, week, named) for monday, week in zip(window.weeks(), person.weeks, strict=True)
            ],
        }
        for person in by_name
    ]


def _persons_cell(monday: date, week: WeekOf, named: Names) -> Answer:
    promised = sum((days for _, days in week.made), NOTHING)
    known = week.capacity is not None
    over, limit = (week.over, week.limit) if known else (None, None)
    load = Load(week.capacity, 1, 0 if known else 1, promised, over, limit)
    return _cell(monday, load, week.made, named)


def _by_role(view: View, portfolio: UUID, people: Sequence[Person], window: Window, named: Names) -> list[Answer]:
    """Whoever plays a role gives it their capacity; what is promised counts where it is played."""
    asked = requests_of(view, RequestFilter(portfolio, status=RequestStatus.OPEN))
    roles = {person.as_role for person in people} | {request["as_role"] for request in asked}
    roles |= {piece.as_role for person in people for week in person.weeks for piece, _ in week.made}
    found = []
    for role in ordered(roles, lambda each: each, str, descending=False):
        wanted = [request for request in asked if request["as_role"] == role]
        cells = [
            _roles_cell(monday, role, [(each.as_role, each.weeks[place]) for each in people], wanted, named)
            for place, monday in enumerate(window.weeks())
        ]
        found.append({"resource": None, "name": None, "as_role": role, "cells": cells})
    return found


def _roles_cell(
    monday: date, role: str | None, weeks: Sequence[tuple[str | None, WeekOf]], wanted: Sequence[Answer], named: Names
) -> Answer:
    own = [week.capacity for plays, week in weeks if plays == role]
    known = [capacity for capacity in own if capacity is not None]
    capacity = sum(known, NOTHING) if known else None
    whole = capacity if len(known) == len(own) else None
    made = [(piece, days) for _, week in weeks for piece, days in week.made if piece.as_role == role]
    promised = sum((days for _, days in made), NOTHING)
    requested = sum((_requested(request, monday) for request in wanted), NOTHING)
    over, gap = _beyond(promised, whole), _beyond(promised + requested, whole)
    load = Load(capacity, len(own), len(own) - len(known), promised, over, whole, requested, gap)
    return _cell(monday, load, made, named)


def _beyond(wanted: Decimal, capacity: Decimal | None) -> Decimal | None:
    """By how much more is wanted than there is; cannot be told where that is not known of everybody."""
    return max(NOTHING, wanted - capacity) if capacity is not None else None


def _requested(request: Answer, monday: date) -> Decimal:
    """What a request comes to in a week, in days: its share on each Monday to Friday."""
    first, last = date.fromisoformat(request["starts_on"]), request["ends_on"]
    end = date.fromisoformat(last) if last else LAST_DAY
    days = sum(first <= monday + number * A_DAY <= end for number in range(5))
    return Decimal(request["share"]) * days


def _cell(monday: date, load: Load, made: Iterable[tuple[Piece, Decimal]], named: Names) -> Answer:
    return {
        "week": _week(monday)["week"],
        "capacity": _text(load.capacity),
        "of": load.of,
        "missing": load.missing,
        "promised": _text(load.promised),
        "over": _text(load.over),
        "load": _text((load.promised / load.limit).quantize(PLACES)) if load.limit else None,
        "requested": _text(load.requested),
        "gap": _text(load.gap),
        "assignments": [_assignment(piece, days, named) for piece, days in made],
    }


def _assignment(piece: Piece, days: Decimal, named: Names) -> Answer:
    """What makes up a number; of a project out of scope only how much it takes."""
    seen = piece.project in named.projects
    return {
        "resource": str(piece.resource),
        "name": named.people.get(piece.resource),
        "project": str(piece.project) if seen else None,
        "project_name": named.projects.get(piece.project),
        "as_role": piece.as_role if seen else None,
        "share": share_text(piece.share),
        "starts_on": piece.starts_on.isoformat(),
        "ends_on": None if piece.ends_on == LAST_DAY else piece.ends_on.isoformat(),
        "days": _text(days),
    }


def _week(monday: date) -> dict[str, str]:
    year, week, _ = monday.isocalendar()
    return {
        "week": f"{year}-W{week:02}",
        "starts_on": monday.isoformat(),
        "ends_on": (monday + A_WEEK - A_DAY).isoformat(),
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else share_text(number)
