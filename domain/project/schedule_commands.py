"""What may be asked about the schedule of a component; each class is the body of one route."""

from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Day, Id, Line
from domain.project.words import DependencyKind, DependencyWord


class SetMilestone(Given):
    """Promise a milestone for a day, expect it on another one, or say when it was reached.

    Leave out what stays; `null` takes a date away. To move a date needs a reason.
    """

    name: Line
    due_on: Day | None = None
    forecast_on: Day | None = None
    reached_on: Day | None = None
    rationale: GivenRationale | None = None


class DropMilestone(Reasoned):
    """Take a milestone out of the plan."""

    name: Line


class AddDependency(Reasoned, names={"depends_on": "project"}):
    """Let it wait for another component, which has to finish before it starts."""

    depends_on: Id
    kind: DependencyWord = DependencyKind.FINISH_TO_START


class RemoveDependency(Reasoned):
    """Let it wait for another component no longer."""

    depends_on: Id
