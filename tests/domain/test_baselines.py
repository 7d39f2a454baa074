"""What a project is held to: captured when work begins, changed for a reason, above a threshold by the board alone."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel.aggregate import fold
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Forbidden, Invalid
from domain.portfolio import events as pe
from domain.portfolio.policy import Policy, RebaselineThreshold
from domain.project import events as e
from domain.project.plan_events import Baseline, BaselineCaptured, ProjectRebaselined
from domain.project.project import Project
from domain.project.words import State
from tests.domain.scene import WHY, Outcome, Scene, numbered

SHOP, HARBOUR, ROADS = numbered(1), numbered(2), numbered(3)
REASON = Rationale(code="other", text="A reason that is long enough")
MANAGER = "portfolio_manager"


def gbp(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def told(baseline: Any) -> tuple[Any, ...]:
    """A baseline in plain values."""
    found = baseline.model_dump(mode="json")
    cost = found["cost"] and found["cost"]["amount"]
    return found["number"], found["starts_on"], found["finishes_on"], cost


def authorized(**drafted: Any) -> Scene:
    """A project that may begin, with the budget the board released."""
    given = e.ProjectDrafted.model_validate({"name": "Shop", "state": "selected", **drafted})
    scene = Scene().given((SHOP, given), actor="carol")
    scene.when("projects.authorize", SHOP, {"budget": gbp("1000.00"), "rationale": WHY})
    return scene


def begin(scene: Scene, **more: Any) -> Outcome:
    return scene.when("projects.activate", SHOP, {"owner": "carol", "starts_on": "2026-03-02", **more})


def held(threshold: dict[str, Any] | None = None, finishes_on: str | None = "2026-12-31") -> Scene:
    """A project under way in a portfolio, with a threshold if one is given."""
    scene = authorized()
    begin(scene, **({"finishes_on": finishes_on} if finishes_on else {}))
    scene.given(
        (HARBOUR, pe.PortfolioCreated(name="Harbour", currency="GBP")),
        (HARBOUR, pe.ComponentAdded(component=SHOP, order="1", why=REASON)),
    )
    if threshold:
        _rule(scene, HARBOUR, threshold)
    return scene


def _rule(scene: Scene, portfolio: Any, threshold: dict[str, Any]) -> None:
    policy = Policy(rebaseline_threshold=RebaselineThreshold.model_validate(threshold))
    scene.given((portfolio, pe.PolicySet(version=1, policy=policy, why=REASON)))


def rebaseline(scene: Scene, role: str = MANAGER, **more: Any) -> Outcome:
    return scene.when("projects.rebaseline", SHOP, {"rationale": WHY, **more}, role=role)


def baseline_of(scene: Scene) -> Baseline | None:
    return fold(Project, SHOP, scene.ledger.history(SHOP)).plan.baseline


def test_work_begins_with_a_baseline_of_what_is_known() -> None:
    activated = begin(authorized(), finishes_on="2026-12-31").then(e.ProjectActivated)
    assert told(activated.baseline) == (0, "2026-03-02", "2026-12-31", "1000.00")


def test_what_nobody_said_is_not_in_the_baseline() -> None:
    assert told(begin(authorized()).then(e.ProjectActivated).baseline) == (0, "2026-03-02", None, "1000.00")
    without = Scene().given((SHOP, e.ProjectDrafted(name="Shop", state=State.AUTHORIZED)))
    assert told(begin(without).then(e.ProjectActivated).baseline) == (0, "2026-03-02", None, None)


def test_a_finish_that_was_said_before_counts() -> None:
    scene = authorized(attributes={"finish": "2026-10-31", "start": "soon"})
    assert told(begin(scene).then(e.ProjectActivated).baseline)[2] == "2026-10-31"
    scene = authorized(attributes={"finish": "next summer"})
    scene.when("projects.revise", SHOP, {"forecast_finish": "2026-11-30", "rationale": WHY}).then(e.ProjectRevised)
    scene.when("projects.revise", SHOP, {"forecast_finish": "2026-11-30"}).then()
    assert told(begin(scene).then(e.ProjectActivated).baseline)[2] == "2026-11-30"


def test_without_a_budget_the_forecast_of_the_months_is_the_cost() -> None:
    scene = Scene().given((SHOP, e.ProjectDrafted(name="Shop", state=State.AUTHORIZED)))
    lines = [{"month": f"2026-0{month}", "category": "capex", "money": gbp("40.50")} for month in (4, 5)]
    scene.when("projects.set-forecast", SHOP, {"lines": lines})
    assert told(begin(scene).then(e.ProjectActivated).baseline)[3] == "81.00"


def test_forecasts_in_two_currencies_are_no_cost() -> None:
    scene = Scene().given((SHOP, e.ProjectDrafted(name="Shop", state=State.AUTHORIZED)))
    money = [gbp("40.50"), {"amount": "1.00", "currency": "USD"}]
    lines = [{"month": "2026-04", "category": str(place), "money": each} for place, each in enumerate(money)]
    scene.when("projects.set-forecast", SHOP, {"lines": lines})
    assert told(begin(scene).then(e.ProjectActivated).baseline)[3] is None


def test_nothing_finishes_before_it_starts() -> None:
    begin(authorized(), finishes_on="2026-03-01").refused("/finishes_on", "2026-03-02", kind=Invalid)
    rebaseline(held(), starts_on="2027-01-01").refused("/finishes_on", kind=Invalid)


def test_a_rebaseline_tells_old_and_new_and_keeps_what_is_left_out() -> None:
    scene = held()
    fact = rebaseline(scene, finishes_on="2027-03-31", cost=gbp("1200.00")).then(ProjectRebaselined)
    said = fact.model_dump(mode="json", exclude={"why"})
    assert said == {
        "number": 1,
        "from_starts_on": "2026-03-02",
        "to_starts_on": "2026-03-02",
        "from_finishes_on": "2026-12-31",
        "to_finishes_on": "2027-03-31",
        "from_cost": gbp("1000.00"),
        "to_cost": gbp("1200.00"),
    }
    assert told(rebaseline(scene, starts_on="2026-03-09").then(ProjectRebaselined).baseline) == (
        2,
        "2026-03-09",
        "2027-03-31",
        "1200.00",
    )


def test_a_baseline_changes_only_to_something_else() -> None:
    scene = held()
    rebaseline(scene).refused("another start, finish or cost", kind=Invalid)
    rebaseline(scene, finishes_on="2026-12-31").refused("already says this")
    rebaseline(scene, cost={"amount": "1.00", "currency": "USD"}).refused("expected GBP", kind=Invalid)


@pytest.mark.parametrize("state", State)
def test_only_what_is_worked_on_is_rebaselined(state: State) -> None:
    scene = Scene().given((SHOP, e.ProjectDrafted(name="Shop", state=state)))
    outcome = rebaseline(scene, finishes_on="2027-01-01")
    if state is State.ACTIVE:
        assert told(outcome.then(ProjectRebaselined).baseline) == (0, None, "2027-01-01", None)
    else:
        assert outcome.refused("needs an active project", f"this one is {state}").details["state"] == state


@pytest.mark.parametrize(
    ("threshold", "change", "above"),
    [
        ({"days": 30}, {"finishes_on": "2027-01-30"}, None),
        ({"days": 30}, {"finishes_on": "2027-01-31"}, "the finish moves by 31 days; above the threshold of 30 days"),
        ({"days": 30}, {"finishes_on": "2026-11-30"}, "the finish moves by 31 days"),
        ({"days": 0}, {"starts_on": "2026-03-03"}, "the start moves by 1 day; above the threshold of 0 days"),
        ({"days": 30}, {"cost": gbp("9999.00")}, None),
        ({"percent": "10"}, {"cost": gbp("1100.00")}, None),
        ({"percent": "10"}, {"cost": gbp("1100.01")}, "the cost changes by 10.0 %; above the threshold of 10 %"),
        ({"percent": "10"}, {"cost": gbp("899.99")}, "the cost changes by 10.0 %"),
        ({"percent": "10"}, {"finishes_on": "2036-12-31"}, None),
        (
            {"days": 30, "percent": "10"},
            {"finishes_on": "2027-12-31", "cost": gbp("2000.00")},
            "the finish moves by 365 days and the cost changes by 100.0 %; above the threshold of 30 days or 10 %",
        ),
    ],
)
def test_above_the_threshold_it_is_the_boards_alone(
    threshold: dict[str, Any], change: dict[str, Any], above: str | None
) -> None:
    scene = held(threshold)
    outcome = rebaseline(scene, **change)
    if above is None:
        outcome.then(ProjectRebaselined)
        return
    refusal = outcome.refused(above, "this needs the role board", kind=Forbidden)
    assert refusal.details["roles"] == ["board"]
    rebaseline(scene, "board", **change).then(ProjectRebaselined)


def test_small_steps_add_up_until_the_board_sets_a_baseline() -> None:
    scene = held({"days": 30, "percent": "10"})
    rebaseline(scene, finishes_on="2027-01-20", cost=gbp("1060.00")).then(ProjectRebaselined)
    step = {"finishes_on": "2027-02-09"}
    refused = rebaseline(scene, **step).refused("the finish moves by 40 days since the board", kind=Forbidden)
    assert "the cost" not in str(refused)
    rebaseline(scene, cost=gbp("1120.00")).refused("the cost changes by 12.0 % since the board", kind=Forbidden)
    rebaseline(scene, finishes_on="2026-12-31").then(ProjectRebaselined)
    rebaseline(scene, "board", **step).then(ProjectRebaselined)
    rebaseline(scene, finishes_on="2027-03-11", cost=gbp("1160.00")).then(ProjectRebaselined)


def test_what_was_not_known_before_cannot_be_weighed() -> None:
    scene = held({"days": 30, "percent": "10"}, finishes_on=None)
    rebaseline(scene, finishes_on="2026-12-31").refused("the finish was not known before", kind=Forbidden)
    rebaseline(held(finishes_on=None), finishes_on="2026-12-31").then(ProjectRebaselined)


def test_the_threshold_is_that_of_every_portfolio_that_holds_it() -> None:
    scene = held({"days": 90})
    scene.given((ROADS, pe.PortfolioCreated(name="Roads")))
    _rule(scene, ROADS, {"days": 5})
    rebaseline(scene, finishes_on="2027-01-31").then(ProjectRebaselined)
    scene.given((ROADS, pe.ComponentAdded(component=SHOP, order="1", why=REASON)))
    rebaseline(scene, finishes_on="2027-02-28").refused("5 days", kind=Forbidden)
    scene.given((ROADS, pe.ComponentRemoved(component=SHOP, why=REASON)))
    rebaseline(scene, finishes_on="2027-02-28").then(ProjectRebaselined)


@pytest.mark.parametrize("threshold", [{}, {"days": -1}, {"percent": "-1"}, {"percent": 10}])
def test_a_threshold_weighs_something(threshold: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RebaselineThreshold.model_validate(threshold)


def test_a_captured_baseline_of_another_system_is_the_first() -> None:
    scene = Scene().given(
        (SHOP, e.ProjectDrafted(name="Shop", state=State.ACTIVE)),
        (SHOP, BaselineCaptured(baseline=Baseline.model_validate({"number": 0, "finishes_on": "2026-05-01"}))),
    )
    assert told(rebaseline(scene, starts_on="2026-04-01").then(ProjectRebaselined).baseline)[:3] == (
        1,
        "2026-04-01",
        "2026-05-01",
    )


def test_a_start_of_an_older_release_is_a_baseline_of_its_day() -> None:
    old = e.ProjectActivated.model_validate({"owner": "carol", "starts_on": "2025-02-03"})
    scene = Scene().given((SHOP, e.ProjectDrafted(name="Shop", state=State.AUTHORIZED)), (SHOP, old))
    assert "baseline" not in old.model_dump(mode="json")
    assert told(baseline_of(scene)) == (0, "2025-02-03", None, None)
