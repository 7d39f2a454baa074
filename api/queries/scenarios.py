"""Queries about scenarios."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import HISTORY
from api.context import PREFIX
from api.queries.subject import history_of, why_of
from api.reading import Cursor, DeskOf, Limit, answer
from api.scenario_answers import COMPARISON, ONE_SCENARIO, SCENARIOS
from api.why_answers import WHY
from domain.kernel.refusal import Invalid, NotFound
from projections.bounds import View
from projections.paging import Answer
from projections.scenarios import MOST, compared, list_scenarios, one_scenario

router = APIRouter(prefix=f"{PREFIX}/scenarios", tags=["scenarios"])
Ids = Annotated[list[UUID], Query(description="once for each scenario, 2 to 5 of one portfolio")]
TABLE = "scenario_board_latest"


@router.get("", responses=SCENARIOS)
def scenarios(
    desk: DeskOf,
    portfolio: Annotated[UUID | None, Query(description="only those of this portfolio")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The scenarios that were thought about, the newest first, with what they were solved to in short."""
    return desk.many(lambda view, page: list_scenarios(view, portfolio, page), limit, cursor)


@router.get("/compare", responses=COMPARISON)
def compare(desk: DeskOf, id: Ids) -> Response:
    """Scenarios side by side: value, cost, limits, goals, who is in and out, and what differs first."""
    with desk.view() as view:
        return answer({**side_by_side(view, id), **view.echo()})


@router.get("/{scenario_id}", responses=ONE_SCENARIO)
def scenario(scenario_id: UUID, desk: DeskOf) -> Response:
    """One scenario: what it asks, what it was solved to, who is in, who is out and why."""
    return desk.one(lambda view: one_scenario(view, scenario_id), scenario_id, _missing(scenario_id))


@router.get("/{scenario_id}/why", responses=WHY)
def why(scenario_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """The decisions about a scenario, oldest first."""
    return why_of("scenario", TABLE, scenario_id, desk, limit, cursor)


@router.get("/{scenario_id}/history", responses=HISTORY)
def history(scenario_id: UUID, desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Every fact of a scenario, oldest first."""
    return history_of("scenario", TABLE, scenario_id, desk, limit, cursor)


def side_by_side(view: View, wanted: Sequence[UUID]) -> Answer:
    """The comparison. Raises `Invalid` for too few, too many or a repeated one, or several portfolios; `NotFound`."""
    if len(set(wanted)) < len(wanted) or not 2 <= len(wanted) <= MOST:
        raise Invalid({"query:id": f"expected 2 to {MOST} scenarios, each once; got {len(wanted)}"})
    found = compared(view, wanted)
    if found is None:
        raise NotFound(_missing(next(each for each in wanted if one_scenario(view, each) is None)))
    if len({each["portfolio"] for each in found["scenarios"]} - {None}) > 1:
        raise Invalid({"query:id": "expected scenarios of one portfolio"})
    return found


def _missing(scenario_id: UUID) -> str:
    return f"no scenario has the id {scenario_id}"
