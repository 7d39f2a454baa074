"""What components cost as a whole: the budget they have, and before that what was asked for."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.kernel.instants import from_micros
from domain.kernel.money import Rates, last_day
from projections.bounds import View
from projections.case_board import HANDED_IN, cases
from projections.dated import Cell, Cells, occurred_at, value_of
from projections.money import total, value_in

ASKED = ("costs", HANDED_IN)


def asked_for(view: View, components: Cells) -> Cells:
    """What the proposals among them ask for: those that have no budget."""
    return cases.cells(view, [each for each, own in components.items() if value_of(own, "budget") is None], ASKED)


def cost_of(own: Mapping[str, Cell], asked: Mapping[str, Cell], rates: Rates) -> Decimal | None:
    """The budget; else the months of the business case; else the upper end of the range it was handed in with.

    `None` without any of these, or where one has no rate into the currency of the rates.
    """
    if value_of(own, "budget") is not None:
        return value_in(own, (), "budget", rates)
    lines = [(line["money"], last_day(line["month"])) for line in value_of(asked, "costs") or () if line["money"]]
    if lines:
        return total(_worth(money, day, rates) for money, day in lines)
    highest = (value_of(asked, HANDED_IN) or {}).get("cost_high")
    return _worth(highest, from_micros(occurred_at(asked, HANDED_IN)).date(), rates) if highest else None


def currencies_of(own: Mapping[str, Cell], asked: Mapping[str, Cell]) -> set[str]:
    """The currencies in which that is told."""
    if budget := value_of(own, "budget"):
        return {budget["currency"]}
    lines = [line["money"] for line in value_of(asked, "costs") or () if line["money"]]
    highest = (value_of(asked, HANDED_IN) or {}).get("cost_high")
    return {money["currency"] for money in lines or [highest] if money}


def _worth(money: Mapping[str, str], day: date, rates: Rates) -> Decimal | None:
    return rates.worth(Decimal(money["amount"]), money["currency"], day)
