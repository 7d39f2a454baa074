"""The scenario: what it asks, who was ruled in or out, and whether what it was solved to still holds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from domain.choosing import scenario_commands as c
from domain.choosing import scenario_events as e
from domain.choosing.scenario_words import Spec
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import must_not_be_lost, require_code
from domain.kernel.refusal import Invalid, Refused


class Ruling(NamedTuple):
    """That a project has to be in, or to stay out, and why."""

    is_in: bool
    reason: str


@dataclass
class Scenario(Aggregate):
    """`rulings` are by project; `solved` is the latest solution, which `is_current` until something is changed."""

    kind: ClassVar[str] = "scenario"

    portfolio: UUID | None = None
    name: str = ""
    spec: Spec | None = None
    rulings: dict[UUID, Ruling] = field(default_factory=dict)
    solved: e.ScenarioSolved | None = None
    solved_at: datetime | None = None
    is_current: bool = False

    # --- decide -----------------------------------------------------------------------------

    def create(self, command: c.CreateScenario) -> e.ScenarioCreated:
        """It is thought about."""
        if command.rationale:
            require_code(command.rationale, ())
        members = {member: getattr(command, member) for member in Spec.model_fields}
        spec = Spec.model_construct(**members)
        return e.ScenarioCreated(portfolio=command.portfolio, name=command.name, spec=spec, why=command.rationale)

    def edit(self, command: c.EditScenario) -> e.ScenarioEdited | None:
        """It asks for something else; nothing is recorded if that is what it asked."""
        if command.rationale:
            require_code(command.rationale, ())
        given = {member: getattr(command, member) for member in Spec.model_fields if member in command.model_fields_set}
        if given.get("value", ...) is None:
            raise Invalid({"/value": "expected where values come from: basis score, npv or blend"})
        spec = self.asked.model_copy(update=given)
        name = command.name or self.name
        if (spec, name) == (self.spec, self.name):
            must_not_be_lost(command.rationale)
            return None
        return e.ScenarioEdited(name=name, spec=spec, why=command.rationale)

    def force_in(self, command: c.ForceIn) -> e.ScenarioForcedIn:
        """A project has to be in."""
        self._must_be_new(command.project, is_in=True)
        return e.ScenarioForcedIn(project=command.project, why=require_code(command.rationale, ()))

    def force_out(self, command: c.ForceOut) -> e.ScenarioForcedOut:
        """A project has to stay out."""
        self._must_be_new(command.project, is_in=False)
        return e.ScenarioForcedOut(project=command.project, why=require_code(command.rationale, ()))

    def unforce(self, command: c.Unforce) -> e.ScenarioUnforced:
        """A project is chosen by its value again."""
        if command.project not in self.rulings:
            raise Refused("Nothing was ruled about that project here; force-in or force-out does.")
        return e.ScenarioUnforced(project=command.project, why=require_code(command.rationale, ()))

    @property
    def asked(self) -> Spec:
        """What it asks, once it is there."""
        assert self.spec is not None
        return self.spec

    def _must_be_new(self, project: UUID, *, is_in: bool) -> None:
        ruling = self.rulings.get(project)
        if ruling and ruling.is_in is is_in:
            forced = "in" if is_in else "out"
            raise Refused(f"It is forced {forced} already; unforce it, and another ruling is possible.")

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.is_current = isinstance(event, e.ScenarioSolved)
        match event:
            case e.ScenarioCreated():
                self.portfolio, self.name, self.spec = event.portfolio, event.name, event.spec
            case e.ScenarioEdited():
                self.name, self.spec = event.name, event.spec
            case e.ScenarioForcedIn() | e.ScenarioForcedOut():
                is_in = isinstance(event, e.ScenarioForcedIn)
                self.rulings[event.project] = Ruling(is_in, event.why.text)
            case e.ScenarioUnforced():
                self.rulings.pop(event.project, None)
            case e.ScenarioSolved():
                self.solved, self.solved_at = event, fact.occurred_at
