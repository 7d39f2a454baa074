"""The goal: what a portfolio wants to reach, how that is measured, and what contributes to it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from domain.kernel.aggregate import Aggregate
from domain.kernel.decide import Occasion
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import must_not_be_lost
from domain.kernel.refusal import Invalid, Refused
from domain.strategy import commands as c
from domain.strategy import events as e
from domain.strategy.words import NOTHING, WHOLE, Period

Aim = tuple[str, Decimal, Decimal, Period]
"""Unit, start, target and period of a key result."""


@dataclass
class Goal(Aggregate):
    """An objective of a portfolio.

    `aims` and `measured` are by measure, `weights` and `delivered` by project; what nobody recorded is absent.
    `began` is the fact by which it is there; `ended` has, by project, the fact since which it contributes no longer.
    """

    kind: ClassVar[str] = "goal"

    portfolio: UUID | None = None
    name: str = ""
    began: Recorded | None = None
    is_retired: bool = False
    aims: dict[str, Aim] = field(default_factory=dict)
    measured: dict[str, Decimal] = field(default_factory=dict)
    weights: dict[UUID, Decimal] = field(default_factory=dict)
    delivered: dict[UUID, Decimal] = field(default_factory=dict)
    ended: dict[UUID, Recorded] = field(default_factory=dict)

    def create(self, command: c.CreateGoal) -> e.GoalCreated:
        """A portfolio has an objective."""
        return e.GoalCreated(
            portfolio=command.portfolio,
            name=command.name,
            description=command.description,
            owner=command.owner,
            why=command.rationale,
        )

    def set_key_result(self, command: c.SetKeyResult, _: Occasion) -> e.KeyResultSet | None:
        """A measure is set, or set anew for a reason; nothing is recorded if nothing changes."""
        self.must_be_open("A key result")
        if command.target == command.start:
            raise Invalid({"/target": "expected another value than start, for progress is measured between the two"})
        if command.period.ends_on < command.period.starts_on:
            raise Invalid({"/period/ends_on": f"expected a day from {command.period.starts_on} on"})
        aim, before = _aim(command), self.aims.get(command.measure)
        if aim == before and command.current in (None, self.measured.get(command.measure)):
            must_not_be_lost(command.rationale)
            return None
        if before not in (None, aim) and command.rationale is None:
            raise Invalid({"/rationale": "setting a key result anew is a decision and needs a rationale"})
        return e.KeyResultSet(
            measure=command.measure,
            unit=command.unit,
            start=command.start,
            target=command.target,
            period=command.period,
            current=command.current,
            why=command.rationale,
        )

    def record_progress(self, command: c.RecordProgress, _: Occasion) -> e.ProgressRecorded | None:
        """Somebody says where a measure or a contribution stands; nothing is recorded if that is known."""
        self.must_be_open("Progress")
        _one_kind_of_progress(command)
        if command.measure is not None:
            self._must_measure(command.measure)
            known = self.measured.get(command.measure) == command.current
        else:
            self._must_have(command.project)
            known = command.project is not None and self.delivered.get(command.project) == command.progress
        if known:
            must_not_be_lost(command.rationale)
            return None
        return e.ProgressRecorded(
            measure=command.measure,
            current=command.current,
            project=command.project,
            progress=command.progress,
            why=command.rationale,
        )

    def link(self, command: c.LinkGoal) -> e.GoalLinked:
        """A project contributes, or with another weight; all weights together are at most 1."""
        self.must_be_open("A contribution")
        before = self.weights.get(command.project)
        if before == command.weight:
            raise Refused(f"The project already contributes with the weight {before}; another weight is possible.")
        left = WHOLE - sum(self.weights.values(), NOTHING) + (before or NOTHING)
        if command.weight > left:
            raise Refused(
                f"All weights to one goal sum to at most 1, and {left.normalize():f} is left for this project; "
                f"{command.weight} is possible once another contribution has a lower weight or is unlinked."
            )
        return e.GoalLinked(
            project=command.project, from_weight=before, to_weight=command.weight, why=command.rationale
        )

    def unlink(self, command: c.UnlinkGoal, _: Occasion) -> e.GoalUnlinked:
        """A project contributes no longer."""
        self.must_be_open("A contribution")
        self._must_have(command.project)
        return e.GoalUnlinked(project=command.project, why=command.rationale)

    def retire(self, command: c.RetireGoal, _: Occasion) -> e.GoalRetired:
        """The goal is pursued no longer."""
        self.must_be_open("Retiring")
        return e.GoalRetired(why=command.rationale)

    def must_be_open(self, doing: str) -> None:
        """Raises `Refused` once the goal was retired."""
        if self.is_retired:
            raise Refused(f"{doing} needs an open goal; this one is retired, and a new goal can be created.")

    def _must_measure(self, measure: str) -> None:
        if measure not in self.aims:
            known = ", ".join(sorted(self.aims)) or "none yet"
            raise Invalid({"/measure": f"expected a measure of the goal ({known}); set-key-result sets another"})

    def _must_have(self, project: UUID | None) -> None:
        if project not in self.weights:
            raise Invalid({"/project": f"the project {project} does not contribute to the goal; link lets it"})

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        match event:
            case e.GoalCreated():
                self.portfolio, self.name, self.began = event.portfolio, event.name, fact
            case e.KeyResultSet():
                self.aims[event.measure] = _aim(event)
                if event.current is not None:
                    self.measured[event.measure] = event.current
            case e.ProgressRecorded():
                self._take_progress(event)
            case e.GoalLinked():
                self.weights[event.project] = event.to_weight
                self.ended.pop(event.project, None)
            case e.GoalUnlinked():
                self.weights.pop(event.project, None)
                self.delivered.pop(event.project, None)
                self.ended[event.project] = fact
            case e.GoalRetired():
                self.is_retired = True
                self.ended |= dict.fromkeys(self.weights, fact)

    def _take_progress(self, event: e.ProgressRecorded) -> None:
        if event.measure is not None and event.current is not None:
            self.measured[event.measure] = event.current
        if event.project is not None and event.progress is not None:
            self.delivered[event.project] = event.progress


def _aim(given: c.SetKeyResult | e.KeyResultSet) -> Aim:
    return given.unit, given.start, given.target, given.period


def _one_kind_of_progress(command: c.RecordProgress) -> None:
    given = {member for member in ("measure", "current", "project", "progress") if getattr(command, member) is not None}
    for one, other in (("measure", "current"), ("project", "progress")):
        if given == {one, other}:
            return
    missing = {"measure": "current", "current": "measure", "project": "progress", "progress": "project"}
    alone = {f"/{missing[member]}": "required" for member in given if missing[member] not in given}
    raise Invalid(alone or {"": "expected measure and current, or project and progress"})
