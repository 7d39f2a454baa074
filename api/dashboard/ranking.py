"""The pages of the order of a portfolio, and of its matrix."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.dashboard.matrix_figure import figure_of, told_on
from api.dashboard.screen import PageRoute, Rows, ScreenOf, known_portfolio
from api.queries.ranking import MatrixOf, TwoMoments
from api.queries.scores import ModelName, Version
from api.reading import Cursor
from domain.kernel.refusal import NotFound
from domain.project.words import State
from projections.bounds import View
from projections.difference import reordered
from projections.matrix import Colour, Size, portfolio_matrix
from projections.priorities import PriorityFilter, list_priorities
from projections.scores import asked_of_portfolio
from projections.scoring_models import models_of

router = APIRouter(include_in_schema=False, route_class=PageRoute, prefix="/portfolios/{portfolio_id}")
StateOf = Annotated[State | None, Query()]


@router.get("/priorities")
def priorities(
    portfolio_id: UUID,
    screen: ScreenOf,
    moments: TwoMoments,
    state: StateOf = None,
    scoring_model: ModelName = None,
    version: Version = None,
    limit: Rows = 200,
    cursor: Cursor = None,
) -> Response:
    """What comes first, why it does, and what changed since another day."""
    with screen.view(cursor, limit) as (view, page):
        shown = known_portfolio(view, portfolio_id)
        if shown["name"] is None:
            return screen.nothing(view, shown["first_fact_at"])
        wanted = PriorityFilter(portfolio_id, (state,) if state else (), scoring_model, version)
        listed, more = list_priorities(view, wanted, page)
        return screen.show(
            "priorities.html",
            view,
            pin_now=moments is not None,
            portfolio=shown,
            rows=listed,
            moments=moments,
            changes=reordered(view, portfolio_id, moments) if moments else None,
            since=screen.request.query_params.get("from", "")[:10],
            until=screen.request.query_params.get("to", "")[:10],
            state=state or "",
            states=[("", "any"), *((each, each) for each in State)],
            **asked_of_portfolio(view, portfolio_id, scoring_model, version),
            models=_models(view, portfolio_id),
            page=page,
            turn=screen.turned(view, page, len(listed), more),
        )


@router.get("/matrix")
def matrix(portfolio_id: UUID, screen: ScreenOf, wanted: MatrixOf) -> Response:
    """The components on two axes; what lacks a value is listed with what is missing."""
    with screen.view(None, 1) as (view, _):
        shown = portfolio_matrix(view, portfolio_id, wanted)
        if shown is None:
            raise NotFound(f"no portfolio has the id {portfolio_id}")
        if shown["name"] is None:
            return screen.nothing(view, shown["first_fact_at"])
        return screen.show(
            "matrix.html",
            view,
            matrix=shown,
            figure=figure_of(shown),
            told=told_on,
            groups={each["group"]: each["name"] for each in shown["groups"]},
            models=_models(view, portfolio_id),
            measures=[(each["measure"], each["name"]) for each in shown["measures"]],
            sizes=[(each, each) for each in Size],
            colours=[(each, each) for each in Colour],
            states=[("", "all that is live"), *((each, each) for each in State)],
            state=wanted.states[0] if wanted.states else "",
        )


def _models(view: View, portfolio: UUID) -> list[tuple[str, str]]:
    """The names of its scoring models, to choose from."""
    return [(name, name) for name in sorted({key.name for key in models_of(view, portfolio)})]
