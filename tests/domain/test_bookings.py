"""Bookings against a calendar that counts every day by itself."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.event import Event
from domain.kernel.rationale import Rationale
from domain.project.events import ProjectCancelled, ProjectCompleted, ProjectDrafted
from domain.project.words import State
from domain.resources import events as e
from domain.resources.bookings import Booking, booked, held, lowest, stretches
from tests.domain.scene import WHY, Outcome, Scene, numbered

REASON = Rationale(code="other", text="A reason that is long enough")
PROJECTS = [numbered(number) for number in (1, 2, 3)]
FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(16)]
LAST = DAYS[-1]


@st.composite
def periods(draw: st.DrawFn, *, may_be_open: bool = True) -> tuple[date, date | None]:
    """Two days in order; the second may be left open."""
    first, last = sorted([draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))])
    return first, None if may_be_open and draw(st.booleans()) else last


shares = st.sampled_from([Decimal(text) for text in ("0.1", "0.25", "0.5", "0.6", "1")])
projects = st.sampled_from(PROJECTS)


@st.composite
def assigned(draw: st.DrawFn) -> Event:
    start, end = draw(periods())
    return e.ResourceAssigned(project=draw(projects), share=draw(shares), starts_on=start, ends_on=end, why=REASON)


@st.composite
def reassigned(draw: st.DrawFn) -> Event:
    start, end = draw(periods())
    one, other = draw(st.permutations(PROJECTS))[:2]
    return e.ResourceReassigned(
        from_project=one, to_project=other, share=draw(shares), starts_on=start, ends_on=end, why=REASON
    )


@st.composite
def released(draw: st.DrawFn) -> Event:
    return e.ResourceReleased(project=draw(projects), from_day=draw(st.sampled_from(DAYS)), why=REASON)


histories = st.lists(st.one_of(assigned(), reassigned(), released()), max_size=8)


class Calendar:
    """For each project and day, the share it holds."""

    def __init__(self, history: Iterable[Any]) -> None:
        self.held: dict[Any, Decimal] = defaultdict(Decimal)
        for event in history:
            self.take(event)

    def take(self, event: Any) -> None:
        match event:
            case e.ResourceAssigned():
                self._add(event.project, event.share, event)
            case e.ResourceReassigned():
                self._add(event.from_project, -event.share, event)
                self._add(event.to_project, event.share, event)
            case e.ResourceReleased():
                for day in DAYS:
                    if day >= event.from_day:
                        self.held[event.project, day] = Decimal(0)

    def _add(self, project: Any, share: Decimal, event: Any) -> None:
        for day in within(event.starts_on, event.ends_on):
            self.held[project, day] += share

    def total(self, day: date) -> Decimal:
        return sum((self.held[project, day] for project in PROJECTS), Decimal(0))


def within(start: date, end: date | None) -> list[date]:
    """The days of the calendar in a period."""
    return [day for day in DAYS if start <= day <= (end or LAST)]


def bookings_of(history: Iterable[Event]) -> tuple[Booking, ...]:
    bookings: tuple[Booking, ...] = ()
    for event in history:
        bookings = booked(bookings, event)
    return bookings


@given(histories, periods(may_be_open=False))
def test_stretches_say_the_share_of_every_day(history: list[Event], period: tuple[date, date]) -> None:
    calendar = Calendar(history)
    found = stretches(bookings_of(history), *period)
    days = [day for stretch in found for day in within(stretch.starts_on, stretch.ends_on)]
    assert days == within(*period)
    assert [stretch.share for stretch in found for _ in within(stretch.starts_on, stretch.ends_on)] == [
        calendar.total(day) for day in days
    ]
    assert all(one.share != other.share for one, other in pairwise(found))


@given(histories, projects, periods(may_be_open=False))
def test_the_lowest_is_the_least_the_project_holds(history: list[Event], project: Any, period: tuple[Any, Any]) -> None:
    calendar = Calendar(history)
    assert lowest(bookings_of(history), project, *period) == min(calendar.held[project, day] for day in within(*period))


@given(histories, projects)
def test_held_are_the_days_with_a_share(history: list[Event], project: Any) -> None:
    calendar = Calendar(history)
    found = held(bookings_of(history), project)
    shown = {day: stretch.share for stretch in found for day in within(stretch.starts_on, stretch.ends_on)}
    assert shown == {day: calendar.held[project, day] for day in DAYS if calendar.held[project, day] > 0}


# --- decisions -----------------------------------------------------------------------------------

KIM = numbered(9)


def office() -> Scene:
    """Kim, and three live projects."""
    drafted = [(project, ProjectDrafted(name="P", state=State.ACTIVE)) for project in PROJECTS]
    return Scene().given((KIM, e.ResourceAdded(kind=e.ResourceKind.PERSON)), *drafted)


def ask(scene: Scene, event: Any) -> Outcome:
    """The command that would make this fact."""
    verb = {"resource.assigned.v1": "assign", "resource.reassigned.v1": "reassign", "resource.released.v1": "release"}
    body = {**event.model_dump(exclude={"why"}), "rationale": WHY}
    return scene.when(f"resources.{verb[event.fact_name]}", KIM, body)


@given(histories)
def test_nobody_is_ever_promised_for_more_than_full_time_or_less_than_nothing(asked: list[Event]) -> None:
    scene, calendar = office(), Calendar([])
    for event in asked:
        outcome = ask(scene, event)
        trial = Calendar([fact.event for fact in scene.ledger.history(KIM) if fact not in outcome.facts])
        trial.take(event)
        if isinstance(event, e.ResourceAssigned):
            assert (outcome.refusal is not None) == any(trial.total(day) > 1 for day in DAYS)
        if isinstance(event, e.ResourceReassigned) and event.ends_on:
            days = within(event.starts_on, event.ends_on)
            assert (outcome.refusal is not None) == any(trial.held[event.from_project, day] < 0 for day in days)
        for fact in outcome.facts:
            calendar.take(fact.event)
        assert all(calendar.total(day) <= 1 for day in DAYS)
        assert all(share >= 0 for share in calendar.held.values())


def assign(scene: Scene, project: int, share: str, start: str, end: str | None = None) -> Outcome:
    body = {"project": str(PROJECTS[project]), "share": share, "starts_on": start, "ends_on": end, "rationale": WHY}
    return scene.when("resources.assign", KIM, body)


def test_a_refusal_names_the_share_and_the_days_it_would_come_to() -> None:
    scene = office()
    assign(scene, 0, "0.6", "2026-03-02", "2026-03-13").then(e.ResourceAssigned)
    assign(scene, 1, "0.6", "2026-03-09", "2026-03-31").refused("120 % from 2026-03-09 to 2026-03-13", "at most 100 %")
    assign(scene, 1, "0.4", "2026-03-09").then(e.ResourceAssigned)
    assign(scene, 2, "0.7", "2026-04-01").refused("110 % from 2026-04-01 on")


@pytest.mark.parametrize(
    ("share", "end"),
    [("0.5", date(2026, 3, 20)), ("0.3", date(2026, 3, 27)), ("0.6", date(2026, 3, 20))],
)
def test_time_moves_until_the_end_of_what_was_promised_if_no_end_is_given(share: str, end: date) -> None:
    scene = office()
    assign(scene, 0, "0.6", "2026-03-02", "2026-03-13")
    assign(scene, 0, "0.8", "2026-03-14", "2026-03-20")
    assign(scene, 0, "0.4", "2026-03-21", "2026-03-27")
    assign(scene, 0, "0.8", "2026-03-30", "2026-04-30")
    one, other, _ = map(str, PROJECTS)
    move = {"from_project": one, "to_project": other, "share": share, "starts_on": "2026-03-09", "rationale": WHY}
    assert scene.when("resources.reassign", KIM, move).then(e.ResourceReassigned).ends_on == end


def test_a_completed_project_lets_its_people_go() -> None:
    scene = office()
    assign(scene, 0, "0.5", "2026-02-02")
    complete = {"outcome": "It sells", "lessons": "Begin early", "actual_cost": {"amount": "1.00", "currency": "GBP"}}
    _, freed = scene.when("projects.complete", PROJECTS[0], complete, rationale=WHY).then(
        ProjectCompleted, e.ResourceReleased
    )
    assert (freed.project, freed.from_day) == (PROJECTS[0], date(2026, 3, 2))
    assign(scene, 2, "1", "2026-03-02").then(e.ResourceAssigned)


def test_a_cancelled_project_lets_its_people_go_and_no_others() -> None:
    scene = office()
    assign(scene, 0, "0.5", "2026-02-02")
    assign(scene, 1, "0.5", "2026-02-02")
    money = {"amount": "10.00", "currency": "GBP"}
    cancel = {"sunk_cost": money, "disposition": "Everybody goes free", "rationale": WHY}
    _, freed = scene.when("projects.cancel", PROJECTS[0], cancel).then(ProjectCancelled, e.ResourceReleased)
    assert (freed.project, freed.from_day) == (PROJECTS[0], date(2026, 3, 2))
    assign(scene, 0, "0.5", "2026-03-02").refused("An assignment needs a live project")
    assign(scene, 2, "0.5", "2026-03-02").then(e.ResourceAssigned)
    assign(scene, 2, "0.1", "2026-03-02").refused("110 %")
