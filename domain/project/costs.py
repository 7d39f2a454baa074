"""What a component is known to cost: what was released for it, or what its proposal says."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.kernel.money import Money, Rates, last_day
from domain.project.plan import BUDGET
from domain.project.project import Project
from domain.project.words import RELEASED


class Cost(NamedTuple):
    """A part of what it costs; without a month and a category it is the whole."""

    month: str | None
    category: str | None
    money: Money


def costs(project: Project) -> tuple[Cost, ...]:
    """The parts that make up what it costs; none if nobody said.

    Once it is authorized, the budget that was released; before, the months of its business case, else the upper end
    of its cost range, else a budget that another system tells.
    """
    budget = project.plan.known.get(BUDGET)
    whole = (Cost(None, None, budget),) if budget else ()
    if project.state in RELEASED and budget:
        return whole
    return proposed(project) or whole


def proposed(project: Project) -> tuple[Cost, ...]:
    """What its proposal says: the months of its business case, else the upper end of its cost range."""
    case = project.intake.business_case.costs or ()
    highest = project.intake.handed_in.cost_high
    months = tuple(Cost(line.month, line.category, line.money) for line in case if line.money)
    return months or ((Cost(None, None, highest),) if highest else ())


def cost(project: Project, rates: Rates, on: date) -> Decimal | None:
    """What it costs in the home currency, a month by its last day, the whole by `on`; `None` if that is not known."""
    parts = costs(project)
    worths = [
        rates.worth(part.money.amount, part.money.currency, last_day(part.month) if part.month else on)
        for part in parts
    ]
    known = [worth for worth in worths if worth is not None]
    return sum(known, Decimal(0)) if parts and len(known) == len(parts) else None
