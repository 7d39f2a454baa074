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
from projections.paging import Answer

ASKED = ("costs", HANDED_IN)
"""What a proposal tells of its cost."""


def asked_for(view: View, components: Cells) -> Cells:
    """What the proposals among them ask for: those that have no budget."""
    return cases.cells(view, [each for each, own in components.items() if value_of(own, "budget") is None], ASKED)


def cost_of(own: Mapping[str, Cell], asked: Mapping[str, Cell], rates: Rates) -> Decimal | None:
    """The budget; else the months of the business case; else the upper end of the range it was handed in with.

    `None` without any of these, or where one has no rate into the currency of the rates.
    """
    if value_of(own, "budget") is not None:
        return value_in(own, (), "budget", rates)
    handed_in_on = from_micros(occurred_at(asked, HANDED_IN)).date() if HANDED_IN in asked else date.min
    parts = proposed(asked, handed_in_on)
    return total(rates.worth(Decimal(part["amount"]), part["currency"], on) for part, on in parts) if parts else None


def proposed(asked: Mapping[str, Cell], on: date) -> list[tuple[Answer, date]]:
    """What a proposal says it costs, each part with the day whose rate counts: its months, or all of it `on` a day."""
    months = [line for line in value_of(asked, "costs") or () if line["money"]]
    highest = (value_of(asked, HANDED_IN) or {}).get("cost_high")
    return [(line["money"], last_day(line["month"])) for line in months] or ([(highest, on)] if highest else [])


def currencies_of(own: Mapping[str, Cell], asked: Mapping[str, Cell]) -> set[str]:
    """The currencies in which that is told."""
    if budget := value_of(own, "budget"):
        return {budget["currency"]}
    return {part["currency"] for part, _ in proposed(asked, date.min)}
