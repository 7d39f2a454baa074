"""What may be asked of a goal; each class is the body of one route."""

from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Amount, Id, Line, Prose
from domain.strategy.words import Period, Progress, Weight


class CreateGoal(Reasoned, names={"portfolio": "portfolio"}):
    """Give a portfolio an objective."""

    portfolio: Id
    name: Line
    description: Prose | None = None
    owner: Line | None = None


class SetKeyResult(Given):
    """Measure the objective by `measure`, from `start` to `target`; to set the same measure anew needs a reason."""

    measure: Line
    unit: Line
    start: Amount
    target: Amount
    period: Period
    current: Amount | None = None
    rationale: GivenRationale | None = None


class RecordProgress(Given):
    """Say where a `measure` stands (`current`), or how much of its contribution a `project` delivered (`progress`)."""

    measure: Line | None = None
    current: Amount | None = None
    project: Id | None = None
    progress: Progress | None = None
    rationale: GivenRationale | None = None


class LinkGoal(Reasoned, names={"project": "project"}):
    """Let a project contribute to the goal with a weight, or give its contribution another weight."""

    project: Id
    weight: Weight


class UnlinkGoal(Reasoned):
    """End the contribution of a project."""

    project: Id


class RetireGoal(Reasoned):
    """Pursue the goal no longer."""
