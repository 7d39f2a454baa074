"""Whether a portfolio keeps the shares of its budget that its policy sets, by category or by goal."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.project.words import State
from projections.bounds import View
from projections.dated import Cell, Cells, value_of
from projections.goal_board import goals
from projections.goals import part_text, weights_of
from projections.money import rates_in, told, value_in
from projections.paging import Answer
from projections.portfolio_board import BUDGET

BUDGETED = "budget"
FUNDED = (State.AUTHORIZED, State.ACTIVE, State.ON_HOLD)
"""States in which a component has a budget, and it is not spent yet."""
PLACES = Decimal("0.0001")


class Part(NamedTuple):
    """What goes to one thing, of everything; `of` values were asked for, `missing` of them are not there."""

    amount: Decimal
    whole: Decimal
    of: int
    missing: int


def guardrails(view: View, portfolio: UUID, own: Mapping[str, Cell], held: Cells) -> list[Answer]:
    """Each guardrail of the policy with its figures; `held` are the components.

    A category is compared with all that the portfolio may spend, whatever the year; a goal with the budgets of all
    components that have one to spend, each as a whole.
    """
    rails: Sequence[Mapping[str, Any]] = (value_of(own, "policy") or {}).get("guardrails") or ()
    wanted = sorted({UUID(rail["goal"]) for rail in rails if rail["goal"]})
    aims = goals.cells(view, wanted) if wanted else {}
    found = []
    for rail in rails:
        aim = aims.get(UUID(rail["goal"]), {}) if rail["goal"] else {}
        part = _of_goal(aim, own, held) if rail["goal"] else _of_category(rail["category"], own)
        found.append({**rail, "name": rail["category"] or value_of(aim, "name"), **_figures(rail, part, own)})
    return found


def _figures(rail: Mapping[str, Any], part: Part, own: Mapping[str, Cell]) -> Answer:
    is_told = bool(part.of and not part.missing and part.whole)
    home = value_of(own, "currency")
    share = (part.amount / part.whole).quantize(PLACES, ROUND_HALF_EVEN) if is_told else None
    return {
        "verdict": _verdict(rail, part) if is_told else "cannot_tell",
        "share": part_text(share) if share is not None else None,
        "amount": told(part.amount if is_told else None, home),
        "whole": told(part.whole if is_told else None, home),
        "of": part.of,
        "missing": part.missing,
    }


def _verdict(rail: Mapping[str, Any], part: Part) -> str:
    least, most = (Decimal(rail[bound]) if rail[bound] else None for bound in ("at_least", "at_most"))
    too_little = least is not None and part.amount < least * part.whole
    too_much = most is not None and part.amount > most * part.whole
    return "broken" if too_little or too_much else "kept"


def _of_category(category: str, own: Mapping[str, Cell]) -> Part:
    lines = [
        (aspect.split(":", 2)[2], cell[0]) for aspect, cell in own.items() if aspect.startswith(BUDGET) and cell[0]
    ]
    amounts = [(name, Decimal(money["amount"])) for name, money in lines]
    spent_on = sum((amount for name, amount in amounts if name == category), Decimal(0))
    return Part(spent_on, sum((amount for _, amount in amounts), Decimal(0)), len(amounts), 0)


def _of_goal(aim: Mapping[str, Cell], own: Mapping[str, Cell], held: Cells) -> Part:
    rates = rates_in(own, value_of(own, "currency"))
    funded = [each for each, cells in held.items() if value_of(cells, "state") in FUNDED]
    values = {each: value_in(held[each], (), BUDGETED, rates) for each in funded}
    known = {each: value for each, value in values.items() if value is not None}
    serving = sum((known[each] for each in weights_of(aim) if each in known), Decimal(0))
    return Part(serving, sum(known.values(), Decimal(0)), len(values), len(values) - len(known))
