"""The pages of what was computed and kept: the analyses of a portfolio, one of them, and what its components bring."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.dashboard.screen import PageRoute, ScreenOf
from api.queries.ranking import SortOf
from api.reading import Cursor
from domain.choosing.analyses import AnalysisKind
from domain.kernel.refusal import NotFound
from projections.analyses import AnalysisFilter, list_analyses, one_analysis
from projections.bounds import View
from projections.cost_benefits import list_cost_benefits
from projections.journal import actor_names
from projections.paging import Answer
from projections.portfolios import portfolio_head

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Rows = Annotated[int, Query(ge=1, le=1000)]
KindOf = Annotated[AnalysisKind | None, Query()]


@router.get("/portfolios/{portfolio_id}/analyses")
def analyses(
    portfolio_id: UUID, screen: ScreenOf, kind: KindOf = None, limit: Rows = 100, cursor: Cursor = None
) -> Response:
    """What a portfolio computed, the newest first."""
    with screen.view(cursor, limit) as (view, page):
        shown = _portfolio(view, portfolio_id)
        if shown["name"] is None:
            return screen.nothing(view, shown["first_fact_at"])
        listed, more = list_analyses(view, AnalysisFilter(portfolio_id, kind=kind), page)
        return screen.show(
            "analyses.html",
            view,
            portfolio=shown,
            analyses=listed,
            people=actor_names(view, {each["actor"] for each in listed}),
            kind=kind or "",
            kinds=[("", "any"), *((each, each) for each in AnalysisKind)],
            page=page,
            turn=screen.turned(view, page, len(listed), more),
        )


@router.get("/analyses/{analysis_id}")
def analysis(analysis_id: UUID, screen: ScreenOf) -> Response:
    """One analysis: what came out, and what went in."""
    with screen.view(None, 1) as (view, _):
        found = one_analysis(view, analysis_id)
        if found is None:
            raise NotFound(f"no analysis has the id {analysis_id}")
        if found["portfolio"] is None:
            return screen.nothing(view, found["first_fact_at"])
        return screen.show(
            "analysis.html",
            view,
            portfolio=_portfolio(view, UUID(found["portfolio"])),
            analysis=found,
            people=actor_names(view, {found["actor"]}),
        )


@router.get("/portfolios/{portfolio_id}/cost-benefit")
def cost_benefits(
    portfolio_id: UUID, screen: ScreenOf, sort: SortOf = "rank", limit: Rows = 200, cursor: Cursor = None
) -> Response:
    """What the components of a portfolio cost and bring; what nobody analysed comes last."""
    with screen.view(cursor, limit) as (view, page):
        shown = _portfolio(view, portfolio_id)
        if shown["name"] is None:
            return screen.nothing(view, shown["first_fact_at"])
        listed, more = list_cost_benefits(view, portfolio_id, sort, page)
        return screen.show(
            "cost_benefits.html",
            view,
            portfolio=shown,
            rows=listed,
            sort=sort,
            page=page,
            turn=screen.turned(view, page, len(listed), more),
        )


def _portfolio(view: View, portfolio_id: UUID) -> Answer:
    found = portfolio_head(view, portfolio_id)
    if found is None:
        raise NotFound(f"no portfolio has the id {portfolio_id}")
    return found
