"""The pages of people: who they are, what their time is promised to, and how much of it week by week."""

from operator import itemgetter
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.dashboard.screen import PageRoute, Rows, ScreenOf
from api.queries.resources import Days, days_of
from api.reading import Cursor
from domain.kernel.refusal import NotFound
from projections.paging import Page, ordered, page_of
from projections.portfolios import portfolio_names
from projections.projects import ProjectFilter, found_projects
from projections.requests import RequestFilter, RequestStatus, list_requests
from projections.resources import list_resources, of_these, one_resource, over_allocated
from projections.weeks import Whom
from projections.workload import By, workload

router = APIRouter(include_in_schema=False, route_class=PageRoute)
REQUESTS = Page(200)


@router.get("/people")
def people(
    screen: ScreenOf,
    portfolio: UUID | None = None,
    over: Literal["yes"] | None = None,
    limit: Rows = 200,
    cursor: Cursor = None,
) -> Response:
    """People and teams with what their time is promised to; `over` = those of the portfolio with too much."""
    with screen.view(cursor, limit) as (view, page):
        held, _ = found_projects(view, ProjectFilter(portfolio), "name")
        too_much = of_these(over_allocated(view), held)
        if over:
            told = [found for each in too_much if (found := one_resource(view, each))]
            listed, more = page_of(ordered(told, itemgetter("name"), itemgetter("id"), descending=False), page)
        else:
            listed, more = list_resources(view, page)
        return screen.show(
            "people.html",
            view,
            people=listed,
            too_much={str(each) for each in too_much},
            over=over,
            named={str(each): name for each, name in portfolio_names(view).items()},
            requests=list_requests(view, RequestFilter(portfolio, status=RequestStatus.OPEN), REQUESTS)[0],
            now=view.now.date().isoformat(),
            chosen=str(portfolio) if portfolio else None,
            page=page,
            turn=screen.turned(view, page, len(listed), more),
        )


@router.get("/portfolios/{portfolio_id}/workload")
def load(
    portfolio_id: UUID,
    screen: ScreenOf,
    days: Annotated[Days, Depends(days_of)],
    by: By = By.PERSON,
    people: Whom = Whom.ASSIGNED,
) -> Response:
    """How much of the time there is is promised, week by week; each number opens what makes it up."""
    with screen.view(None, 1) as (view, _):
        shown = workload(view, portfolio_id, days, by, people)
        if shown is None:
            raise NotFound(f"no portfolio has the id {portfolio_id}")
        if shown["name"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        return screen.show("workload.html", view, pin_now=True, load=shown)
