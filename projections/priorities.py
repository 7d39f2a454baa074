"""The order of a portfolio: what stands where, and the last move of each component with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from domain.portfolio.events import ProjectDeprioritized, ProjectReprioritized
from domain.project.words import State
from projections.bounds import View
from projections.dated import Cells, set_by, value_of
from projections.journal import decisions_at
from projections.money import entries_of, with_totals
from projections.paging import Answer, Page, page_of
from projections.project_board import board, member_of, order_in
from projections.projects import ranks_in
from projections.trail import NAME as TRAIL

MEMBERS = ("key", "name", "state", "budget", "forecast")
MOVES = (ProjectReprioritized.fact_name, ProjectDeprioritized.fact_name)


@dataclass(frozen=True, slots=True)
class PriorityFilter:
    """Whose order is asked for; without `states` that of all it holds. Ranks count every component all the same."""

    portfolio: UUID
    states: tuple[State, ...] = ()


def list_priorities(view: View, wanted: PriorityFilter, page: Page) -> tuple[list[Answer], bool]:
    """What a portfolio holds from rank 1 down, one page."""
    portfolio = wanted.portfolio
    cells = board.cells(view, aspects=[*MEMBERS, member_of(portfolio), order_in(portfolio)])
    ranks = {each: rank for each, rank in ranks_in(cells, portfolio).items() if view.sees(each)}
    listed = [each for each in ranks if not wanted.states or value_of(cells[each], "state") in wanted.states]
    shown, more = page_of(listed, page)
    return _answers(view, portfolio, shown, cells, ranks), more


def _answers(view: View, portfolio: UUID, shown: Sequence[UUID], cells: Cells, ranks: dict[UUID, int]) -> list[Answer]:
    known = with_totals(view, {each: cells[each] for each in shown}, entries_of(view, shown))
    moves = _last_moves(view, portfolio, shown, cells)
    return [
        {
            "rank": ranks[each],
            "project": str(each),
            **{member: value_of(known[each], member) for member in MEMBERS},
            "last_move": moves.get(each),
        }
        for each in shown
    ]


def _last_moves(view: View, portfolio: UUID, shown: Sequence[UUID], cells: Cells) -> dict[UUID, Answer]:
    """The move that gave each its place; what never moved since it joined, or came back, has none."""
    placed = {each: set_by(cells[each], order_in(portfolio)) for each in shown}
    trail = view.table(TRAIL)
    moved = select(trail.c.position).where(
        view.among(trail.c.position, placed.values()), trail.c.ordinal == 0, trail.c.name.in_(MOVES)
    )
    decisions = decisions_at(view, view.connection.scalars(moved).all())
    return {each: _move(decisions[position]) for each, position in placed.items() if position in decisions}


def _move(decision: Answer) -> Answer:
    said = decision["data"]
    return {"from_rank": said["from_rank"], "to_rank": said["to_rank"], "decision": decision}
