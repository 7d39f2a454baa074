"""What a scenario asks, checked against the plan: its names are of the portfolio, its money has a rate; pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

from domain.choosing.candidates import BudgetLimit, Exclusion, GoalShare, Group, PlannedCost
from domain.choosing.circles import check_circle
from domain.choosing.figures import cents
from domain.choosing.scenario_words import Adjustment, Spec, Starting
from domain.kernel.money import Money, Rates
from domain.kernel.refusal import Invalid
from domain.processes.plan_then import PlanThen, line, name_of

T = TypeVar("T", Adjustment, Starting)


def check_names(plan: PlanThen, spec: Spec) -> None:
    """Raises `Invalid` for every project that the portfolio does not hold, goal it does not pursue, repetition, and a
    circle of requirements.
    """
    members = {str(each) for each in plan.portfolio.members}
    wrong = {
        at: f"the portfolio does not hold the project {name}" for at, name in _projects(spec) if name not in members
    }
    goals = {str(goal.id) for goal in plan.goals}
    for place, goal in enumerate(spec.goals or ()):
        if goal.goal not in goals:
            listed = ", ".join(f"{line(each.name)} {each.id}" for each in plan.goals) or "there is none"
            wrong[f"/goals/{place}/goal"] = f"expected an open goal of the portfolio ({listed}); got {goal.goal}"
    said = {
        "starts": [each.project for each in spec.starts],
        "adjustments": [each.project for each in spec.adjustments],
    }
    for member, named in said.items():
        for place, name in enumerate(named):
            if name in named[:place]:
                wrong[f"/{member}/{place}/project"] = f"expected each project once; {name} comes twice"
    if wrong:
        raise Invalid(wrong)
    check_circle(spec.requires or (), {str(each.id): name_of(each) for each in plan.members()})


def _projects(spec: Spec) -> Iterator[tuple[str, str]]:
    for place, pair in enumerate(spec.requires or ()):
        yield f"/requires/{place}/project", pair.project
        yield f"/requires/{place}/needs", pair.needs
    for place, rival in enumerate(spec.excludes):
        yield f"/excludes/{place}/project", rival.project
        yield f"/excludes/{place}/other", rival.other
    for place, group in enumerate(spec.groups):
        for number, name in enumerate(group.projects):
            yield f"/groups/{place}/projects/{number}", name
    for place, start in enumerate(spec.starts):
        yield f"/starts/{place}/project", start.project
    for place, adjustment in enumerate(spec.adjustments):
        yield f"/adjustments/{place}/project", adjustment.project


def by_project(given: Collection[T]) -> Mapping[str, tuple[int, T]]:
    """What is said of each project, with its place."""
    return {each.project: (place, each) for place, each in enumerate(given)}


def home(money: Money, plan: PlanThen, rates: Rates, at: str) -> Money:
    """An amount of the scenario in the currency of the portfolio. Raises `Invalid` at its pointer without a rate."""
    worth = rates.worth(money.amount, money.currency, plan.on)
    if worth is None:
        told = f"expected {rates.home}, or a currency with a rate on {plan.on}: set-rate"
        raise Invalid({f"{at}/currency": told})
    return Money(amount=cents(worth), currency=rates.home or "")


def budgets(plan: PlanThen, spec: Spec, rates: Rates) -> list[BudgetLimit]:
    """The budgets that the scenario gives."""
    return [
        each.model_copy(update={"money": home(each.money, plan, rates, f"/budgets/{place}/money")})
        for place, each in enumerate(spec.budgets or ())
    ]


def costs(plan: PlanThen, place: int, given: Collection[PlannedCost], rates: Rates) -> tuple[PlannedCost, ...]:
    """The costs that the adjustment at a place gives."""
    return tuple(
        each.model_copy(update={"money": home(each.money, plan, rates, f"/adjustments/{place}/costs/{number}/money")})
        for number, each in enumerate(given)
    )


def excludes(spec: Spec, names: Collection[str]) -> list[Exclusion]:
    """The pairs of which both can be chosen."""
    return [each for each in spec.excludes if each.project in names and each.other in names]


def groups(spec: Spec, names: Collection[str]) -> list[Group]:
    """The groups without those that cannot be chosen. Raises `Invalid` for one of which nobody is left to be in."""
    found = []
    for place, group in enumerate(spec.groups):
        left = tuple(each for each in group.projects if each in names)
        if left:
            found.append(group.model_copy(update={"projects": left}))
        elif group.at_least:
            raise Invalid({f"/groups/{place}/projects": f"none of {group.name} can be chosen; see what they miss"})
    return found


def goals(plan: PlanThen, spec: Spec) -> list[GoalShare]:
    """The goals with their names; those that the scenario gives, or all that are open, without a least share."""
    called = {str(goal.id): line(goal.name) or None for goal in plan.goals}
    wanted = [GoalShare(goal=each) for each in sorted(called)] if spec.goals is None else spec.goals
    return [each.model_copy(update={"name": called[each.goal]}) for each in wanted]
