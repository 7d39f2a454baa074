"""A committed scenario computed again, from the plan as it stood and from nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.choosing.candidates import Selection
from domain.choosing.scenario import Scenario
from domain.choosing.selection import select
from domain.kernel.aggregate import fold
from domain.kernel.decide import FactStore, Past
from domain.kernel.verdicts import Verdict
from domain.portfolio.commit_events import ScenarioCommitted
from domain.processes.deriving import derive
from domain.processes.drift import Moved, difference
from domain.processes.plan_then import plan_then
from domain.processes.verdicts import Solved, verdicts


@dataclass(frozen=True)
class Recomputation:
    """What came of it: how the search ended, how the inputs differ, and how the verdicts do."""

    said: str
    inputs: Sequence[Moved]
    verdicts: Sequence[Moved]


def recomputed(store: FactStore, portfolio: UUID, committed: ScenarioCommitted) -> Recomputation:
    """The scenario as it was committed, derived and solved again, for as long as it was then."""
    scenario = _as_committed(store, committed)
    solution = scenario.solved
    assert solution is not None, "only what was solved is committed"
    plan = plan_then(Past(store, committed.inputs_position, solution.as_of), portfolio, scenario.asked, solution.on)
    derived = derive(plan, scenario.asked, scenario.rulings)
    given = Selection.model_validate(solution.inputs)
    again = derived.selection.model_copy(update={"seconds": given.seconds, "explain": False})
    result = select(again)
    told = verdicts(Solved(scenario.id, plan, again, result, derived.missing, scenario.rulings))
    return Recomputation(
        said=result.said,
        inputs=difference(plan, plan, given, again),
        verdicts=list(_differing(committed.verdicts, [each.verdict for each in told])),
    )


def _as_committed(store: FactStore, committed: ScenarioCommitted) -> Scenario:
    history = store.history(committed.scenario)
    return fold(Scenario, committed.scenario, [fact for fact in history if fact.version <= committed.scenario_version])


def _differing(was: Sequence[Verdict], now: Sequence[Verdict]) -> Iterator[Moved]:
    before, after = ({each.project: each for each in rows} for rows in (was, now))
    for project in dict.fromkeys((*before, *after)):
        if before.get(project) == after.get(project):
            continue
        one, other = (_told(rows.get(project)) for rows in (before, after))
        for what in Verdict.model_fields:
            if one.get(what) != other.get(what):
                yield {"subject": str(project), "what": what, "from": one.get(what), "to": other.get(what)}


def _told(row: Verdict | None) -> dict[str, Any]:
    return row.model_dump(mode="json") if row else {}
