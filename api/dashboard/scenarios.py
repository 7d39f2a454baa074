"""The pages of scenarios: those of a portfolio, one with who is in and out and why, and some side by side."""

from collections.abc import Iterable
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.dashboard.screen import PageRoute, Rows, ScreenOf, known_portfolio
from api.queries.scenarios import Ids, side_by_side
from api.reading import Cursor
from domain.kernel.refusal import NotFound
from projections.bounds import View
from projections.journal import actor_names
from projections.paging import Answer
from projections.scenarios import MOST, list_scenarios, one_scenario
from projections.verdicts import served, used

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/portfolios/{portfolio_id}/scenarios")
def scenarios(portfolio_id: UUID, screen: ScreenOf, limit: Rows = 100, cursor: Cursor = None) -> Response:
    """The scenarios of a portfolio, some of which can be put side by side."""
    with screen.view(cursor, limit) as (view, page):
        shown = known_portfolio(view, portfolio_id)
        if shown["name"] is None:
            return screen.nothing(view, shown["first_fact_at"])
        listed, more = list_scenarios(view, portfolio_id, page)
        return screen.show(
            "scenarios.html",
            view,
            portfolio=shown,
            scenarios=listed,
            people=_people(view, listed),
            most=MOST,
            page=page,
            turn=screen.turned(view, page, len(listed), more),
        )


@router.get("/scenarios/compare")
def compare(screen: ScreenOf, id: Ids) -> Response:
    """Scenarios side by side."""
    with screen.view(None, 1) as (view, _):
        found = side_by_side(view, id)
        known = [each["portfolio"] for each in found["scenarios"] if each["portfolio"]]
        if not known:
            return screen.nothing(view)
        portfolio = known_portfolio(view, UUID(known[0]))
        return screen.show("comparison.html", view, portfolio=portfolio, compared=found)


@router.get("/scenarios/{scenario_id}")
def scenario(scenario_id: UUID, screen: ScreenOf) -> Response:
    """One scenario: who is in, who is out and why, what is used of each limit."""
    with screen.view(None, 1) as (view, _):
        found = one_scenario(view, scenario_id)
        if found is None:
            raise NotFound(f"no scenario has the id {scenario_id}")
        if found["portfolio"] is None:
            return screen.nothing(view, found["first_fact_at"])
        is_solved = found["result"] is not None
        return screen.show(
            "scenario.html",
            view,
            portfolio=known_portfolio(view, UUID(found["portfolio"])),
            scenario=found,
            used=used(found) if is_solved else [],
            served=served(found) if is_solved else [],
            people=_people(view, filter(None, [found, *found["rulings"], found["solved"], found["committed"]])),
        )


def _people(view: View, told: Iterable[Answer]) -> dict[str, str]:
    return actor_names(view, {each["actor"] for each in told})
