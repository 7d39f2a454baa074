"""A scenario becomes the plan, whole or not at all; if that moved meanwhile, the difference is told."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from domain.choosing.candidates import Selection
from domain.choosing.scenario import Scenario
from domain.choosing.scenario_commands import CommitScenario
from domain.choosing.scenario_events import ScenarioSolved
from domain.choosing.scenario_words import Spec
from domain.choosing.solver import Found
from domain.kernel.decide import Decide, Facts, Reading, must_follow, must_not_be_ahead
from domain.kernel.event import Event
from domain.kernel.rationale import Rationale, require_code
from domain.kernel.refusal import Refused
from domain.kernel.scoring import ScoringModel
from domain.kernel.verdicts import Outcome
from domain.portfolio.commit_events import ScenarioCommitted
from domain.portfolio.policy import require_evidence
from domain.portfolio.portfolio import Portfolio
from domain.processes.affording import forced_in
from domain.processes.deriving import derive
from domain.processes.drift import Moved, difference, impossible, standing
from domain.processes.plan_then import PlanThen, plan_then
from domain.processes.policies import Entrance, holders, overridden, require_a_code
from domain.processes.scenarios import owner_of
from domain.processes.verdicts import Solved, Told, result_of, verdicts
from domain.project.events import NotSelected, ProjectDeselected, ProjectSelected
from domain.project.project import Project
from domain.project.words import MOVES, RELEASED, State

TO_COMMIT = (Found.PROVEN_OPTIMAL, Found.BEST_FOUND)


class Row(NamedTuple):
    """What becomes of a component by its verdict, from which states, and the fact it is told by if it has one."""

    verdict: Outcome
    sources: Sequence[State]
    target: str
    fact: type[Event] | None


STAYS = "the same"
TOLD = (
    Row(Outcome.SELECTED, MOVES["select"].sources, State.SELECTED, ProjectSelected),
    Row(Outcome.NOT_SELECTED, MOVES["deselect"].sources, State.UNDER_EVALUATION, ProjectDeselected),
    Row(Outcome.NOT_SELECTED, MOVES["select"].sources, STAYS, NotSelected),
    Row(Outcome.KEPT, (State.SELECTED, *RELEASED), STAYS, None),
)
"""The rows of the lifecycle that a commit follows."""


class PlanMoved(Refused):
    """The plan is no longer the one that was solved (409); `difference` says what changed."""

    def __init__(self, moved: Sequence[Moved]) -> None:
        told = f"{len(moved)} {'thing' if len(moved) == 1 else 'things'} changed since"
        super().__init__(
            f"The plan is no longer the one in which this was solved: {told}. Possible: solve it anew, then commit.",
            difference=list(moved),
        )


def commit(scenario_id: UUID, command: CommitScenario) -> Decide:
    """What was solved becomes the plan: a verdict on the whole, and a fact for each component that wins or loses."""

    def decide(read: Reading) -> Facts:
        scenario = read(Scenario, scenario_id)
        solution = _to_commit(scenario)
        must_not_be_ahead(read.occasion)
        must_follow(scenario.solved_at, read.occasion, "it was solved")
        portfolio = read(Portfolio, owner_of(scenario))
        _check_on_append(read, portfolio)
        before = plan_of(read, scenario, solution)
        _must_be_as_it_was(read, before, scenario.asked, scenario, solution)
        told = verdicts(solved_in(before, scenario, solution))
        committed = ScenarioCommitted(
            scenario=scenario_id,
            scenario_version=scenario.version,
            name=scenario.name,
            verdicts=tuple(each.verdict for each in told),
            model=ScoringModel(**solution.model.model_dump()) if solution.model else None,
            inputs_position=solution.inputs_position,
            sha256=solution.sha256,
            why=require_code(command.rationale, ()),
        )
        return [(portfolio.id, committed), *_moves(read, scenario, told, command)]

    return decide


def plan_of(read: Reading, scenario: Scenario, solution: ScenarioSolved) -> PlanThen:
    """The plan in which a scenario was solved."""
    past = read.past(solution.inputs_position, solution.as_of)
    return plan_then(past, owner_of(scenario), scenario.asked, solution.on)


def solved_in(plan: PlanThen, scenario: Scenario, solution: ScenarioSolved) -> Solved:
    """The solution beside the plan."""
    given = Selection.model_validate(solution.inputs)
    return Solved(scenario.id, plan, given, result_of(solution), solution.missing, scenario.rulings)


def _to_commit(scenario: Scenario) -> ScenarioSolved:
    if scenario.solved is None or not scenario.is_current:
        since = "was changed since it was solved" if scenario.solved else "was not solved yet"
        raise Refused(f"The scenario {since}; solve it, look at what comes of it, then commit.")
    if scenario.solved.result["found"] not in TO_COMMIT:
        raise Refused(
            f"The scenario has nothing to commit: {scenario.solved.result['said']}; edit it and solve it anew."
        )
    return scenario.solved


def _check_on_append(read: Reading, portfolio: Portfolio) -> None:
    """Let everything that could be chosen be as it is read here, or the commit is decided anew."""
    for project in read.glance(Project, list(portfolio.members)):
        read.new(Project, project.id)


def _must_be_as_it_was(
    read: Reading, before: PlanThen, spec: Spec, scenario: Scenario, solution: ScenarioSolved
) -> None:
    """Raises `PlanMoved` unless the plan as it stands now comes to the same."""
    now = spec.model_copy(update={"as_of": None, "inputs_position": None})
    after = plan_then(read.past(None), owner_of(scenario), now, read.moment.date())
    try:
        derived = derive(after, now, scenario.rulings).selection
    except Refused as refusal:
        raise PlanMoved([*standing(before, after), impossible(after, refusal.sentence)]) from None
    if moved := difference(before, after, Selection.model_validate(solution.inputs), derived):
        raise PlanMoved(moved)


def _moves(read: Reading, scenario: Scenario, told: Sequence[Told], command: CommitScenario) -> Facts:
    """What each component is told, and what had to be overridden for that."""
    own = command.rationale.model_copy(update={"premises": (), "supersedes": None, "review_on": None})
    facts, entering, leaving = list[tuple[UUID, Event]](), list[Entrance](), set[UUID]()
    for each in told:
        project = read(Project, each.project)
        if each.winning:
            entering.append(_entrance(read, project, "select", own))
            facts.append((project.id, project.chosen(each.winning, own)))
        elif each.losing:
            if project.state is State.SELECTED:
                entering.append(_entrance(read, project, "deselect", own))
                leaving.add(project.id)
            facts.append((project.id, project.passed_over(each.losing, _reason(each, own))))
    chosen = [each for each in entering if each.state is State.SELECTED]
    kept = {scenario.portfolio} if _is_held_to_its_budgets(scenario) else set()
    paid = [
        (read(Project, project), [each for each in portfolios if each.id not in kept])
        for project, portfolios, _ in chosen
    ]
    return [*forced_in(read, paid, command.force_in, leaving), *overridden(read, entering, command), *facts]


def _entrance(read: Reading, project: Project, verb: str, why: Rationale) -> Entrance:
    """Its way into another state, with the documents and, where a person gives the reason, the code asked for there."""
    portfolios = holders(read, project.id)
    if verb == "select":
        require_a_code(portfolios, verb, why)
    require_evidence([each.policy for each in portfolios], verb, why, project.documents())
    return Entrance(project.id, portfolios, MOVES[verb].target)


def _is_held_to_its_budgets(scenario: Scenario) -> bool:
    """Whether what was solved keeps to what its portfolio may spend and to what everything is said to cost."""
    return scenario.asked.budgets is None and all(each.costs is None for each in scenario.asked.adjustments)


def _reason(told: Told, why: Rationale) -> Rationale:
    """A loser's own reason, with the documents of the whole."""
    return Rationale(code=told.verdict.reason, text=told.verdict.sentence, evidence=why.evidence)
