"""What months and categories come to: totals of components, programs and portfolios.

A total that lacks a value is no value of a component: it is `null` there, and a sum says what it misses.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.instants import from_micros
from domain.kernel.money import Rates, last_day
from domain.project.money_events import Figure
from projections.bounds import View
from projections.dated import Cell, Cells, occurred_at, value_of
from projections.money_board import money
from projections.paging import Answer
from projections.portfolio_board import RATE, portfolios
from projections.project_board import held_once, holders_in

FIGURES = tuple(Figure)
SUMMED = ("budget", *FIGURES)
"""What a component has one value of."""


class Entry(NamedTuple):
    """One figure of one month and category of a component."""

    figure: str
    month: str
    category: str
    amount: Decimal
    currency: str


Entries = dict[UUID, list[Entry]]


def entries_of(view: View, projects: Sequence[UUID] | None = None, held_by: UUID | None = None) -> Entries:
    """What holds within the bounds, of these components, of what a portfolio ever held, or of all."""
    cells = money.cells(view, projects, ever_with=held_once(held_by) if held_by else None)
    found = {project: entries_in(own) for project, own in cells.items()}
    return defaultdict(list, {project: entries for project, entries in found.items() if entries})


def entries_in(cells: Mapping[str, Cell]) -> list[Entry]:
    """What the aspects of a component tell, in their order."""
    found = []
    for aspect, (value, *_) in sorted(cells.items()):
        figure, _, rest = aspect.partition(":")
        if figure in FIGURES and value is not None:
            month, _, category = rest.partition(":")
            found.append(Entry(figure, month, category, Decimal(value["amount"]), value["currency"]))
    return found


def rates_in(cells: Mapping[str, Cell], home: str | None) -> Rates:
    """The rates a portfolio's aspects tell, into a currency."""
    quoted: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for aspect, (value, *_) in cells.items():
        if aspect.startswith(RATE):
            _, currency, day = aspect.split(":")
            quoted[currency][date.fromisoformat(day)] = Decimal(value["rate"])
    return Rates(home, quoted)


def rates_for(view: View, cells: Cells) -> Callable[[UUID], Rates]:
    """For each of these components the rates of the portfolio that holds it, if only one does."""

    @cache
    def of_portfolio(portfolio: UUID) -> Rates:
        own = portfolios.cells(view, [portfolio]).get(portfolio, {})
        return rates_in(own, value_of(own, "currency"))

    def of_component(project: UUID) -> Rates:
        holding = [each for each in holders_in(cells[project]) if view.sees(each)]
        return of_portfolio(holding[0]) if len(holding) == 1 else Rates(None)

    return of_component


def value_in(cells: Mapping[str, Cell], entries: Iterable[Entry], figure: str, rates: Rates) -> Decimal | None:
    """One figure of a component in the home currency; `None` if it has none, or a part of it has no rate.

    Its months count if there are any, each converted for its last day; else the single amount, for the day it was set.
    """
    months = [entry for entry in entries if entry.figure == figure]
    if months:
        return total(worth(entry, rates) for entry in months)
    single = value_of(cells, figure)
    if single is None:
        return None
    set_on = from_micros(occurred_at(cells, figure)).date()
    return rates.worth(Decimal(single["amount"]), single["currency"], set_on)


def worth(entry: Entry, rates: Rates) -> Decimal | None:
    """An entry in the home currency, by the rate of its month's last day."""
    return rates.worth(entry.amount, entry.currency, last_day(entry.month))


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the values, `None` if there is none or one is missing."""
    known = list(values)
    return sum((value for value in known if value is not None), Decimal(0)) if known and None not in known else None


def sum_of(values: Sequence[Decimal | None], currency: str | None) -> Answer:
    """The sum of the values there are, of how many, and how many are missing."""
    present = [value for value in values if value is not None]
    return {
        "amount": f"{sum(present, Decimal(0)):f}" if present else None,
        "currency": currency,
        "of": len(values),
        "missing": len(values) - len(present),
    }


def told(amount: Decimal | None, currency: str | None) -> Answer | None:
    """An amount as money; nothing if it is missing."""
    return {"amount": f"{amount:f}", "currency": currency} if amount is not None else None


def with_totals(view: View, cells: Cells, entries: Entries, figures: Collection[str] = FIGURES) -> Cells:
    """The same cells, where the total of a figure's months stands in the place of its single amount.

    In the months' own currency if they have one, else in that of the portfolio.
    """
    found, rates_of = dict(cells), rates_for(view, cells)
    for project, own in entries.items():
        for figure in {entry.figure for entry in own}.intersection(figures) if project in cells else ():
            value = whole({}, own, figure, rates_of(project))
            found[project] = {**found[project], figure: [value, 0, 0]}
    return found


def whole(cells: Mapping[str, Cell], entries: Sequence[Entry], figure: str, rates: Rates) -> Answer | None:
    """A figure of a component as it is told: the total of its months if there are any, else its single amount."""
    said = [entry for entry in entries if entry.figure == figure]
    if not said:
        single: Answer | None = value_of(cells, figure)
        return single
    home = at_home(said, rates)
    return told(value_in({}, said, figure, home), home.home)


def at_home(entries: Iterable[Entry], rates: Rates) -> Rates:
    """The rates to sum by: into the only currency there is, else into that of the portfolio."""
    found = {entry.currency for entry in entries}
    return Rates(found.pop(), {}) if len(found) == 1 else rates


def by_month(
    months: Iterable[str], values: Callable[[str, str], Sequence[Decimal | None]], currency: str | None
) -> list[Answer]:
    """For each month the sums of plan and actual, and their difference where nothing is missing."""
    rows = []
    for month in sorted(set(months)):
        sums: dict[str, Any] = {figure: sum_of(values(month, figure), currency) for figure in FIGURES}
        rows.append({"month": month, **sums, "variance": _variance(sums["forecast"], sums["actual"])})
    return rows


def _variance(forecast: Answer, actual: Answer) -> Answer | None:
    """Actual minus forecast; `None` if a value of either is missing."""
    if forecast["missing"] or actual["missing"] or not forecast["of"]:
        return None
    return told(Decimal(actual["amount"]) - Decimal(forecast["amount"]), actual["currency"])
