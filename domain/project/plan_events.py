"""The facts of a baseline: what a component is held to, and how that was changed."""

from typing import Annotated

from pydantic import Field

from domain.kernel.event import Decision, Event
from domain.kernel.money import Money
from domain.kernel.rationale import Rationale
from domain.kernel.types import Day, Json, Strictly

Number = Annotated[int, Field(ge=0)]
"""Baselines count from 0, which is that of the start."""


class Baseline(Strictly):
    """The dates and the cost a component is held to; `null` was not known."""

    number: Number
    starts_on: Day | None = None
    finishes_on: Day | None = None
    cost: Money | None = None


class BaselineCaptured(Event, name="project.baseline_captured.v1"):
    """What another system said first became the baseline."""

    baseline: Baseline
    source: dict[str, Json] | None = None


class ProjectRebaselined(Decision, name="project.rebaselined.v1", lifecycle=True):
    """From now on the component is held to other dates or another cost; the old baseline is kept."""

    why: Rationale
    number: Number
    from_starts_on: Day | None
    to_starts_on: Day | None
    from_finishes_on: Day | None
    to_finishes_on: Day | None
    from_cost: Money | None
    to_cost: Money | None

    @property
    def baseline(self) -> Baseline:
        """What holds from now on."""
        return Baseline(
            number=self.number, starts_on=self.to_starts_on, finishes_on=self.to_finishes_on, cost=self.to_cost
        )
