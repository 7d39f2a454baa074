"""A committed scenario, computed again when it is asked for."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.context import PREFIX
from api.reading import Desk, DeskOf
from api.recomputation_answers import RECOMPUTATION, RecomputationOfCommit
from domain.kernel.decide import FactStore
from domain.portfolio.commit_events import ScenarioCommitted
from domain.processes.recomputing import recomputed
from projections.bounds import View
from projections.journal import Wanted, decisions
from projections.paging import Answer, Page

router = APIRouter(prefix=f"{PREFIX}/scenarios", tags=["scenarios"])
SAID = ("event_id", "position", "actor", "role", "occurred_at", "recorded_at")


@router.get("/{scenario_id}/recomputation", responses=RECOMPUTATION)
def recomputation(scenario_id: UUID, desk: DeskOf) -> Response:
    """The latest commit of a scenario, derived again from the plan as it stood then, solved again and compared."""
    missing = f"no scenario has the id {scenario_id}"
    return desk.one(lambda view: _recomputed(view, desk, scenario_id), scenario_id, missing)


def _recomputed(view: View, desk: Desk, scenario: UUID) -> Answer | None:
    store = desk.context.store
    if not view.sees(scenario) or not store.version(scenario):
        return None
    wanted = Wanted(subject=scenario, fact=ScenarioCommitted.fact_name)
    found, _ = decisions(view, wanted, Page(1, 0))
    nothing = dict.fromkeys(RecomputationOfCommit.model_fields)
    return {"id": str(scenario), **(_compared(store, found[0]) if found else nothing)}


def _compared(store: FactStore, decision: Answer) -> Answer:
    said = {**decision["data"], "why": {"code": decision["code"], "text": decision["text"]}}
    committed = ScenarioCommitted.model_validate(said)
    portfolio = UUID(decision["stream_id"])
    again = recomputed(store, portfolio, committed)
    return {
        "name": committed.name,
        "portfolio": str(portfolio),
        "committed": {each: decision[each] for each in SAID},
        "inputs_position": committed.inputs_position,
        "sha256": committed.sha256,
        "said": again.said,
        "same_inputs": not again.inputs,
        "same_verdicts": not again.verdicts,
        "verdicts": [each.model_dump(mode="json") for each in committed.verdicts],
        "difference": [*again.inputs, *again.verdicts],
    }
