"""What the components of a portfolio cost and bring, each as its latest cost-benefit analysis tells."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from projections.bounds import View
from projections.dated import Cell, Cells, instant_of, value_of
from projections.journal import actor_names
from projections.paging import Answer, Page, ordered, page_of
from projections.project_board import COST_BENEFIT, cost_benefit_in, ever_held, order_in
from projections.projects import ranks_in

MEMBERS = ("key", "name", "state")
FIGURES = tuple(name for name in COST_BENEFIT if name != "currency")
SORTS = ("rank", "name", *FIGURES)


def list_cost_benefits(view: View, portfolio: UUID, sort: str, page: Page) -> tuple[list[Answer], bool]:
    """What a portfolio holds with the figures there are, one page; `sort` is one of `SORTS`, `-` in front for
    descending. What nobody analysed comes last. Amounts are in the currency of the analysis.
    """
    latest = cost_benefit_in(portfolio)
    cells = ever_held(view, portfolio, [*MEMBERS, latest, order_in(portfolio)])
    ranks = {each: rank for each, rank in ranks_in(cells, portfolio).items() if view.sees(each)}
    value = _sorted_by(sort.removeprefix("-"), cells, ranks, latest)
    shown, more = page_of(ordered(ranks, value, str, descending=sort.startswith("-")), page)
    names = actor_names(view, {said["by"] for each in shown if (said := value_of(cells[each], latest))})
    return [_answer(each, cells[each], ranks[each], latest, names) for each in shown], more


def _sorted_by(key: str, cells: Cells, ranks: dict[UUID, int], latest: str) -> Callable[[UUID], Any]:
    if key == "rank":
        return ranks.__getitem__
    if key == "name":
        return lambda each: value_of(cells[each], key)

    def figure(each: UUID) -> Decimal | None:
        told = (value_of(cells[each], latest) or {}).get(key)
        return Decimal(told) if told is not None else None

    return figure


def _answer(component: UUID, cells: Mapping[str, Cell], rank: int, latest: str, names: dict[str, str]) -> Answer:
    said = value_of(cells, latest)
    return {
        "rank": rank,
        "project": str(component),
        **{member: value_of(cells, member) for member in MEMBERS},
        **{name: said[name] if said else None for name in COST_BENEFIT},
        "analysis": {
            "id": said["analysis"],
            "title": said["title"],
            "actor": said["by"],
            "actor_name": names.get(said["by"]),
            "role": said["role"],
            "occurred_at": instant_of(cells, latest),
        }
        if said
        else None,
    }
