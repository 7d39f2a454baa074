"""Decisions, and the audit trail over everything."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.answers import DECISIONS
from api.context import PREFIX
from api.governance_answers import TRAIL
from api.reading import Cursor, DeskOf, Limit
from domain.kernel.refusal import Invalid
from projections.bounds import View
from projections.changes import audited
from projections.journal import Wanted, decisions
from projections.paging import Answer, Page

router = APIRouter(prefix=PREFIX, tags=["why"])


def wanted_of(
    subject: Annotated[UUID | None, Query(description="only about this thing")] = None,
    portfolio: Annotated[UUID | None, Query(description="only about this portfolio and what it ever held")] = None,
    fact: Annotated[str | None, Query(description="a fact's name, or its verb, such as deprioritized")] = None,
    code: Annotated[str | None, Query(description="the reason code")] = None,
    actor: Annotated[str | None, Query(description="who did it")] = None,
    since: Annotated[date | None, Query(description="occurred on this day or later")] = None,
    until: Annotated[date | None, Query(description="occurred on this day or earlier")] = None,
    q: Annotated[str | None, Query(max_length=300, description="words; also “this quarter”, “last month”, …")] = None,
) -> Wanted:
    """What part of the trail is asked for."""
    if until == date.max:
        raise Invalid({"query:until": f"expected a day before {date.max}"})
    if since and until and since > until:
        raise Invalid({"query:until": f"expected a day from {since} on"})
    return Wanted(
        subject=subject,
        portfolio=portfolio,
        fact=fact,
        code=code,
        actor=actor,
        since=datetime.combine(since, time.min, UTC) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, UTC) if until else None,
        q=q,
    )


WantedOf = Annotated[Wanted, Depends(wanted_of)]


@router.get("/decisions", responses=DECISIONS)
def list_decisions(wanted: WantedOf, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Decisions with their reasons, newest first."""

    def query(view: View, page: Page) -> tuple[list[Answer], bool]:
        return decisions(view, replace(wanted, decisions_only=True), page)

    return desk.many(query, limit, cursor)


@router.get("/audit", responses=TRAIL)
def audit(wanted: WantedOf, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Every fact, newest first: who did what to which thing, when, why, and what the value was before."""
    return desk.many(lambda view, page: audited(view, wanted, page), limit, cursor)
