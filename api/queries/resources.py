"""Queries about people and teams."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import HISTORY, ONE_RESOURCE, RESOURCES, WHY
from api.context import PREFIX
from api.queries.subject import history_of, why_of
from api.reading import Cursor, DeskOf, Limit
from projections.resources import list_resources, one_resource

router = APIRouter(prefix=f"{PREFIX}/resources", tags=["resources"])


@router.get("", responses=RESOURCES)
def resources(desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """People and teams, with what their time is promised to."""
    return desk.many(list_resources, limit, cursor)


@router.get("/{resource_id}", responses=ONE_RESOURCE)
def resource(resource_id: UUID, desk: DeskOf) -> Response:
    """One person or team."""
    return desk.one(lambda view: one_resource(view, resource_id), resource_id, f"no resource has the id {resource_id}")


@router.get("/{resource_id}/why", responses=WHY)
def why(resource_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Where they were moved and why, oldest first."""
    return why_of("resource", "staffing_latest", resource_id, desk, limit, cursor)


@router.get("/{resource_id}/history", responses=HISTORY)
def history(resource_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Every fact about them, oldest first."""
    return history_of("resource", "staffing_latest", resource_id, desk, limit, cursor)
