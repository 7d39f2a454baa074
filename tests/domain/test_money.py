"""What projects cost: said by month and category, corrected with a reason, above a threshold by two people."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.kernel.aggregate import fold
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Forbidden, Invalid
from domain.portfolio import events as pe
from domain.portfolio import money_events as pme
from domain.portfolio.policy import Policy
from domain.portfolio.portfolio import Portfolio
from domain.project import money_events as e
from domain.project.events import (
    ProjectActivated,
    ProjectAuthorized,
    ProjectCompleted,
    ProjectDrafted,
    ProjectResumed,
)
from domain.project.project import Project
from domain.project.words import State
from tests.domain.scene import WHY, Outcome, Scene, numbered

SHOP, HARBOUR = numbered(1), numbered(2)
REASON = Rationale(code="other", text="A reason that is long enough")


def gbp(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def line(month: str, category: str, amount: str | None, currency: str = "GBP") -> dict[str, Any]:
    return {"month": month, "category": category, "money": amount and {"amount": amount, "currency": currency}}


def shop(state: State = State.ACTIVE, threshold: str | None = None) -> Scene:
    """A project in a portfolio that counts in pounds, with a threshold if one is given."""
    scene = Scene().given(
        (HARBOUR, pe.PortfolioCreated(name="Harbour", currency="GBP")),
        (SHOP, ProjectDrafted(name="Shop", state=state)),
        (HARBOUR, pe.ComponentAdded(component=SHOP, order="1", why=REASON)),
    )
    if threshold:
        policy = Policy.model_validate({"money_threshold": gbp(threshold)})
        scene.given((HARBOUR, pe.PolicySet(version=1, policy=policy, why=REASON)))
    return scene


def forecast(scene: Scene, *lines: dict[str, Any], why: Any = None, **more: Any) -> Outcome:
    return scene.when("projects.set-forecast", SHOP, {"lines": list(lines), "rationale": why}, **more)


def held(scene: Scene) -> dict[tuple[str, str, str], str]:
    """What holds, by figure, month and category."""
    books = fold(Project, SHOP, scene.ledger.history(SHOP)).books
    return {(str(f), m, c): f"{money.currency} {money.amount}" for (f, m, c), money in books.held.items()}


def test_a_month_and_category_is_set_and_corrected_for_a_reason() -> None:
    scene = shop()
    forecast(scene, line("2026-03", "labour", "100.00"), line("2026-03", "capex", "40.00")).then(e.ForecastSet)
    forecast(scene, line("2026-03", "labour", "120.00")).refused(
        "labour in 2026-03 holds GBP 100.00", "needs a rationale", kind=Invalid
    )
    corrected = forecast(scene, line("2026-03", "labour", "120.00"), line("2026-03", "capex", "40.0"), why=WHY)
    assert [each.category for each in corrected.then(e.ForecastSet).lines] == ["labour"]
    forecast(scene, line("2026-03", "capex", None), why=WHY).then(e.ForecastSet)
    assert held(scene) == {("forecast", "2026-03", "labour"): "GBP 120.00"}


def test_what_changes_nothing_is_no_fact_and_a_reason_is_not_lost() -> None:
    scene = shop()
    forecast(scene, line("2026-03", "labour", "100.00"))
    forecast(scene, line("2026-03", "labour", "100.0")).then()
    forecast(scene, line("2026-03", "labour", "100.00"), why=WHY).refused("Nothing would change")


@pytest.mark.parametrize("month", ["2026-3", "2026-13", "2026-03-01", "0000-01"])
def test_a_month_is_a_year_and_a_month(month: str) -> None:
    with pytest.raises(ValidationError, match="month"):
        forecast(shop(), line(month, "labour", "100.00"))


def test_a_category_comes_once_a_month() -> None:
    with pytest.raises(ValidationError, match="labour in 2026-03 comes twice"):
        forecast(shop(), line("2026-03", "labour", "100.00"), line("2026-03", "labour", "1.00"))


def test_what_was_said_later_is_not_overtaken_by_something_dated_before_it() -> None:
    scene = shop()
    forecast(scene, line("2026-03", "labour", "100.00"))
    forecast(scene, line("2026-04", "labour", "1.00"), occurred_at="2026-03-02T09:01:00Z").refused(
        "before the latest", kind=Invalid
    )


@pytest.mark.parametrize("state", State)
def test_a_forecast_needs_a_live_project_and_actuals_open_books(state: State) -> None:
    asked = forecast(shop(state), line("2026-03", "labour", "1.00"))
    spent = shop(state).when("projects.record-actuals", SHOP, {"lines": [line("2026-02", "labour", "1.00")]})
    ordered = shop(state).when("projects.record-commitments", SHOP, {"lines": [line("2026-05", "labour", "1.00")]})
    over = state in {State.COMPLETED, State.CLOSED, State.CANCELLED, State.REJECTED}
    assert (asked.refusal is not None) == over
    assert (spent.refusal is not None) == (ordered.refusal is not None) == (state is State.CLOSED)


def test_nothing_was_spent_in_a_month_that_has_not_begun() -> None:
    spent = [line("2026-03", "labour", "1.00"), line("2026-04", "labour", "1.00")]
    refused = shop().when("projects.record-actuals", SHOP, {"lines": spent}).refused("up to 2026-03", kind=Invalid)
    assert list(refused.errors) == ["/lines/1/month"]  # type: ignore[attr-defined]


def propose(scene: Scene, amount: str, actor: str = "carol") -> str:
    outcome = forecast(scene, line("2026-06", "capex", amount), why=WHY, actor=actor)
    outcome.then(e.ForecastProposed)
    return outcome.event_id


def settle(scene: Scene, verb: str, proposal: str, actor: str) -> Outcome:
    return scene.when(f"projects.{verb}-forecast", SHOP, {"proposal": proposal, "rationale": WHY}, actor=actor)


def test_a_change_above_the_threshold_holds_once_another_person_approved_it() -> None:
    scene = shop(threshold="500.00")
    forecast(scene, line("2026-06", "capex", "500.00")).then(e.ForecastSet)
    forecast(scene, line("2026-06", "capex", "1000.01"), line("2026-07", "capex", "0.01"), why=WHY)
    proposal = propose(scene, "1000.02")
    assert held(scene) == {("forecast", "2026-06", "capex"): "GBP 500.00"}
    settle(scene, "approve", proposal, "carol").refused("another person", kind=Forbidden)
    settle(scene, "approve", proposal, "dan").then(e.ForecastApproved)
    assert held(scene) == {("forecast", "2026-06", "capex"): "GBP 1000.02"}
    settle(scene, "approve", proposal, "dan").refused("approved already")


def test_a_proposal_needs_a_reason_and_says_by_how_much_it_is_above() -> None:
    above = forecast(shop(threshold="500.00"), line("2026-06", "capex", "500.01"))
    above.refused("a change of GBP 500.01 is above the threshold of GBP 500.00", kind=Invalid)


def test_what_nets_out_is_a_change_all_the_same() -> None:
    scene = shop(threshold="500.00")
    forecast(scene, line("2026-06", "capex", "400.00"))
    shifted = forecast(scene, line("2026-06", "capex", None), line("2026-07", "capex", "400.00"), why=WHY)
    assert shifted.then(e.ForecastProposed).change.model_dump(mode="json") == gbp("800.00")


def test_a_proposal_is_withdrawn_or_gives_way_to_the_next_and_both_stay() -> None:
    scene = shop(threshold="500.00")
    first, second = propose(scene, "900.00"), propose(scene, "800.00", actor="dan")
    settle(scene, "approve", first, "erin").refused("superseded already", second)
    settle(scene, "withdraw", second, "carol").then(e.ForecastWithdrawn)
    settle(scene, "approve", second, "erin").refused("withdrawn already", "no proposal waits")
    settle(scene, "approve", str(numbered(77)), "erin").refused("/proposal", kind=Invalid)
    assert held(scene) == {}


def test_a_change_that_cannot_be_weighed_needs_two_people() -> None:
    scene, dollars = shop(threshold="500.00"), line("2026-06", "capex", "1.00", "USD")
    assert forecast(scene, dollars, why=WHY).then(e.ForecastProposed).change is None
    rate = {"currency": "USD", "rate": "0.5", "valid_from": "2026-06-30", "published_by": "Bank of England"}
    scene.when("portfolios.set-rate", HARBOUR, rate).then(pme.RateSet)
    forecast(scene, dollars).then(e.ForecastSet)
    forecast(scene, line("2026-05", "capex", "1.00", "USD"), why=WHY).then(e.ForecastProposed)


def test_small_changes_of_one_person_add_up_until_another_lets_them_hold() -> None:
    scene = shop(State.SELECTED, threshold="1000.00")
    forecast(scene, line("2026-05", "capex", "1000.00")).then(e.ForecastSet)
    split = forecast(scene, line("2026-06", "capex", "1000.00"), why=WHY)
    assert split.then(e.ForecastProposed).change.model_dump(mode="json") == gbp("2000.00")
    settle(scene, "approve", split.event_id, "dan").then(e.ForecastApproved)
    forecast(scene, line("2026-07", "capex", "1000.00")).then(e.ForecastSet)
    forecast(scene, line("2026-08", "capex", "0.01")).refused("a change of GBP 1000.01", kind=Invalid)
    budget = {"budget": gbp("3000.00"), "rationale": WHY}
    scene.when("projects.authorize", SHOP, budget, actor="erin").then(ProjectAuthorized)
    forecast(scene, line("2026-08", "capex", "1000.00"), actor="erin").then(e.ForecastSet)
    scene.when("projects.activate", SHOP, {"owner": "ada", "starts_on": "2026-03-02"}, actor="erin").then(
        ProjectActivated
    )
    forecast(scene, line("2026-09", "capex", "0.01")).refused("a change of GBP 1000.01", kind=Invalid)


def single(amount: str, **more: Any) -> Scene:
    """A project whose forecast another system gave as one figure."""
    scene = Scene().given(
        (HARBOUR, pe.PortfolioCreated(name="Harbour", currency="GBP")),
        (SHOP, ProjectDrafted.model_validate({"name": "Shop", "state": "on_hold", "forecast": gbp(amount)})),
        (HARBOUR, pe.ComponentAdded(component=SHOP, order="1", why=REASON)),
    )
    policy = Policy.model_validate({"money_threshold": gbp("1000.00")})
    return scene.given((HARBOUR, pe.PolicySet(version=1, policy=policy, why=REASON)))


def test_a_single_figure_is_spread_over_months_and_what_differs_is_the_change() -> None:
    spread = [line("2026-05", "capex", "999000.00"), line("2026-06", "capex", "999.00")]
    forecast(single("999999.00"), *spread).then(e.ForecastSet)
    ten = line("2026-05", "capex", "10.00")
    forecast(single("999999.00"), ten).refused("the forecast is GBP 999999.00 in all", kind=Invalid)
    proposed = forecast(single("999999.00"), ten, why=WHY).then(e.ForecastProposed)
    assert proposed.change.model_dump(mode="json") == gbp("999989.00")
    forecast(single("20.00"), ten).refused("months that come to another sum need a rationale", kind=Invalid)
    forecast(single("20.00"), ten, why=WHY).then(e.ForecastSet)


def resume(scene: Scene, forecast: Any = None) -> Outcome:
    body = {"forecast_finish": "2026-12-31", "rationale": WHY, "forecast": forecast}
    return scene.when("projects.resume", SHOP, body)


def test_no_move_carries_a_forecast_past_the_second_person() -> None:
    refusal = resume(single("10.00"), gbp("999999.00")).refused("set-forecast", "change of GBP 999989.00", kind=Invalid)
    assert list(refusal.errors) == ["/forecast"]  # type: ignore[attr-defined]
    scene = single("10.00")
    resume(scene, gbp("1010.00")).then(ProjectResumed)
    forecast(scene, line("2026-05", "capex", "1010.01")).refused("need a rationale", kind=Invalid)
    forecast(scene, line("2026-05", "capex", "1010.01"), why=WHY).then(e.ForecastProposed)


def test_a_move_tells_no_other_sum_than_the_months() -> None:
    scene = shop(State.ON_HOLD)
    forecast(scene, line("2026-05", "capex", "10.00"))
    resume(scene, gbp("11.00")).refused("its months come to GBP 10.00", "set-forecast", kind=Invalid)
    resume(scene, gbp("10.0")).then(ProjectResumed)
    spent = [line("2026-01", "capex", "200.00"), line("2026-02", "labour", "20.00")]
    scene.when("projects.record-actuals", SHOP, {"lines": spent})
    end = {"outcome": "Done", "lessons": "None", "rationale": WHY}
    told = scene.when("projects.complete", SHOP, end, actual_cost=gbp("5.00"))
    refusal = told.refused("GBP 220.00", "record-actuals", kind=Invalid)
    assert list(refusal.errors) == ["/actual_cost"]  # type: ignore[attr-defined]
    stop = {"disposition": "Sold", "rationale": WHY}
    sunk = scene.when("projects.cancel", SHOP, stop, sunk_cost=gbp("5.00")).refused("GBP 220.00", kind=Invalid)
    assert list(sunk.errors) == ["/sunk_cost"]  # type: ignore[attr-defined]
    scene.when("projects.complete", SHOP, end, actual_cost=gbp("220.00")).then(ProjectCompleted)


AMOUNTS_OF_MOVES = [
    (State.SELECTED, "authorize", "budget", {}),
    (State.ACTIVE, "complete", "actual_cost", {"outcome": "Done", "lessons": "None"}),
    (State.ACTIVE, "cancel", "sunk_cost", {"disposition": "Sold"}),
    (State.ACTIVE, "rebaseline", "cost", {}),
    (State.ON_HOLD, "resume", "forecast", {"forecast_finish": "2026-12-31"}),
]


@pytest.mark.parametrize(("state", "verb", "member", "body"), AMOUNTS_OF_MOVES)
def test_an_amount_that_the_portfolio_cannot_count_waits_for_a_rate(
    state: State, verb: str, member: str, body: dict[str, str]
) -> None:
    scene, dollars = shop(state), {"amount": "1.00", "currency": "USD"}
    asked = {**body, member: dollars, "rationale": WHY}
    refusal = scene.when(f"projects.{verb}", SHOP, asked, actor="erin").refused(
        "expected GBP", "set-rate", kind=Invalid
    )
    assert list(refusal.errors) == [f"/{member}/currency"]  # type: ignore[attr-defined]
    rate = {"currency": "USD", "rate": "0.5", "valid_from": "2026-03-01", "published_by": "Bank of England"}
    scene.when("portfolios.set-rate", HARBOUR, rate).then(pme.RateSet)
    assert scene.when(f"projects.{verb}", SHOP, asked, actor="erin").refusal is None


@pytest.mark.parametrize(("state", "verb", "member", "body"), AMOUNTS_OF_MOVES)
def test_no_amount_is_smaller_than_the_smallest_coin(
    state: State, verb: str, member: str, body: dict[str, str]
) -> None:
    with pytest.raises(ValidationError, match="at most 2 decimal places; GBP") as found:
        shop(state).when(f"projects.{verb}", SHOP, {**body, member: gbp("300.005"), "rationale": WHY})
    assert found.value.errors()[0]["loc"] == (member, "amount")


def test_coins_are_as_small_as_the_currency_says() -> None:
    forecast(shop(), line("2026-05", "capex", "300.005", "KWD")).then(e.ForecastSet)
    forecast(shop(), line("2026-05", "capex", "300.0500")).then(e.ForecastSet)
    for amount, currency in (("300.5", "JPY"), ("300.005", "GBP")):
        with pytest.raises(ValidationError, match="decimal places") as found:
            forecast(shop(), line("2026-05", "capex", "1.00"), line("2026-06", "capex", amount, currency))
        assert found.value.errors()[0]["loc"] == ("lines", 1, "money", "amount")


def test_a_portfolio_that_no_longer_holds_the_project_asks_for_nobody() -> None:
    scene = shop(threshold="500.00").given((HARBOUR, pe.ComponentRemoved(component=SHOP, why=REASON)))
    forecast(scene, line("2026-06", "capex", "501.00")).then(e.ForecastSet)


AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=2)
GIVEN = st.dictionaries(
    st.tuples(st.sampled_from(["2026-01", "2026-02", "2026-03"]), st.sampled_from(["capex", "labour"])),
    st.one_of(st.none(), AMOUNTS),
    min_size=1,
)


@given(st.lists(GIVEN, max_size=8), st.integers(0, 2000))
def test_whatever_is_asked_only_changes_up_to_the_threshold_hold_at_once(
    asked: list[dict[tuple[str, str], Any]], threshold: int
) -> None:
    scene = shop(threshold=f"{threshold}")
    holds: dict[tuple[str, str], Fraction] = {}
    for lines in asked:
        wanted = {key: None if amount is None else Fraction(amount) for key, amount in lines.items()}
        at_once = sum(abs((amount or 0) - holds.get(key, Fraction(0))) for key, amount in wanted.items())
        moved = max(at_once, sum(abs(amount or 0) for amount in {**holds, **wanted}.values()))
        given_lines = [line(*key, None if amount is None else f"{amount:f}") for key, amount in lines.items()]
        outcome = forecast(scene, *given_lines, why=WHY)
        if all(holds.get(key) == amount for key, amount in wanted.items()):
            outcome.refused("Nothing would change")
        elif moved > threshold:
            outcome.then(e.ForecastProposed)
        else:
            outcome.then(e.ForecastSet)
            holds |= {key: amount for key, amount in wanted.items() if amount is not None}
            holds = {key: amount for key, amount in holds.items() if wanted.get(key, amount) is not None}
    told = {(month, category): money for (_, month, category), money in held(scene).items()}
    assert {key: Fraction(money.removeprefix("GBP ")) for key, money in told.items()} == holds


# --- the portfolio -------------------------------------------------------------------------------


def ask(scene: Scene, verb: str, **body: Any) -> Outcome:
    return scene.when(f"portfolios.{verb}", HARBOUR, body)


def budget(*lines: tuple[int, str, str | None]) -> list[dict[str, Any]]:
    return [{"year": year, "category": category, "money": amount and gbp(amount)} for year, category, amount in lines]


def test_a_budget_is_decided_by_year_and_category() -> None:
    scene = shop()
    ask(scene, "set-budget", lines=budget((2026, "capex", "900.00"), (2027, "opex", "5.00")), rationale=WHY)
    again = ask(scene, "set-budget", lines=budget((2026, "capex", "900"), (2027, "opex", None)), rationale=WHY)
    assert [(each.year, each.money) for each in again.then(pme.BudgetSet).lines] == [(2027, None)]
    ask(scene, "set-budget", lines=budget((2026, "capex", "900.00")), rationale=WHY).refused("already says this")
    assert list(fold(Portfolio, HARBOUR, scene.ledger.history(HARBOUR)).budgets) == [(2026, "capex")]
    dollars = {"year": 2026, "category": "capex", "money": {"amount": "1.00", "currency": "USD"}}
    ask(scene, "set-budget", lines=[dollars], rationale=WHY).refused("expected GBP", kind=Invalid)


def test_a_rate_is_published_by_somebody_and_corrected_for_a_reason() -> None:
    scene, rate = shop(), {"currency": "USD", "valid_from": "2026-01-01", "published_by": "Bank of England"}
    ask(scene, "set-rate", rate="0.79", **rate).then(pme.RateSet)
    ask(scene, "set-rate", rate="0.790", **rate).then()
    ask(scene, "set-rate", rate="0.80", **rate).refused("USD has the rate 0.79 from 2026-01-01", kind=Invalid)
    ask(scene, "set-rate", rate="0.80", **rate, rationale=WHY).then(pme.RateSet)
    ask(scene, "set-rate", rate="1.1", **{**rate, "currency": "GBP"}).refused("another currency", kind=Invalid)
    for wrong in ("0", "0.0", "-1", "1e3"):
        with pytest.raises(ValidationError, match="a rate above 0"):
            ask(scene, "set-rate", rate=wrong, **rate)


def test_a_policy_is_told_whole_in_versions_and_keeps_what_is_left_out() -> None:
    scene = shop()
    first = ask(scene, "set-policy", money_threshold=gbp("500.00"), rationale=WHY).then(pe.PolicySet)
    ask(scene, "set-policy", rationale=WHY).refused("already says this")
    second = ask(scene, "set-policy", money_threshold=None, rationale=WHY).then(pe.PolicySet)
    assert (first.version, second.version, second.policy) == (1, 2, Policy())
    dollars = {"amount": "1.00", "currency": "USD"}
    ask(scene, "set-policy", money_threshold=dollars, rationale=WHY).refused("expected GBP", kind=Invalid)
