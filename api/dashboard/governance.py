"""The pages of those who look after the others: who may do what, and who did."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.dashboard.screen import PageRoute, Rows, Screen, ScreenOf, address
from api.dashboard.wording import Effect, effects, ids_in, plain, words
from api.queries.access import asker_of, verbs_of
from api.queries.trail import WantedOf
from api.reading import Cursor
from domain.kernel.refusal import NotFound
from projections.access import knows, list_access
from projections.bounds import View
from projections.changes import audited
from projections.export import Format
from projections.names import names_of
from projections.paging import Answer

router = APIRouter(include_in_schema=False, route_class=PageRoute)
FILTERS = ("actor", "fact", "subject", "portfolio", "code", "since", "until", "q")


@router.get("/access")
def access(screen: ScreenOf, who: UUID | None = None, limit: Rows = 200, cursor: Cursor = None) -> Response:
    """Who may do what; for most it is themselves alone."""
    asker = asker_of(screen.desk, who)
    with screen.view(cursor, limit) as (view, page):
        if who and not knows(view, who):
            raise NotFound(f"no person has the id {who}")
        listed, more = list_access(view, asker, who, verbs_of, page)
        turn = screen.turned(view, page, len(listed), more)
        return screen.show("access.html", view, people=listed, who=who, page=page, turn=turn)


@router.get("/audit")
def audit(screen: ScreenOf, wanted: WantedOf, limit: Rows = 100, cursor: Cursor = None) -> Response:
    """Who did what to which thing, when and why, and what was before; the same as a file."""
    with screen.view(cursor, limit) as (view, page):
        found, more = audited(view, wanted, page)
        names = _names(view, found)
        return screen.show(
            "audit.html",
            view,
            facts=[{**fact, "told": told(fact, names)} for fact in found],
            names=names,
            given={name: screen.request.query_params.get(name, "") for name in FILTERS},
            files=[(form, _file(screen, view, form)) for form in Format],
            page=page,
            turn=screen.turned(view, page, len(found), more),
        )


def told(fact: Answer, names: Mapping[str, str]) -> list[Effect]:
    """What a fact changed from what to what; or else what it says."""
    changes = fact["changes"]
    if not changes:
        return effects(fact["data"], names)
    return [
        Effect(_aspect(each["aspect"], names), plain(each["from"], names), plain(each["to"], names)) for each in changes
    ]


def _aspect(name: str, names: Mapping[str, str]) -> str:
    """An aspect with what it holds for by its name, if it has one."""
    what, *others = name.split(":")
    return " ".join([words(what), *(names.get(each, words(each) if len(each) < 36 else "") for each in others)]).strip()


def _file(screen: Screen, view: View, form: Format) -> str:
    """The address of the same list as a file, complete up to the position of the page."""
    asked = [(name, value) for name, value in screen.request.query_params.multi_items() if name in FILTERS]
    bounds = [
        (name, value) for name, value in screen.request.query_params.multi_items() if name in ("as_of", "known_at")
    ]
    return address("/api/v1/audit/export", [("format", form), *asked, *bounds, ("at", str(view.upto))])


def _names(view: View, *told: Any) -> dict[str, str]:
    """What everything is called whose id is told."""
    ids = {each for value in told for each in ids_in(value)}
    found = {**names_of(view, ids), **view.person_names(ids)}
    return {str(each): name for each, name in found.items() if name}
