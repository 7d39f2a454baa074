"""What asks for attention: one rule for the agenda of a review, which is told from streams, and for views.

`F` is how a fact is named: by its event id in a stream, by its position in a view.
A day that is due or agreed is kept until it is over, in UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from domain.portfolio.agenda import Reason
from domain.project.cadence import next_due
from domain.project.words import LIVE, Health, State

F = TypeVar("F")
TROUBLE = {Health.OFF_TRACK: Reason.OFF_TRACK, Health.AT_RISK: Reason.AT_RISK}
ORDER = tuple(Reason)


@dataclass(frozen=True, slots=True)
class Said(Generic[F]):
    """When something became so, and the fact that says it."""

    at: datetime
    fact: F


@dataclass(frozen=True, slots=True)
class Situation(Generic[F]):
    """What is asked of a component; `alone` = since when it serves no goal of the portfolio, if it serves none."""

    state: State
    moved: Said[F]
    overall: Health | None
    reported: Said[F] | None
    cadence_days: int | None
    expected_resume: date | None
    alone: Said[F] | None


class Asks(NamedTuple, Generic[F]):
    """Why it asks for attention, since which day, and the fact behind it."""

    reason: Reason
    since: date
    fact: F


def asks_of(component: Situation[F], today: date) -> Iterator[Asks[F]]:
    """Everything for which a component asks for attention. What is on hold is late with nothing but resuming."""
    yield from _trouble(component)
    yield from _overdue(component, today)
    resume = component.expected_resume
    if component.state is State.ON_HOLD and resume and is_past(resume, today):
        yield Asks(Reason.RESUME_PASSED, resume, component.moved.fact)
    if component.state in LIVE and component.alone:
        yield Asks(Reason.UNALIGNED, component.alone.at.date(), component.alone.fact)


def alone(began: Said[F], ended: Iterable[Said[F]]) -> Asks[F]:
    """Why a goal asks that no component serves: since it began, or the last contribution ended or was given up."""
    since = max([began, *ended], key=lambda said: said.at)
    return Asks(Reason.GOAL_ALONE, since.at.date(), since.fact)


def is_past(day: date | None, today: date) -> bool:
    """Whether a day is over."""
    return day is not None and day < today


def _trouble(component: Situation[F]) -> Iterator[Asks[F]]:
    reason = TROUBLE.get(component.overall) if component.overall else None
    if reason and component.reported and component.state in LIVE and component.state is not State.ON_HOLD:
        yield Asks(reason, component.reported.at.date(), component.reported.fact)


def _overdue(component: Situation[F], today: date) -> Iterator[Asks[F]]:
    """An active component that owes an update; the fact is its last report, or that it went to work since."""
    moved, reported = component.moved, component.reported
    if component.state is not State.ACTIVE or component.cadence_days is None:
        return
    due = next_due(moved.at, reported.at if reported else None, component.cadence_days)
    if is_past(due, today):
        last = reported if reported and reported.at >= moved.at else moved
        yield Asks(Reason.OVERDUE_UPDATE, due, last.fact)
