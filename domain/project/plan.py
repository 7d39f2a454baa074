"""When a component is expected to finish and what it may cost, and the baseline it is held to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from domain.kernel.event import Event, Recorded
from domain.kernel.money import Money
from domain.kernel.rationale import Rationale, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.kernel.types import day_in
from domain.project import events as e
from domain.project.commands import ActivateProject
from domain.project.plan_commands import RebaselineProject
from domain.project.plan_events import Baseline, BaselineCaptured, ProjectRebaselined

START, FINISH, BUDGET, FORECAST, ACTUAL = "start", "finish", "budget", "forecast", "actual"
DATES, AMOUNTS = (START, FINISH), (BUDGET, FORECAST)
SINGLE = (*AMOUNTS, ACTUAL)
"""Amounts that may be said as one."""
THE_BOARD = "board"
"""The role whose baselines small steps are counted from, as facts tell it."""


@dataclass
class Plan:
    """`known` has dates and single amounts as they were said last, `said_on` the day each amount was;
    `baseline` holds, after so many `baselines`.

    `ruled` is the last one that the board set, at first that of the start.
    """

    known: dict[str, Any] = field(default_factory=dict)
    said_on: dict[str, date] = field(default_factory=dict)
    baseline: Baseline | None = None
    ruled: Baseline | None = None
    baselines: int = 0

    @property
    def finishes_on(self) -> date | None:
        """When it is expected to finish."""
        return self.known.get(FINISH)

    # --- decide -----------------------------------------------------------------------------

    def captured(self, command: ActivateProject, forecast: Money | None) -> Baseline:
        """The baseline of a start: the dates, and the budget, or without one the `forecast` of its months."""
        _must_be_in_order(command.starts_on, command.finishes_on)
        return Baseline(
            number=self.baselines,
            starts_on=command.starts_on,
            finishes_on=command.finishes_on or self.finishes_on,
            cost=self.known.get(BUDGET) or forecast or self.known.get(FORECAST),
        )

    def rebaselined(self, command: RebaselineProject) -> ProjectRebaselined:
        """It is held to something else."""
        require_code(command.rationale, ())
        old = self.baseline or Baseline(number=0)
        given = {member: getattr(command, member) for member in ("starts_on", "finishes_on", "cost")}
        changes = {member: value for member, value in given.items() if value is not None}
        if not changes:
            raise Invalid({"": "expected another start, finish or cost: starts_on, finishes_on, cost"})
        new = old.model_copy(update=changes)
        if new == old:
            raise Refused("The baseline already says this; other dates or another cost are possible.")
        if old.cost and new.cost and old.cost.currency != new.cost.currency:
            raise Invalid({"/cost/currency": f"expected {old.cost.currency}, as in the baseline"})
        _must_be_in_order(new.starts_on, new.finishes_on)
        return ProjectRebaselined(
            number=self.baselines,
            from_starts_on=old.starts_on,
            to_starts_on=new.starts_on,
            from_finishes_on=old.finishes_on,
            to_finishes_on=new.finishes_on,
            from_cost=old.cost,
            to_cost=new.cost,
            why=command.rationale,
        )

    def must_bear(self, finishes_on: date | None, rationale: Rationale | None) -> None:
        """Raises `Invalid` for a finish before the start, or for another one than was expected without a reason."""
        start = self.known.get(START)
        if finishes_on and start and finishes_on < start:
            raise Invalid({"/forecast_finish": f"expected a day from {start} on, when it starts"})
        if finishes_on and self.finishes_on and rationale is None:
            told = f"it was expected to finish on {self.finishes_on}"
            raise Invalid({"/rationale": f"{told}; another date is a decision and needs a rationale"})

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        before = {name: self.known.get(name) for name in SINGLE}
        self._take(event, fact)
        said = [name for name in SINGLE if self.known.get(name) is not before[name]]
        self.said_on |= dict.fromkeys(said, fact.occurred_at.date())

    def _take(self, event: Event, fact: Recorded) -> None:
        match event:
            case e.ProjectDrafted():
                self._learn(budget=event.budget, forecast=event.forecast)
                self._learn(**{name: day_in(event.attributes.get(name)) for name in DATES})
            case e.AttributeChanged() if event.name in DATES:
                self.known[event.name] = day_in(event.to)
            case e.AttributeChanged() if event.name in AMOUNTS:
                self.known[event.name] = money_in(event.to)
            case e.ProjectAuthorized():
                self._learn(budget=event.budget)
            case e.ProjectActivated():
                baseline = event.baseline or Baseline(number=self.baselines, starts_on=event.starts_on)
                self._learn(start=event.starts_on, finish=baseline.finishes_on)
                self._hold(baseline)
            case e.ProjectDeferred():
                self.known.pop(BUDGET, None)
            case e.ProjectCompleted():
                self._learn(actual=event.actual_cost)
            case e.ProjectCancelled():
                self._learn(actual=event.sunk_cost)
            case e.ProjectResumed():
                self._learn(finish=event.forecast_finish, forecast=event.forecast)
            case e.ProjectRevised():
                self._learn(finish=event.forecast_finish)
            case BaselineCaptured():
                self._hold(event.baseline)
            case ProjectRebaselined():
                self._hold(event.baseline, is_ruled=fact.role == THE_BOARD)

    def _hold(self, baseline: Baseline, is_ruled: bool = True) -> None:
        self.baseline, self.baselines = baseline, self.baselines + 1
        if is_ruled:
            self.ruled = baseline

    def _learn(self, **said: Any) -> None:
        self.known |= {name: value for name, value in said.items() if value is not None}


def _must_be_in_order(starts_on: date | None, finishes_on: date | None) -> None:
    if starts_on and finishes_on and finishes_on < starts_on:
        raise Invalid({"/finishes_on": f"expected a day from {starts_on} on, when it starts"})


def money_in(value: Any) -> Money | None:
    """The amount an attribute holds, if it is one."""
    try:
        return Money.model_validate(value)
    except ValidationError:
        return None
