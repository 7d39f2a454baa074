"""Request logs, metrics and health: a correlation id and a trace for everything that belongs together."""

import re
import secrets
from collections.abc import Awaitable, Callable
from time import perf_counter
from uuid import uuid4

import structlog
from fastapi import APIRouter, Request
from prometheus_client import generate_latest
from pydantic_core import to_json
from starlette.responses import Response

from api.context import context_of
from api.identity import CallerOf
from api.metrics import Metrics
from api.problems import unexpected
from api.standing import look

CORRELATION_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,100}")
TRACE_PATTERN = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
log = structlog.get_logger()
router = APIRouter(include_in_schema=False)


async def observe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give the request a correlation id and its place in a trace, count it, and log it without secrets."""
    given = request.headers.get("x-correlation-id", "")
    request.state.correlation_id = given if CORRELATION_PATTERN.fullmatch(given) else str(uuid4())
    request.state.traceparent = continued(request.headers.get("traceparent", ""))
    started = perf_counter()
    try:
        response = await call_next(request)
    except Exception as error:
        response = unexpected(request, error)
    seconds = perf_counter() - started
    route = getattr(request.scope.get("route"), "path", "unmatched")
    request.app.state.metrics.answered(request.method, route, response.status_code, seconds)
    response.headers["X-Correlation-ID"] = request.state.correlation_id
    log.info(
        "request",
        method=request.method,
        path=request.url.path,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        correlation_id=request.state.correlation_id,
        traceparent=request.state.traceparent,
    )
    return response


def continued(traceparent: str) -> str:
    """Our own span of the caller's trace, or of a new one if the caller began none (W3C Trace Context)."""
    match = TRACE_PATTERN.fullmatch(traceparent)
    trace, flags = match.groups() if match else (secrets.token_hex(16), "01")
    return f"00-{trace}-{secrets.token_hex(8)}-{flags}"


@router.get("/metrics")
def metrics(request: Request, _: CallerOf) -> Response:
    """Prometheus text; scraped with a key as bearer token."""
    figures: Metrics = request.app.state.metrics
    return Response(generate_latest(figures.registry), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/health/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
def ready(request: Request) -> Response:
    """Store and read models answer and somebody keeps them up; `lag` is behind, `error` is dead."""
    found = look(context_of(request))
    body = {
        "status": "not ready" if found.error else "ready",
        "position": found.position,
        "head": found.head,
        "lag": found.projection.facts,
        "lag_seconds": round(found.projection.seconds, 3),
        "parked": found.parked,
        "error": found.error,
    }
    return Response(to_json(body), 503 if found.error else 200, media_type="application/json")
