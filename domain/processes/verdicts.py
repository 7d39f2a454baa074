"""What a solved scenario says of every component that could be chosen or was in anyway; pure."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.choosing.candidates import Candidate, Selection
from domain.choosing.reasons import Loser
from domain.choosing.rows import Kind
from domain.choosing.scenario_events import ScenarioSolved
from domain.choosing.scenario_words import Missing
from domain.choosing.selection import Selected, SelectionResult
from domain.kernel.money import Money
from domain.kernel.verdicts import Beaten, Losing, Outcome, Verdict, Why, Winning
from domain.processes.deriving import Rulings
from domain.processes.plan_then import PlanThen
from domain.project.words import RELEASED, State

MOST_TOLD = 5
"""How many of the losers a winner names."""
BY_KIND = {
    Kind.REQUIRES: Why.BLOCKED_BY_DEPENDENCY,
    Kind.CAPACITY: Why.NO_CAPACITY,
    Kind.BUDGET: Why.BELOW_WATERLINE,
    "value": Why.BELOW_WATERLINE,
}
"""What keeps a component out, as a reason code; everything else is a rule of the scenario."""
FIRST_TOLD = tuple(Why)
"""Of several reasons the one that comes first here is the code."""


@dataclass(frozen=True)
class Told:
    """A verdict, with what the component itself is told if anything changes for it."""

    verdict: Verdict
    winning: Winning | None = None
    losing: Losing | None = None

    @property
    def project(self) -> UUID:
        """The component."""
        return self.verdict.project


@dataclass(frozen=True)
class Solved:
    """A solution beside the plan it was made from, and what was ruled."""

    scenario: UUID
    plan: PlanThen
    given: Selection
    result: SelectionResult
    missing: Sequence[Missing]
    rulings: Rulings

    def ruled(self, project: UUID) -> str | None:
        """Why it had to be in or to stay out, if anybody ruled that."""
        ruling = self.rulings.get(project)
        return ruling.reason if ruling else None

    def state(self, project: UUID) -> State | None:
        """Where it stood."""
        return self.plan.projects[project].state


def result_of(solved: ScenarioSolved) -> SelectionResult:
    """The result of a solution, as it was told."""
    return SelectionResult.model_validate_json(json.dumps(solved.result))


def verdicts(solved: Solved) -> list[Told]:
    """A verdict on each: who is in, who is not, who cannot be chosen; in this order."""
    candidates = {each.project: each for each in solved.given.candidates}
    losers = sorted(solved.result.losers, key=lambda each: (-candidates[each.project].value, each.project))
    over = tuple(Beaten(project=UUID(each.project), name=candidates[each.project].called) for each in losers)
    found = [_in(solved, each, over) for each in solved.result.selected]
    found += [_out(solved, each, candidates[each.project]) for each in losers]
    return [*found, *_incomplete(solved)]


def _in(solved: Solved, chosen: Selected, over: tuple[Beaten, ...]) -> Told:
    project, cost = UUID(chosen.project), _money(solved, chosen.cost)
    forced = solved.ruled(project)
    outcome, reason, sentence = _kept_or_new(solved.state(project), chosen.start, forced)
    verdict = Verdict(
        project=project,
        verdict=outcome,
        reason=reason,
        sentence=sentence,
        start=chosen.start,
        value=chosen.value,
        cost=cost,
        forced=forced,
    )
    if outcome is Outcome.KEPT:
        return Told(verdict)
    winning = Winning(
        scenario=solved.scenario,
        value=chosen.value,
        cost=cost,
        start=chosen.start,
        forced_in=forced,
        over=over[:MOST_TOLD],
        of_losers=len(over),
    )
    return Told(verdict, winning=winning)


def _kept_or_new(state: State | None, start: str, forced: str | None) -> tuple[Outcome, str, str]:
    """What becomes of who is in, with the reason as a code and as a sentence."""
    had_to = f"; it had to be: {forced}" if forced else ""
    if state in RELEASED:
        return Outcome.KEPT, "under_way", f"It is {state.replace('_', ' ')} and stays in"
    if state is State.SELECTED:
        return Outcome.KEPT, "selected_before", f"It was selected before and stays in, from {start} on{had_to}"
    return Outcome.SELECTED, "forced_in" if forced else "most_value", f"It comes in, from {start} on{had_to}"


def _out(solved: Solved, loser: Loser, candidate: Candidate) -> Told:
    project = UUID(loser.project)
    cost = _money(solved, sum((each.money.amount for each in candidate.costs), Decimal(0)))
    forced = solved.ruled(project)
    kept_out = tuple(_sentence(each.sentence) for each in loser.kept_out)
    losing = Losing(
        scenario=solved.scenario,
        value=candidate.value,
        cost=cost,
        kept_out=kept_out,
        let_in_by=tuple(_sentence(each.sentence) for each in loser.let_in or ()),
        lost=loser.lost,
        lost_is_exact=loser.lost_is_exact,
        forced_out=forced,
    )
    return Told(_lost(project, _code(loser, forced), losing), losing=losing)


def _incomplete(solved: Solved) -> Iterator[Told]:
    """What cannot be chosen, as its value or its cost is not known."""
    names = {each.project for each in solved.given.candidates}
    for project in solved.plan.candidates():
        if str(project.id) in names:
            continue
        kept_out = tuple(_sentence(each.sentence) for each in solved.missing if each.project == str(project.id))
        losing = Losing(
            scenario=solved.scenario,
            value=None,
            cost=None,
            kept_out=kept_out,
            let_in_by=(),
            lost=None,
            lost_is_exact=None,
            forced_out=solved.ruled(project.id),
        )
        yield Told(_lost(project.id, Why.INCOMPLETE, losing), losing=losing)


def _lost(project: UUID, why: Why, losing: Losing) -> Verdict:
    return Verdict(
        project=project,
        verdict=Outcome.NOT_SELECTED,
        reason=why,
        sentence="; ".join(losing.kept_out),
        value=losing.value,
        cost=losing.cost,
        forced=losing.forced_out,
    )


def _code(loser: Loser, forced_out: str | None) -> Why:
    kinds = [each.kind for each in loser.kept_out]
    found = [BY_KIND.get(kind, Why.KEPT_OUT_BY_RULE) for kind in kinds if kind != Kind.EXCLUDED]
    if Kind.EXCLUDED in kinds:
        found.append(Why.FORCED_OUT if forced_out else Why.BLOCKED_BY_DEPENDENCY)
    return min(found, key=FIRST_TOLD.index)


def _money(solved: Solved, amount: Decimal) -> Money:
    return Money(amount=amount, currency=solved.given.currency)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
