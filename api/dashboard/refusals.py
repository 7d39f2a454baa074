"""Refusals to a person with a browser: a page with the sentence, where a program gets a problem document."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from fastapi import FastAPI, Request
from pydantic_core import from_json
from starlette.responses import Response

from api.dashboard.entry import to_sign_in
from api.dashboard.screen import BOUNDS, address, render
from api.dashboard.wording import minute
from api.identity import SESSION_COOKIE
from api.problems import Unauthorized
from domain.kernel.types import INSTANT_PATTERN
from store.people import csrf_token

FOR_PROGRAMS = ("/api/", "/health/", "/metrics", "/openapi.json", "/docs", "/static/")
TITLES = {
    403: "Not allowed",
    404: "Nothing is here",
    405: "Nothing is here",
    422: "This cannot be shown",
}
Handler = Callable[[Request, Exception], Response]


def install(app: FastAPI) -> None:
    """Let every refusal that is told to programs be told to people too, on the addresses of pages."""
    for kind, handler in list(app.exception_handlers.items()):
        if not iscoroutinefunction(handler):
            app.add_exception_handler(kind, _told(handler))


def _told(handler: Any) -> Handler:
    def tell(request: Request, error: Exception) -> Response:
        answer: Response = handler(request, error)
        if request.url.path.startswith(FOR_PROGRAMS):
            return answer
        if isinstance(error, Unauthorized):
            return to_sign_in(request)
        page = _page(request, from_json(bytes(answer.body)))
        if later := answer.headers.get("retry-after"):
            page.headers["Retry-After"] = later
        return page

    return tell


def _page(request: Request, problem: dict[str, Any]) -> Response:
    status = problem["status"]
    session = request.cookies.get(SESSION_COOKIE)
    return render(
        request,
        "refused.html",
        status,
        code=status,
        title=TITLES.get(status, problem["title"]),
        sentences=[_sentence(each) for each in problem.get("errors", [{"pointer": "", "detail": problem["detail"]}])],
        again=address(request.url.path, request.query_params.multi_items()) if status in {429, 503} else None,
        live=_live(request),
        csrf=csrf_token(session) if session and status == 403 else None,
    )


def _live(request: Request) -> str | None:
    given = request.query_params.multi_items()
    kept = [(name, value) for name, value in given if name not in BOUNDS]
    return address(request.url.path, kept) if kept != given else None


def _sentence(error: dict[str, str]) -> str:
    name = error["pointer"].rpartition(":")[2]
    detail = f"position {error['detail']}" if name == "at" else error["detail"]
    detail = INSTANT_PATTERN.sub(lambda found: minute(found[0]), detail)
    told = detail if not name or name in BOUNDS else f"{name}: {detail}"
    return told[0].upper() + told[1:] + ("" if told.endswith(".") else ".")
