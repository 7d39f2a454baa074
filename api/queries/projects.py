"""Queries about components."""

from collections.abc import Collection
from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import HISTORY, ONE_PROJECT, PROJECTS
from api.baseline_answers import PROJECT_BASELINES
from api.case_answers import PROJECT_CASE
from api.context import PREFIX
from api.money_answers import PROJECT_MONEY
from api.queries.subject import about_project, history_of, why_of
from api.reach import Reach, Thing
from api.reading import Cursor, Desk, DeskOf, Limit
from api.status_answers import STATUS_UPDATES
from api.why_answers import WHY
from domain.identity.words import Place
from domain.kernel.refusal import Invalid
from domain.operations import OPERATIONS
from domain.project.words import Health, State
from projections.accounts import project_money
from projections.baselines import project_baselines
from projections.business_cases import business_case
from projections.projects import SORTS, Moves, ProjectFilter, list_projects, one_project
from projections.status_updates import status_updates

router = APIRouter(prefix=f"{PREFIX}/projects", tags=["projects"])
SORTABLE = sorted([*SORTS, "rank"])


@router.get("", responses=PROJECTS)
def projects(
    desk: DeskOf,
    portfolio: Annotated[UUID | None, Query(description="only components this portfolio holds")] = None,
    state: Annotated[list[State] | None, Query(description="only in any of these states")] = None,
    health: Annotated[
        list[Health] | None, Query(description="only live ones, not on hold, with any of these declared healths")
    ] = None,
    owner: Annotated[str | None, Query(description="only with exactly this owner")] = None,
    q: Annotated[str | None, Query(description="only if key or name contains this, whatever its case")] = None,
    sort: Annotated[str, Query(description="a field, `-` in front for descending")] = "name",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Components in scope, or those of one portfolio."""
    if sort.removeprefix("-") not in SORTABLE:
        raise Invalid({"query:sort": "expected one of " + ", ".join(SORTABLE) + ", with - in front for descending"})
    if sort.removeprefix("-") == "rank" and portfolio is None:
        raise Invalid({"query:sort": "rank is the order of a portfolio; give portfolio too"})
    wanted = ProjectFilter(portfolio, tuple(state or ()), tuple(health or ()), owner, q)
    moves = moves_of(desk)
    return desk.many(lambda view, page: list_projects(view, wanted, sort, page, moves), limit, cursor, portfolio)


@router.get("/{project_id}", responses=ONE_PROJECT)
def project(
    project_id: UUID,
    desk: DeskOf,
    portfolio: Annotated[UUID | None, Query(description="whose rank is meant, if several hold it")] = None,
) -> Response:
    """One component, also when no portfolio holds it any more."""
    moves = moves_of(desk)
    return desk.one(
        lambda view: one_project(view, project_id, moves, portfolio), project_id, f"no project has the id {project_id}"
    )


@router.get("/{project_id}/money", responses=PROJECT_MONEY)
def money(project_id: UUID, desk: DeskOf) -> Response:
    """Its plan against actual by month and category; of a program also what belongs to it."""
    return desk.one(lambda view: project_money(view, project_id), project_id, f"no project has the id {project_id}")


@router.get("/{project_id}/business-case", responses=PROJECT_CASE)
def case(project_id: UUID, desk: DeskOf) -> Response:
    """What speaks for it, in versions; before it is submitted also what is missing, by JSON pointer."""
    return desk.one(lambda view: business_case(view, project_id), project_id, f"no project has the id {project_id}")


@router.get("/{project_id}/baselines", responses=PROJECT_BASELINES)
def baselines(project_id: UUID, desk: DeskOf) -> Response:
    """All dates and costs it was ever held to, oldest first, each against what is expected now."""
    missing = f"no project has the id {project_id}"
    return desk.one(lambda view: project_baselines(view, project_id), project_id, missing)


@router.get("/{project_id}/why", responses=WHY)
def why(project_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Its story in decisions, oldest first, each with its reason."""
    return why_of("project", "project_board_latest", project_id, desk, limit, cursor)


@router.get("/{project_id}/history", responses=HISTORY)
def history(project_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Every fact about it, oldest first."""
    return history_of("project", "project_board_latest", project_id, desk, limit, cursor)


@router.get("/{project_id}/status-updates", responses=STATUS_UPDATES)
def updates(project_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Its status updates, newest first, each with the figures that were frozen with it."""
    return about_project(desk, project_id, lambda view, page: status_updates(view, project_id, page), limit, cursor)


def moves_of(desk: Desk) -> Moves:
    """Which verbs are open to the caller on a component."""
    everywhere, held = all(place is None for _, place in desk.caller.grants), desk.caller.places
    reach = Reach(desk.context.store, held)

    @cache  # a thousand components are in few states and few places
    def open_in(verbs: tuple[str, ...], *places: frozenset[Place]) -> list[str]:
        return [verb for verb in verbs if desk.caller.may(OPERATIONS[f"projects.{verb}"].roles, places)]

    def moves(project_id: UUID, verbs: tuple[str, ...], proposers: Collection[str]) -> list[str]:
        places = [] if everywhere else [held & reach.now(Thing("project", project_id))]
        own = desk.caller.actor in proposers
        return [verb for verb in open_in(verbs, *places) if not (own and verb == "authorize")]

    return moves
