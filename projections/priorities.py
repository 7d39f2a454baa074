"""The order of a portfolio: what stands where, and the last move of each component with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from domain.portfolio.events import ProjectDeprioritized, ProjectReprioritized
from domain.project.words import State
from projections.bounds import View
from projections.dated import Cell, Cells, set_by, value_of
from projections.journal import decisions_at
from projections.money import entries_of, with_totals
from projections.paging import Answer, Page, page_of
from projections.portfolio_board import portfolios
from projections.project_board import ever_held, order_in
from projections.projects import ranks_in
from projections.scores import Row, ranked
from projections.scoring_models import asked_model

MEMBERS = ("key", "name", "state", "budget", "forecast")
MOVES = (ProjectReprioritized.fact_name, ProjectDeprioritized.fact_name)


@dataclass(frozen=True, slots=True)
class PriorityFilter:
    """Whose order is asked for; without `states` that of all it holds. Ranks count every component all the same.

    Scores are told under a version of one of its scoring models.
    """

    portfolio: UUID
    states: tuple[State, ...] = ()
    scoring_model: str | None = None
    version: int | None = None


class Order(NamedTuple):
    """What the order of a portfolio is told from: its own aspects, and the cells and places of what it holds."""

    portfolio: UUID
    own: Mapping[str, Cell]
    cells: Cells
    ranks: Mapping[UUID, int]
    scored: Mapping[UUID, Row]


def list_priorities(view: View, wanted: PriorityFilter, page: Page) -> tuple[list[Answer], bool]:
    """What a portfolio holds from rank 1 down, one page."""
    order = _read(view, wanted)
    states, every = wanted.states, order.ranks
    shown, more = page_of(
        [each for each in every if not states or value_of(order.cells[each], "state") in states], page
    )
    return _answers(view, order, shown), more


def _read(view: View, wanted: PriorityFilter) -> Order:
    portfolio = wanted.portfolio
    own = portfolios.cells(view, [portfolio]).get(portfolio, {})
    cells = ever_held(view, portfolio, [*MEMBERS, order_in(portfolio)])
    ranks = {each: rank for each, rank in ranks_in(cells, portfolio).items() if view.sees(each)}
    model = asked_model(view, portfolio, own, wanted.scoring_model, wanted.version)
    rows = ranked(view, portfolio, model, list(ranks)) if model else []
    return Order(portfolio, own, cells, ranks, {row.project: row for row in rows})


def _answers(view: View, order: Order, shown: Sequence[UUID]) -> list[Answer]:
    known = with_totals(view, {each: order.cells[each] for each in shown}, entries_of(view, shown))
    moves = _last_moves(view, order, shown)
    return [
        {
            "rank": order.ranks[each],
            "project": str(each),
            **{member: value_of(known[each], member) for member in MEMBERS},
            **_score(order.scored.get(each)),
            "last_move": moves.get(each),
        }
        for each in shown
    ]


def _score(row: Row | None) -> Answer:
    """The score that holds, whether it was set in the place of the computed one, and the place it alone would give."""
    score = row.standing.score if row else None
    return {
        "score": None if score is None else f"{score:f}",
        "score_rank": row.rank if row else None,
        "is_overridden": row.standing.override is not None if row else False,
    }


def _last_moves(view: View, order: Order, shown: Sequence[UUID]) -> dict[UUID, Answer]:
    """The move that gave each its place; what never moved since it joined, or came back, has none."""
    placed = {each: set_by(order.cells[each], order_in(order.portfolio)) for each in shown}
    named = {str(each): value_of(order.cells[each], "name") for each in shown}
    named[str(order.portfolio)] = value_of(order.own, "name")
    decisions = decisions_at(view, placed.values(), named, MOVES)
    return {each: _move(decisions[position]) for each, position in placed.items() if position in decisions}


def _move(decision: Answer) -> Answer:
    said = decision["data"]
    return {"from_rank": said["from_rank"], "to_rank": said["to_rank"], "decision": decision}
