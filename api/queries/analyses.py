"""Queries about kept analyses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.analysis_answers import ANALYSES, ONE_ANALYSIS
from api.context import PREFIX
from api.reading import Cursor, DeskOf, Limit
from domain.choosing.analyses import AnalysisKind
from projections.analyses import AnalysisFilter, list_analyses, one_analysis

router = APIRouter(prefix=f"{PREFIX}/analyses", tags=["analyses"])


@router.get("", responses=ANALYSES)
def analyses(
    desk: DeskOf,
    portfolio: Annotated[UUID | None, Query(description="only those of this portfolio")] = None,
    project: Annotated[UUID | None, Query(description="only those of this component")] = None,
    kind: Annotated[AnalysisKind | None, Query(description="only those of this kind")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The analyses that are kept, the newest first, without inputs and results."""
    wanted = AnalysisFilter(portfolio, project, kind)
    return desk.many(lambda view, page: list_analyses(view, wanted, page), limit, cursor)


@router.get("/{analysis_id}", responses=ONE_ANALYSIS)
def analysis(analysis_id: UUID, desk: DeskOf) -> Response:
    """One analysis with its inputs and its result."""
    missing = f"no analysis has the id {analysis_id}"
    return desk.one(lambda view: one_analysis(view, analysis_id), analysis_id, missing)
