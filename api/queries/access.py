"""Queries about who may do what."""

from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.context import PREFIX
from api.governance_answers import ACCESS
from api.reach import seen_from
from api.reading import Cursor, Desk, DeskOf, Limit
from domain.kernel.refusal import Forbidden, NotFound
from domain.operations import OPERATIONS, READERS
from projections.access import Asker, knows, list_access
from projections.bounds import View
from projections.paging import Answer, Page

router = APIRouter(prefix=PREFIX, tags=["access"])


@router.get("/access", responses=ACCESS)
def access(
    desk: DeskOf,
    who: Annotated[UUID | None, Query(description="only this person")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Who holds which role, where, since when and until when, given by whom and why, and what it lets them do.

    Auditors and administrators see everybody, others themselves.
    """
    asker = asker_of(desk, who)

    def query(view: View, page: Page) -> tuple[list[Answer], bool]:
        if who and not knows(view, who):
            raise NotFound(f"no person has the id {who}")
        return list_access(view, asker, who, verbs_of, page)

    return desk.many(query, limit, cursor, who)


def asker_of(desk: Desk, who: UUID | None) -> Asker:
    """Whose roles the caller may see: those in their places and all these show. Raises `Forbidden` for another's."""
    caller = desk.caller
    places = {place for role, place in caller.grants if role in READERS["access"]}
    if who not in {None, caller.person} and not places:
        roles = list(READERS["access"])
        raise Forbidden(f"to see what others may do needs the role {' or '.join(roles)}", roles=roles)
    if None in places:
        return Asker(caller.person, None)
    return Asker(caller.person, seen_from(desk.context.store, [place for place in places if place]).things)


@cache
def verbs_of(role: str) -> tuple[str, ...]:
    """The commands a role may give, as `<collection>.<verb>`."""
    return tuple(name for name, operation in OPERATIONS.items() if role in operation.roles)
