"""What a component needs from others before it can start."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.kernel.decide import Occasion, must_follow
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import require_code
from domain.kernel.refusal import Invalid, Refused
from domain.project import schedule_commands as c
from domain.project import schedule_events as e
from domain.project.words import DependencyKind


@dataclass
class Needs:
    """How it depends on each of the components it needs."""

    on: dict[UUID, DependencyKind] = field(default_factory=dict)
    latest_at: datetime | None = None

    def add(self, command: c.AddDependency, occasion: Occasion) -> e.DependencyAdded:
        """It needs another component."""
        self._must_follow(occasion)
        if command.depends_on in self.on:
            raise Refused(f"It already depends on {command.depends_on}; remove-dependency ends that.")
        why = require_code(command.rationale, ())
        return e.DependencyAdded(depends_on=command.depends_on, kind=command.kind, why=why)

    def remove(self, command: c.RemoveDependency, occasion: Occasion) -> e.DependencyRemoved:
        """It needs another component no longer."""
        self._must_follow(occasion)
        kind = self.on.get(command.depends_on)
        if kind is None:
            raise Invalid({"/depends_on": f"it does not depend on {command.depends_on}; add-dependency lets it"})
        return e.DependencyRemoved(depends_on=command.depends_on, kind=kind, why=require_code(command.rationale, ()))

    def _must_follow(self, occasion: Occasion) -> None:
        must_follow(self.latest_at, occasion, "the latest change of its dependencies")

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.latest_at = fact.occurred_at
        match event:
            case e.DependencyAdded():
                self.on[event.depends_on] = event.kind
            case e.DependencyRemoved():
                self.on.pop(event.depends_on, None)
