"""Queries about risks, issues, milestones and dependencies."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.context import PREFIX
from api.queries.subject import about_portfolio, about_project
from api.reading import Cursor, DeskOf, Limit
from api.register_answers import DEPENDENCIES, ISSUES, MILESTONES, RISKS
from domain.kernel.refusal import Invalid
from domain.project.words import RegisterState
from projections.dependencies import project_dependencies
from projections.milestones import list_milestones
from projections.registers import ISSUE_SORTS, RISK_SORTS, RegisterFilter, list_issues, list_risks

router = APIRouter(prefix=PREFIX, tags=["register"])
Sort = Annotated[str, Query(description="a field, `-` in front for descending; what has none comes last")]
AnyState = Annotated[RegisterState | None, Query(description="only those in this state")]
Open = Annotated[RegisterState, Query(description="only those in this state")]


@router.get("/projects/{project_id}/risks", responses=RISKS)
def risks(
    project_id: UUID,
    desk: DeskOf,
    state: AnyState = None,
    sort: Sort = "-severity",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Its risks, the severest first."""
    wanted = RegisterFilter(project=project_id, state=state)
    _must_be_one_of(RISK_SORTS, sort)
    return about_project(desk, project_id, lambda view, page: list_risks(view, wanted, sort, page), limit, cursor)


@router.get("/projects/{project_id}/issues", responses=ISSUES)
def issues(
    project_id: UUID,
    desk: DeskOf,
    state: AnyState = None,
    sort: Sort = "-impact",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Its issues, those of the highest impact first."""
    wanted = RegisterFilter(project=project_id, state=state)
    _must_be_one_of(ISSUE_SORTS, sort)
    return about_project(desk, project_id, lambda view, page: list_issues(view, wanted, sort, page), limit, cursor)


@router.get("/projects/{project_id}/milestones", responses=MILESTONES)
def milestones(project_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Its milestones by the day they are expected or were reached, each with its slippage."""
    return about_project(desk, project_id, lambda view, page: list_milestones(view, project_id, page), limit, cursor)


@router.get("/projects/{project_id}/dependencies", responses=DEPENDENCIES)
def dependencies(project_id: UUID, desk: DeskOf) -> Response:
    """What it needs before it can start, and what needs it, each with the decision behind it."""
    missing = f"no project has the id {project_id}"
    return desk.one(lambda view: project_dependencies(view, project_id), project_id, missing)


@router.get("/portfolios/{portfolio_id}/risks", responses=RISKS)
def risks_of_portfolio(
    portfolio_id: UUID,
    desk: DeskOf,
    state: Open = RegisterState.OPEN,
    sort: Sort = "-severity",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The open risks of everything it holds, the severest first."""
    wanted = RegisterFilter(portfolio=portfolio_id, state=state)
    _must_be_one_of(RISK_SORTS, sort)
    return about_portfolio(desk, portfolio_id, lambda view, page: list_risks(view, wanted, sort, page), limit, cursor)


@router.get("/portfolios/{portfolio_id}/issues", responses=ISSUES)
def issues_of_portfolio(
    portfolio_id: UUID,
    desk: DeskOf,
    state: Open = RegisterState.OPEN,
    sort: Sort = "-impact",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The open issues of everything it holds, those of the highest impact first."""
    wanted = RegisterFilter(portfolio=portfolio_id, state=state)
    _must_be_one_of(ISSUE_SORTS, sort)
    return about_portfolio(desk, portfolio_id, lambda view, page: list_issues(view, wanted, sort, page), limit, cursor)


def _must_be_one_of(sorts: Collection[str], sort: str) -> None:
    if sort.removeprefix("-") not in sorts:
        told = ", ".join(sorted(sorts))
        raise Invalid({"query:sort": f"expected one of {told}, with - in front for descending"})
