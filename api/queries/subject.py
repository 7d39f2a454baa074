"""Lists about one thing: what it has, and the two questions about any thing, why and history."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from starlette.responses import Response

from api.reading import Desk
from domain.kernel.refusal import NotFound
from projections.bounds import View
from projections.journal import Wanted, facts, is_known
from projections.paging import Answer, Page
from projections.why import why

Found = tuple[list[Answer], bool]
Asked = Callable[[View, Page], Found]
Beside = Callable[[View], Answer]


def why_of(kind: str, table: str, subject: UUID, desk: Desk, limit: int, cursor: str | None) -> Response:
    """The decisions about a thing, oldest first, and its story up to the last of the page. Raises `NotFound`."""
    story: list[Answer] = []

    def query(view: View, page: Page) -> Found:
        found = why(view, subject, page)
        story.extend(found.story)
        return found.decisions, found.more

    return _about(desk, (kind, table, subject), query, limit, cursor, lambda _: {"story": story})


def history_of(kind: str, table: str, subject: UUID, desk: Desk, limit: int, cursor: str | None) -> Response:
    """Every fact about a thing, oldest first. Raises `NotFound`."""

    def query(view: View, page: Page) -> Found:
        return facts(view, Wanted(subject=subject), page, newest_first=False)

    return _about(desk, (kind, table, subject), query, limit, cursor)


def must_be_known(view: View, kind: str, table: str, subject: UUID) -> None:
    """Raises `NotFound` if no fact ever named the thing, or it is out of scope."""
    if not view.sees(subject) or not is_known(view, subject, [table]):
        raise NotFound(f"no {kind} has the id {subject}")


def about_project(
    desk: Desk, project: UUID, query: Asked, limit: int, cursor: str | None, beside: Beside | None = None
) -> Response:
    """One page of what a component has. Raises `NotFound`."""
    return _about(desk, ("project", "project_board_latest", project), query, limit, cursor, beside)


def about_portfolio(
    desk: Desk,
    portfolio: UUID,
    query: Asked,
    limit: int,
    cursor: str | None,
    beside: Beside | None = None,
    **more: Any,
) -> Response:
    """One page of what a portfolio or its components have; `more` is what every page says. Raises `NotFound`."""
    return _about(desk, ("portfolio", "portfolio_board_latest", portfolio), query, limit, cursor, beside, **more)


def _about(
    desk: Desk,
    thing: tuple[str, str, UUID],
    query: Asked,
    limit: int,
    cursor: str | None,
    beside: Beside | None = None,
    **more: Any,
) -> Response:
    def known(view: View, page: Page) -> Found:
        must_be_known(view, *thing)
        return query(view, page)

    return desk.many(known, limit, cursor, thing[2], beside, id=str(thing[2]), **more)
