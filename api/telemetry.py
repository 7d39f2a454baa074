"""Metrics and request logs: a correlation id for everything that belongs together."""

import re
from collections.abc import Awaitable, Callable
from time import perf_counter
from uuid import uuid4

import structlog
from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from pydantic_core import to_json
from starlette.responses import Response

from api.context import context_of
from api.identity import CallerOf

CORRELATION_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,100}")
log = structlog.get_logger()
router = APIRouter(include_in_schema=False)


class Metrics:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("whyfolio_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "whyfolio_request_seconds", "Time to answer", ("method", "route"), registry=self.registry
        )
        self.head = Gauge("whyfolio_store_position", "Newest position in the store", registry=self.registry)
        self.lag = Gauge(
            "whyfolio_projection_lag_facts", "Positions the read models are behind", registry=self.registry
        )


async def observe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give the request a correlation id, count it, and log it without secrets."""
    given = request.headers.get("x-correlation-id", "")
    request.state.correlation_id = given if CORRELATION_PATTERN.fullmatch(given) else str(uuid4())
    started = perf_counter()
    response = await call_next(request)
    seconds = perf_counter() - started
    route = getattr(request.scope.get("route"), "path", "unmatched")
    metrics: Metrics = request.app.state.metrics
    metrics.requests.labels(request.method, route, response.status_code).inc()
    metrics.seconds.labels(request.method, route).observe(seconds)
    response.headers["X-Correlation-ID"] = request.state.correlation_id
    log.info(
        "request",
        method=request.method,
        path=request.url.path,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        correlation_id=request.state.correlation_id,
    )
    return response


@router.get("/metrics")
def metrics(request: Request, _: CallerOf) -> Response:
    """Prometheus text; scraped with a key as bearer token."""
    figures: Metrics = request.app.state.metrics
    context = context_of(request)
    head = context.store.head()
    figures.head.set(head)
    figures.lag.set(max(0, head - max(0, context.reads.position())))
    return Response(generate_latest(figures.registry), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/health/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
def ready(request: Request) -> Response:
    """Store and read models answer; `lag` tells behind from dead."""
    context = context_of(request)
    error = (context.projection_error() or "").split(":")[0] or None
    position, head = context.reads.position(), context.store.head()
    status = "ready" if error is None and position >= 0 else "not ready"
    body = {"status": status, "position": position, "head": head, "lag": max(0, head - position), "error": error}
    return Response(to_json(body), 200 if status == "ready" else 503, media_type="application/json")
