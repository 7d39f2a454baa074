"""The order of a portfolio: what stands where, and the last move of each component with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.portfolio.events import ProjectDeprioritized, ProjectReprioritized
from domain.project.words import State
from projections.bounds import View
from projections.dated import Cells, set_by, value_of
from projections.journal import decisions_at
from projections.money import entries_of, with_totals
from projections.paging import Answer, Page, page_of
from projections.project_board import ever_held, order_in
from projections.projects import ranks_in
from projections.scores import Row, ranked
from projections.scoring_models import asked_model

Places = tuple[dict[UUID, int], dict[UUID, Row]]
"""The place of each component in the order, and by its score."""
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


def list_priorities(view: View, wanted: PriorityFilter, page: Page) -> tuple[list[Answer], bool]:
    """What a portfolio holds from rank 1 down, one page."""
    portfolio = wanted.portfolio
    cells = ever_held(view, portfolio, [*MEMBERS, order_in(portfolio)])
    ranks = {each: rank for each, rank in ranks_in(cells, portfolio).items() if view.sees(each)}
    listed = [each for each in ranks if not wanted.states or value_of(cells[each], "state") in wanted.states]
    shown, more = page_of(listed, page)
    model = asked_model(view, portfolio, wanted.scoring_model, wanted.version)
    scored = {row.project: row for row in ranked(view, portfolio, model, list(ranks))} if model else {}
    return _answers(view, portfolio, shown, cells, (ranks, scored)), more


def _answers(view: View, portfolio: UUID, shown: Sequence[UUID], cells: Cells, places: Places) -> list[Answer]:
    ranks, scored = places
    known = with_totals(view, {each: cells[each] for each in shown}, entries_of(view, shown))
    moves = _last_moves(view, portfolio, shown, cells)
    return [
        {
            "rank": ranks[each],
            "project": str(each),
            **{member: value_of(known[each], member) for member in MEMBERS},
            **_score(scored.get(each)),
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


def _last_moves(view: View, portfolio: UUID, shown: Sequence[UUID], cells: Cells) -> dict[UUID, Answer]:
    """The move that gave each its place; what never moved since it joined, or came back, has none."""
    placed = {each: set_by(cells[each], order_in(portfolio)) for each in shown}
    named = {str(each): value_of(cells[each], "name") for each in shown}
    decisions = decisions_at(view, placed.values(), named, MOVES)
    return {each: _move(decisions[position]) for each, position in placed.items() if position in decisions}


def _move(decision: Answer) -> Answer:
    said = decision["data"]
    return {"from_rank": said["from_rank"], "to_rank": said["to_rank"], "decision": decision}
