"""A selection, made from the plan as it stood and from what a scenario asks: one pure function."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.choosing.candidates import BudgetLimit, Candidate, Forced, Selection
from domain.choosing.periods import Calendar, years
from domain.choosing.scenario import Ruling
from domain.choosing.scenario_events import TakenModel
from domain.choosing.scenario_words import Adjustment, Missing, Spec
from domain.kernel.money import Rates
from domain.kernel.refusal import Invalid, Refused
from domain.processes import asked
from domain.processes.candidacy import Drawn, draw
from domain.processes.costing import cost_lines, needed_for, outlined
from domain.processes.limits import budgets_of, capacities_of
from domain.processes.plan_then import OPEN, PlanThen, line, name_of
from domain.processes.requiring import required
from domain.processes.worth import worth_of
from domain.project.words import RELEASED, State, verbs_from

NO_CURRENCY = "XXX"
"""ISO 4217 for what involves none: there is no money in the plan."""

Rulings = Mapping[UUID, Ruling]


@dataclass(frozen=True)
class Derived:
    """The selection, what is missing of which component, and whose scores were taken."""

    selection: Selection
    missing: tuple[Missing, ...]
    model: TakenModel | None


class NothingToChoose(Refused):
    """No component is there that has a value and a cost."""


def derive(plan: PlanThen, spec: Spec, rulings: Rulings) -> Derived:
    """What a scenario comes to in a plan: nothing but these three goes in.

    Raises `Invalid`, at pointers into the scenario, for names of nothing in the portfolio, money without a rate, and
    periods that end before a plan or a request does; `Refused` for a ruling that the state of its project forbids.
    """
    asked.check_names(plan, spec)
    _check_rulings(plan, rulings)
    rates = Rates(currency_of(plan, spec), plan.portfolio.quoted)
    calendar = Calendar(spec.periods or _years(plan, spec))
    worth = worth_of(plan, spec.value, rates)
    budgets = asked.budgets(plan, spec, rates)
    drawn = draw(plan, spec, _in(plan, rulings), calendar, worth, rates)
    if not drawn.candidates:
        told = "; ".join(f"{each.name}: {each.sentence}" for each in drawn.missing[:3])
        told = told or "the portfolio holds no candidate"
        raise NothingToChoose(f"Nothing can be chosen: {told}. Only what has a value and a cost can be.")
    selection = _selection(plan, spec, rulings, calendar, drawn, budgets)
    return Derived(selection, drawn.missing, worth.model)


def _selection(
    plan: PlanThen, spec: Spec, rulings: Rulings, calendar: Calendar, drawn: Drawn, budgets: list[BudgetLimit]
) -> Selection:
    names = [each.project for each in drawn.candidates]
    needed = required(plan, spec, names)
    capacities = spec.capacities
    if spec.budgets is None:
        budgets = budgets_of(plan.portfolio, calendar, _categories(drawn.candidates))
    if capacities is None:
        roles = {need.role for each in drawn.candidates for need in each.needs}
        capacities = tuple(capacities_of(list(plan.people), calendar, roles))
    return Selection(
        currency=currency_of(plan, spec),
        periods=tuple(calendar.names),
        candidates=drawn.candidates,
        budgets=tuple(budgets),
        capacities=capacities,
        mandatory=_mandatory(plan, rulings),
        excluded=(*_ruled(plan, rulings, names, is_in=False), *needed.excluded),
        requires=needed.pairs,
        excludes=tuple(asked.excludes(spec, names)),
        groups=tuple(asked.groups(spec, names)),
        goals=tuple(asked.goals(plan, spec)),
    )


def _categories(candidates: tuple[Candidate, ...]) -> set[str]:
    return {cost.category for each in candidates for cost in each.costs}


def _in(plan: PlanThen, rulings: Rulings) -> set[UUID]:
    """What is in, whatever its value."""
    running = {each.id for each in plan.candidates() if each.state in RELEASED}
    return running | {each for each, ruling in rulings.items() if ruling.is_in}


def _mandatory(plan: PlanThen, rulings: Rulings) -> tuple[Forced, ...]:
    running = [each for each in plan.candidates() if each.state in RELEASED]
    told = [Forced(project=str(each.id), reason=f"it is {_word(each.state)}") for each in running]
    return (*told, *_ruled(plan, rulings, [str(each.id) for each in plan.candidates()], is_in=True))


def _ruled(plan: PlanThen, rulings: Rulings, names: list[str], *, is_in: bool) -> Iterator[Forced]:
    for project, ruling in sorted(rulings.items()):
        if ruling.is_in is is_in and str(project) in names:
            yield Forced(project=str(project), reason=line(ruling.reason))


def _check_rulings(plan: PlanThen, rulings: Rulings) -> None:
    for project, ruling in rulings.items():
        known = plan.projects.get(project)
        if known is None or project not in plan.portfolio.members:
            raise Refused(
                f"The portfolio does not hold {project}, about which was ruled; unforce it, and all can be solved."
            )
        must_be_open(plan, project, ruling.is_in)


def must_be_open(plan: PlanThen, project_id: UUID, is_in: bool) -> None:
    """Raises `Refused` for a ruling about what is in anyway, or cannot be."""
    project = plan.projects[project_id]
    told, details = f"{name_of(project)} is {_word(project.state)}", {"state": project.state}
    if project.state in RELEASED:
        ends = "so it is in anyway"
    elif project not in plan.candidates():
        ends = f"so it cannot be {'forced in' if is_in else 'chosen'}"
    else:
        return
    raise Refused(
        f"{told}, {ends}; expected it {_listed(OPEN)}.", **details, allowed_moves=list(verbs_from(project.state))
    )


def _listed(states: tuple[State, ...]) -> str:
    *others, last = (_word(state) for state in states)
    return f"{', '.join(others)} or {last}"


def _word(state: object) -> str:
    return str(state or "not there yet").replace("_", " ")


def currency_of(plan: PlanThen, spec: Spec) -> str:
    """That of the portfolio, or the only one that money is in."""
    if plan.portfolio.currency:
        return plan.portfolio.currency
    found = {each.money.currency for project in plan.candidates() for each in cost_lines(project)}
    found |= {money.currency for money in plan.portfolio.budgets.values()}
    found |= {each.money.currency for each in spec.budgets or ()}
    if len(found) > 1:
        raise Invalid({"": f"the portfolio has no currency, and its money is in {', '.join(sorted(found))}"})
    return found.pop() if found else NO_CURRENCY


def _length(said: Adjustment | None, paid: int, needed: int) -> int:
    """How many periods after its beginning a plan ends, of which costs or needs may be others."""
    if said and said.costs is not None:
        paid = max((each.after for each in said.costs), default=0)
    if said and said.needs is not None:
        needed = max((each.after for each in said.needs), default=0)
    return max(paid, needed)


def _years(plan: PlanThen, spec: Spec) -> tuple[str, ...]:
    """The calendar years from this one to the end of the last budget, the last plan and the last request."""
    this = plan.on.year
    ends = [this, *(year for year, _ in plan.portfolio.budgets)]
    calendar = Calendar(years(this, this))
    starts, adjustments = asked.by_project(spec.starts), asked.by_project(spec.adjustments)
    for project in plan.candidates():
        outline = outlined(project, calendar)
        start = max(0, outline.begin)
        if told := starts.get(str(project.id)):
            start = max([start, *(int(each[:4]) - this for each in (told[1].earliest, told[1].latest) if each)])
        _, adjusted = adjustments.get(str(project.id), (0, None))
        length = _length(adjusted, outline.length, needed_for(project, calendar, outline.begin))
        ends.append(this + start + length)
    return years(this, max(ends))
