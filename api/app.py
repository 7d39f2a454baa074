"""The web application: routes, problems, headers. Thin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import commands, problems, telemetry
from api.context import Context
from api.dashboard import pages, refusals
from api.metrics import Metrics
from api.queries import (
    access,
    analyses,
    benefits,
    events,
    export,
    goals,
    policies,
    portfolios,
    projects,
    ranking,
    recomputations,
    register,
    resources,
    reviews,
    scenarios,
    scores,
    trail,
)

STATIC = Path(__file__).parent / "dashboard" / "static"
SWAGGER = Path(fastapi_offline.__file__).parent / "static"
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
DOCS = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Whyfolio API</title>
<link rel="stylesheet" href="/docs/files/swagger-ui.css"></head><body><div id="swagger-ui"></div>
<script src="/docs/files/swagger-ui-bundle.js"></script><script src="/static/docs.js"></script></body></html>"""


def create_app(context: Context) -> FastAPI:
    """The application over a running system; connects to nothing itself."""
    app = FastAPI(
        title="Whyfolio",
        summary="The portfolio that remembers why.",
        version=version("whyfolio"),
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        responses=problems.DOCUMENTED,
    )
    app.state.context = context
    app.state.metrics = Metrics(context)
    problems.install(app)
    refusals.install(app)
    app.add_middleware(GZipMiddleware, compresslevel=2)
    app.add_middleware(telemetry.Observed)
    app.add_middleware(Secured)
    of_portfolios = (portfolios, ranking, policies, reviews, goals, scores, analyses, scenarios, recomputations)
    of_projects = (projects, register, benefits)
    for each in (*of_portfolios, *of_projects, resources, access, trail, export, events):
        app.include_router(each.router)
    app.include_router(commands.router)
    app.include_router(telemetry.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount("/docs/files", StaticFiles(directory=SWAGGER), name="docs-files")
    app.add_api_route("/docs", _docs, include_in_schema=False)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.context.progress.bind(asyncio.get_running_loop())
    yield


def _docs() -> HTMLResponse:
    return HTMLResponse(DOCS)


class Secured:
    """Adds to every answer the headers that tell a browser what it may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)
