"""Request logs, metrics and health: a correlation id and a trace for everything that belongs together."""

import re
import secrets
from time import perf_counter
from uuid import uuid4

import structlog
from fastapi import APIRouter, Request
from prometheus_client import generate_latest
from pydantic_core import to_json
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.context import context_of
from api.identity import CallerOf
from api.metrics import Metrics
from api.problems import unexpected
from api.standing import look

CORRELATION_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,100}")
TRACE_PATTERN = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
log = structlog.get_logger()
router = APIRouter(include_in_schema=False)


class Observed:
    """Gives each request a correlation id and its place in a trace, counts it, and logs it without secrets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what nobody foresaw becomes an answer without details."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started, has_begun = Request(scope), perf_counter(), False
        _name(request)

        async def sending(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                MutableHeaders(scope=message)["X-Correlation-ID"] = request.state.correlation_id
                _tell(request, message["status"], perf_counter() - started)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if has_begun:
                raise
            await unexpected(request, error)(scope, receive, sending)


def _name(request: Request) -> None:
    given = request.headers.get("x-correlation-id", "")
    request.state.correlation_id = given if CORRELATION_PATTERN.fullmatch(given) else str(uuid4())
    request.state.traceparent = continued(request.headers.get("traceparent", ""))


def _tell(request: Request, status: int, seconds: float) -> None:
    route = getattr(request.scope.get("route"), "path", "unmatched")
    request.app.state.metrics.answered(request.method, route, status, seconds)
    log.info(
        "request",
        method=request.method,
        path=request.url.path,
        status=status,
        ms=round(seconds * 1000, 1),
        correlation_id=request.state.correlation_id,
        traceparent=request.state.traceparent,
    )


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
