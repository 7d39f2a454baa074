"""Queries about benefits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.benefit_answers import BENEFITS
from api.context import PREFIX
from api.queries.subject import about_portfolio, about_project
from api.reading import Cursor, DeskOf, Limit
from domain.project.words import BenefitStatus
from projections.benefits import BenefitFilter, list_benefits, summed_up

router = APIRouter(prefix=PREFIX, tags=["benefits"])
OfStatus = Annotated[BenefitStatus | None, Query(description="only those that stand like this")]
Due = Annotated[bool | None, Query(description="only those whose review is due, or only those it is not")]


@router.get("/projects/{project_id}/benefits", responses=BENEFITS)
def benefits(
    project_id: UUID,
    desk: DeskOf,
    status: OfStatus = None,
    due: Due = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Its benefits, actual against plan, by the day they are promised for; of a program also of what belongs to it."""
    wanted = BenefitFilter(project=project_id, status=status, due=due)
    return about_project(
        desk,
        project_id,
        lambda view, page: list_benefits(view, wanted, page),
        limit,
        cursor,
        beside=lambda view: summed_up(view, wanted),
    )


@router.get("/portfolios/{portfolio_id}/benefits", responses=BENEFITS)
def benefits_of_portfolio(
    portfolio_id: UUID,
    desk: DeskOf,
    status: OfStatus = None,
    due: Due = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The benefits of everything it holds: how many were reviewed, which are due, sums where units match."""
    wanted = BenefitFilter(portfolio=portfolio_id, status=status, due=due)
    return about_portfolio(
        desk,
        portfolio_id,
        lambda view, page: list_benefits(view, wanted, page),
        limit,
        cursor,
        beside=lambda view: summed_up(view, wanted),
    )
