"""Milestones: promised, moved for a reason, reached; and how far they slip."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.refusal import Invalid
from domain.project.dates import Dates
from domain.project.events import ProjectDrafted
from domain.project.schedule_events import MilestoneDropped, MilestoneSet
from domain.project.words import LIVE, State
from tests.domain.scene import WHY, Outcome, Scene, numbered

QUAY = numbered(1)
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def harbour(state: State = State.ACTIVE) -> Scene:
    return Scene().given((QUAY, ProjectDrafted(name="Quay", state=state)))


def put(scene: Scene, **members: Any) -> Outcome:
    return scene.when("projects.set-milestone", QUAY, {"name": "Opening", **members})


def dates_of(outcome: Outcome) -> Dates:
    event = outcome.then(MilestoneSet)
    return Dates(event.promised_on, event.due_on, event.forecast_on, event.reached_on)


def test_a_milestone_is_promised_for_a_day() -> None:
    assert dates_of(put(harbour(), due_on="2026-05-01")) == Dates(MAY, MAY)
    put(harbour()).refused("/due_on", "this milestone is new", kind=Invalid)
    put(harbour(), forecast_on="2026-05-01").refused("/due_on", kind=Invalid)


def test_a_date_moves_only_for_a_reason_and_the_first_promise_stays() -> None:
    scene = harbour()
    put(scene, due_on="2026-05-01")
    for later in ({"forecast_on": "2026-06-01"}, {"due_on": "2026-06-01"}):
        put(scene, **later).refused("/rationale", "Opening moves", kind=Invalid)
    assert dates_of(put(scene, forecast_on="2026-06-01", rationale=WHY)) == Dates(MAY, MAY, JUNE)
    assert dates_of(put(scene, due_on="2026-07-01", rationale=WHY)) == Dates(MAY, JULY, JUNE)
    assert dates_of(put(scene, forecast_on=None, rationale=WHY)) == Dates(MAY, JULY)


def test_a_forecast_that_says_what_was_promised_needs_no_reason() -> None:
    scene = harbour()
    put(scene, due_on="2026-05-01")
    assert dates_of(put(scene, forecast_on="2026-05-01")) == Dates(MAY, MAY, MAY)
    put(harbour(), due_on="2026-05-01", forecast_on="2026-06-01").refused("/rationale", kind=Invalid)


def test_it_is_reached_without_a_reason_and_corrected_with_one() -> None:
    scene = harbour()
    put(scene, due_on="2026-05-01")
    put(scene, reached_on="2026-03-03").refused("/reached_on", "up to 2026-03-02", kind=Invalid)
    reached = dates_of(put(scene, reached_on="2026-03-02"))
    assert reached.reached_on == date(2026, 3, 2)
    put(scene, reached_on="2026-03-01").refused("/rationale", "was reached on 2026-03-02", kind=Invalid)
    put(scene, due_on="2026-06-01", rationale=WHY).refused("was reached on 2026-03-02, so its dates stay")
    put(scene, reached_on="2026-03-01", rationale=WHY).then(MilestoneSet)
    assert dates_of(put(scene, reached_on=None, rationale=WHY)) == Dates(MAY, MAY), "it was not reached after all"


def test_what_changes_nothing_is_not_recorded() -> None:
    scene = harbour()
    put(scene, due_on="2026-05-01")
    put(scene, due_on="2026-05-01").then()
    put(scene).then()
    put(scene, due_on="2026-05-01", rationale=WHY).refused("a reason without a change would be lost")
    put(scene, due_on=None, rationale=WHY).refused("/due_on", "drop-milestone", kind=Invalid)


def test_a_milestone_leaves_the_plan_for_a_reason() -> None:
    scene = harbour()
    put(scene, due_on="2026-05-01")
    drop = {"name": "Closing", "rationale": WHY}
    scene.when("projects.drop-milestone", QUAY, drop).refused("/name", "(Opening)", kind=Invalid)
    scene.when("projects.drop-milestone", QUAY, drop, name="Opening").then(MilestoneDropped)
    scene.when("projects.drop-milestone", QUAY, drop, name="Opening").refused("/name", "none yet", kind=Invalid)
    put(scene).refused("/due_on", kind=Invalid)


@pytest.mark.parametrize("state", State)
def test_milestones_belong_to_what_lives(state: State) -> None:
    outcome = put(harbour(state), due_on="2026-05-01")
    if state in LIVE:
        outcome.then(MilestoneSet)
    else:
        outcome.refused("A milestone needs a live project", state)


def test_what_is_said_about_milestones_follows_what_was_said_before() -> None:
    scene = harbour()
    put(scene, due_on="2026-05-01")
    early = "2026-03-02T09:00:00Z"
    put(scene, due_on="2026-06-01", occurred_at=early, rationale=WHY).refused("/occurred_at", kind=Invalid)


# --- how far it slips ------------------------------------------------------------------------------

DAYS = st.integers(-400, 400).map(lambda days: MAY + timedelta(days=days))
MAYBE = st.one_of(st.none(), DAYS)


@given(DAYS, DAYS, MAYBE, MAYBE, DAYS)
def test_slippage_is_told_only_while_it_can_be_known(
    promised: date, due: date, forecast: date | None, reached: date | None, today: date
) -> None:
    dates = Dates(promised, due, forecast, reached)
    said = next(day for day in (reached, forecast, due) if day)
    late = reached is None and today > said
    assert dates.is_overdue(today) == late
    assert dates.slippage(today) == (None if late else (said - promised).days)


def test_an_overdue_milestone_is_not_on_time() -> None:
    dates = Dates(MAY, MAY)
    assert (dates.slippage(MAY), dates.is_overdue(MAY)) == (0, False)
    assert (dates.slippage(JUNE), dates.is_overdue(JUNE)) == (None, True)
