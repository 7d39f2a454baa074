"""The facts of a component's schedule: milestones, and what it needs from other components."""

from domain.kernel.event import Decision, Event
from domain.kernel.rationale import Rationale
from domain.kernel.types import Day, Id, Line
from domain.project.words import DependencyKind, DependencyWord


class MilestoneFact(Event):
    """Something was said about a milestone of a component."""


class MilestoneSet(MilestoneFact, name="project.milestone_set.v1"):
    """A milestone stands at these dates from now on; `promised_on` is the first that was ever promised for it."""

    name: Line
    promised_on: Day
    due_on: Day
    forecast_on: Day | None = None
    reached_on: Day | None = None


class MilestoneDropped(MilestoneFact, Decision, name="project.milestone_dropped.v1"):
    """A milestone is no part of the plan any more."""

    why: Rationale
    name: Line


class DependencyFact(Decision):
    """Somebody decided what a component needs from another one."""

    why: Rationale
    depends_on: Id
    kind: DependencyWord = DependencyKind.FINISH_TO_START


class DependencyAdded(DependencyFact, name="project.dependency_added.v1", about={"depends_on": "project"}):
    """A component needs another one: it cannot start before that one has finished."""


class DependencyRemoved(DependencyFact, name="project.dependency_removed.v1", about={"depends_on": "project"}):
    """A component does not need another one any more."""
