"""The page of what lies ahead of a portfolio: its risks, issues and benefits; and the same of one project."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.dashboard.screen import PageRoute, Rows, ScreenOf
from api.reading import Cursor
from domain.kernel.refusal import NotFound
from domain.project.words import RegisterState
from projections.benefits import BenefitFilter, list_benefits, summed_up
from projections.bounds import View
from projections.dependencies import project_dependencies
from projections.milestones import list_milestones
from projections.paging import EVERY
from projections.portfolios import one_portfolio
from projections.registers import RegisterFilter, list_issues, list_risks

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/portfolios/{portfolio_id}/risks")
def risks(portfolio_id: UUID, screen: ScreenOf, limit: Rows = 200, cursor: Cursor = None) -> Response:
    """What might happen to a portfolio, what did, and what is to come of it."""
    with screen.view(cursor, limit) as (view, page):
        shown = one_portfolio(view, portfolio_id)
        if shown is None:
            raise NotFound(f"no portfolio has the id {portfolio_id}")
        if shown["name"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        wanted = RegisterFilter(portfolio=portfolio_id, state=RegisterState.OPEN)
        listed, more = list_risks(view, wanted, "-severity", page)
        promised = BenefitFilter(portfolio=portfolio_id)
        return screen.show(
            "risks.html",
            view,
            portfolio=shown,
            risks=listed,
            unassessed=sum(each["severity"] is None for each in listed),
            issues=list_issues(view, wanted, "-impact", EVERY)[0],
            benefits=list_benefits(view, promised, EVERY)[0],
            **summed_up(view, promised),
            page=page,
            turn=screen.turned(view, page, len(listed), more),
        )


def ahead_of(view: View, project: UUID) -> dict[str, Any]:
    """What the page of a project tells of its milestones, register, dependencies and benefits."""
    wanted = RegisterFilter(project=project)
    return {
        "milestones": list_milestones(view, project, EVERY)[0],
        "risks": list_risks(view, wanted, "-severity", EVERY)[0],
        "issues": list_issues(view, wanted, "-impact", EVERY)[0],
        "dependencies": project_dependencies(view, project),
        "benefits": list_benefits(view, BenefitFilter(project=project), EVERY)[0],
    }
