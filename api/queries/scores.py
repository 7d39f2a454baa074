"""Queries about scoring models, and about scores under them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.context import PREFIX
from api.queries.subject import about_portfolio
from api.reading import Cursor, DeskOf, Limit
from api.score_answers import PORTFOLIO_SCORES, PROJECT_SCORES, SCORING_MODELS
from projections.scores import asked_of_portfolio, portfolio_scores, project_scores
from projections.scoring_models import scoring_models

router = APIRouter(prefix=PREFIX, tags=["scores"])
ModelName = Annotated[
    str | None, Query(description="a scoring model of the portfolio; left out, that of its policy, else its newest")
]
Version = Annotated[int | None, Query(ge=1, description="its version; left out, its newest, or that of the policy")]


@router.get("/portfolios/{portfolio_id}/scoring-models", responses=SCORING_MODELS)
def models(portfolio_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Every version of its scoring models, the newest first, each with the decision that set it."""
    return about_portfolio(
        desk, portfolio_id, lambda view, page: scoring_models(view, portfolio_id, page), limit, cursor
    )


@router.get("/portfolios/{portfolio_id}/scores", responses=PORTFOLIO_SCORES)
def scores(
    portfolio_id: UUID,
    desk: DeskOf,
    scoring_model: ModelName = None,
    version: Version = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Everything it holds, the highest score first; what lacks a score is last, unranked, with what is missing."""
    return about_portfolio(
        desk,
        portfolio_id,
        lambda view, page: portfolio_scores(view, portfolio_id, scoring_model, version, page),
        limit,
        cursor,
        lambda view: asked_of_portfolio(view, portfolio_id, scoring_model, version),
    )


@router.get("/projects/{project_id}/scores", responses=PROJECT_SCORES)
def scores_of_project(project_id: UUID, desk: DeskOf) -> Response:
    """What it is evaluated under, and its score under every model, by scorer, with what is missing."""
    return desk.one(lambda view: project_scores(view, project_id), project_id, f"no project has the id {project_id}")
