"""What every read takes: bounds, a page, a write to wait for; and the view it reads from."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from fastapi.dependencies.models import Dependant
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.desk import position_of
from api.identity import CallerOf, ContextOf, admit, scope_of
from api.problems import Behind
from domain.kernel.refusal import Invalid, NotFound
from projections.bounds import Bounds, View, moment
from projections.goal_board import goals_circle_of
from projections.journal import nothing_yet
from projections.paging import Answer, Page, decode_cursor, encode_cursor
from projections.project_board import circle_of
from projections.schedule_board import dependency_circle_of
from projections.subsidiaries import family_circle_of

WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 10.0
POLL_SECONDS = 0.01
WAIT_PATTERN = re.compile(r"(?:^|,)\s*wait\s*=\s*(\d+)")


async def known_parameters(request: Request) -> None:
    """Refuse a parameter this route does not take: a typo must not answer for something else."""
    known = _parameters(request.scope["route"].dependant)
    with_nul = {
        f"query:{name}": "expected text without the NUL character"
        for name, text in request.query_params.items()
        if "\x00" in text
    }
    if with_nul:
        raise Invalid(with_nul)
    unknown = {
        f"query:{name}": "not a parameter here; expected one of " + ", ".join(sorted(known))
        for name in request.query_params
        if name not in known
    }
    if unknown:
        raise Invalid(unknown)


def _parameters(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*map(_parameters, dependant.dependencies))


def bounds_of(
    context: ContextOf,
    as_of: Annotated[str | None, Query(description="valid time: a date (its end, UTC) or an instant")] = None,
    known_at: Annotated[str | None, Query(description="recorded time: a date (its end, UTC) or an instant")] = None,
    at: Annotated[int | None, Query(ge=0, description="log position; exact and immutable")] = None,
) -> Bounds:
    """The three bounds. Raises `Invalid` for a future instant or a position past the head."""
    now = context.clock()
    errors: dict[str, str] = {}
    found = {}
    for name, given in (("as_of", as_of), ("known_at", known_at)):
        try:
            found[name] = moment(given, now)
        except ValueError as error:
            errors[f"query:{name}"] = str(error)
    if at is not None and at > (head := context.store.head()):
        errors["query:at"] = f"{at} is past the head, {head}"
    if errors:
        raise Invalid(errors)
    return Bounds(found["as_of"], found["known_at"], at)


async def caught_up(
    request: Request,
    context: ContextOf,
    bounds: Annotated[Bounds, Depends(bounds_of)],
    after: Annotated[str | None, Query(description="the token of a receipt: wait until it shows")] = None,
    prefer: Annotated[str | None, Header(description="wait=n: seconds to wait for `after`, up to 10")] = None,
) -> None:
    """Wait until the read models passed a write, or the position asked for; takes no thread. Raises `Behind`."""
    wanted = bounds.at or 0
    if after is not None:
        wanted = max(wanted, position_of(after, await run_in_threadpool(context.store.epoch)))
    if not wanted:
        return
    asked = WAIT_PATTERN.search(prefer or "")
    seconds = min(float(asked[1]), LONGEST_WAIT_SECONDS) if asked else WAIT_SECONDS
    started = monotonic()
    deadline = started + seconds
    while await run_in_threadpool(context.reads.position) < wanted:
        left = deadline - monotonic()
        if left <= 0 or context.progress.ended:
            raise Behind(f"the read models have not passed position {wanted} within {seconds:g} s")
        await context.progress.moved(min(left, POLL_SECONDS))
    request.app.state.metrics.waited(monotonic() - started)


class Desk:
    """Opens views for one request."""

    def __init__(
        self,
        request: Request,
        context: ContextOf,
        caller: CallerOf,
        bounds: Annotated[Bounds, Depends(bounds_of)],
        _: Annotated[None, Depends(known_parameters)],
        __: Annotated[None, Depends(caught_up)],
    ) -> None:
        admit(request, caller)
        self.context = context
        self.caller = caller
        self.bounds = bounds

    @contextmanager
    def view(self, pin: int | None = None) -> Iterator[View]:
        """A snapshot within the caller's scope; `pin` holds it at the position of a first page."""
        scope = scope_of(self.context, self.caller)
        with self.context.reads.view(self.bounds, scope, pin) as view:
            yield view

    def one(
        self,
        query: Callable[[View], Answer | None],
        thing: UUID,
        missing: str,
        besides: Callable[[View, set[UUID]], set[UUID]] | None = None,
    ) -> Response:
        """The answer of a query about one thing, which may rest on more than what the thing holds and is held by.

        Raises `NotFound`.
        """
        with self.view() as view:
            found, echo = query(view), echo_about(view, thing, besides)
            if found is None:
                parked = echo.get("incomplete")
                raise NotFound(missing, incomplete=parked) if parked else NotFound(missing)
            return answer({**found, **echo}, found.get("version"))

    def many(
        self,
        query: Callable[[View, Page], tuple[list[Answer], bool]],
        limit: int,
        cursor: str | None,
        about: UUID | None = None,
        beside: Callable[[View], Answer] | None = None,
        **more: Any,
    ) -> Response:
        """One page of a list, `about` one thing if it is; what else the answer says travels in its cursor.

        `beside` finds what every page says beside its items.
        """
        start = decode_cursor(cursor) if cursor else {"offset": 0}
        with self.view(start.get("pin")) as view:
            items, has_more = query(view, Page(limit, start["offset"]))
            following = encode_cursor(**more, offset=start["offset"] + len(items), pin=view.position)
            body = {"items": items, "next_cursor": following if has_more else None, **more, **echo_about(view, about)}
            body |= beside(view) if beside else {}
            if not items and not self.bounds.are_live() and (first := nothing_yet(view, about)):
                body["first_fact_at"] = first
            return answer(body)


def echo_about(view: View, thing: UUID | None, besides: Callable[[View, set[UUID]], set[UUID]] | None = None) -> Answer:
    """The members every answer carries; `incomplete` names the parked facts that concern the thing."""
    if thing is None or not view.parked:
        return view.echo()
    circle = circle_of(view, thing) | goals_circle_of(view, thing) | dependency_circle_of(view, thing)
    circle |= family_circle_of(view, thing)
    return view.echo(circle | besides(view, circle) if besides else circle)


def answer(body: Answer, version: int | None = None) -> Response:
    """A JSON answer, with the version as its ETag."""
    headers = {"ETag": f'"{version}"'} if version is not None else None
    return Response(to_json(body), headers=headers, media_type="application/json")


Limit = Annotated[int, Query(ge=1, le=1000, description="items a page")]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before")]
DeskOf = Annotated[Desk, Depends(Desk)]
