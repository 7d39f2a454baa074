"""The facts of a goal."""

from domain.kernel.event import Decision, Event
from domain.kernel.rationale import Rationale
from domain.kernel.types import Amount, Id, Line, Prose
from domain.strategy.words import Period, Progress, Weight


class GoalFact(Event, stream="goal"):
    """Something happened to a goal."""


class GoalDecision(GoalFact, Decision, lifecycle=True):
    """Somebody decided about a goal."""

    why: Rationale


class GoalCreated(GoalDecision, name="goal.created.v1", about={"portfolio": "portfolio"}):
    """A portfolio has an objective from now on."""

    portfolio: Id
    name: Line
    description: Prose | None = None
    owner: Line | None = None


class KeyResultSet(GoalFact, name="goal.key_result_set.v1", lifecycle=True):
    """What the objective is measured by: one measure that goes from `start` to `target` within a period.

    The same measure set again replaces what was set before. `current` is where it stands, if it was measured.
    """

    measure: Line
    unit: Line
    start: Amount
    target: Amount
    period: Period
    current: Amount | None = None


class ProgressRecorded(GoalFact, name="goal.progress_recorded.v1", about={"project": "project"}):
    """A measure stands at `current`, or a project has delivered the part `progress` of its contribution."""

    measure: Line | None = None
    current: Amount | None = None
    project: Id | None = None
    progress: Progress | None = None


class GoalLinked(GoalDecision, name="goal.linked.v1", about={"project": "project"}):
    """A project contributes to the goal with this weight; `from_weight` is the one it had before, if any."""

    project: Id
    from_weight: Weight | None = None
    to_weight: Weight


class GoalUnlinked(GoalDecision, name="goal.unlinked.v1", about={"project": "project"}):
    """A project contributes to the goal no longer."""

    project: Id


class GoalRetired(GoalDecision, name="goal.retired.v1"):
    """The goal is pursued no longer; it stays as it stood."""
