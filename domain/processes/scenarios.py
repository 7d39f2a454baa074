"""Scenarios of a portfolio: what might be chosen in the plan as it stood; the plan itself is never touched."""

from collections.abc import Callable
from decimal import localcontext
from typing import Any
from uuid import UUID

from domain.choosing import scenario_commands as c
from domain.choosing.analyses import METHODS, AnalysisKind
from domain.choosing.analysis import digest
from domain.choosing.figures import PRECISE
from domain.choosing.program import program
from domain.choosing.scenario import Scenario
from domain.choosing.scenario_events import ScenarioFact, ScenarioSolved
from domain.choosing.scenario_words import Spec
from domain.choosing.selection import select
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid, NotFound
from domain.processes.deriving import Derived, NothingToChoose, Rulings, derive, must_be_open
from domain.processes.plan_then import PlanThen, plan_then

METHOD = METHODS[AnalysisKind.SELECTION]


def create(scenario_id: UUID, command: c.CreateScenario) -> Decide:
    """A choice is thought about, once what it asks makes sense in the plan."""

    def decide(read: Reading) -> Facts:
        created = read.new(Scenario, scenario_id).create(command)
        _must_make_sense(read, command.portfolio, created.spec, {})
        return [(scenario_id, created)]

    return decide


def edit(scenario_id: UUID, command: c.EditScenario) -> Decide:
    """It asks for something else, if that makes sense in the plan."""

    def decide(read: Reading) -> Facts:
        scenario = read(Scenario, scenario_id)
        edited = scenario.edit(command)
        if edited is None:
            return []
        _must_make_sense(read, owner_of(scenario), edited.spec, scenario.rulings)
        return [(scenario_id, edited)]

    return decide


def _ruling(decide: Callable[[Scenario, Any], ScenarioFact], is_in: bool | None) -> Callable[[UUID, Any], Decide]:
    """A ruling about a project that the portfolio holds and that may be chosen; one that ends may be about any."""

    def decide_for(scenario_id: UUID, command: Any) -> Decide:
        def decided(read: Reading) -> Facts:
            scenario = read(Scenario, scenario_id)
            event = decide(scenario, command)
            if is_in is not None:
                plan = _plan(read, owner_of(scenario), scenario.asked, None)
                if command.project not in plan.portfolio.members:
                    raise Invalid({"/project": f"the portfolio does not hold the project {command.project}"})
                must_be_open(plan, command.project, is_in)
            return [(scenario_id, event)]

        return decided

    return decide_for


force_in = _ruling(Scenario.force_in, True)
force_out = _ruling(Scenario.force_out, False)
unforce = _ruling(Scenario.unforce, None)


def solve(scenario_id: UUID, command: c.SolveScenario) -> Decide:
    """The best choice is looked for once, however often the scenario is decided anew; only other inputs start it again.

    Nothing but the scenario itself is checked on append: the plan is taken as it stood at a position, for good.
    """
    last: tuple[Derived, ScenarioSolved] | None = None
    newest: int | None = None

    def decide(read: Reading) -> Facts:
        nonlocal last, newest
        scenario = read(Scenario, scenario_id)
        spec = scenario.asked
        newest = read.past(newest).position
        named = [each for each in (command.inputs_position, spec.inputs_position) if each is not None]
        position = named[0] if named else newest
        plan = _plan(read, owner_of(scenario), spec, position)
        derived = derive(plan, spec, scenario.rulings)
        if last is None or last[0] != derived:
            last = derived, solved(derived, plan, position, command)
        event = last[1].model_copy(update={"of_version": scenario.version})
        return [(scenario_id, event)]

    return decide


def solved(derived: Derived, plan: PlanThen, position: int, command: c.SolveScenario) -> ScenarioSolved:
    """The fact of a scenario that comes to this selection."""
    given = derived.selection.model_copy(update={"seconds": command.seconds, "explain": command.explain})
    result = select(given).model_dump(mode="json")
    inputs = given.model_dump(mode="json", exclude_defaults=True)
    return ScenarioSolved(
        of_version=1,
        inputs_position=position,
        as_of=plan.as_of,
        on=plan.on,
        model=derived.model,
        missing=derived.missing,
        method_version=METHOD.version,
        inputs=inputs,
        result=result,
        sha256=digest(inputs, result),
    )


def owner_of(scenario: Scenario) -> UUID:
    """The portfolio whose scenario it is. Raises `NotFound` if its first fact is not there."""
    if scenario.portfolio is None:
        raise NotFound(f"no scenario has the id {scenario.id}")
    return scenario.portfolio


def _plan(read: Reading, portfolio: UUID, spec: Spec, position: int | None) -> PlanThen:
    """The plan at a position, by default that of the scenario, else the newest."""
    today = read.occasion.now.date()
    if spec.as_of and spec.as_of.date() > today:
        raise Invalid({"/as_of": f"{spec.as_of.date()} is in the future; today is {today}"})
    past = read.past(spec.inputs_position if position is None else position, spec.as_of)
    return plan_then(past, portfolio, spec, (spec.as_of or read.moment).date())


def _must_make_sense(read: Reading, portfolio: UUID, spec: Spec, rulings: Rulings) -> None:
    """Raises `Invalid` at a pointer into the scenario for what could never be solved; nothing to choose is no error."""
    plan = _plan(read, portfolio, spec, None)
    try:
        derived = derive(plan, spec, rulings)
    except NothingToChoose:
        return
    try:
        with localcontext(PRECISE):
            program(derived.selection)
    except Invalid as refusal:
        raise Invalid({_at(derived, spec, at): sentence for at, sentence in refusal.errors.items()}) from None


def _at(derived: Derived, spec: Spec, at: str) -> str:
    """Where a scenario says what is wrong in the selection it comes to."""
    _, member, *rest = at.split("/")
    given: Any = getattr(spec, member, None)
    if not rest or not given:
        return f"/{member}" if given else ""
    told: Any = getattr(derived.selection, member)[int(rest[0])]
    same = [place for place, each in enumerate(given) if each == told or getattr(each, "name", ...) == told]
    return "/".join(["", member, str(same[0] if same else rest[0]), *rest[1:]])
