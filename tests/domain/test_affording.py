"""What is selected keeps to the budget: refused with the figures, or forced in with a reason of its own."""

from typing import Any
from uuid import UUID

import pytest

from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Invalid
from domain.portfolio import events as pe
from domain.portfolio import money_events as me
from domain.project import case_events as ce
from domain.project import events as e
from domain.project.business_case import BusinessCase
from domain.project.words import State
from tests.domain.scene import WHY, Outcome, Scene, numbered
from tests.domain.test_policies import racing

HARBOUR, ROADS, QUAY, CRANE, BUOY, DOCK = map(numbered, range(1, 7))
REASON = Rationale(code="other", text="A reason that is long enough")
MANDATE = {"code": "mandate", "text": "The harbour act leaves no other date"}


def gbp(amount: str, currency: str = "GBP") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def budget(*amounts: str | None, year: int = 2026) -> me.BudgetSet:
    """What may be spent, a category each."""
    lines = [
        {"year": year, "category": f"c{place}", "money": gbp(amount) if amount else None}
        for place, amount in enumerate(amounts)
    ]
    return me.BudgetSet.model_validate({"lines": lines, "why": REASON})


def harbour(*amounts: str, by: UUID = HARBOUR) -> Scene:
    """A portfolio that may spend so much, if anybody said so."""
    scene = Scene().given((by, pe.PortfolioCreated(name="Harbour", currency="GBP")))
    return scene.given((by, budget(*amounts))) if amounts else scene


def proposed(
    scene: Scene,
    project: UUID,
    upper: str | None,
    state: State = State.UNDER_EVALUATION,
    by: UUID = HARBOUR,
    currency: str = "GBP",
) -> Scene:
    """A component of the portfolio whose proposal says what it may cost at most."""
    scene.given((project, e.ProjectDrafted(name="P", sponsor="sales")), actor="carol")
    if upper:
        low, high = gbp("1.00", currency), gbp(upper, currency)
        said = {"problem": "a", "expected_benefit": "b", "cost_low": low, "cost_high": high}
        scene.given((project, e.ProjectSubmitted.model_validate(said)), actor="carol")
    scene.given((project, e.StateRecorded(to=state, irregular=True)))
    return scene.given((by, pe.ComponentAdded(component=project, order=str(project.int), why=REASON)))


def select(scene: Scene, project: UUID, **more: Any) -> Outcome:
    return scene.when("projects.select", project, {"rationale": WHY, **more})


def test_what_costs_more_than_is_left_is_refused_with_the_figures() -> None:
    scene = proposed(proposed(harbour("60.00", "40.00"), QUAY, "70.00"), CRANE, "30.01")
    select(scene, QUAY).then(e.ProjectSelected)
    refusal = select(scene, CRANE).refused(
        "Harbour may spend GBP 100.00 and has committed GBP 70.00; P costs GBP 30.01, GBP 0.01 more",
        "a cost of at most GBP 30.00",
        "a budget of at least GBP 100.01",
        "force_in",
    )
    assert refusal.details == {
        "portfolio": str(HARBOUR),
        "project": str(CRANE),
        "budget": gbp("100.00"),
        "committed": gbp("70.00"),
        "cost": gbp("30.01"),
        "left": gbp("30.00"),
        "missing": [],
    }


def test_what_uses_the_budget_up_to_the_last_penny_is_selected() -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, "70.00"), CRANE, "30.00")
    select(scene, QUAY).then(e.ProjectSelected)
    select(scene, CRANE).then(e.ProjectSelected)


def test_forcing_in_is_a_decision_of_its_own_beside_the_selection() -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, "70.00", State.ACTIVE), CRANE, "31.00")
    forced, selected = select(scene, CRANE, force_in=MANDATE).then(e.ForcedIn, e.ProjectSelected)
    assert (forced.portfolio, forced.why.text) == (HARBOUR, MANDATE["text"])
    assert [str(each.amount) for each in (forced.budget, forced.committed, forced.cost)] == ["100.00", "70.00", "31.00"]
    assert selected.why.text == WHY["text"]


def test_the_reason_to_force_in_is_never_lost_and_has_codes_of_its_own() -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, "70.00"), CRANE, "31.00")
    select(scene, QUAY, force_in=MANDATE).refused("The budget reaches", "leave it out")
    select(scene, QUAY)
    wish = {"code": "roi", "text": "It pays for itself soon"}
    select(scene, CRANE, force_in=wish).refused("/force_in/code", "data_error, judgement, mandate", kind=Invalid)


def test_without_a_budget_nothing_stands_in_the_way_and_nobody_else_is_read() -> None:
    scene = proposed(proposed(harbour(), QUAY, "70.00", State.SELECTED), CRANE, "9999.00")
    asked = []
    histories = scene.ledger.histories
    scene.ledger.histories = lambda streams: asked.append(streams) or histories(streams)  # type: ignore[method-assign,func-returns-value]
    select(scene, CRANE).then(e.ProjectSelected)
    assert asked == []


def test_a_budget_of_nothing_is_one() -> None:
    select(proposed(harbour("0.00"), QUAY, "1.00"), QUAY).refused("may spend GBP 0.00", "a budget of at least GBP 1.00")
    scene = proposed(harbour("5.00"), QUAY, "9.00").given((HARBOUR, budget(None)))
    select(scene, QUAY).then(e.ProjectSelected)


@pytest.mark.parametrize(
    ("state", "counts"), [(state, state in {"selected", "authorized", "active", "on_hold"}) for state in State]
)
def test_the_others_count_from_their_selection_to_their_end(state: State, counts: bool) -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, "70.00", state), CRANE, "31.00")
    outcome = select(scene, CRANE)
    if counts:
        outcome.refused("has committed GBP 70.00")
    else:
        outcome.then(e.ProjectSelected)


def test_what_left_the_portfolio_counts_no_more() -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, "70.00", State.ACTIVE), CRANE, "31.00")
    scene.given((HARBOUR, pe.ComponentRemoved(component=QUAY, why=REASON)))
    select(scene, CRANE).then(e.ProjectSelected)


def test_a_cost_nobody_knows_breaks_no_budget_and_is_told_as_missing() -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, None), CRANE, "101.00")
    select(scene, QUAY).then(e.ProjectSelected)
    assert select(scene, CRANE).refused("has committed GBP 0").details["missing"] == [str(QUAY)]
    foreign = proposed(harbour("100.00"), QUAY, "900.00", currency="USD")
    select(foreign, QUAY).then(e.ProjectSelected)


def test_an_amount_in_another_currency_counts_by_its_rate() -> None:
    scene = proposed(harbour("100.00"), QUAY, "201.00", currency="USD")
    rate = {"currency": "USD", "rate": "0.5", "valid_from": "2026-01-01", "published_by": "bank"}
    scene.given((HARBOUR, me.RateSet.model_validate(rate)))
    select(scene, QUAY).refused("P costs GBP 100.50")


# --- what it costs -------------------------------------------------------------------------------


def cased(scene: Scene, project: UUID, *amounts: str) -> Scene:
    """Its business case has months."""
    lines = [
        {"month": f"2026-{place:02}", "category": "capex", "money": gbp(amount)}
        for place, amount in enumerate(amounts, 1)
    ]
    case = BusinessCase.model_validate({"costs": lines})
    return scene.given((project, ce.BusinessCaseSet(version=1, business_case=case)), actor="carol")


def test_the_months_of_the_business_case_hold_before_the_range() -> None:
    scene = cased(proposed(harbour("100.00"), QUAY, "500.00"), QUAY, "60.00", "40.01")
    select(scene, QUAY).refused("P costs GBP 100.01")


def test_what_was_released_holds_as_soon_as_it_was() -> None:
    scene = cased(proposed(proposed(harbour("100.00"), QUAY, "500.00"), CRANE, "41.00"), QUAY, "50.00")
    select(scene, QUAY).then(e.ProjectSelected)
    select(scene, CRANE).then(e.ProjectSelected)
    scene.when("projects.deselect", CRANE, {"rationale": WHY})
    scene.when("projects.authorize", QUAY, {"budget": gbp("60.00"), "rationale": WHY}).then(e.ProjectAuthorized)
    select(scene, CRANE).refused("has committed GBP 60.00", "P costs GBP 41.00")


def test_a_budget_that_another_system_tells_counts_where_nothing_else_is_known() -> None:
    scene = harbour("100.00")
    imported = e.ProjectDrafted.model_validate({"name": "P", "state": "deferred", "budget": gbp("100.50")})
    scene.given((QUAY, imported), (HARBOUR, pe.ComponentAdded(component=QUAY, order="1", why=REASON)))
    select(scene, QUAY).refused("P costs GBP 100.50")


# --- several portfolios, several at once ---------------------------------------------------------


def test_each_portfolio_that_holds_it_has_to_afford_it() -> None:
    scene = proposed(harbour("100.00"), QUAY, "50.00")
    scene.given((ROADS, pe.PortfolioCreated(name="Roads", currency="GBP")), (ROADS, budget("40.00")))
    scene.given((ROADS, pe.ComponentAdded(component=QUAY, order="1", why=REASON)))
    select(scene, QUAY).refused("Roads may spend GBP 40.00")
    scene.given((HARBOUR, budget("30.00")))
    first, second, _ = select(scene, QUAY, force_in=MANDATE).then(e.ForcedIn, e.ForcedIn, e.ProjectSelected)
    assert {first.portfolio, second.portfolio} == {HARBOUR, ROADS}


def test_two_that_are_selected_at_once_do_not_both_take_the_last_money() -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, "60.00"), CRANE, "60.00")
    racing(scene).meanwhile = lambda: select(scene, CRANE)
    scene.when("projects.select", QUAY, {"rationale": WHY})
    chosen = [fact.stream_id for fact in scene.ledger.facts if isinstance(fact.event, e.ProjectSelected)]
    assert chosen == [CRANE]


def test_who_is_under_way_may_report_meanwhile_without_disturbing() -> None:
    scene = proposed(proposed(harbour("100.00"), QUAY, "60.00"), CRANE, "30.00", State.ACTIVE)
    ledger = racing(scene)
    ledger.meanwhile = lambda: scene.when("projects.status-updates", CRANE, {"overall": "on_track", "text": "Well"})
    scene.when("projects.select", QUAY, {"rationale": WHY})
    assert ledger.tried == 2, "one append for each command, none was decided twice"


def test_a_selection_put_right_takes_the_place_of_the_mistake() -> None:
    scene = proposed(harbour("100.00"), QUAY, "60.00")
    mistaken = scene.when("projects.defer", QUAY, {"rationale": {**WHY, "review_on": "2026-06-01"}})
    again = {**WHY, "supersedes": mistaken.event_id}
    select(scene, QUAY, rationale=again).then(e.ProjectSelected)
    chosen = scene.ledger.facts[-1].event_id
    select(scene, QUAY, rationale={**WHY, "supersedes": str(chosen)}).then(e.ProjectSelected)
