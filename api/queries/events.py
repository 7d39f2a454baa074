"""The feed: every fact in commit order, for anyone who wants to replay it."""

from collections.abc import AsyncIterator
from datetime import datetime
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic_core import from_json, to_json
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.answers import EVENTS
from api.context import PREFIX, Context
from api.identity import CallerOf, ContextOf, admit, caller_of, scope_of
from api.problems import Unauthorized
from api.reading import Limit, answer, bounds_of, known_parameters
from domain.kernel.refusal import Forbidden, Invalid
from projections.bounds import MODEL_VERSION, Bounds, Scope
from projections.journal import nothing_yet

router = APIRouter(prefix=f"{PREFIX}/events", tags=["feed"])
PAGE = 500
KEEP_ALIVE_SECONDS = 15.0
RIGHTS_HOLD_SECONDS = 5.0
"""An open stream asks again after this long whether the key still holds."""
BoundsOf = Annotated[Bounds, Depends(bounds_of)]
Known = Annotated[None, Depends(known_parameters)]


@router.get("", responses=EVENTS)
def events(
    request: Request,
    context: ContextOf,
    caller: CallerOf,
    bounds: BoundsOf,
    _: Known,
    after: Annotated[int, Query(ge=0, description="the position of the last fact you have")] = 0,
    limit: Limit = 100,
) -> Response:
    """Facts behind a position. `next_after` goes into the next call, also when nothing was new."""
    admit(request, caller)
    scope = scope_of(context, caller)
    head = context.store.head()
    upto = head if bounds.at is None else bounds.at
    items, reached = _page(context, scope, bounds, after, limit, upto)
    echo = {"as_of": bounds.as_of, "known_at": bounds.known_at, "at": bounds.at, "position": upto}
    body: dict[str, Any] = {"items": items, "next_cursor": None, "next_after": reached, **echo}
    body["model_version"] = MODEL_VERSION
    if not items and not bounds.are_live() and (first := _nothing_yet(context, bounds, scope)):
        body["first_fact_at"] = first
    return answer(body)


@router.get("/stream", responses={200: {"content": {"text/event-stream": {}}}})
async def stream(
    request: Request,
    context: ContextOf,
    caller: CallerOf,
    bounds: BoundsOf,
    _: Known,
    after: Annotated[int | None, Query(ge=0, description="start behind this position")] = None,
) -> StreamingResponse:
    """The same facts as server-sent events, then every new one; `Last-Event-ID` resumes."""
    admit(request, caller)
    start = _start(request.headers.get("last-event-id"), after)
    scope = await run_in_threadpool(scope_of, context, caller)
    return StreamingResponse(
        _follow(request, context, scope, bounds, start),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _scope_now(request: Request, context: Context) -> Scope | None:
    """What the caller may see by now. Raises `Unauthorized` for a key that was revoked meanwhile, `Forbidden`."""
    caller = caller_of(request, context)
    admit(request, caller)
    return scope_of(context, caller)


def _nothing_yet(context: Context, bounds: Bounds, scope: Scope | None) -> str | None:
    with context.reads.view(bounds, scope) as view:
        return nothing_yet(view)


def _start(last_event_id: str | None, after: int | None) -> int:
    if last_event_id is None:
        return after or 0
    if not last_event_id.isdecimal() or len(last_event_id) > 18:
        raise Invalid({"header:Last-Event-ID": "expected the position of the last fact you have"})
    return int(last_event_id)


async def _follow(
    request: Request, context: Context, scope: Scope | None, bounds: Bounds, position: int
) -> AsyncIterator[bytes]:
    quiet, asked_at = 0.0, monotonic()
    while not context.progress.ended and not await request.is_disconnected():
        if monotonic() - asked_at >= RIGHTS_HOLD_SECONDS:
            try:
                scope, asked_at = await run_in_threadpool(_scope_now, request, context), monotonic()
            except (Unauthorized, Forbidden):
                return
        upto = bounds.at if bounds.at is not None else await run_in_threadpool(context.store.head)
        items, position = await run_in_threadpool(_page, context, scope, bounds, position, PAGE, upto)
        for item in items:
            yield b"id: %d\nevent: %s\ndata: %s\n\n" % (item["position"], item["name"].encode(), to_json(item))
        if bounds.at is not None and position >= bounds.at:
            return
        if items:
            quiet = 0.0
            continue
        await context.progress.moved(1.0)
        quiet += 1.0
        if quiet >= KEEP_ALIVE_SECONDS:
            yield b": still here\n\n"
            quiet = 0.0


def _page(
    context: Context, scope: Scope | None, bounds: Bounds, after: int, limit: int, upto: int
) -> tuple[list[dict[str, Any]], int]:
    """Up to `limit` facts within bounds and scope, and the position that was reached."""
    found: list[dict[str, Any]] = []
    while len(found) < limit and after < upto:
        documents = context.store.read_documents(after, PAGE, upto)
        if not documents:
            return found, upto
        for after, _, document, _ in documents:
            fact = from_json(document)
            if _is_within(fact, bounds) and _is_seen(fact, scope):
                found.append({"position": after, **fact})
                if len(found) == limit:
                    break
    return found, after


def _is_seen(fact: dict[str, Any], scope: Scope | None) -> bool:
    return scope is None or scope.shows(fact["name"], [UUID(subject["id"]) for subject in fact["subjects"]])


def _is_within(fact: dict[str, Any], bounds: Bounds) -> bool:
    return all(
        bound is None or datetime.fromisoformat(fact[name]) <= bound
        for name, bound in (("occurred_at", bounds.as_of), ("recorded_at", bounds.known_at))
    )
