"""What a scenario is made of: each source of values, costs, needs, limits and rules, and each that is missing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.choosing.analysis import digest
from domain.choosing.candidates import Selection
from domain.choosing.events import AnalysisRecorded
from domain.choosing.periods import Calendar
from domain.kernel.money import MonthlyAmount
from domain.kernel.refusal import Invalid
from domain.portfolio.events import PortfolioCreated
from domain.portfolio.money_events import RateSet
from domain.project.events import ProjectDrafted, ProjectSubmitted
from domain.project.money_events import ForecastSet
from domain.project.request_events import ResourceRequested, ResourceRequestFilled
from domain.project.schedule_events import DependencyAdded
from domain.project.scoring_events import ProjectScored, ProjectScoreOverridden
from domain.project.words import DependencyKind, State
from domain.resources.events import CapacitySet, ResourceAdded, ResourceAssigned, ResourceKind, RoleSet
from domain.strategy.events import GoalCreated, GoalLinked, GoalRetired
from tests.domain.choosing.board import (
    APP,
    BECAUSE,
    CITY,
    QUAY,
    SHOP,
    TRAM,
    budget,
    case,
    city,
    create,
    derived,
    pounds,
    project,
    solution,
    solve,
    the,
    worth,
)
from tests.domain.scene import WHY, Scene, numbered

KIM, LEE, FERRY = numbered(50), numbered(51), numbered(52)


def costs_of(selection: Selection, stream: UUID) -> list[tuple[int, str, str]]:
    return [(each.after, each.category, str(each.money.amount)) for each in the(selection, stream).costs]


def with_cost(*costs: tuple[str, str, Any], state: State = State.UNDER_EVALUATION) -> Scene:
    """The city with a tram of this business case."""
    return city().given(*project(TRAM, "Tram", state), (TRAM, case(*costs)))


def tram(scene: Scene, **more: Any) -> Selection:
    """What a scenario comes to that gives the tram a value."""
    return derived(scene, adjustments=worth({TRAM: 5}), **more)


# --- costs ------------------------------------------------------------------------------------


def test_costs_are_the_months_of_the_business_case_by_year_and_category() -> None:
    scene = with_cost(
        ("2026-11", "capex", 10), ("2026-12", "capex", 20), ("2026-12", "opex", 5), ("2027-01", "capex", 40)
    )
    assert costs_of(tram(scene), TRAM) == [(0, "capex", "30.00"), (0, "opex", "5.00"), (1, "capex", "40.00")]


def test_costs_are_by_quarter_or_month_if_the_periods_are() -> None:
    months = (("2026-03", "capex", 10), ("2026-04", "capex", 20), ("2026-05", "capex", 40))
    quarters = tram(with_cost(*months), periods=["2026-Q1", "2026-Q2"])
    assert (costs_of(quarters, TRAM), quarters.periods) == (
        [(0, "capex", "10.00"), (1, "capex", "60.00")],
        ("2026-Q1", "2026-Q2"),
    )
    monthly = tram(with_cost(*months), periods=[f"2026-0{month}" for month in range(2, 7)])
    assert (the(monthly, TRAM).earliest, len(the(monthly, TRAM).costs)) == ("2026-03", 3)


def test_a_plan_that_should_have_begun_begins_now_and_keeps_its_shape() -> None:
    scene = with_cost(("2025-12", "capex", 10), ("2026-02", "capex", 20))
    selection = tram(scene)
    assert (costs_of(selection, TRAM), the(selection, TRAM).earliest) == (
        [(0, "capex", "10.00"), (1, "capex", "20.00")],
        None,
    )
    assert selection.periods == ("2026", "2027")


def test_a_plan_of_later_begins_later() -> None:
    selection = tram(with_cost(("2028-02", "capex", 20)))
    assert (the(selection, TRAM).earliest, selection.periods) == ("2028", ("2026", "2027", "2028"))


def test_without_a_business_case_it_is_the_most_it_may_cost_in_the_period_it_starts_in() -> None:
    low_high = {"cost_low": pounds(10), "cost_high": pounds(90)}
    submitted = ProjectSubmitted(problem="p", expected_benefit="b", **low_high)
    scene = city().given(*project(TRAM, "Tram"), (TRAM, submitted))
    scene.given((TRAM, ProjectDrafted(name="Tram", state=State.UNDER_EVALUATION, attributes={"start": "2027-04-01"})))
    selection = tram(scene)
    assert costs_of(selection, TRAM) == [(0, "whole cost", "90.00")]
    assert the(selection, TRAM).earliest == "2027"


def test_what_runs_costs_what_is_expected_of_it_from_now_on() -> None:
    scene = with_cost(("2026-05", "capex", 10), state=State.ACTIVE)
    lines = tuple(
        MonthlyAmount(month=month, category="opex", money=pounds(7)) for month in ("2025-12", "2026-02", "2027-02")
    )
    scene.given((TRAM, ForecastSet(lines=lines)))
    assert costs_of(tram(scene), TRAM) == [(0, "opex", "7.00"), (1, "opex", "7.00")]


def test_costs_in_another_currency_are_told_in_that_of_the_portfolio() -> None:
    scene = with_cost(("2026-05", "capex", pounds(10, "EUR")))
    create(scene, adjustments=worth({TRAM: 5})).refused(
        "Tram costs EUR, which has no rate to GBP on 2026-05-31", "set-rate", kind=Invalid
    )
    rate = RateSet(currency="EUR", rate=Decimal("0.8"), valid_from=date(2026, 1, 1), published_by="Bank")
    scene.given((CITY, rate))
    assert costs_of(tram(scene), TRAM) == [(0, "capex", "8.00")]


def test_a_portfolio_without_a_currency_takes_the_only_one_there_is() -> None:
    scene = Scene().given((CITY, PortfolioCreated(name="City")))
    scene.given(*project(SHOP, "Shop"), (SHOP, case(("2026-05", "capex", pounds(10, "EUR")))))
    assert derived(scene, adjustments=worth({SHOP: 1})).currency == "EUR"
    scene.given(*project(APP, "App"), (APP, case(("2026-05", "capex", 10))))
    create(scene, numbered(7), adjustments=worth({SHOP: 1})).refused(
        "no currency, and its money is in EUR, GBP", kind=Invalid
    )


def test_periods_reach_to_the_end_of_every_plan() -> None:
    scene = with_cost(("2026-05", "capex", 10), ("2028-05", "capex", 10))
    create(scene, periods=["2026", "2027"], adjustments=worth({TRAM: 5})).refused(
        "expected periods up to 2028, for Tram would end in it", kind=Invalid
    )
    later = [{"project": str(TRAM), "latest": "2027"}]
    assert tram(scene, starts=later).periods == ("2026", "2027", "2028", "2029")
    create(scene, numbered(7), periods=["2026", "2027", "2028"], starts=later, adjustments=worth({TRAM: 5})).refused(
        "/starts/0/latest", "2029", kind=Invalid
    )


def test_a_candidate_may_start_later_and_lose_of_its_value() -> None:
    starts = [{"project": str(SHOP), "earliest": "2027", "latest": "2028", "loss_per_period": "0.5"}]
    selection = derived(city(), starts=starts)
    shop = the(selection, SHOP)
    assert (shop.earliest, shop.latest, shop.loss_per_period) == ("2027", "2028", Decimal("0.5"))
    assert selection.periods == ("2026", "2027", "2028")
    scene = city(running=True)
    create(scene, starts=[{"project": str(TRAM), "latest": "2027"}]).refused("Tram has started", kind=Invalid)


# --- values -----------------------------------------------------------------------------------


def analysis(
    npv: str = "100.00",
    currency: str = "GBP",
    kind: str = "cost_benefit",
    owner: UUID = CITY,
    project_id: UUID | None = None,
) -> AnalysisRecorded:
    result: dict[str, Any] = {"npv": npv, "currency": currency}
    about = {"portfolio": owner, "project": project_id, "kind": kind, "title": "What it is worth", "method_version": 1}
    return AnalysisRecorded.model_validate({**about, "inputs": {}, "result": result, "sha256": digest({}, result)})


def by_npv(*told: tuple[UUID, UUID]) -> dict[str, Any]:
    return {"basis": "npv", "analyses": [{"project": str(each), "analysis": str(of)} for each, of in told]}


def test_the_value_may_be_that_of_a_kept_analysis_in_the_currency_of_the_portfolio() -> None:
    scene = city().given((numbered(60), analysis("120.50")), (numbered(61), analysis("-7.00", "EUR")))
    told = {"value": by_npv((SHOP, numbered(60)), (APP, numbered(61))), "adjustments": []}
    create(scene, **told).refused("it is in EUR, which has no rate to GBP", kind=Invalid)
    scene.given((CITY, RateSet(currency="EUR", rate=Decimal("0.5"), valid_from=date(2026, 1, 1), published_by="Bank")))
    selection = derived(scene, **told)
    assert {each.called: each.value for each in selection.candidates} == {
        "Shop": Decimal("120.50"),
        "App": Decimal("-3.50"),
    }
    (quay,) = solution(scene).missing
    assert (quay.name, quay.what, quay.is_in) == ("Quay", "value", False)


@pytest.mark.parametrize(
    ("made", "project_id", "sentence"),
    [
        (analysis(owner=QUAY), SHOP, "no analysis of the portfolio has the id"),
        (analysis(kind="matrix"), SHOP, "expected an analysis of the kind cost_benefit"),
        (analysis(), numbered(77), "does not hold the project"),
        (analysis(project_id=APP), SHOP, f"expected an analysis of {SHOP}; it is of {APP}"),
    ],
)
def test_an_analysis_is_of_the_portfolio_of_costs_and_of_a_project_it_holds(
    made: AnalysisRecorded, project_id: UUID, sentence: str
) -> None:
    scene = city().given((numbered(60), made))
    create(scene, value=by_npv((project_id, numbered(60)))).refused(sentence, "/value/analyses/0", kind=Invalid)


def test_a_project_has_one_analysis_that_may_be_its_own_or_of_the_portfolio() -> None:
    scene = city().given((numbered(60), analysis("1.00", project_id=SHOP)), (numbered(61), analysis("2.00")))
    twice = by_npv((SHOP, numbered(60)), (APP, numbered(61)), (SHOP, numbered(61)))
    create(scene, value=twice).refused("/value/analyses/2/project", "each project once", kind=Invalid)
    told = {"value": by_npv((SHOP, numbered(60)), (APP, numbered(61))), "adjustments": []}
    assert [each.value for each in derived(scene, **told).candidates] == [Decimal("1.00"), Decimal("2.00")]


def scored(
    stream: UUID, score: str | None, version: int = 1, name: str = "Fit", owner: UUID = CITY
) -> tuple[UUID, Any]:
    return stream, ProjectScored.model_validate(
        {"portfolio": owner, "model": {"name": name, "version": version}, "score": score}
    )


def by_score(*scores: tuple[UUID, Any]) -> Scene:
    """The city with two versions of a model, and these scores."""
    scene = city()
    for weights in ({"Reach": "1"}, {"Reach": "0.5", "Ease": "0.5"}):
        criteria = [{"name": name, "weight": weight} for name, weight in weights.items()]
        model = {"name": "Fit", "method": "weighted", "criteria": criteria, "rationale": WHY}
        assert scene.when("portfolios.set-scoring-model", CITY, model).refusal is None
    return scene.given(*scores)


def test_the_value_may_be_the_score_under_a_version_of_a_model() -> None:
    scene = by_score(scored(SHOP, "7"), scored(APP, "4", version=2), scored(QUAY, "1", owner=TRAM))
    told = derived(scene, adjustments=[], value={"basis": "score", "scoring_model": "Fit", "version": 1})
    assert [(each.called, each.value) for each in told.candidates] == [("Shop", Decimal(7))]
    model, sentences = solution(scene).model, {each.sentence for each in solution(scene).missing}
    assert str(model and f"{model.name} {model.version}") == "Fit 1"
    assert sentences == {"it has no score under Fit 1, so it cannot be chosen"}
    newest = by_score(scored(SHOP, "7"), scored(APP, "4", version=2))
    assert [each.called for each in derived(newest, adjustments=[], value={"basis": "score"}).candidates] == ["App"]


def test_scores_of_several_scorers_are_one_and_an_override_stands_in_their_place() -> None:
    scene = by_score().given(scored(SHOP, "1"), actor="ada").given(scored(SHOP, "2"), actor="bob")
    scene.given(scored(SHOP, "2"), actor="eve")
    told = {"adjustments": [], "value": {"basis": "score", "scoring_model": "Fit", "version": 1}}
    assert the(derived(scene, **told), SHOP).value == Decimal("1.6667")
    other = {"portfolio": CITY, "model": {"name": "Fit", "version": 1}, "score": "9", "computed": "2", "why": BECAUSE}
    scene.given((SHOP, ProjectScoreOverridden.model_validate(other)))
    solve(scene, explain=False)
    assert the(Selection.model_validate(solution(scene).inputs), SHOP).value == Decimal(9)


@pytest.mark.parametrize(
    ("value", "pointer", "sentence"),
    [
        ({"scoring_model": "Mood"}, "/value/scoring_model", "expected a model of the portfolio (Fit); got Mood"),
        ({"scoring_model": "Fit", "version": 3}, "/value/version", "expected a version of Fit (1, 2); got 3"),
    ],
)
def test_a_model_is_one_of_the_portfolio(value: dict[str, Any], pointer: str, sentence: str) -> None:
    create(by_score(), value={"basis": "score", **value}).refused(pointer, sentence, kind=Invalid)


def test_a_blend_weighs_each_in_hundredths_of_its_largest() -> None:
    scores = [scored(SHOP, "8", version=2), scored(APP, "4", version=2), scored(QUAY, "2", version=2)]
    scene = by_score(*scores, (numbered(60), analysis("50.00")), (numbered(61), analysis("-200.00")))
    value = {
        **by_npv((SHOP, numbered(60)), (APP, numbered(61))),
        "basis": "blend",
        "weights": {"score": "0.75", "npv": "0.25"},
    }
    told = derived(scene, adjustments=[], value=value)
    assert {each.called: each.value for each in told.candidates} == {"Shop": Decimal("81.25"), "App": Decimal("12.5")}
    (quay,) = solution(scene).missing
    assert (
        quay.sentence == "it has no score under Fit 2, or no analysis of its costs and benefits, so it cannot be chosen"
    )


def test_what_the_scenario_gives_goes_before_what_the_plan_says() -> None:
    adjusted = {
        "project": str(SHOP),
        "value": "12.5",
        "costs": [{"after": 1, "category": "opex", "money": {"amount": "3.00", "currency": "GBP"}}],
        "needs": [{"role": "dev", "amount": "2"}],
    }
    shop = the(derived(city(), adjustments=[adjusted]), SHOP)
    assert (shop.value, [(each.after, each.category) for each in shop.costs]) == (Decimal("12.5"), [(1, "opex")])
    assert [(each.role, each.amount) for each in shop.needs] == [("dev", Decimal(2))]


# --- what is missing --------------------------------------------------------------------------


def test_without_a_value_or_a_cost_nothing_is_chosen_and_that_is_told() -> None:
    scene = city().given(*project(TRAM, "Tram"))
    create(scene, adjustments=worth({SHOP: 1, TRAM: 9}))
    solve(scene)
    told = {(each.name, each.what, each.is_in): each.sentence for each in solution(scene).missing}
    assert told == {
        ("App", "value", False): "it has no analysis of its costs and benefits, so it cannot be chosen",
        ("Quay", "value", False): "it has no analysis of its costs and benefits, so it cannot be chosen",
        ("Tram", "cost", False): "nobody said what it costs, so it cannot be chosen",
    }
    assert [each["name"] for each in solution(scene).inputs["candidates"]] == ["Shop"]


def test_what_is_in_anyway_is_in_whatever_is_missing() -> None:
    scene = city().given(*project(TRAM, "Tram", State.ON_HOLD))
    create(scene)
    solve(scene)
    told = [(each.what, each.is_in, each.sentence) for each in solution(scene).missing]
    assert told == [
        ("value", True, "it has no analysis of its costs and benefits; it is in anyway, and no value of it is counted"),
        ("cost", True, "nobody said what it costs; it is in anyway, and no cost of it is counted"),
    ]
    assert solution(scene).inputs["mandatory"] == [{"project": str(TRAM), "reason": "it is on hold"}]


# --- budgets ----------------------------------------------------------------------------------


def limits(selection: Selection) -> list[tuple[str | None, str | None, str | None, str]]:
    return [(each.period, each.through, each.category, str(each.money.amount)) for each in selection.budgets]


def test_the_budget_of_each_year_and_category_limits() -> None:
    assert limits(derived(city())) == [("2026", None, "capex", "12000.00")]


def test_a_year_limits_as_a_whole_where_a_category_has_no_budget_of_its_own() -> None:
    scene = with_cost(("2026-05", "opex", 10)).given(budget((2026, "people", 500)))
    assert limits(tram(scene)) == [
        ("2026", None, "capex", "12000.00"),
        ("2026", None, "people", "500.00"),
        ("2026", None, None, "12500.00"),
    ]


def test_all_years_limit_together_where_one_has_no_budget() -> None:
    scene = with_cost(("2026-05", "capex", 10), ("2027-05", "capex", 10))
    assert limits(tram(scene)) == [("2026", None, "capex", "12000.00"), (None, None, None, "12000.00")]


def test_a_yearly_budget_holds_for_its_quarters_together() -> None:
    selection = derived(city(), periods=["2026-Q1", "2026-Q2", "2026-Q3"])
    assert limits(selection) == [("2026-Q1", "2026-Q3", "capex", "12000.00")]


def test_years_before_the_periods_do_not_count_and_without_a_budget_nothing_is_limited() -> None:
    scene = city().given(budget((2025, "capex", 900)))
    assert limits(derived(scene)) == [("2026", None, "capex", "12000.00")]
    assert limits(derived(city(), budgets=[])) == []


# --- people -----------------------------------------------------------------------------------


def request(role: str | None, share: str, starts: str, ends: str | None, skill: str | None = None) -> ResourceRequested:
    days = {"starts_on": starts, "ends_on": ends, "deliverable": None, "why": BECAUSE}
    return ResourceRequested.model_validate({"as_role": role, "skill": skill, "share": share, **days})


def needs_of(selection: Selection, stream: UUID) -> list[tuple[int, str, str]]:
    return [(each.after, each.role, str(each.amount)) for each in the(selection, stream).needs]


def test_needs_are_the_open_requests_by_role_in_full_time_people() -> None:
    scene = city().given(
        (SHOP, request("dev", "0.5", "2026-01-01", "2026-12-31")),
        (SHOP, request("dev", "0.5", "2026-07-02", None)),
        (SHOP, request(None, "1", "2026-01-01", "2026-12-31", skill="Python")),
    )
    filled = scene.ledger.facts[-1].event_id
    told = needs_of(derived(scene), SHOP)
    assert told == [(0, "Python", "1.0000"), (0, "dev", "0.7507")]
    sent = {
        "request": filled,
        "resource": KIM,
        "share": "1",
        "starts_on": "2026-01-01",
        "ends_on": None,
        "why": BECAUSE,
    }
    scene.given((SHOP, ResourceRequestFilled.model_validate(sent)))
    solve(scene, explain=False)
    assert needs_of(Selection.model_validate(solution(scene).inputs), SHOP) == [(0, "dev", "0.7507")]


def test_needs_move_with_the_start() -> None:
    scene = city().given((SHOP, request("dev", "1", "2026-01-01", "2026-12-31")))
    later = derived(scene, starts=[{"project": str(SHOP), "earliest": "2027"}])
    assert (the(later, SHOP).earliest, needs_of(later, SHOP)) == ("2027", [(0, "dev", "1.0000")])


def test_periods_reach_to_the_end_of_every_request_that_has_one() -> None:
    scene = city().given(
        (SHOP, request("dev", "0.6", "2027-01-01", "2027-12-31")), (APP, request("dev", "0.6", "2026-01-01", None))
    )
    create(scene, periods=["2026"]).refused(
        "/periods", "expected periods up to 2027, for Shop would end in it", kind=Invalid
    )
    selection = derived(scene)
    assert selection.periods == ("2026", "2027")
    assert needs_of(selection, SHOP) == [(1, "dev", "0.6000")]
    assert needs_of(selection, APP) == [(0, "dev", "0.6000"), (1, "dev", "0.6000")]


def test_a_request_that_ends_behind_every_calendar_lasts_as_long_as_the_periods() -> None:
    scene = city().given((SHOP, request("dev", "1", "2026-01-01", "2199-12-31")))
    selection = derived(scene)
    assert (selection.periods, needs_of(selection, SHOP)) == (("2026",), [(0, "dev", "1.0000")])


def test_a_later_start_takes_its_requests_along() -> None:
    scene = city().given((SHOP, request("dev", "1", "2027-01-01", "2027-12-31")))
    selection = derived(scene, starts=[{"project": str(SHOP), "earliest": "2027"}])
    assert (selection.periods, needs_of(selection, SHOP)) == (("2026", "2027", "2028"), [(1, "dev", "1.0000")])


def test_needs_that_the_scenario_gives_go_before_requests() -> None:
    scene = city().given((SHOP, request("dev", "1", "2027-01-01", "2027-12-31")))
    needs = [{"after": 0, "role": "dev", "amount": "2"}]
    selection = derived(scene, adjustments=[{"project": str(SHOP), "value": "10", "needs": needs}])
    assert (selection.periods, needs_of(selection, SHOP)) == (("2026",), [(0, "dev", "2")])


def person(stream: UUID, role: str | None, *more: Any) -> list[tuple[UUID, Any]]:
    said = [RoleSet(as_role=role)] if role else []
    return [(stream, each) for each in (ResourceAdded(kind=ResourceKind.PERSON), *said, *more)]


def capacities(selection: Selection) -> Mapping[tuple[str, str | None], str]:
    return {(each.role, each.period): str(each.amount) for each in selection.capacities}


def test_people_are_there_by_role_less_what_their_time_is_promised_to() -> None:
    half = {"project": TRAM, "share": "0.5", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "why": BECAUSE}
    worked = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "0.5")
    week = {**worked, "saturday": "0", "sunday": "0"}
    none = dict.fromkeys(("ends_on", "full_day"))
    mornings = {"starts_on": "2026-01-01", "week": week, "worked": worked, "days_off": [], **none}
    scene = city().given(
        (SHOP, request("dev", "0.5", "2026-01-01", None)),
        *person(KIM, "dev", ResourceAssigned.model_validate(half)),
        *person(LEE, "dev", CapacitySet.model_validate(mornings)),
        *person(FERRY, "pilot"),
    )
    selection = derived(scene, periods=["2026", "2027"])
    assert capacities(selection) == {("dev", "2026"): "1.0000", ("dev", "2027"): "1.5000"}


def test_a_role_that_nobody_plays_is_not_there_and_without_any_roles_nobody_knows() -> None:
    scene = city().given((SHOP, request("dev", "0.5", "2026-01-01", None)))
    assert capacities(derived(scene)) == {}
    scene = city().given((SHOP, request("dev", "0.5", "2026-01-01", None)), *person(FERRY, "pilot"))
    create(scene)
    solve(scene)
    assert capacities(Selection.model_validate(solution(scene).inputs)) == {("dev", "2026"): "0.0000"}
    losers = {
        each["project"]: [why["sentence"] for why in each["kept_out"]] for each in solution(scene).result["losers"]
    }
    assert losers[str(SHOP)][0] == "no dev in 2026"


def test_capacities_may_be_given() -> None:
    scene = city().given((SHOP, request("dev", "0.5", "2026-01-01", None)), *person(FERRY, "pilot"))
    assert capacities(derived(scene, capacities=[{"role": "dev", "amount": "3"}])) == {("dev", None): "3"}


# --- goals and rules --------------------------------------------------------------------------


def goal(stream: UUID, name: str, *projects: UUID) -> list[tuple[UUID, Any]]:
    linked = [GoalLinked(project=each, from_weight=None, to_weight=Decimal("0.2"), why=BECAUSE) for each in projects]
    return [(stream, each) for each in (GoalCreated(portfolio=CITY, name=name, why=BECAUSE), *linked)]


def test_what_contributes_to_a_goal_serves_it() -> None:
    scene = city().given(*goal(numbered(70), "No queues", SHOP, QUAY), *goal(numbered(71), "Given up", APP))
    scene.given((numbered(71), GoalRetired(why=BECAUSE)))
    selection = derived(scene)
    assert [(each.goal, each.name, each.at_least) for each in selection.goals] == [(str(numbered(70)), "No queues", 0)]
    assert [each.goals for each in selection.candidates] == [{str(numbered(70)): 1}, {}, {str(numbered(70)): 1}]
    assert solution(scene).result["goals"] == [{"goal": str(numbered(70)), "at_least": "0", "share": "0.5455"}]


def test_a_least_share_of_a_goal_is_kept() -> None:
    scene = city().given(*goal(numbered(70), "No queues", QUAY))
    create(scene, goals=[{"goal": str(numbered(70)), "at_least": "0.5"}])
    solve(scene)
    assert [each["project"] for each in solution(scene).result["selected"]] == [str(APP), str(QUAY)]


def needs(one: UUID, other: UUID) -> tuple[UUID, DependencyAdded]:
    return one, DependencyAdded(depends_on=other, kind=DependencyKind.FINISH_TO_START, why=BECAUSE)


def test_dependencies_of_the_plan_are_requirements() -> None:
    scene = city().given(needs(SHOP, QUAY))
    selection = derived(scene)
    assert [(each.project, each.needs) for each in selection.requires] == [(str(SHOP), str(QUAY))]
    create(scene, numbered(7), requires=[])
    solve(scene, numbered(7))
    assert "requires" not in scene.ledger.facts[-1].event.inputs  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.COMPLETED, None),
        (State.ACTIVE, None),
        (State.DRAFT, "it needs Tram, which is draft"),
        (State.REJECTED, "it needs Tram, which is rejected"),
        (State.UNDER_EVALUATION, "it needs Tram, of which value or cost is missing"),
    ],
)
def test_what_needs_something_that_cannot_be_had_stays_out(state: State, reason: str | None) -> None:
    scene = city().given(*project(TRAM, "Tram", state), needs(SHOP, TRAM))
    selection = derived(scene)
    assert [(each.project, each.reason) for each in selection.excluded] == ([(str(SHOP), reason)] if reason else [])


def test_what_another_portfolio_holds_is_not_named() -> None:
    scene = city().given((FERRY, ProjectDrafted(name="Secret", state=State.CANCELLED)), needs(SHOP, FERRY))
    (shop,) = derived(scene).excluded
    assert shop.reason == "it needs a project of another portfolio, which is cancelled"


def test_what_runs_needs_nothing_to_be_in() -> None:
    scene = city(running=True).given(needs(TRAM, QUAY))
    assert derived(scene).requires == ()


def test_groups_and_rivals_are_of_those_who_can_be_chosen() -> None:
    group = {"name": "Ours", "projects": [str(SHOP), str(QUAY)], "at_most": 1}
    rivals = [{"project": str(SHOP), "other": str(QUAY)}, {"project": str(SHOP), "other": str(APP)}]
    selection = derived(city(), adjustments=worth({SHOP: 1, APP: 2}), groups=[group], excludes=rivals)
    assert [each.projects for each in selection.groups] == [(str(SHOP),)]
    assert [(each.project, each.other) for each in selection.excludes] == [(str(SHOP), str(APP))]
    scene, only = city(), {"name": "Ours", "projects": [str(QUAY)], "at_least": 1}
    create(scene, adjustments=worth({SHOP: 1}), groups=[only]).refused("none of Ours can be chosen", kind=Invalid)


# --- the calendar -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "day", "place", "days"),
    [
        ("2026", date(2027, 12, 31), 1, (date(2027, 1, 1), date(2027, 12, 31))),
        ("2026-Q4", date(2026, 9, 30), -1, (date(2026, 7, 1), date(2026, 9, 30))),
        ("2026-Q4", date(2027, 1, 1), 1, (date(2027, 1, 1), date(2027, 3, 31))),
        ("2028-01", date(2028, 2, 29), 1, (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_a_calendar_knows_the_period_of_a_day(first: str, day: date, place: int, days: tuple[date, date]) -> None:
    calendar = Calendar([first])
    assert (calendar.place(day), calendar.place_of(f"{day:%Y-%m}"), calendar.days(place)) == (place, place, days)
    assert Calendar([calendar.name(place)]).days(0) == days
