"""Queries about goals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import HISTORY
from api.context import PREFIX
from api.goal_answers import GOALS, ONE_GOAL, PORTFOLIO_GOALS
from api.queries.subject import about_portfolio, history_of, why_of
from api.reading import Cursor, DeskOf, Limit
from api.why_answers import WHY
from domain.strategy.words import GoalState
from projections.goals import GoalFilter, list_goals, one_goal, unaligned

router = APIRouter(prefix=PREFIX, tags=["goals"])
StateOf = Annotated[GoalState | None, Query(description="only open ones, or only retired ones")]


@router.get("/goals", responses=GOALS)
def goals(
    desk: DeskOf,
    portfolio: Annotated[UUID | None, Query(description="only those of this portfolio")] = None,
    state: StateOf = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Goals in scope with their key results, what contributes to them, how far they are and what that costs."""
    wanted = GoalFilter(portfolio, state)
    return desk.many(lambda view, page: list_goals(view, wanted, page), limit, cursor)


@router.get("/goals/{goal_id}", responses=ONE_GOAL)
def goal(goal_id: UUID, desk: DeskOf) -> Response:
    """One goal."""
    return desk.one(lambda view: one_goal(view, goal_id), goal_id, f"no goal has the id {goal_id}")


@router.get("/goals/{goal_id}/why", responses=WHY)
def why(goal_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """The decisions about it, oldest first: why it is pursued, and why each project contributes with its weight."""
    return why_of("goal", "goal_board_latest", goal_id, desk, limit, cursor)


@router.get("/goals/{goal_id}/history", responses=HISTORY)
def history(goal_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Every fact about it, oldest first: every weight it ever gave, every progress ever recorded."""
    return history_of("goal", "goal_board_latest", goal_id, desk, limit, cursor)


@router.get("/portfolios/{portfolio_id}/goals", responses=PORTFOLIO_GOALS)
def goals_of_portfolio(
    portfolio_id: UUID, desk: DeskOf, state: StateOf = None, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    """The goals of a portfolio; and which open ones no project serves, which live projects serve none."""
    return about_portfolio(
        desk,
        portfolio_id,
        lambda view, page: list_goals(view, GoalFilter(portfolio_id, state), page),
        limit,
        cursor,
        beside=lambda view: unaligned(view, portfolio_id),
    )
