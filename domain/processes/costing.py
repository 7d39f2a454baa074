"""What a candidate costs and whom it needs, counted from its start; pure."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.choosing.candidates import Need, PlannedCost
from domain.choosing.figures import NOTHING, PRECISE, RATIO, cents
from domain.choosing.periods import Calendar
from domain.kernel.money import Money, Rates, last_day
from domain.kernel.refusal import Invalid
from domain.processes.plan_then import RUNNING, name_of
from domain.project.plan import BUDGET, FORECAST, START
from domain.project.project import Project

WHOLE = "whole cost"
"""The category of a cost that nobody has divided."""
FAR = 1_000
"""Further after its start than any plan of a calendar reaches."""


class Line(NamedTuple):
    """An amount of a category that is due in a month, `None` = whenever it starts."""

    month: str | None
    category: str
    money: Money


def begin_of(project: Project, calendar: Calendar) -> int:
    """The place of the period its plan begins in, below 0 before all; for what is running that of the first."""
    if project.state in RUNNING:
        return 0
    months = [each.month for each in cost_lines(project) if each.month]
    return calendar.place(_first_day(min(months))) if months else _told_start(project, calendar)


def length_of(project: Project, calendar: Calendar) -> int:
    """How many periods after its beginning its plan ends, 0 if in the same."""
    begin = begin_of(project, calendar)
    places = [calendar.place(_first_day(each.month)) for each in cost_lines(project) if each.month]
    return max([_told_start(project, calendar) - begin, 0, *(place - begin for place in places)])


def costs_of(project: Project, calendar: Calendar, rates: Rates, on: date) -> tuple[PlannedCost, ...] | None:
    """Its costs in the home currency, by period after its beginning and by category; `None` if nobody said.

    What is not running yet keeps the shape of its plan, whenever that was to begin; of what is running, what is past
    counts no more. Raises `Invalid` for a currency without a rate.
    """
    lines, begin = cost_lines(project), begin_of(project, calendar)
    sums: dict[tuple[int, str], Decimal] = {}
    for each in lines:
        place = calendar.place(_first_day(each.month)) if each.month else _told_start(project, calendar)
        if place >= begin:
            key = place - begin, each.category
            sums[key] = sums.get(key, NOTHING) + _worth(project, each, rates, on)
    found = tuple(
        PlannedCost(after=min(after, FAR), category=category, money=Money(amount=amount, currency=rates.home or ""))
        for (after, category), amount in sorted(sums.items())
    )
    return found if lines else None


def cost_lines(project: Project) -> list[Line]:
    """What it is to cost: running, by its forecast; before that, by its business case, or the most it may cost."""
    case = [
        Line(each.month, each.category, each.money) for each in project.intake.business_case.costs or () if each.money
    ]
    months = [Line(month, of, money) for (month, of), money in sorted(project.books.expected().months.items())]
    known = project.plan.known
    handed_in = _whole(project.intake.handed_in.cost_high)
    single = _whole(project.books.single or known.get(FORECAST) or known.get(BUDGET))
    if project.state in RUNNING:
        return months or single or case or handed_in
    return case or handed_in or months or single


def _whole(money: Money | None) -> list[Line]:
    return [Line(None, WHOLE, money)] if money else []


def _told_start(project: Project, calendar: Calendar) -> int:
    known = project.plan.known.get(START)
    return max(0, calendar.place(known)) if known else 0


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _worth(project: Project, each: Line, rates: Rates, on: date) -> Decimal:
    day = last_day(each.month) if each.month else on
    worth = rates.worth(each.money.amount, each.money.currency, day)
    if worth is None:
        told = f"{name_of(project)} costs {each.money.currency}, which has no rate to {rates.home} on {day}"
        raise Invalid({"": f"{told}; set-rate gives the portfolio one, or adjustments give it other costs"})
    return cents(worth)


def needs_of(project: Project, calendar: Calendar, begin: int, most: int) -> tuple[Need, ...]:
    """Whom it asks for and nobody was sent for: by role and period after its beginning, `most` periods, in full-time
    people.

    A request without an end lasts as long as the periods do; a skill counts as a role where no role is named.
    """
    sums: dict[tuple[int, str], Decimal] = {}
    for asked in project.requests.still_open():
        first = calendar.place(asked.starts_on)
        shift = begin - first if project.state not in RUNNING and first < begin else 0
        for after in range(most):
            if part := overlap(calendar, begin + after - shift, asked.starts_on, asked.ends_on):
                key = after, asked.as_role or asked.skill or ""
                sums[key] = sums.get(key, NOTHING) + part * asked.share
    return tuple(
        Need(after=after, role=role, amount=amount.quantize(RATIO)) for (after, role), amount in sorted(sums.items())
    )


def overlap(calendar: Calendar, place: int, starts_on: date, ends_on: date | None) -> Decimal:
    """Which part of the days of a period lies between two days."""
    first, last = calendar.days(place)
    days = (min(last, ends_on or last) - max(first, starts_on)).days + 1
    return PRECISE.divide(Decimal(days), Decimal((last - first).days + 1)) if days > 0 else NOTHING
