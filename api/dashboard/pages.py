"""The pages: server-rendered, on the same queries as the API."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.dashboard import analyses, entry, governance, policies, ranking, register, reviews, scenarios, staff
from api.dashboard.choice import CHOICES, ChoiceOf
from api.dashboard.register import ahead_of
from api.dashboard.screen import PageRoute, Rows, ScreenOf
from api.dashboard.wording import ids_in, period
from api.queries.trail import WantedOf
from api.reading import Cursor
from domain.kernel.refusal import NotFound
from domain.reasons import EVERY_CODE
from projections.accounts import portfolio_money, project_money
from projections.baselines import project_baselines
from projections.bounds import View
from projections.business_cases import business_case
from projections.goals import GoalFilter, list_goals, unaligned
from projections.journal import Wanted, decisions, facts
from projections.names import names_of
from projections.paging import EVERY, Answer, Page, page_of
from projections.portfolios import across_portfolios, list_portfolios, one_portfolio, portfolio_names
from projections.projects import answers, completed, found_projects, one_project, ranks_of
from projections.questions import understood
from projections.requests import RequestFilter, RequestStatus, list_requests
from projections.resources import people_on
from projections.scores import project_scores
from projections.status_updates import status_updates
from projections.why import explained

router = APIRouter(include_in_schema=False, route_class=PageRoute)
router.include_router(entry.router)
router.include_router(governance.router)
router.include_router(register.router)
router.include_router(staff.router)
router.include_router(policies.router)
router.include_router(reviews.router)
router.include_router(ranking.router)
router.include_router(scenarios.router)
router.include_router(analyses.router)

STORY = 200
UPDATES = 24


@router.get("/")
def glance(screen: ScreenOf, choice: ChoiceOf, limit: Rows = 200, cursor: Cursor = None) -> Response:
    """The portfolio at a glance; with several and none chosen, all of them."""
    with screen.view(cursor, limit) as (view, page):
        named = portfolio_names(view)
        asked = choice.portfolio or (next(iter(named)) if len(named) == 1 else None)
        shown = one_portfolio(view, asked) if asked else None
        if choice.portfolio and shown is None:
            raise NotFound(f"no portfolio has the id {asked}")
        if shown and shown["name"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        if not named:
            return screen.show("first_run.html", view) if view.bounds.are_live() else screen.nothing(view)
        found, cells = found_projects(view, choice.filter(asked), choice.order(asked))
        listed, more = page_of(found, page)
        return screen.show(
            "glance.html",
            view,
            portfolio=shown,
            money=portfolio_money(view, asked) if asked else None,
            portfolios=None if shown else list_portfolios(view, EVERY)[0],
            everything=None if shown else across_portfolios(view),
            named={str(each): name for each, name in named.items()},
            projects=answers(view, listed, _no_moves, ranks_of(view, cells, asked), completed(view, listed, cells)),
            total=len(found),
            page=page,
            turn=screen.turned(view, page, len(listed), more),
            choice=choice,
            sort=choice.order(asked),
            choices=CHOICES,
        )


@router.get("/projects/{project_id}")
def project(
    project_id: UUID,
    screen: ScreenOf,
    portfolio: UUID | None = None,
    order: Literal["newest", "oldest"] = "newest",
    limit: Rows = 100,
    cursor: Cursor = None,
) -> Response:
    """One project: how it stands, why, and everything that happened to it."""
    with screen.view(cursor, limit) as (view, page):
        shown = one_project(view, project_id, _no_moves, portfolio)
        if shown is None:
            raise NotFound(f"no project has the id {project_id}")
        if shown["state"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        newest_first = order == "newest"
        about = Wanted(subject=project_id)
        story, longer = explained(view, project_id, Page(STORY), newest_first=newest_first)
        history, more = facts(view, about, page, newest_first=newest_first)
        beside = _beside(view, project_id)
        named = [beside[each] for each in ("money", "case", "baselines")]
        return screen.show(
            "project.html",
            view,
            project=shown,
            **beside,
            story=story,
            longer=longer,
            history=history,
            names=_names(view, shown["portfolios"], shown["parent_id"], story, history, *named),
            order=order,
            page=page,
            turn=screen.turned(view, page, len(history), more),
        )


def _beside(view: View, project: UUID) -> Answer:
    """What the page of a component shows beside how it stands and what happened to it."""
    updates, earlier = status_updates(view, project, Page(UPDATES))
    return {
        "money": project_money(view, project),
        "case": business_case(view, project),
        "baselines": project_baselines(view, project),
        "scores": project_scores(view, project),
        "updates": updates,
        "earlier_updates": earlier,
        "people": people_on(view, project),
        "needed": list_requests(view, RequestFilter(project=project, status=RequestStatus.OPEN), EVERY)[0],
        **ahead_of(view, project),
    }


@router.get("/decisions")
def why(screen: ScreenOf, wanted: WantedOf, limit: Rows = 100, cursor: Cursor = None) -> Response:
    """Every decision and its reason; `q` takes a question as one would ask it."""
    with screen.view(cursor, limit) as (view, page):
        found, more = decisions(view, replace(wanted, decisions_only=True), page)
        words, since, until = understood(wanted.q or "", view.now)
        return screen.show(
            "decisions.html",
            view,
            pin_now=since is not None,
            decisions=found,
            names=_names(view, found),
            named={str(each): name for each, name in portfolio_names(view).items()},
            wanted=wanted,
            given=screen.request.query_params,
            codes=EVERY_CODE,
            words=words,
            period=period(since, until) if since and until else None,
            page=page,
            turn=screen.turned(view, page, len(found), more),
        )


@router.get("/portfolios/{portfolio_id}/goals")
def goals(portfolio_id: UUID, screen: ScreenOf, limit: Rows = 100, cursor: Cursor = None) -> Response:
    """What a portfolio wants to reach, how far that is, what serves it, and what stands alone."""
    with screen.view(cursor, limit) as (view, page):
        shown = one_portfolio(view, portfolio_id)
        if shown is None:
            raise NotFound(f"no portfolio has the id {portfolio_id}")
        if shown["name"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        listed, more = list_goals(view, GoalFilter(portfolio_id), page)
        return screen.show(
            "goals.html",
            view,
            portfolio=shown,
            goals=listed,
            alone=unaligned(view, portfolio_id),
            page=page,
            turn=screen.turned(view, page, len(listed), more),
        )


def _names(view: View, *told: Any) -> dict[str, str]:
    """What everything is called whose id is told."""
    found = names_of(view, {each for value in told for each in ids_in(value)})
    return {str(each): name for each, name in found.items() if name}


def _no_moves(_: UUID, __: Sequence[str], ___: Collection[str]) -> list[str]:
    """The pages command nothing."""
    return []
