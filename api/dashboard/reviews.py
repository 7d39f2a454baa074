"""The pages of what asks for attention in a portfolio, and of its reviews."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.dashboard.screen import PageRoute, Rows, ScreenOf
from api.reading import Cursor
from domain.kernel.refusal import NotFound
from projections.attention import attention
from projections.bounds import View
from projections.paging import Answer
from projections.portfolios import one_portfolio
from projections.reviews import list_reviews, one_review

router = APIRouter(include_in_schema=False, route_class=PageRoute, prefix="/portfolios/{portfolio_id}")


@router.get("/attention")
def asking(portfolio_id: UUID, screen: ScreenOf, limit: Rows = 200, cursor: Cursor = None) -> Response:
    """What asks for attention, what is worst first, each with the fact that put it there."""
    with screen.view(cursor, limit) as (view, page):
        shown = _portfolio(view, portfolio_id)
        if shown["name"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        rows, more = attention(view, portfolio_id, page)
        turn = screen.turned(view, page, len(rows), more)
        return screen.show("attention.html", view, portfolio=shown, rows=rows, page=page, turn=turn)


@router.get("/reviews")
def reviews(portfolio_id: UUID, screen: ScreenOf, limit: Rows = 100, cursor: Cursor = None) -> Response:
    """The reviews of a portfolio, and when the next one is due."""
    with screen.view(cursor, limit) as (view, page):
        shown = _portfolio(view, portfolio_id)
        if shown["name"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        listed, more = list_reviews(view, portfolio_id, page)
        turn = screen.turned(view, page, len(listed), more)
        return screen.show("reviews.html", view, portfolio=shown, reviews=listed, page=page, turn=turn)


@router.get("/reviews/{review_id}")
def review(portfolio_id: UUID, review_id: UUID, screen: ScreenOf) -> Response:
    """A review: its agenda, what became of each item, and the minutes."""
    with screen.view(None, 1) as (view, _):
        shown, found = _portfolio(view, portfolio_id), one_review(view, portfolio_id, review_id)
        if found is None:
            raise NotFound(f"no review of this portfolio has the id {review_id}")
        if found["opened_at"] is None:
            return screen.nothing(view, found["first_fact_at"])
        return screen.show("review.html", view, portfolio=shown, review=found, names=_names(found))


def _portfolio(view: View, portfolio_id: UUID) -> Answer:
    found = one_portfolio(view, portfolio_id)
    if found is None:
        raise NotFound(f"no portfolio has the id {portfolio_id}")
    return found


def _names(review: Answer) -> dict[str, str]:
    """What everything is called that the minutes tell of."""
    subjects = [subject for decision in review["minutes"]["decisions"] for subject in decision["subjects"]]
    return {subject["id"]: subject["name"] for subject in subjects if subject["name"]}
