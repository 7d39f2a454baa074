"""What a portfolio may spend and how many people there are, by period; pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain.choosing.candidates import BudgetLimit, CapacityLimit
from domain.choosing.figures import NOTHING, PRECISE, RATIO
from domain.choosing.periods import Calendar
from domain.kernel.money import Money
from domain.portfolio.portfolio import Portfolio
from domain.resources.bookings import A_DAY, stretches
from domain.resources.capacity import limit_on
from domain.resources.resource import Resource

WEEKEND = 5


def budgets_of(portfolio: Portfolio, calendar: Calendar, categories: Collection[str]) -> list[BudgetLimit]:
    """The budget of each year and category; of each year, and of all, where that says more than the lines before.

    A year of which the periods are only a part brings its whole budget; one without a budget is not limited.
    """
    limits: list[BudgetLimit] = []
    totals: dict[int, Money] = {}
    for (year, category), money in sorted(portfolio.budgets.items()):
        if within := calendar.of_year(year):
            limits.append(_limit(within, category, money))
            before = totals.get(year)
            totals[year] = Money(amount=money.amount + (before.amount if before else NOTHING), currency=money.currency)
    for year, total in totals.items():
        lines = {category for of, category in portfolio.budgets if of == year}
        if not set(categories) <= lines and (within := calendar.of_year(year)):
            limits.append(_limit(within, None, total))
    if totals and {int(name[:4]) for name in calendar.names} - totals.keys():
        amounts = sum((total.amount for total in totals.values()), NOTHING)
        limits.append(BudgetLimit(money=Money(amount=amounts, currency=next(iter(totals.values())).currency)))
    return limits


def _limit(within: tuple[str, str], category: str | None, money: Money) -> BudgetLimit:
    first, last = within
    return BudgetLimit(period=first, through=last if last != first else None, category=category, money=money)


def capacities_of(people: Sequence[Resource], calendar: Calendar, roles: Iterable[str]) -> list[CapacityLimit]:
    """The time of the people of each role that is not promised yet, in full-time people by period.

    A role that nobody plays is there 0 times; without anybody who plays any, no limit is known.
    """
    if not people:
        return []
    found = []
    for role in sorted(set(roles)):
        able = [each for each in people if _plays(each, role)]
        for place, name in enumerate(calendar.names):
            first, last = calendar.days(place)
            amount = sum((free(each, first, last) for each in able), NOTHING)
            found.append(CapacityLimit(role=role, period=name, amount=amount.quantize(RATIO)))
    return found


def _plays(person: Resource, role: str) -> bool:
    profile = person.profile
    return profile.as_role == role or (profile.as_role is None and role in [each.skill for each in profile.skills])


def free(person: Resource, first: date, last: date) -> Decimal:
    """Which part of full time is not promised, on average of the working days."""
    capacity = person.availability.capacity
    days, left = 0, NOTHING
    for stretch in stretches(person.bookings, first, last):
        plain = not capacity.calendars and not capacity.absences
        if plain:
            number = _weekdays(stretch.starts_on, stretch.ends_on)
            days, left = days + number, left + number * max(NOTHING, 1 - stretch.share)
            continue
        for day in _each(stretch.starts_on, stretch.ends_on):
            if day.weekday() < WEEKEND:
                days, left = days + 1, left + max(NOTHING, limit_on(capacity, day) - stretch.share)
    return PRECISE.divide(left, Decimal(days)) if days else NOTHING


def _weekdays(first: date, last: date) -> int:
    weeks, rest = divmod((last - first).days + 1, 7)
    return weeks * WEEKEND + sum((first + timedelta(days=each)).weekday() < WEEKEND for each in range(rest))


def _each(first: date, last: date) -> Iterable[date]:
    for number in range((last - first).days + 1):
        yield first + number * A_DAY
