"""Status updates: figures that are frozen with them, corrections that name what they correct, how often one is due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.kernel.money import Money
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Invalid
from domain.portfolio import events as pe
from domain.portfolio import money_events as pme
from domain.project import events as e
from domain.project import money_events as me
from domain.project.cadence import days_past, is_stale, next_due
from domain.project.status_events import CadenceSet, Figures
from domain.project.words import LIVE, State
from tests.domain.scene import WHY, Outcome, Scene, numbered

SHOP, HARBOUR, ROADS = numbered(1), numbered(2), numbered(3)
REASON = Rationale(code="other", text="A reason that is long enough")
FINE = {"overall": "on_track", "text": "All is well"}
TROUBLE = {"overall": "off_track", "text": "The supplier is late", "path_to_green": "A second supplier in May"}


def money(amount: str, currency: str = "GBP") -> Money:
    return Money.model_validate({"amount": amount, "currency": currency})


def shop(state: State = State.ACTIVE, **drafted: Any) -> Scene:
    return Scene().given((SHOP, e.ProjectDrafted(name="Shop", state=state, **drafted)))


def report(scene: Scene, **more: Any) -> Outcome:
    return scene.when("projects.status-updates", SHOP, {**FINE, **more})


def figures(scene: Scene, **more: Any) -> Figures:
    """What a report now would freeze."""
    return report(scene, **more).then(e.StatusReported).figures


def months(*lines: tuple[str, str, str]) -> Any:
    return tuple(
        {"month": month, "category": "capex", "money": {"amount": amount, "currency": currency}}
        for month, amount, currency in lines
    )


# --- figures --------------------------------------------------------------------------------------


def test_a_report_freezes_what_is_known_when_it_is_given() -> None:
    scene = shop(budget=money("100.00"), forecast=money("90.00"), attributes={"finish": "2026-09-30"})
    first = figures(scene)
    assert first == Figures(budget=money("100.00"), forecast=money("90.00"), finish=date(2026, 9, 30))
    resumed = e.ProjectResumed(forecast_finish=date(2026, 12, 1), forecast=money("95.00"), why=REASON)
    scene.given((SHOP, e.ProjectAuthorized(budget=money("120.00"), why=REASON)), (SHOP, resumed))
    later = figures(scene)
    assert later == Figures(budget=money("120.00"), forecast=money("95.00"), finish=date(2026, 12, 1))
    assert [fact.event.figures for fact in scene.ledger.facts if isinstance(fact.event, e.StatusReported)] == [
        first,
        later,
    ]


def test_what_nobody_said_is_nothing_and_never_zero() -> None:
    assert figures(shop()) == Figures(budget=None, forecast=None, actual=None, finish=None)
    unclear = (
        (SHOP, e.AttributeChanged(name="finish", to="some day")),
        (SHOP, e.AttributeChanged(name="budget", to="-")),
    )
    assert figures(shop(budget=money("1.00")).given(*unclear)) == Figures()
    deferred = (SHOP, e.ProjectDeferred(why=REASON))
    assert figures(shop(budget=money("1.00")).given(deferred)) == Figures(), "what is put off has no budget"


def test_months_add_up_and_stand_in_the_place_of_the_single_amount() -> None:
    scene = shop(forecast=money("7.00"))
    scene.given((SHOP, me.ForecastSet(lines=months(("2026-03", "100.00", "GBP"), ("2026-04", "20.50", "GBP")))))
    scene.given((SHOP, me.ActualsRecorded(lines=months(("2026-02", "30.00", "GBP")))))
    told = figures(scene)
    assert (told.forecast, told.actual) == (money("120.50"), money("30.00"))


def test_months_in_two_currencies_need_the_rates_of_the_portfolio() -> None:
    scene = shop().given((HARBOUR, pe.PortfolioCreated(name="Harbour", currency="GBP")))
    scene.given((SHOP, me.ForecastSet(lines=months(("2026-03", "100.00", "GBP"), ("2026-04", "10.00", "USD")))))
    scene.given((HARBOUR, pe.ComponentAdded(component=SHOP, order="1", why=REASON)))
    assert figures(scene).forecast is None
    rate = {"currency": "USD", "rate": "0.8", "valid_from": date(2026, 1, 1), "published_by": "Bank"}
    scene.given((HARBOUR, pme.RateSet.model_validate(rate)))
    assert figures(scene).forecast == money("108.00")
    scene.given((ROADS, pe.PortfolioCreated(name="Roads", currency="GBP")))
    scene.given((ROADS, pe.ComponentAdded(component=SHOP, order="1", why=REASON)))
    assert figures(scene).forecast is None


def test_a_report_that_is_dated_back_freezes_what_had_been_said_by_then() -> None:
    scene = shop(budget=money("100.00"))
    then = scene.now.isoformat()
    scene.given((SHOP, e.AttributeChanged(name="budget", to={"amount": "120.00", "currency": "GBP"})))
    scene.given((SHOP, me.ForecastSet(lines=months(("2026-03", "100.00", "GBP")))))
    assert figures(scene).budget == money("120.00")
    assert figures(scene, occurred_at=then) == Figures(budget=money("100.00"))


# --- corrections ----------------------------------------------------------------------------------


def test_an_update_is_corrected_by_another_that_names_it() -> None:
    scene = shop()
    first = report(scene)
    second = report(scene, text="It was not well at all", supersedes=first.event_id)
    assert str(second.then(e.StatusReported).supersedes) == first.event_id
    report(scene, supersedes=first.event_id).refused("already superseded", second.event_id)
    report(scene, supersedes=second.event_id).then(e.StatusReported)


def test_only_an_update_of_the_same_project_is_superseded() -> None:
    scene = shop().given((ROADS, e.StatusReported(overall="on_track")))
    elsewhere = scene.ledger.facts[-1].event_id
    for other in (elsewhere, scene.ledger.facts[0].event_id, numbered(99)):
        report(scene, supersedes=str(other)).refused("/supersedes", str(other), kind=Invalid)


def test_a_correction_is_never_dated_before_what_it_corrects() -> None:
    scene = shop()
    before = scene.now.isoformat()
    first = report(scene)
    report(scene, supersedes=first.event_id, occurred_at=before).refused("/occurred_at", kind=Invalid)
    same = scene.ledger.facts[-1].occurred_at.isoformat()
    report(scene, supersedes=first.event_id, occurred_at=same).then(e.StatusReported)


@pytest.mark.parametrize("overall", ["at_risk", "off_track"])
def test_a_correction_to_trouble_needs_a_path_to_green(overall: str) -> None:
    scene = shop()
    first = report(scene)
    report(scene, supersedes=first.event_id, overall=overall).refused("/path_to_green", kind=Invalid)


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    scene = shop()
    first = report(scene)
    given = first.facts[0].occurred_at
    report(scene, text="All is still well")
    late = report(scene, **TROUBLE, supersedes=first.event_id)
    told = late.then(e.StatusReported)
    assert (told.counts_from, told.outdated) == (given, True)
    again = report(scene, text="It was well at last", supersedes=late.event_id).then(e.StatusReported)
    assert (again.counts_from, again.outdated) == (given, True)


def test_correcting_the_newest_changes_the_health_and_counts_from_what_it_corrects() -> None:
    scene = shop()
    report(scene)
    newest = report(scene)
    told = report(scene, **TROUBLE, supersedes=newest.event_id).then(e.StatusReported)
    assert (told.counts_from, told.outdated) == (newest.facts[0].occurred_at, False)


@pytest.mark.parametrize("dimension", ["schedule", "cost", "scope", "resource"])
@pytest.mark.parametrize("word", ["at_risk", "off_track"])
def test_a_dimension_in_trouble_needs_a_path_to_green(dimension: str, word: str) -> None:
    scene, trouble = shop(), {dimension: word}
    report(scene, **trouble).refused("/path_to_green", f"{dimension} is {word}", kind=Invalid)
    report(scene, **trouble, path_to_green="A second supplier in May").then(e.StatusReported)


# --- cadence --------------------------------------------------------------------------------------


def test_a_cadence_of_its_own_is_a_decision_that_can_be_taken_back() -> None:
    scene, ask = shop(), {"rationale": WHY}
    scene.when("projects.set-cadence", SHOP, ask, cadence_days=None).refused("already is this")
    assert scene.when("projects.set-cadence", SHOP, ask, cadence_days=7).then(CadenceSet).cadence_days == 7
    scene.when("projects.set-cadence", SHOP, ask, cadence_days=7).refused("already is this")
    assert scene.when("projects.set-cadence", SHOP, ask, cadence_days=None).then(CadenceSet).cadence_days is None


@pytest.mark.parametrize("wrong", [0, -7, 367, "7", 7.5, True])
def test_a_cadence_is_a_number_of_days(wrong: Any) -> None:
    with pytest.raises(ValidationError, match="cadence_days"):
        shop().when("projects.set-cadence", SHOP, {"cadence_days": wrong, "rationale": WHY})


@pytest.mark.parametrize("state", State)
def test_a_cadence_needs_a_live_project(state: State) -> None:
    asked = shop(state).when("projects.set-cadence", SHOP, {"cadence_days": 7, "rationale": WHY})
    assert (asked.refusal is None) == (state in LIVE)


def test_a_policy_asks_for_updates_and_reviews() -> None:
    scene = Scene().given((HARBOUR, pe.PortfolioCreated(name="Harbour")))
    asked = scene.when("portfolios.set-policy", HARBOUR, {"update_cadence_days": 14, "rationale": WHY})
    assert asked.then(pe.PolicySet).policy.update_cadence_days == 14
    kept = scene.when("portfolios.set-policy", HARBOUR, {"review_cadence_days": 90, "rationale": WHY})
    assert kept.then(pe.PolicySet).policy.update_cadence_days == 14


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(began=INSTANTS, reported=st.one_of(st.none(), INSTANTS), cadence=st.integers(1, 366))
def test_nothing_is_due_before_one_cadence_is_over(began: datetime, reported: datetime | None, cadence: int) -> None:
    due = next_due(began, reported, cadence)
    starts = [began.date(), *([reported.date()] if reported else [])]
    assert due == max(starts) + timedelta(days=cadence)
    assert [days_past(due, due + timedelta(days=n)) for n in (-1, 0, 1, 9)] == [0, 0, 1, 9]
    if reported and reported >= began:
        assert is_stale(reported, cadence, due) is False
        assert is_stale(reported, cadence, due + timedelta(days=1)) is True
