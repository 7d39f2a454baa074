"""Who may be chosen, with value, costs, needs and starts, and what is missing of the others; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.choosing.candidates import Candidate
from domain.choosing.figures import NOTHING, WHOLE
from domain.choosing.periods import Calendar
from domain.choosing.scenario_words import Adjustment, Missing, Spec, Starting, What
from domain.kernel.money import Rates
from domain.kernel.refusal import Invalid
from domain.processes import asked
from domain.processes.costing import Costs, Outline, costs_of, needs_of, outlined
from domain.processes.plan_then import PlanThen, name_of
from domain.processes.worth import Worth
from domain.project.project import Project
from domain.project.words import RELEASED


@dataclass(frozen=True)
class Drawn:
    """The candidates from rank 1 down, and what is missing of whom."""

    candidates: tuple[Candidate, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Table:
    """What all candidates are drawn from; `inside` are those that are in, whatever is missing of them."""

    plan: PlanThen
    spec: Spec
    inside: Collection[UUID]
    calendar: Calendar
    worth: Worth
    rates: Rates
    starts: Mapping[str, tuple[int, Starting]]
    adjustments: Mapping[str, tuple[int, Adjustment]]
    goals: Collection[str]


def draw(plan: PlanThen, spec: Spec, inside: Collection[UUID], calendar: Calendar, worth: Worth, rates: Rates) -> Drawn:
    """Every candidate of the plan that can be chosen or is in anyway.

    Raises `Invalid` for money without a rate, and for periods that end before a plan or a request does.
    """
    starts, adjustments = asked.by_project(spec.starts), asked.by_project(spec.adjustments)
    goals = {goal.goal for goal in asked.goals(plan, spec)}
    table = Table(plan, spec, inside, calendar, worth, rates, starts, adjustments, goals)
    candidates, missing = list[Candidate](), list[Missing]()
    for project in plan.candidates():
        outline = outlined(project, calendar)
        value, costs = _value(table, project), _costs(table, project, outline)
        lacking = [what for what, found in ((What.VALUE, value), (What.COST, costs)) if found is None]
        is_in = project.id in inside
        missing += [_missing(table, project, what, is_in) for what in lacking]
        if is_in or not lacking:
            candidate = Candidate(project=str(project.id), name=name_of(project), value=value or NOTHING)
            candidates.append(_planned(table, project, outline, candidate, costs or ()))
    return Drawn(tuple(candidates), tuple(missing))


def _value(table: Table, project: Project) -> Decimal | None:
    _, adjusted = table.adjustments.get(str(project.id), (0, None))
    given = adjusted.value if adjusted else None
    return given if given is not None else table.worth.values.get(project.id)


def _costs(table: Table, project: Project, outline: Outline) -> Costs | None:
    place, adjusted = table.adjustments.get(str(project.id), (0, None))
    if adjusted and adjusted.costs is not None:
        return asked.costs(table.plan, place, adjusted.costs, table.rates)
    return costs_of(project, outline, table.calendar, table.rates, table.plan.on)


def _missing(table: Table, project: Project, what: What, is_in: bool) -> Missing:
    lacks = f"it has no {table.worth.lacking}" if what is What.VALUE else "nobody said what it costs"
    then = f"it is in anyway, and no {what} of it is counted" if is_in else "so it cannot be chosen"
    sentence = f"{lacks}{'; ' if is_in else ', '}{then}"
    return Missing(project=str(project.id), name=name_of(project), what=what, is_in=is_in, sentence=sentence)


def _planned(table: Table, project: Project, outline: Outline, candidate: Candidate, costs: Costs) -> Candidate:
    """The candidate with when it may start, what it costs, whom it needs and which goals it serves."""
    names = table.calendar.names
    first, last = _starts(table, project, max(0, outline.begin))
    _, adjusted = table.adjustments.get(str(project.id), (0, None))
    needs = adjusted.needs if adjusted else None
    if needs is None:
        needs = needs_of(project, table.calendar, outline.begin, len(names) - last)
    afters = [each.after for each in costs] + [each.after for each in needs]
    _must_end(table, project, last, max(afters, default=0))
    serves = sorted(str(goal.id) for goal in table.plan.goals if project.id in goal.weights)
    _, start = table.starts.get(str(project.id), (0, None))
    return candidate.model_copy(
        update={
            "costs": costs,
            "needs": needs,
            "goals": {goal: WHOLE for goal in serves if goal in table.goals},
            "earliest": names[first] if first or last else None,
            "latest": names[last] if last != first else None,
            "loss_per_period": (start.loss_per_period if start else None) or NOTHING,
        }
    )


def _starts(table: Table, project: Project, natural: int) -> tuple[int, int]:
    """The places of the first and the last period it may start in. Raises `Invalid` for periods that are not there."""
    place, told = table.starts.get(str(project.id), (0, None))
    if told is None:
        return natural, natural
    if project.state in RELEASED:
        raise Invalid({f"/starts/{place}/project": f"{name_of(project)} has started; only others start when one likes"})
    first = _place(table, told.earliest, f"/starts/{place}/earliest") if told.earliest else natural
    last = _place(table, told.latest, f"/starts/{place}/latest") if told.latest else first
    if last < first:
        from_on = table.calendar.name(first)
        raise Invalid({f"/starts/{place}/latest": f"expected a period from {from_on} on; got {told.latest}"})
    return first, last


def _place(table: Table, period: str, at: str) -> int:
    if period not in table.calendar.names:
        raise Invalid({at: f"expected one of the periods ({', '.join(table.calendar.names)}); got {period}"})
    return list(table.calendar.names).index(period)


def _must_end(table: Table, project: Project, last: int, length: int) -> None:
    if last + length < len(table.calendar.names):
        return
    end = table.calendar.name(last + length)
    place, told = table.starts.get(str(project.id), (0, None))
    at = f"/starts/{place}/latest" if told and told.latest else "/periods"
    raise Invalid({at: f"expected periods up to {end}, for {name_of(project)} would end in it"})
