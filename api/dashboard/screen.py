"""What every page shares: links that keep the bounds, and a frame that tells whom and when it shows."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.dashboard import wording
from api.identity import is_admitted
from api.reading import Desk, DeskOf
from domain.kernel.instants import rfc3339
from domain.kernel.refusal import NotFound
from domain.kernel.types import DAY_PATTERN
from domain.project.words import REPORTING
from projections.bounds import View
from projections.journal import first_fact_at
from projections.paging import Answer, Page, decode_cursor, encode_cursor
from projections.portfolios import portfolio_head
from projections.sentences import known, rather

HERE = Path(__file__).parent
BOUNDS = ("as_of", "known_at", "at")
PASSING = ("cursor", "after")
"""Parameters that no link carries on."""
THEME_COOKIE = "whyfolio_theme"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}

templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
for _filter in (
    wording.day,
    wording.minute,
    wording.by_month,
    wording.headline,
    wording.subjects,
    wording.words,
    wording.label,
    wording.columns,
    wording.happened,
    wording.money,
    wording.short_money,
    wording.percent,
    wording.whole_percent,
    wording.number,
    wording.days,
    wording.heat,
    wording.excerpt,
    wording.plain,
    known,
    rather,
):
    templates.filters[_filter.__name__] = _filter
templates.globals.update(
    ICONS=wording.ICONS,
    HEALTH_WORDS=wording.HEALTH_WORDS,
    MISSING=wording.MISSING,
    LONG=wording.LONG,
    REPORTING=REPORTING,
    overrun=wording.overrun,
    effects=wording.effects,
)


@cache
def static(name: str) -> str:
    """The address of a file of ours; it changes with the content."""
    return f"/static/{name}?v={sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:8]}"


templates.globals["static"] = static


def render(request: Request, template: str, status: int = 200, **content: Any) -> HTMLResponse:
    """A page; `content` is all the template gets beside the theme."""
    theme = request.cookies.get(THEME_COOKIE)
    body = templates.get_template(template).render(theme=theme if theme in {"light", "dark"} else None, **content)
    return HTMLResponse(body, status, HEADERS)


class PageRoute(APIRoute):
    """A route whose forms work as they are: what was left empty is dropped from the URL.

    `known_at=then` is the `as_of` of the same URL.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Redirect to the clean URL, or answer."""
        answer = super().get_route_handler()

        async def handler(request: Request) -> Response:
            given = request.query_params.multi_items()
            as_of = request.query_params.get("as_of", "")
            said = [(name, as_of if (name, value) == ("known_at", "then") else value) for name, value in given]
            kept = [(name, value) for name, value in said if value]
            if kept != given:
                return RedirectResponse(address(request.url.path, kept), 303)
            return await answer(request)

        return handler


def address(path: str, parameters: list[tuple[str, str]]) -> str:
    """A path with its query."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


@dataclass(frozen=True)
class Past:
    """What the banner of a page about the past says, and where its switches lead."""

    shown: str
    known: str | None
    other: tuple[str, str] | None
    live: str


class Screen:
    """One page for one person, within the bounds of its URL."""

    def __init__(self, request: Request, desk: DeskOf) -> None:
        self.request = request
        self.desk: Desk = desk
        self._given = [(name, value) for name, value in request.query_params.multi_items() if name not in PASSING]

    @contextmanager
    def view(self, cursor: str | None, limit: int) -> Iterator[tuple[View, Page]]:
        """The snapshot to read from and the page of its list that is asked for."""
        start = decode_cursor(cursor) if cursor else {"offset": 0}
        with self.desk.view(start.get("pin")) as view:
            yield view, Page(limit, start["offset"])

    def url(self, path: str, **parameters: Any) -> str:
        """Another page within the same bounds."""
        bounds = [(name, value) for name, value in self._given if name in BOUNDS]
        return address(path, [(name, str(value)) for name, value in parameters.items() if value is not None] + bounds)

    def here(self, **changes: Any) -> str:
        """The same page with other parameters; `None` takes one away."""
        kept = [(name, value) for name, value in self._given if name not in changes]
        changed = [(name, str(value)) for name, value in changes.items() if value is not None]
        return address(self.request.url.path, kept + changed)

    def turned(self, view: View, page: Page, shown: int, more: bool) -> dict[str, str | None]:
        """The links to the page of a list before and behind this one."""

        def at(offset: int) -> str:
            return self.here(cursor=encode_cursor(offset=offset, pin=view.position) if offset else None)

        before = at(max(0, page.offset - page.limit)) if page.offset else None
        return {"before": before, "behind": at(page.offset + shown) if more else None}

    def show(self, template: str, view: View, status: int = 200, *, pin_now: bool = False, **content: Any) -> Response:
        """The page. `pin_now` is for what depends on the clock: its permalink carries the moment too."""
        now = rfc3339(view.now) if pin_now and not self._bound("as_of") else self._bound("as_of")
        return render(
            self.request,
            template,
            status,
            url=self.url,
            here=self.here,
            kept=[pair for pair in self._given if pair[0] not in BOUNDS],
            past=self._past(),
            bounds={name: self._bound(name) for name in BOUNDS},
            today=self.desk.context.clock().date().isoformat(),
            position=view.upto,
            missed=len(view.incomplete()),
            permalink=self.here(at=view.upto, as_of=now),
            origin=str(self.request.base_url).rstrip("/"),
            person=self._person(view),
            csrf=self.desk.caller.csrf,
            path=self.request.url.path,
            is_open=lambda target: is_admitted(f"GET {target}", self.desk.caller),
            **content,
        )

    def nothing(self, view: View, first: str | None = None) -> Response:
        """The page for bounds that end before anything was recorded; `first` is when that was, if it is known."""
        if first is None:
            found = first_fact_at(view)
            first = found if found and view.now < datetime.fromisoformat(found) else None
        return self.show("nothing.html", view, first=first)

    def _bound(self, name: str) -> str | None:
        return self.request.query_params.get(name)

    def _person(self, view: View) -> str:
        person = self.desk.caller.person
        return view.person_names([person]).get(person) or str(person)

    def _past(self) -> Past | None:
        bounds = self.desk.bounds
        if bounds.are_live():
            return None
        as_of, known_at = self._told("as_of", bounds.as_of), self._told("known_at", bounds.known_at)
        shown = [as_of or (f"what was known on {known_at}" if known_at else "the record")]
        shown += [f"up to position {bounds.at:,}"] if bounds.at is not None else []
        known, other = None, None
        if as_of and known_at is None:
            known, other = "as corrected since", ("as known then", self.here(known_at=self._bound("as_of")))
        elif as_of:
            is_then = as_of == known_at
            known = "as known then" if is_then else f"as known on {known_at}"
            other = "as corrected since", self.here(known_at=None)
        return Past(" ".join(shown), known, other, self.here(as_of=None, known_at=None, at=None))

    def _told(self, name: str, bound: datetime | None) -> str | None:
        if bound is None:
            return None
        is_day = DAY_PATTERN.fullmatch(self._bound(name) or "")
        return f"{wording.day(bound) if is_day else wording.minute(bound)} (UTC)"


ScreenOf = Annotated[Screen, Depends(Screen)]
Rows = Annotated[int, Query(ge=1, le=1000)]


def known_portfolio(view: View, portfolio_id: UUID) -> Answer:
    """What heads the page of a portfolio. Raises `NotFound` if no fact ever named it, or it is out of scope."""
    found = portfolio_head(view, portfolio_id)
    if found is None:
        raise NotFound(f"no portfolio has the id {portfolio_id}")
    return found
