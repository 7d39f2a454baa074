"""How much time there is, against a calendar that keeps every day by itself."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, islice
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.event import Event
from domain.kernel.refusal import Invalid
from domain.project.events import ProjectDrafted
from domain.project.words import State
from domain.resources import events as e
from domain.resources.bookings import Booking, booked
from domain.resources.capacity import Capacity, excesses
from domain.resources.words import WEEKDAYS, AbsenceReason, Excess, WorkedWeek, shares
from tests.domain.scene import WHY, Outcome, Scene, numbered
from tests.domain.test_bookings import PROJECTS, REASON, assigned, projects, reassigned, released
from tests.domain.test_bookings import shares as some_share

KIM = numbered(9)
FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(40)]
AT_WORK = dict.fromkeys(WEEKDAYS[:5], "1")
BECAUSE = {"code": "judgement", "text": "The harbour cannot wait for anybody else"}


class EveryDay:
    """For each day what there is (`None` = nobody said) and whether a promise asks for it."""

    def __init__(self) -> None:
        self.share: dict[date, Decimal | None] = dict.fromkeys(DAYS)
        self.asks: dict[date, bool] = dict.fromkeys(DAYS, True)
        self.absent: dict[UUID, tuple[date, ...]] = {}

    def take(self, event: Any, event_id: UUID) -> None:
        match event:
            case e.CapacitySet():
                week = [getattr(event.week, weekday) for weekday in WEEKDAYS]
                for day in DAYS:
                    if event.starts_on <= day <= (event.ends_on or DAYS[-1]):
                        off = day in event.days_off
                        self.share[day] = Decimal(0) if off else week[day.weekday()]
                        no_week = not any(week) and day.weekday() not in {5, 6}
                        self.asks[day] = not off and (week[day.weekday()] > 0 or no_week)
            case e.AbsenceRecorded():
                self.absent[event_id] = event.days
            case e.AbsenceCancelled():
                del self.absent[event.absence]

    def there(self, day: date) -> Decimal | None:
        return Decimal(0) if any(day in days for days in self.absent.values()) else self.share[day]

    def limit(self, day: date) -> Decimal:
        found = self.there(day)
        return Decimal(1) if found is None else found


weeks = st.fixed_dictionaries({weekday: st.sampled_from(["0", "0.5", "1"]) for weekday in WEEKDAYS}).map(
    lambda said: WorkedWeek.model_validate(said)
)
some_days = st.lists(st.sampled_from(DAYS), max_size=3, unique=True)


@st.composite
def capacity_set(draw: st.DrawFn) -> Event:
    first, last = sorted([draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))])
    worked = draw(weeks)
    off = tuple(sorted(day for day in draw(some_days) if first <= day <= last))
    return e.CapacitySet(
        starts_on=first, ends_on=draw(st.sampled_from([last, None])), week=shares(worked, None),
        days_off=off, worked=worked, full_day=None,
    )  # fmt: skip


@st.composite
def absence(draw: st.DrawFn) -> Event:
    days = tuple(sorted(draw(some_days.filter(bool))))
    return e.AbsenceRecorded(starts_on=days[0], ends_on=days[-1], reason=AbsenceReason.VACATION, days=days)


calendars = st.lists(st.one_of(capacity_set(), absence()), max_size=4)
promises = st.lists(st.one_of(assigned(), reassigned(), released()), max_size=6)


def told(history: Iterable[Event]) -> tuple[Capacity, EveryDay]:
    capacity, every_day = Capacity(), EveryDay()
    for number, event in enumerate(history):
        capacity = capacity.after(event, numbered(number))
        every_day.take(event, numbered(number))
    return capacity, every_day


def promised(bookings: Iterable[Booking], day: date) -> Decimal:
    return sum((each.share for each in bookings if each.starts_on <= day <= each.ends_on), Decimal(0))


@given(calendars)
def test_each_day_has_what_was_said_of_it_last(history: list[Event]) -> None:
    capacity, every_day = told(history)
    assert [capacity.on(day) for day in DAYS] == [every_day.there(day) for day in DAYS]
    assert [capacity.asks_on(day) for day in DAYS] == [every_day.asks[day] for day in DAYS]


@given(calendars, promises)
def test_what_is_too_much_is_told_for_exactly_its_days(history: list[Event], moves: list[Event]) -> None:
    capacity, every_day = told(history)
    bookings = booked((), *moves)
    asked = [day for day in DAYS if every_day.asks[day]]
    runs = groupby(asked, key=lambda day: (promised(bookings, day), every_day.limit(day)))
    expected = [(days[0], days[-1], key) for key, run in runs if key[0] > key[1] for days in [list(run)]]
    found = list(excesses(bookings, capacity, DAYS[0], DAYS[-1]))
    assert [(each.starts_on, each.ends_on, (each.promised, each.capacity)) for each in found] == expected


@given(calendars, promises)
def test_what_is_too_much_for_ever_is_found_without_counting_to_the_end_of_time(
    history: list[Event], moves: list[Event]
) -> None:
    capacity, every_day = told(history)
    bookings = booked((), *moves)
    found = list(islice(excesses(bookings, capacity, DAYS[0], date.max), 200))
    over = {day for day in DAYS if every_day.asks[day] and promised(bookings, day) > every_day.limit(day)}
    within = {day for day in DAYS if every_day.asks[day] and any(_covers(each, day) for each in found)}
    assert within == over


def _covers(excess: Excess, day: date) -> bool:
    return excess.starts_on <= day <= (excess.ends_on or date.max)


# --- decisions -----------------------------------------------------------------------------------


def office() -> Scene:
    """Kim, and three live projects."""
    drafted = [(project, ProjectDrafted(name="P", state=State.ACTIVE)) for project in PROJECTS]
    return Scene().given((KIM, e.ResourceAdded(kind=e.ResourceKind.PERSON)), *drafted)


def at_work(scene: Scene, week: dict[str, str] | None = None, start: str = "2026-03-02", **more: Any) -> Outcome:
    return scene.when("resources.set-capacity", KIM, {"starts_on": start, "week": week or AT_WORK, **more})


def away(scene: Scene, start: str, end: str, reason: str = "vacation") -> Outcome:
    return scene.when("resources.record-absence", KIM, {"starts_on": start, "ends_on": end, "reason": reason})


def assign(scene: Scene, share: str, start: str, end: str | None = None, **more: Any) -> Outcome:
    body = {"project": str(PROJECTS[0]), "share": share, "starts_on": start, "ends_on": end, "rationale": WHY}
    return scene.when("resources.assign", KIM, body, **more)


@given(calendars, promises, projects, some_share, st.sampled_from(DAYS), st.booleans())
def test_an_assignment_needs_an_override_exactly_where_a_day_has_not_enough(
    history: list[Event], moves: list[Event], project: UUID, share: Decimal, start: date, overridden: bool
) -> None:
    scene = office().given(*((KIM, event) for event in [*history, *moves]))
    end = DAYS[-1]
    body = {"project": project, "share": share, "starts_on": start, "ends_on": end, "rationale": WHY}
    outcome = scene.when("resources.assign", KIM, {**body, **({"override": BECAUSE} if overridden else {})})
    _, every_day = told(history)
    trial = e.ResourceAssigned(project=project, share=share, starts_on=start, ends_on=end, why=REASON)
    bookings = booked((), *moves, trial)
    asked = [day for day in DAYS if day >= start and every_day.asks[day]]
    over = any(promised(bookings, day) > every_day.limit(day) for day in asked)
    assert (outcome.refusal is None) == (over == overridden)


@given(promises.filter(bool), reassigned())
def test_to_move_time_never_raises_what_somebody_is_promised_for(moves: list[Event], move: Event) -> None:
    before, after = booked((), *moves), booked((), *moves, move)
    assert all(promised(before, day) == promised(after, day) for day in DAYS)


def test_the_days_of_a_rule_in_hours_are_kept_as_it_was_meant() -> None:
    hours = {"monday": "7.5", "tuesday": 7.5, "wednesday": "3.75"}
    fact = at_work(office(), hours, full_day="7.5", days_off=["2026-04-06", "2026-04-03"]).then(e.CapacitySet)
    assert [getattr(fact.week, weekday) for weekday in WEEKDAYS] == [1, 1, Decimal("0.5"), 0, 0, 0, 0]
    assert fact.days_off == (date(2026, 4, 3), date(2026, 4, 6))
    assert fact.worked.wednesday == Decimal("3.75")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"week": {"monday": "1.5"}}, "/week/monday"),
        ({"week": {"monday": "9"}, "full_day": "8"}, "/week/monday"),
        ({"week": AT_WORK, "ends_on": "2026-03-01"}, "/ends_on"),
        ({"week": AT_WORK, "days_off": ["2026-03-01"]}, "/days_off"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_by_its_member(body: dict[str, Any], pointer: str) -> None:
    refusal = office().when("resources.set-capacity", KIM, {"starts_on": "2026-03-02", **body}).refused(kind=Invalid)
    assert isinstance(refusal, Invalid)
    assert list(refusal.errors) == [pointer]


def test_a_half_time_week_takes_half_of_full_time_and_no_more() -> None:
    scene = office()
    at_work(scene, dict.fromkeys(WEEKDAYS[:5], "0.5")).then(e.CapacitySet)
    refusal = assign(scene, "0.6", "2026-03-02", "2026-03-15").refused(
        "60 % from 2026-03-02 to 2026-03-13, where at most 50 % is possible"
    )
    assert refusal.details["over"] == [
        {"starts_on": "2026-03-02", "ends_on": "2026-03-13", "promised": "0.6", "capacity": "0.5"}
    ]
    assign(scene, "0.5", "2026-03-02", "2026-03-15").then(e.ResourceAssigned)


def test_free_days_ask_for_nothing_and_an_absence_does() -> None:
    scene = office()
    at_work(scene, days_off=["2026-03-16"])
    away(scene, "2026-03-18", "2026-03-19")
    assign(scene, "1", "2026-03-02", "2026-03-17").then(e.ResourceAssigned)
    assign(scene, "0.2", "2026-03-18", "2026-03-22").refused("20 % from 2026-03-18 to 2026-03-19", "at most 0 %")


def test_the_first_three_stretches_are_told() -> None:
    scene = office()
    at_work(scene, {**AT_WORK, "friday": "0.5"})
    assign(scene, "0.8", "2026-03-02").refused(
        "80 % on 2026-03-06, where at most 50 % is possible; 80 % on 2026-03-13, where at most 50 % is possible; "
        "80 % on 2026-03-20, where at most 50 % is possible. Reassign"
    )


def test_an_override_and_what_it_overrode_are_kept_in_the_fact() -> None:
    scene = office()
    at_work(scene)
    fact = assign(scene, "0.5", "2026-03-02", override=BECAUSE)
    fact.refused("nothing to override", kind=Invalid)
    assign(scene, "0.8", "2026-03-02").then(e.ResourceAssigned)
    made = assign(scene, "0.5", "2026-03-09", override=BECAUSE).then(e.ResourceAssigned)
    assert (made.override.code, made.override.text) == ("judgement", BECAUSE["text"])
    assert [(each.starts_on, each.ends_on, each.promised) for each in made.over] == [
        (date(2026, 3, 9), None, Decimal("1.3"))
    ]


def test_a_later_calendar_leaves_the_days_of_an_absence_as_they_were_meant() -> None:
    scene = office()
    at_work(scene)
    fact = away(scene, "2026-03-06", "2026-03-09").then(e.AbsenceRecorded)
    assert fact.days == (date(2026, 3, 6), date(2026, 3, 9))
    at_work(scene, dict.fromkeys(WEEKDAYS, "1"))
    assign(scene, "1", "2026-03-07", "2026-03-08").then(e.ResourceAssigned)
    assign(scene, "1", "2026-03-06", "2026-03-06").refused("100 % on 2026-03-06", "at most 0 %")


def test_a_cancelled_absence_gives_its_days_back_once() -> None:
    scene = office()
    at_work(scene)
    absent = away(scene, "2026-03-09", "2026-03-13").event_id
    cancel = {"absence": absent, "rationale": WHY}
    assign(scene, "1", "2026-03-09", "2026-03-13").refused("at most 0 %")
    scene.when("resources.cancel-absence", KIM, cancel).then(e.AbsenceCancelled)
    assign(scene, "1", "2026-03-09", "2026-03-13").then(e.ResourceAssigned)
    scene.when("resources.cancel-absence", KIM, cancel).refused("cancelled already")
    scene.when("resources.cancel-absence", KIM, {**cancel, "absence": str(numbered(5))}).refused(kind=Invalid)


def test_an_absence_must_take_something() -> None:
    scene = office()
    at_work(scene)
    away(scene, "2026-03-07", "2026-03-08").refused("None of these days is a working day")
    away(scene, "2026-03-09", "2026-03-13").then(e.AbsenceRecorded)
    away(scene, "2026-03-10", "2026-03-11").refused("recorded already")
    away(scene, "2026-03-13", "2026-03-16").then(e.AbsenceRecorded)
    away(scene, "2026-03-16", "2028-03-16").refused("at most 400 days", kind=Invalid)
    away(scene, "2026-03-16", "2026-03-13").refused("expected a day from", kind=Invalid)


def test_the_same_calendar_again_is_nothing_and_its_reason_is_not_lost() -> None:
    scene = office()
    at_work(scene).then(e.CapacitySet)
    at_work(scene).then()
    at_work(scene, rationale=WHY).refused("would be lost")
    at_work(scene, {"monday": "1"}).then(e.CapacitySet)
    at_work(scene).then(e.CapacitySet)


# --- who leaves, and who is what -------------------------------------------------------------------


def test_who_departs_leaves_every_project_and_can_be_promised_no_more() -> None:
    scene = office()
    for project in PROJECTS[:2]:
        assign(scene, "0.5", "2026-03-02", project=str(project)).then(e.ResourceAssigned)
    assign(scene, "0.1", "2026-03-02", "2026-03-03", override=BECAUSE, project=str(PROJECTS[2]))
    leave = {"last_day": "2026-03-31", "rationale": WHY}
    departed, one, other = scene.when("resources.depart", KIM, leave).then(
        e.Departed, e.ResourceReleased, e.ResourceReleased
    )
    assert departed.projects == (one.project, other.project) == tuple(PROJECTS[:2])
    assert one.from_day == other.from_day == date(2026, 4, 1)
    assign(scene, "0.1", "2026-04-06").refused("10 % from 2026-04-06 on", "at most 0 %")
    scene.when("resources.depart", KIM, leave).refused("already")
    at_work(scene, start="2026-06-01").then(e.CapacitySet)
    assign(scene, "1", "2026-06-01").then(e.ResourceAssigned)


def test_skills_are_said_whole_and_once() -> None:
    scene = office()
    skills = [{"skill": "Surveying"}, {"skill": "Marine structures", "level": 4}]
    said = scene.when("resources.set-skills", KIM, {"skills": skills}).then(e.SkillsSet)
    assert [(each.skill, each.level) for each in said.skills] == [("Marine structures", 4), ("Surveying", None)]
    scene.when("resources.set-skills", KIM, {"skills": skills[::-1]}).then()
    scene.when("resources.set-skills", KIM, {"skills": skills, "rationale": WHY}).refused("would be lost")
    twice = [{"skill": "surveying"}, {"skill": "Surveying"}]
    scene.when("resources.set-skills", KIM, {"skills": twice}).refused("/skills/1/skill", kind=Invalid)
    scene.when("resources.set-role", KIM, {"as_role": "Engineer"}).then(e.RoleSet)
    scene.when("resources.set-role", KIM, {"as_role": "Engineer"}).then()


def test_only_a_team_has_members_and_only_persons_are_some() -> None:
    scene, team, lee = office(), numbered(20), numbered(21)
    scene.given((lee, e.ResourceAdded(kind=e.ResourceKind.PERSON)))
    scene.given((team, e.ResourceAdded(kind=e.ResourceKind.TEAM, team_name="Divers")))

    def members(thing: UUID, *who: UUID) -> Outcome:
        return scene.when("resources.set-members", thing, {"members": [str(each) for each in who]})

    fact = members(team, lee, KIM).then(e.MembersSet)
    assert fact.members == (KIM, lee)
    members(team, KIM, lee).then()
    members(KIM, lee).refused("Only a team has members")
    members(team, team).refused("/members/0", "expected a person", kind=Invalid)
    members(team, numbered(99)).refused("/members/0", kind=Invalid)
