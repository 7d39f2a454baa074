"""Queries about the order of a portfolio, its matrix, and what its components cost and bring."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.context import PREFIX
from api.dashboard.matrix_figure import svg_of
from api.queries.portfolios import FROM, ClockOf, To, moments_of
from api.queries.scores import ModelName, Version
from api.queries.subject import about_portfolio
from api.ranking_answers import COST_BENEFITS, MATRIX, MATRIX_SVG, PRIORITIES
from api.reading import Cursor, DeskOf, Limit
from domain.kernel.instants import rfc3339
from domain.kernel.refusal import Invalid, NotFound
from domain.project.words import State
from projections.cost_benefits import SORTS, list_cost_benefits
from projections.difference import Axis, Moments, reordered
from projections.matrix import Colour, Size, Wanted, portfolio_matrix
from projections.priorities import PriorityFilter, list_priorities
from projections.scores import asked_of_portfolio

router = APIRouter(prefix=f"{PREFIX}/portfolios/{{portfolio_id}}", tags=["portfolios"])
States = Annotated[list[State] | None, Query(description="only in any of these states")]


def two_moments(
    desk: DeskOf,
    from_: Annotated[str | None, FROM] = None,
    to: To = None,
    clock: ClockOf = Axis.RECORDED,
    cursor: Cursor = None,
) -> Moments | None:
    """The moments between which two rankings are compared, if that is asked for. Raises `Invalid`."""
    if from_ is None:
        if to is not None:
            raise Invalid({"query:to": "expected together with from, the earlier of two moments"})
        return None
    return moments_of(desk, from_, to, clock, cursor)


def matrix_of(
    x: Annotated[str | None, Query(description="a measure to the right, as `measures` lists them")] = None,
    y: Annotated[str | None, Query(description="a measure upwards")] = None,
    size: Annotated[Size, Query(description="the money that makes a component large")] = Size.COST,
    colour: Annotated[Colour, Query(description="what those of one colour have in common")] = Colour.GOAL,
    state: Annotated[list[State] | None, Query(description="only in any of these states; else all live ones")] = None,
    scoring_model: ModelName = None,
    version: Version = None,
) -> Wanted:
    """Which matrix is asked for."""
    return Wanted(x, y, size, colour, tuple(state or ()), scoring_model, version)


def sort_of(
    sort: Annotated[str, Query(description="a figure, rank or name; `-` in front for descending")] = "rank",
) -> str:
    """The order that costs and benefits are asked for in. Raises `Invalid`."""
    if sort.removeprefix("-") not in SORTS:
        raise Invalid({"query:sort": "expected one of " + ", ".join(SORTS) + ", with - in front for descending"})
    return sort


SortOf = Annotated[str, Depends(sort_of)]
MatrixOf = Annotated[Wanted, Depends(matrix_of)]
TwoMoments = Annotated[Moments | None, Depends(two_moments)]


@router.get("/priorities", responses=PRIORITIES)
def priorities(
    portfolio_id: UUID,
    desk: DeskOf,
    moments: TwoMoments,
    state: States = None,
    scoring_model: ModelName = None,
    version: Version = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Its order, each with the last move and its reason; with `from` also what differs between two rankings."""
    wanted = PriorityFilter(portfolio_id, tuple(state or ()), scoring_model, version)
    compared: dict[str, Any] = {
        "from": rfc3339(moments.earlier) if moments else None,
        "to": rfc3339(moments.later) if moments else None,
        "clock": moments.axis if moments else None,
    }
    return about_portfolio(
        desk,
        portfolio_id,
        lambda view, page: list_priorities(view, wanted, page),
        limit,
        cursor,
        beside=lambda view: {
            "changes": reordered(view, portfolio_id, moments) if moments else None,
            **asked_of_portfolio(view, portfolio_id, scoring_model, version),
        },
        **compared,
    )


@router.get("/cost-benefit", responses=COST_BENEFITS)
def cost_benefits(
    portfolio_id: UUID,
    desk: DeskOf,
    sort: SortOf,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What its components cost and bring, each by its latest cost-benefit analysis."""
    return about_portfolio(
        desk, portfolio_id, lambda view, page: list_cost_benefits(view, portfolio_id, sort, page), limit, cursor
    )


@router.get("/matrix", responses=MATRIX)
def matrix(portfolio_id: UUID, desk: DeskOf, wanted: MatrixOf) -> Response:
    """Its components on two axes, with quadrants; who lacks a value is told apart, with what is missing."""
    missing = f"no portfolio has the id {portfolio_id}"
    return desk.one(lambda view: portfolio_matrix(view, portfolio_id, wanted), portfolio_id, missing)


@router.get("/matrix.svg", responses=MATRIX_SVG)
def picture(portfolio_id: UUID, desk: DeskOf, wanted: MatrixOf) -> Response:
    """The same as a picture that stands alone, light or dark as the reader's system is.

    `X-Position` is the position it is complete up to.
    """
    with desk.view() as view:
        found = portfolio_matrix(view, portfolio_id, wanted)
        if found is None:
            raise NotFound(f"no portfolio has the id {portfolio_id}")
        return Response(svg_of(found), headers={"X-Position": str(view.upto)}, media_type="image/svg+xml")
