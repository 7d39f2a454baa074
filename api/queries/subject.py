"""Why and history: the same two questions about any thing."""

from uuid import UUID

from starlette.responses import Response

from api.reading import Desk
from domain.kernel.refusal import NotFound
from projections.bounds import View
from projections.journal import Wanted, decisions, facts, is_known
from projections.paging import Answer, Page


def why_of(kind: str, table: str, subject: UUID, desk: Desk, limit: int, cursor: str | None) -> Response:
    """The decisions about a thing, oldest first. Raises `NotFound`."""

    def query(view: View, page: Page) -> tuple[list[Answer], bool]:
        must_be_known(view, kind, table, subject)
        return decisions(view, Wanted(subject=subject, decisions_only=True), page, newest_first=False)

    return desk.many(query, limit, cursor, subject, id=str(subject))


def history_of(kind: str, table: str, subject: UUID, desk: Desk, limit: int, cursor: str | None) -> Response:
    """Every fact about a thing, oldest first. Raises `NotFound`."""

    def query(view: View, page: Page) -> tuple[list[Answer], bool]:
        must_be_known(view, kind, table, subject)
        return facts(view, Wanted(subject=subject), page, newest_first=False)

    return desk.many(query, limit, cursor, subject, id=str(subject))


def must_be_known(view: View, kind: str, table: str, subject: UUID) -> None:
    """Raises `NotFound` if no fact ever named the thing, or it is out of scope."""
    if not view.sees(subject) or not is_known(view, subject, [table]):
        raise NotFound(f"no {kind} has the id {subject}")
