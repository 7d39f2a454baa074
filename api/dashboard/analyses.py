"""The pages of what was computed and kept: the analyses of a portfolio, one of them, and what its components bring."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.dashboard.screen import PageRoute, Rows, ScreenOf, known_portfolio
from api.queries.ranking import SortOf
from api.reading import Cursor
from domain.choosing.analyses import AnalysisKind
from domain.kernel.refusal import NotFound
from projections.analyses import AnalysisFilter, list_analyses, one_analysis
from projections.cost_benefits import list_cost_benefits
from projections.journal import actor_names

router = APIRouter(include_in_schema=False, route_class=PageRoute)
KindOf = Annotated[AnalysisKind | None, Query()]


@router.get("/portfolios/{portfolio_id}/analyses")
def analyses(
    portfolio_id: UUID, screen: ScreenOf, kind: KindOf = None, limit: Rows = 100, cursor: Cursor = None
) -> Response:
    """What a portfolio computed, the newest first."""
    with screen.view(cursor, limit) as (view, page):
        shown = known_portfolio(view, portfolio_id)
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
            portfolio=known_portfolio(view, UUID(found["portfolio"])),
            analysis=found,
            people=actor_names(view, {found["actor"]}),
        )


@router.get("/portfolios/{portfolio_id}/cost-benefit")
def cost_benefits(
    portfolio_id: UUID, screen: ScreenOf, sort: SortOf = "rank", limit: Rows = 200, cursor: Cursor = None
) -> Response:
    """What the components of a portfolio cost and bring; what nobody analysed comes last."""
    with screen.view(cursor, limit) as (view, page):
        shown = known_portfolio(view, portfolio_id)
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
