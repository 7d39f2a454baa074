"""Queries about portfolios."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.answers import ONE_PORTFOLIO, PORTFOLIOS
from api.context import PREFIX
from api.difference_answers import DIFFERENCES
from api.money_answers import PORTFOLIO_MONEY
from api.queries.subject import must_be_known, why_of
from api.reading import Cursor, DeskOf, Limit
from api.why_answers import WHY
from domain.kernel.instants import rfc3339
from domain.kernel.refusal import Invalid
from projections.accounts import portfolio_money
from projections.bounds import View, moment
from projections.difference import Axis, Moments, difference
from projections.paging import Answer, Page, decode_cursor
from projections.portfolios import list_portfolios, one_portfolio

router = APIRouter(prefix=f"{PREFIX}/portfolios", tags=["portfolios"])


@router.get("", responses=PORTFOLIOS)
def portfolios(desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """The portfolios in scope, with what they hold and what that sums to."""
    return desk.many(list_portfolios, limit, cursor)


@router.get("/{portfolio_id}", responses=ONE_PORTFOLIO)
def portfolio(portfolio_id: UUID, desk: DeskOf) -> Response:
    """One portfolio."""
    return desk.one(
        lambda view: one_portfolio(view, portfolio_id), portfolio_id, f"no portfolio has the id {portfolio_id}"
    )


@router.get("/{portfolio_id}/money", responses=PORTFOLIO_MONEY)
def money(portfolio_id: UUID, desk: DeskOf) -> Response:
    """Its budgets and rates, and what its components come to by month."""
    return desk.one(
        lambda view: portfolio_money(view, portfolio_id), portfolio_id, f"no portfolio has the id {portfolio_id}"
    )


@router.get("/{portfolio_id}/why", responses=WHY)
def why(portfolio_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """The decisions about the portfolio itself and its order, oldest first."""
    return why_of("portfolio", "portfolio_board_latest", portfolio_id, desk, limit, cursor)


FROM = Query(alias="from", description="the earlier moment: a date (its end, UTC) or an instant")
To = Annotated[str | None, Query(description="the later moment; left out, the clock of the answer")]
ClockOf = Annotated[Axis, Query(description="compare what was recorded, or what had occurred, by then")]


def moments_of(
    desk: DeskOf, from_: Annotated[str, FROM], to: To = None, clock: ClockOf = Axis.RECORDED, cursor: Cursor = None
) -> Moments:
    """The two moments; those of a cursor are the first page's. Raises `Invalid`."""
    now, held = desk.context.clock(), decode_cursor(cursor) if cursor else {}
    errors, found = {}, {}
    for name, given in (("from", from_), ("to", to)):
        try:
            found[name] = moment(held.get(name) or given, now)
        except ValueError as error:
            errors[f"query:{name}"] = str(error)
    if errors:
        raise Invalid(errors)
    bounds = replace(desk.bounds, as_of=None) if clock is Axis.RECORDED else desk.bounds
    earlier, later = found["from"], found["to"] or desk.context.reads.now(bounds)
    if earlier is None or earlier > later:
        raise Invalid({"query:from": f"{from_} is after {rfc3339(later)}"})
    return Moments(earlier, later, clock)


@router.get("/{portfolio_id}/diff", responses=DIFFERENCES)
def diff(
    portfolio_id: UUID,
    desk: DeskOf,
    moments: Annotated[Moments, Depends(moments_of)],
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What differs between two moments, each difference with the decision behind it."""

    def query(view: View, page: Page) -> tuple[list[Answer], bool]:
        must_be_known(view, "portfolio", "portfolio_board_latest", portfolio_id)
        return difference(view, portfolio_id, moments, page)

    compared: dict[str, Any] = {"from": rfc3339(moments.earlier), "to": rfc3339(moments.later), "clock": moments.axis}
    return desk.many(query, limit, cursor, portfolio_id, id=str(portfolio_id), **compared)
