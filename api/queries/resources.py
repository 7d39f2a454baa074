"""Queries about people and teams."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.answers import HISTORY
from api.context import PREFIX
from api.queries.subject import history_of, why_of
from api.reading import Cursor, DeskOf, Limit
from api.resource_answers import ONE_RESOURCE, REQUESTS, RESOURCES, WORKLOAD
from api.why_answers import WHY
from domain.kernel.refusal import Invalid
from domain.kernel.types import DAY_PATTERN
from projections.requests import RequestFilter, RequestStatus, list_requests
from projections.resources import list_resources, one_resource
from projections.staffing import staff_of
from projections.weeks import Whom
from projections.workload import By, workload

EARLIEST, LATEST = date(1900, 1, 1), date(9990, 12, 31)
LONGEST = timedelta(weeks=105)
router = APIRouter(prefix=PREFIX, tags=["resources"])


@router.get("/resources", responses=RESOURCES)
def resources(desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """People and teams, with what their time is promised to."""
    return desk.many(list_resources, limit, cursor)


@router.get("/resources/{resource_id}", responses=ONE_RESOURCE)
def resource(resource_id: UUID, desk: DeskOf) -> Response:
    """One person or team."""
    return desk.one(lambda view: one_resource(view, resource_id), resource_id, f"no resource has the id {resource_id}")


@router.get("/resources/{resource_id}/why", responses=WHY)
def why(resource_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Where they were moved and why, oldest first."""
    return why_of("resource", "staffing_latest", resource_id, desk, limit, cursor)


@router.get("/resources/{resource_id}/history", responses=HISTORY)
def history(resource_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Every fact about them, oldest first."""
    return history_of("resource", "staffing_latest", resource_id, desk, limit, cursor)


@router.get("/requests", responses=REQUESTS)
def requests(
    desk: DeskOf,
    portfolio: Annotated[UUID | None, Query(description="only those of its components")] = None,
    project: Annotated[UUID | None, Query(description="only those of this component")] = None,
    status: Annotated[RequestStatus | None, Query(description="what became of them")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What projects ask for, by the day from which somebody is needed, and what became of it."""
    wanted = RequestFilter(portfolio, project, status)
    return desk.many(lambda view, page: list_requests(view, wanted, page), limit, cursor)


Days = tuple[date | None, date | None]


def days_of(
    from_: Annotated[str | None, Query(alias="from", description="a day of the first week")] = None,
    to: Annotated[
        str | None,
        Query(
            description="a day of the last week; if only one is given, twelve weeks are shown; if none, the next twelve"
        ),
    ] = None,
) -> Days:
    """The first and the last day that are asked for. Raises `Invalid`."""
    found, errors = {}, {}
    for name, given in (("from", from_), ("to", to)):
        try:
            found[name] = _day(given)
        except ValueError:
            errors[f"query:{name}"] = f"expected a date from {EARLIEST} to {LATEST}, such as 2026-03-31"
    if errors:
        raise Invalid(errors)
    first, last = found["from"], found["to"]
    if first and last and (last < first or last - first > LONGEST):
        raise Invalid(
            {"query:to": f"expected a day from {first} on, at most {LONGEST.days // 7} weeks later; got {last}"}
        )
    return first, last


def _day(given: str | None) -> date | None:
    if given is None:
        return None
    found = date.fromisoformat(given) if DAY_PATTERN.fullmatch(given) else None
    if found is None or not EARLIEST <= found <= LATEST:
        raise ValueError(given)
    return found


@router.get("/portfolios/{portfolio_id}/workload", responses=WORKLOAD)
def load(
    portfolio_id: UUID,
    desk: DeskOf,
    days: Annotated[Days, Depends(days_of)],
    by: Annotated[By, Query(description="a row for each person or team, or for each role")] = By.PERSON,
    people: Annotated[
        Whom, Query(description="those who work for the portfolio, or everybody in scope")
    ] = Whom.ASSIGNED,
) -> Response:
    """How much of the time there is is promised, week by week, and what makes that up."""
    return desk.one(
        lambda view: workload(view, portfolio_id, days, by, people),
        portfolio_id,
        f"no portfolio has the id {portfolio_id}",
        staff_of,
    )
