"""The goal board: what each goal is, how it is measured and what contributes to it, at any moment."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from domain.kernel.event import Recorded
from domain.strategy import events as e
from projections.bounds import View
from projections.dated import Change, DatedChanges

goals = DatedChanges("goal_board")

OWNER = "of:"
AIM = "aim:"
MEASURED = "measured:"
WEIGHT = "weight:"
DELIVERED = "delivered:"
RETIRED = "is_retired"
"""Kinds of aspects: of a portfolio, of a measure (two), of a project (two); and whether it is pursued no longer."""


def of(portfolio: UUID) -> str:
    """The aspect that says whose goal it is."""
    return f"{OWNER}{portfolio}"


@goals.on(e.GoalFact)
def decided(event: e.GoalFact, fact: Recorded) -> Iterable[Change]:
    """Whatever carries a reason is the last decision about it."""
    if event.why:
        yield Change(fact.stream_id, "decision", None)


@goals.on(e.GoalCreated)
def created(event: e.GoalCreated, fact: Recorded) -> Iterable[Change]:
    """A portfolio has an objective."""
    yield Change(fact.stream_id, of(event.portfolio), True)
    for member, value in _content(event, "portfolio", "name", "description", "owner").items():
        yield Change(fact.stream_id, member, value)
    yield Change(fact.stream_id, RETIRED, False)


@goals.on(e.KeyResultSet)
def key_result_set(event: e.KeyResultSet, fact: Recorded) -> Iterable[Change]:
    """It is measured; a measure that is set anew without a current value keeps the one it had."""
    yield Change(fact.stream_id, f"{AIM}{event.measure}", _content(event, "unit", "start", "target", "period"))
    if event.current is not None:
        yield Change(fact.stream_id, f"{MEASURED}{event.measure}", str(event.current))


@goals.on(e.ProgressRecorded)
def progress_recorded(event: e.ProgressRecorded, fact: Recorded) -> Iterable[Change]:
    """Somebody said where a measure or a contribution stands."""
    if event.measure is not None:
        yield Change(fact.stream_id, f"{MEASURED}{event.measure}", str(event.current))
    if event.project is not None:
        yield Change(fact.stream_id, f"{DELIVERED}{event.project}", str(event.progress))


@goals.on(e.GoalLinked)
def linked(event: e.GoalLinked, fact: Recorded) -> Iterable[Change]:
    """A project contributes, or with another weight."""
    yield Change(fact.stream_id, f"{WEIGHT}{event.project}", str(event.to_weight))


@goals.on(e.GoalUnlinked)
def unlinked(event: e.GoalUnlinked, fact: Recorded) -> Iterable[Change]:
    """A project contributes no longer; what it had delivered counts no more, should it come back."""
    yield Change(fact.stream_id, f"{WEIGHT}{event.project}", None)
    yield Change(fact.stream_id, f"{DELIVERED}{event.project}", None)


@goals.on(e.GoalRetired)
def retired(event: e.GoalRetired, fact: Recorded) -> Iterable[Change]:
    """It is pursued no longer."""
    yield Change(fact.stream_id, RETIRED, True)


def _content(event: e.GoalFact, *members: str) -> dict[str, Any]:
    return event.model_dump(mode="json", include=set(members))


def goals_circle_of(view: View, thing: UUID) -> set[UUID]:
    """What the goals of a portfolio, or one goal, rest on: the goals, whose they are, all that ever contributed."""
    keys = view.table(f"{goals.name}_latest").c
    found = {thing, *view.connection.scalars(select(keys.subject).where(keys.aspect == of(thing)))}
    named = select(keys.aspect).where(keys.subject.in_(found))
    for kind in (OWNER, WEIGHT):
        aspects = view.connection.scalars(named.where(keys.aspect.startswith(kind)))
        found |= {UUID(aspect.removeprefix(kind)) for aspect in aspects}
    return found
