"""What a candidate costs and whom it needs, counted from its start; pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.choosing.candidates import Need, PlannedCost
from domain.choosing.figures import NOTHING, PRECISE, RATIO, cents
from domain.choosing.periods import MOST, Calendar
from domain.kernel.money import Money, Rates, last_day
from domain.kernel.refusal import Invalid
from domain.processes.plan_then import name_of
from domain.project.costs import proposed
from domain.project.plan import BUDGET, FORECAST, START
from domain.project.project import Project
from domain.project.request_events import ResourceRequested
from domain.project.words import RELEASED

WHOLE = "whole cost"
"""The category of a cost that nobody has divided."""
Costs = tuple[PlannedCost, ...]
FAR = 1_000
"""Further after its start than any plan of a calendar reaches."""


class Line(NamedTuple):
    """An amount of a category that is due in a month, `None` = whenever it starts."""

    month: str | None
    category: str
    money: Money


class Outline(NamedTuple):
    """What is known of the costs of a component, by month or as a whole.

    `begin` is the place of the period its plan begins in, below 0 before all; for what is running that of the first.
    `length` is how many periods after that it ends.
    """

    lines: Sequence[Line]
    begin: int
    length: int


def outlined(project: Project, calendar: Calendar) -> Outline:
    """The shape of its costs: of what is not running yet it stays the same, whenever it was to begin."""
    lines = cost_lines(project)
    places = [calendar.place_of(each.month) for each in lines if each.month] or [_told_start(project, calendar)]
    begin = 0 if project.state in RELEASED else min(places)
    return Outline(lines, begin, max(0, max(places) - begin))


def costs_of(project: Project, outline: Outline, calendar: Calendar, rates: Rates, on: date) -> Costs | None:
    """Its costs in the home currency, by period after its beginning and by category; `None` if nobody said.

    Of what is running, what is past counts no more. Raises `Invalid` for a currency without a rate.
    """
    sums: dict[tuple[int, str], Decimal] = {}
    for each in outline.lines:
        place = calendar.place_of(each.month) if each.month else _told_start(project, calendar)
        if place >= outline.begin:
            key = min(place - outline.begin, FAR), each.category
            sums[key] = sums.get(key, NOTHING) + _worth(project, each, rates, on)
    found = tuple(
        PlannedCost(after=after, category=category, money=Money(amount=cents(amount), currency=rates.home or ""))
        for (after, category), amount in sorted(sums.items())
    )
    return found if outline.lines else None


def cost_lines(project: Project) -> list[Line]:
    """What it is to cost: running, by its forecast; before that, by its business case, or the most it may cost."""
    asked = [Line(each.month, each.category or WHOLE, each.money) for each in proposed(project)]
    months = [Line(month, of, money) for (month, of), money in project.books.expected().months.items()]
    known = project.plan.known
    single = project.books.single or known.get(FORECAST) or known.get(BUDGET)
    forecast = months or ([Line(None, WHOLE, single)] if single else [])
    return forecast or asked if project.state in RELEASED else asked or forecast


def _told_start(project: Project, calendar: Calendar) -> int:
    known = project.plan.known.get(START)
    return max(0, calendar.place(known)) if known else 0


def _worth(project: Project, each: Line, rates: Rates, on: date) -> Decimal:
    if each.money.currency == rates.home:
        return each.money.amount
    day = last_day(each.month) if each.month else on
    worth = rates.worth(each.money.amount, each.money.currency, day)
    if worth is None:
        told = f"{name_of(project)} costs {each.money.currency}, which has no rate to {rates.home} on {day}"
        raise Invalid({"": f"{told}; set-rate gives the portfolio one, or adjustments give it other costs"})
    return worth


def needs_of(project: Project, calendar: Calendar, begin: int, most: int) -> tuple[Need, ...]:
    """Whom it asks for and nobody was sent for: by role and period after its beginning, in full-time people.

    A request without an end, or with one that no calendar reaches, lasts `most` periods, another one as long as it
    says; a skill counts as a role where no role is named.
    """
    sums: dict[tuple[int, str], Decimal] = {}
    for asked in project.requests.still_open():
        shift = _shift(project, calendar, begin, asked)
        until = _until(calendar, begin, shift, asked)
        for after in range(most if until is None else until):
            if part := overlap(calendar, begin + after - shift, asked.starts_on, asked.ends_on):
                key = after, asked.as_role or asked.skill or ""
                sums[key] = sums.get(key, NOTHING) + part * asked.share
    return tuple(
        Need(after=after, role=role, amount=amount.quantize(RATIO)) for (after, role), amount in sorted(sums.items())
    )


def needed_for(project: Project, calendar: Calendar, begin: int) -> int:
    """How many periods after its beginning the last request with an end reaches."""
    asked = project.requests.still_open()
    ends = [_until(calendar, begin, _shift(project, calendar, begin, each), each) for each in asked]
    return max((end - 1 for end in ends if end), default=0)


def _shift(project: Project, calendar: Calendar, begin: int, asked: ResourceRequested) -> int:
    """By how many periods a request is later than it says, because its project is; what is running is not."""
    first = calendar.place(asked.starts_on)
    return begin - first if project.state not in RELEASED and first < begin else 0


def _until(calendar: Calendar, begin: int, shift: int, asked: ResourceRequested) -> int | None:
    """How many periods from the beginning of its project a request lasts, `None` if no calendar reaches its end."""
    end = calendar.place(asked.ends_on) + shift if asked.ends_on else MOST
    return max(0, end - begin + 1) if end < MOST else None


def overlap(calendar: Calendar, place: int, starts_on: date, ends_on: date | None) -> Decimal:
    """Which part of the days of a period lies between two days."""
    first, last = calendar.days(place)
    days = (min(last, ends_on or last) - max(first, starts_on)).days + 1
    return PRECISE.divide(Decimal(days), Decimal((last - first).days + 1)) if days > 0 else NOTHING
