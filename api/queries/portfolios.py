"""Queries about portfolios."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import ONE_PORTFOLIO, PORTFOLIOS, WHY
from api.context import PREFIX
from api.queries.subject import why_of
from api.reading import Cursor, DeskOf, Limit
from projections.portfolios import list_portfolios, one_portfolio

router = APIRouter(prefix=f"{PREFIX}/portfolios", tags=["portfolios"])


@router.get("", responses=PORTFOLIOS)
def portfolios(desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """The portfolios in scope, with what they hold and what that sums to."""
    return desk.many(list_portfolios, limit, cursor)


@router.get("/{portfolio_id}", responses=ONE_PORTFOLIO)
def portfolio(portfolio_id: UUID, desk: DeskOf) -> Response:
    """One portfolio."""
    return desk.one(lambda view: one_portfolio(view, portfolio_id), f"no portfolio has the id {portfolio_id}")


@router.get("/{portfolio_id}/why", responses=WHY)
def why(portfolio_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """The decisions about the portfolio itself and its order, oldest first."""
    return why_of("portfolio", "portfolio_board_aspects", portfolio_id, desk, limit, cursor)
