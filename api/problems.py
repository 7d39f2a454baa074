"""Refusals as RFC 9457 problem documents: sentences, never SQL or a stack."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.limits import TooMany
from domain.kernel import refusal as r
from domain.kernel.sentences import sentence_of
from projections.paging import BadCursor
from projections.reads import NotReady
from store.codec import UnknownFact

log = structlog.get_logger()
RETRY_AFTER_SECONDS = "1"
STATUS: dict[type[r.Refused], tuple[int, str]] = {
    r.Forbidden: (403, "Not allowed"),
    r.NotFound: (404, "Not found"),
    r.Stale: (412, "Changed meanwhile"),
    r.Conflict: (409, "Changed meanwhile"),
    r.KeyReused: (422, "Idempotency key used before"),
    r.Busy: (503, "Busy"),
    r.Refused: (409, "Refused"),
}


class Problem(BaseModel):
    """RFC 9457. `errors` (each a `pointer` and a `detail`) comes with 422, `roles` with 403.

    An illegal move comes with `state` and `allowed_moves`, a move into a full state with that `state`, its `limit`
    and the `number` that is in it.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None
    state: str | None = None
    allowed_moves: list[str] | None = None
    limit: int | None = None
    number: int | None = None
    roles: list[str] | None = None


_CONTENT = {"application/problem+json": {"schema": Problem.model_json_schema()}}
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No valid key", "content": _CONTENT},
    403: {"description": "The role that is needed", "content": _CONTENT},
    404: {"description": "Unknown, or out of scope", "content": _CONTENT},
    409: {"description": "Illegal move, with what is allowed; or changed meanwhile", "content": _CONTENT},
    412: {"description": "If-Match names another version", "content": _CONTENT},
    422: {"description": "Every bad member by JSON pointer", "content": _CONTENT},
    429: {"description": "Asked too often; Retry-After", "content": _CONTENT},
    503: {"description": "Busy or behind; Retry-After", "content": _CONTENT},
}
"""What any route may answer beside its own."""


class Unauthorized(Exception):
    """No valid key came with the request."""


class Behind(Exception):
    """The read models did not pass the asked write in time."""


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None, **members: Any) -> Response:
    """A problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    return Response(to_json(body), status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every refusal with its problem document."""
    app.add_exception_handler(r.Refused, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Unauthorized, _unauthorized)
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Behind, _behind)
    app.add_exception_handler(NotReady, _behind)
    app.add_exception_handler(UnknownFact, _newer)
    app.add_exception_handler(BadCursor, _bad_cursor)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeout, _behind)


def invalid(errors: dict[str, str]) -> Response:
    """422 with every bad member by JSON pointer."""
    listed = [{"pointer": pointer, "detail": sentence} for pointer, sentence in errors.items()]
    detail = "; ".join(f"{pointer or 'the body'}: {sentence}" for pointer, sentence in errors.items())
    return problem(422, "Invalid", detail, errors=listed)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, r.Refused)
    if isinstance(error, r.Invalid):
        return invalid(error.errors)
    status, title = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status != 503:
        return problem(status, title, error.sentence, **error.details)
    log.error("store_busy", path=request.url.path, error=str(error.__cause__ or error).partition("\n")[0])
    return problem(status, title, error.sentence, {"Retry-After": RETRY_AFTER_SECONDS}, **error.details)


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found: dict[str, str] = {}
    for each in error.errors():
        place, *path = each["loc"]
        if place == "path":
            return problem(404, "Not found", f"nothing has the id {request.path_params.get(path[0])}")
        if each["type"] == "json_invalid":
            return invalid({"": f"expected JSON; {each['ctx']['error']} at character {path[-1] if path else 0}"})
        pointer = "/".join(["", *(str(part) for part in path)])
        if place != "body":
            pointer = f"{place}:{'/'.join(map(str, path))}"
        found[pointer] = sentence_of(each)
    return invalid(found)


def _unauthorized(_: Request, error: Exception) -> Response:
    return problem(401, "No valid key", str(error), {"WWW-Authenticate": 'Bearer realm="whyfolio"'})


def _too_many(_: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    return problem(429, "Too many requests", str(error), {"Retry-After": str(error.seconds)})


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        return invalid({"": "expected a JSON object in UTF-8, not too deep and without endless numbers"})
    detail = f"there is no {request.url.path}" if error.status_code == 404 else str(error.detail)
    return problem(error.status_code, str(error.detail), detail, dict(error.headers or {}))


def _behind(_: Request, error: Exception) -> Response:
    sentence = "too many are reading at once; try again" if isinstance(error, PoolTimeout) else str(error)
    return problem(503, "Catching up", sentence, {"Retry-After": RETRY_AFTER_SECONDS})


def _database(request: Request, error: Exception) -> Response:
    """A database that is away is no mistake of the caller; its message stays in the log."""
    if not isinstance(error, OperationalError | InterfaceError):
        return unexpected(request, error)
    log.error("database_away", path=request.url.path, error=str(error.orig).splitlines()[0])
    detail = "the database cannot be reached now; nothing was recorded, try again"
    return problem(503, "Database away", detail, {"Retry-After": RETRY_AFTER_SECONDS})


def _newer(_: Request, error: Exception) -> Response:
    return problem(503, "Upgrade needed", str(error), {"Retry-After": RETRY_AFTER_SECONDS})


def _bad_cursor(_: Request, error: Exception) -> Response:
    return invalid({"query:cursor": "expected the next_cursor of an earlier page, unchanged"})


def unexpected(request: Request, error: Exception) -> Response:
    """500 with a sentence; what went wrong is for the log."""
    log.error(
        "request_failed",
        path=request.url.path,
        error=f"{type(error).__name__}: {error}",
        correlation_id=request.state.correlation_id,
    )
    return problem(500, "Failed", "something went wrong on our side; the log of the server tells what")
