"""Queries about what asks for attention in a portfolio, and about its reviews."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.context import PREFIX
from api.queries.subject import about_portfolio
from api.reading import Cursor, DeskOf, Limit
from api.review_answers import ATTENTION, ONE_REVIEW, REVIEWS
from projections.attention import attention
from projections.reviews import list_reviews, one_review

router = APIRouter(prefix=f"{PREFIX}/portfolios/{{portfolio_id}}", tags=["reviews"])


@router.get("/attention", responses=ATTENTION)
def asking(portfolio_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """What asks for attention, what is worst first: trouble, overdue updates, review dates and resumes that passed,
    live components without a goal; each with the fact that put it there.
    """

    return about_portfolio(desk, portfolio_id, lambda view, page: attention(view, portfolio_id, page), limit, cursor)


@router.get("/reviews", responses=REVIEWS)
def reviews(portfolio_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Its reviews, newest first."""
    return about_portfolio(desk, portfolio_id, lambda view, page: list_reviews(view, portfolio_id, page), limit, cursor)


@router.get("/reviews/{review_id}", responses=ONE_REVIEW)
def review(portfolio_id: UUID, review_id: UUID, desk: DeskOf) -> Response:
    """A review: its agenda as it was frozen, what became of each item, and the decisions taken in it."""
    missing = f"no review of this portfolio has the id {review_id}"
    return desk.one(lambda view: one_review(view, portfolio_id, review_id), portfolio_id, missing)
