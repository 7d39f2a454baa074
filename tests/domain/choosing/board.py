"""A portfolio with three candidates, something that runs and a budget, for scenarios."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.choosing.candidates import Candidate, Selection
from domain.choosing.scenario import Scenario
from domain.choosing.scenario_events import ScenarioCreated, ScenarioSolved
from domain.kernel.aggregate import fold
from domain.kernel.money import Money, MonthlyAmount
from domain.kernel.rationale import Rationale
from domain.portfolio.events import ComponentAdded, PortfolioCreated
from domain.portfolio.money_events import BudgetSet, YearlyAmount
from domain.project.business_case import BusinessCase
from domain.project.case_events import BusinessCaseSet
from domain.project.events import ProjectDrafted
from domain.project.words import State
from tests.domain.scene import WHY, Outcome, Scene, numbered

CITY, SHOP, APP, QUAY, TRAM, SCENARIO = map(numbered, range(1, 7))
BECAUSE = Rationale(code="other", text="It belongs here")
VALUES: Mapping[UUID, Any] = {SHOP: 10, APP: 9, QUAY: 3}


def pounds(amount: Any, currency: str = "GBP") -> Money:
    return Money(amount=Decimal(f"{amount:.2f}"), currency=currency)


def case(*costs: tuple[str, str, Any], version: int = 1) -> BusinessCaseSet:
    """A business case with these costs by month and category, in pounds unless it is money."""
    lines = tuple(
        MonthlyAmount(month=month, category=category, money=each if isinstance(each, Money) else pounds(each))
        for month, category, each in costs
    )
    return BusinessCaseSet(version=version, business_case=BusinessCase(costs=lines))


def budget(*lines: tuple[int, str, Any]) -> tuple[UUID, BudgetSet]:
    told = tuple(YearlyAmount(year=year, category=category, money=pounds(amount)) for year, category, amount in lines)
    return CITY, BudgetSet(lines=told, why=BECAUSE)


def project(stream: UUID, name: str, state: State = State.UNDER_EVALUATION, order: int | None = None) -> list[Any]:
    joined = ComponentAdded(component=stream, order=Decimal(order or stream.int), why=BECAUSE)
    return [(stream, ProjectDrafted(name=name, state=state)), (CITY, joined)]


def city(*, running: bool = False) -> Scene:
    """Shop (6000), App (5000) and Quay (5000), all in 2026; with `running` a tram for 2000, too."""
    scene = Scene().given((CITY, PortfolioCreated(name="City", currency="GBP")))
    for stream, name, cost in ((SHOP, "Shop", 6000), (APP, "App", 5000), (QUAY, "Quay", 5000)):
        scene.given(*project(stream, name), (stream, case(("2026-03", "capex", cost))))
    if running:
        scene.given(*project(TRAM, "Tram", State.ACTIVE), (TRAM, case(("2026-03", "capex", 2000))))
    return scene.given(budget((2026, "capex", 12000)))


def worth(values: Mapping[UUID, Any] = VALUES, **more: Mapping[UUID, Any]) -> list[dict[str, Any]]:
    """Adjustments that give these projects these values."""
    return [{"project": str(each), "value": value} for each, value in values.items()]


def create(scene: Scene, scenario: UUID = SCENARIO, **more: Any) -> Outcome:
    """A scenario whose values are given, unless told otherwise."""
    body = {"portfolio": str(CITY), "name": "Next year", "value": {"basis": "npv"}, "adjustments": worth(), **more}
    return scene.when("scenarios.create", scenario, body)


def solve(scene: Scene, scenario: UUID = SCENARIO, **more: Any) -> Outcome:
    return scene.when("scenarios.solve", scenario, more)


def force(scene: Scene, verb: str, stream: UUID, **more: Any) -> Outcome:
    return scene.when(f"scenarios.{verb}", SCENARIO, {"project": str(stream), "rationale": WHY, **more})


def derived(scene: Scene, **more: Any) -> Selection:
    """What a fresh scenario comes to."""
    create(scene, **more).then(ScenarioCreated)
    solution = solve(scene, explain=False).then(ScenarioSolved)
    return Selection.model_validate(solution.inputs)


def solution(scene: Scene) -> ScenarioSolved:
    """The latest solution of the scenario."""
    found = fold(Scenario, SCENARIO, scene.ledger.history(SCENARIO)).solved
    assert found
    return found


def the(selection: Selection, stream: UUID) -> Candidate:
    return next(each for each in selection.candidates if each.project == str(stream))


def chosen(solved: ScenarioSolved) -> list[str]:
    """The names of who is in."""
    names = {each["project"]: each["name"] for each in solved.inputs["candidates"]}
    return [names[each["project"]] for each in solved.result["selected"]]


def out(solved: ScenarioSolved) -> Mapping[str, Sequence[str]]:
    """What kept each of the others out."""
    names = {each["project"]: each["name"] for each in solved.inputs["candidates"]}
    return {names[each["project"]]: [why["sentence"] for why in each["kept_out"]] for each in solved.result["losers"]}


TODAY = date(2026, 3, 2)
