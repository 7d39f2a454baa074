"""The schedule board: the dates of each milestone, and which component needs which, at any moment."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from domain.kernel.event import Recorded
from domain.project import schedule_events as e
from projections.bounds import View
from projections.dated import Change, DatedChanges

milestones = DatedChanges("project_milestones")
MILESTONE, DECISION = "milestone:", "decision:"


@milestones.on(e.MilestoneFact)
def decided(event: e.MilestoneSet | e.MilestoneDropped, fact: Recorded) -> Iterable[Change]:
    """Whatever carries a reason is the last decision about the milestone."""
    if event.why:
        yield Change(fact.stream_id, f"{DECISION}{event.name}", None)


@milestones.on(e.MilestoneSet)
def milestone_set(event: e.MilestoneSet, fact: Recorded) -> Iterable[Change]:
    """It stands at these dates."""
    dates = event.model_dump(mode="json", exclude={"why", "name"})
    yield Change(fact.stream_id, f"{MILESTONE}{event.name}", dates)


@milestones.on(e.MilestoneDropped)
def milestone_dropped(event: e.MilestoneDropped, fact: Recorded) -> Iterable[Change]:
    """It is no part of the plan any more."""
    yield Change(fact.stream_id, f"{MILESTONE}{event.name}", None)


dependencies = DatedChanges("project_dependencies")
NEEDS, NEEDED_BY = "needs:", "needed_by:"


@dependencies.on(e.DependencyAdded)
def dependency_added(event: e.DependencyAdded, fact: Recorded) -> Iterable[Change]:
    """One needs the other, which is needed by it."""
    yield Change(fact.stream_id, f"{NEEDS}{event.depends_on}", event.kind)
    yield Change(event.depends_on, f"{NEEDED_BY}{fact.stream_id}", event.kind)


@dependencies.on(e.DependencyRemoved)
def dependency_removed(event: e.DependencyRemoved, fact: Recorded) -> Iterable[Change]:
    """It does so no longer."""
    yield Change(fact.stream_id, f"{NEEDS}{event.depends_on}", None)
    yield Change(event.depends_on, f"{NEEDED_BY}{fact.stream_id}", None)


def dependency_circle_of(view: View, thing: UUID) -> set[UUID]:
    """The components that one ever needed or was needed by."""
    keys = view.table(f"{dependencies.name}_latest").c
    return {
        UUID(aspect.partition(":")[2])
        for aspect in view.connection.scalars(select(keys.aspect).where(keys.subject == thing))
    }
