"""Flow figures of a portfolio: time in state, throughput, age of work in progress, work in progress against limits.

All of it is told from the dated changes of `state`. A stay in a state counts if the portfolio held the component all
the while; age and days of work are the component's own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import UUID

from domain.kernel.instants import from_micros, micros, rfc3339
from domain.project.words import FINISHED, LIVE, State
from domain.resources.weeks import monday_of
from projections.bounds import View
from projections.dated import occurred_at, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.names import names_of
from projections.paging import Answer
from projections.policies import limits_of
from projections.portfolio_board import portfolios
from projections.project_board import board, member_of

IN_PROGRESS = (State.ACTIVE, State.ON_HOLD)
PERIODS = 12
"""So many weeks, and months, are told."""
A_DAY = Decimal(24 * 60 * 60 * 1_000_000)
TENTH = Decimal("0.1")


@dataclass
class Course:
    """How one component went through the states while a portfolio held it; instants in µs since 1970.

    `visits` are the stays in a state that ended, with their length; `finished_at` is when it was last completed.
    """

    state: str | None = None
    since: int = 0
    held_since: int | None = None
    started_at: int | None = None
    active: int = 0
    finished_at: int | None = None
    visits: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        """Whether the portfolio holds it."""
        return self.held_since is not None

    def hold(self, since: int | None) -> None:
        """The portfolio holds it since then, or no longer; what it holds already it holds since before."""
        self.held_since = self.held_since if self.is_held and since is not None else since

    def enter(self, state: str, at: int) -> None:
        """It went to another state; the same one again is no change."""
        if state == self.state:
            return
        if self.state is not None and self.held_since is not None and self.held_since <= self.since:
            self.visits.append((self.state, at - self.since))
        if self.state == State.ACTIVE:
            self.active += at - self.since
        if state == State.ACTIVE and self.started_at is None:
            self.started_at = at
        if state not in FINISHED:
            self.finished_at = None
        elif self.state is not None and self.state not in FINISHED and self.is_held:
            self.finished_at = at
        self.state, self.since = state, at


def portfolio_flow(view: View, portfolio: UUID) -> Answer | None:
    """The flow of a portfolio within the bounds; `None` if no fact ever named it."""
    if not view.sees(portfolio) or not is_known(view, portfolio, [f"{portfolios.name}_latest"]):
        return None
    own = portfolios.cells(view, [portfolio], ["name", "policy"]).get(portfolio, {})
    exists, courses = "name" in own, _courses(view, portfolio)
    began = from_micros(occurred_at(own, "name")) if exists else view.now
    limits = limits_of(value_of(own, "policy"))
    answer = {
        "id": str(portfolio),
        "name": value_of(own, "name"),
        "states": [_state(view, state, limits.get(state), courses) for state in State if state in LIVE]
        if exists
        else None,
        "in_progress": _in_progress(view, courses) if exists else None,
        "throughput": {
            "week": _throughput(view, courses, began, monday_of, lambda day: day + timedelta(days=7)),
            "month": _throughput(view, courses, began, _first_of_month, _next_month),
        }
        if exists
        else None,
        "version": versions(view, [portfolio]).get(portfolio),
    }
    return answer if own else {**answer, "first_fact_at": first_fact_at(view, portfolio)}


def _courses(view: View, portfolio: UUID) -> dict[UUID, Course]:
    """The course of every component that the portfolio ever held within the bounds."""
    member = member_of(portfolio)
    courses: defaultdict[UUID, Course] = defaultdict(Course)
    for change in board.changes(view, [*board.subjects(view, member)], ["state", member]):
        course = courses[change.subject]
        if change.aspect == member:
            course.hold(change.occurred_at if change.value else None)
        else:
            course.enter(change.value, change.occurred_at)
    return courses


def _state(view: View, state: State, limit: int | None, courses: dict[UUID, Course]) -> Answer:
    now, held = micros(view.now), [each for each in courses.values() if each.is_held and each.state == state]
    ages = sorted(max(0, now - each.since) for each in held)
    stays = sorted(length for each in courses.values() for of, length in each.visits if of == state)
    return {
        "state": state,
        "number": len(held),
        "limit": limit,
        "age": {"median_days": _days(_median(ages)), "oldest_days": _days(ages[-1])} if ages else None,
        "time_in_state": {
            "visits": len(stays),
            "median_days": _days(_median(stays)),
            "p85_days": _days(stays[-(-85 * len(stays) // 100) - 1]),
            "longest_days": _days(stays[-1]),
        }
        if stays
        else None,
    }


def _in_progress(view: View, courses: dict[UUID, Course]) -> list[Answer]:
    """Work that began and has not ended, what began first in front; time on hold is no time of work."""
    now = micros(view.now)
    held = {each: course for each, course in courses.items() if course.is_held and course.state in IN_PROGRESS}
    names = names_of(view, list(held))
    unknown = float("inf")
    order = sorted(held, key=lambda each: (held[each].started_at or unknown, each))
    return [_work(each, names.get(each), held[each], now) for each in order]


def _work(component: UUID, name: str | None, course: Course, now: int) -> Answer:
    running = max(0, now - course.since) if course.state == State.ACTIVE else 0
    started = course.started_at
    return {
        "project": str(component),
        "name": name,
        "state": course.state,
        "since": rfc3339(from_micros(course.since)),
        "days_in_state": _days(max(0, now - course.since)),
        "started_at": rfc3339(from_micros(started)) if started is not None else None,
        "age_days": _days(max(0, now - started)) if started is not None else None,
        "active_days": _days(course.active + running) if started is not None else None,
    }


def _throughput(
    view: View,
    courses: dict[UUID, Course],
    began: datetime,
    first: Callable[[date], date],
    following: Callable[[date], date],
) -> list[Answer]:
    """How many were completed in each of the latest periods, from the one in which the portfolio began."""
    finished = [from_micros(each.finished_at).date() for each in courses.values() if each.finished_at is not None]
    today = view.now.date()
    periods = list(_periods(first(min(began.date(), today)), today, following))[-PERIODS:]
    return [
        {
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(),
            "completed": sum(starts <= day <= ends for day in finished),
            "is_over": ends < today,
        }
        for starts, ends in periods
    ]


def _periods(starts: date, until: date, following: Callable[[date], date]) -> Iterator[tuple[date, date]]:
    while starts <= until:
        after = following(starts)
        yield starts, after - timedelta(days=1)
        starts = after


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _median(ordered: Sequence[int]) -> Decimal:
    middle = len(ordered) // 2
    return Decimal(ordered[middle] + ordered[~middle]) / 2 if ordered else Decimal(0)


def _days(length: Any) -> str:
    """Days as text, to a tenth."""
    return f"{(Decimal(length) / A_DAY).quantize(TENTH, ROUND_HALF_EVEN):f}"
