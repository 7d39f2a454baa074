"""What was reported of a component, what of that was corrected, and how often a report is asked for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from domain.kernel.decide import Occasion
from domain.kernel.event import Event, Recorded
from domain.kernel.instants import rfc3339
from domain.kernel.refusal import Invalid, Refused
from domain.kernel.types import day_in
from domain.project import events as e
from domain.project import status_commands as c
from domain.project.status_events import CadenceSet, Figures
from domain.project.words import Health

TROUBLE = frozenset({Health.AT_RISK, Health.OFF_TRACK})


class Update(NamedTuple):
    """A status update, and the one that took its place."""

    event_id: UUID
    occurred_at: datetime
    overall: Health
    superseded_by: UUID | None = None


@dataclass
class Reporting:
    """`updates` are by event id, the newest last.

    `moved` is the fact that led to the present state, `expected_resume` the day on which it may go on.
    """

    updates: dict[UUID, Update] = field(default_factory=dict)
    cadence_days: int | None = None
    moved: Recorded | None = None
    expected_resume: date | None = None

    def latest(self) -> Update | None:
        """The newest update; none if it took back what was said before."""
        newest = next(reversed(self.updates.values()), None)
        return newest if newest and newest.overall is not Health.NO_UPDATE else None

    # --- decide -----------------------------------------------------------------------------

    def report(self, command: c.ReportStatus, figures: Figures, occasion: Occasion) -> e.StatusReported:
        """Somebody says how it is doing; what is known now is frozen with it."""
        if command.overall in TROUBLE and command.path_to_green is None:
            raise Invalid({"/path_to_green": f"expected how it gets back on track, as overall is {command.overall}"})
        if command.supersedes:
            self._must_stand(command.supersedes, occasion)
        return e.StatusReported(
            overall=command.overall,
            schedule=command.schedule,
            cost=command.cost,
            scope=command.scope,
            resource=command.resource,
            text=command.text,
            path_to_green=command.path_to_green,
            figures=figures,
            supersedes=command.supersedes,
            why=command.rationale,
        )

    def set_cadence(self, command: c.SetCadence) -> CadenceSet:
        """Its status is asked for more or less often than portfolios say."""
        if command.cadence_days == self.cadence_days:
            raise Refused(
                "The cadence already is this; another number of days, or null for none of its own, is possible."
            )
        return CadenceSet(cadence_days=command.cadence_days, why=command.rationale)

    def _must_stand(self, wanted: UUID, occasion: Occasion) -> None:
        """Only what still stands is corrected, and never by something dated before it."""
        update, given = self.updates.get(wanted), occasion.occurred_at
        if update is None:
            raise Invalid({"/supersedes": f"no status update of this project has the event id {wanted}"})
        if update.superseded_by:
            raise Refused(f"That update was already superseded by {update.superseded_by}; supersede that one.")
        if given and given < update.occurred_at:
            then = rfc3339(update.occurred_at)
            raise Invalid({"/occurred_at": f"{rfc3339(given)} is before the update it supersedes, at {then}"})

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        if isinstance(event, e.ProjectDrafted | e.Moved | e.StateRecorded):
            self.moved = fact
        match event:
            case e.ProjectDrafted():
                self.expected_resume = day_in(event.attributes.get("expected_resume"))
            case e.ProjectPaused():
                self.expected_resume = event.expected_resume
            case e.ProjectResumed():
                self.expected_resume = None
            case e.AttributeChanged(name="expected_resume"):
                self.expected_resume = day_in(event.to)
            case CadenceSet():
                self.cadence_days = event.cadence_days
            case e.StatusReported():
                self._take(event, fact)

    def _take(self, event: e.StatusReported, fact: Recorded) -> None:
        self.updates[fact.event_id] = Update(fact.event_id, fact.occurred_at, event.overall)
        if event.supersedes in self.updates:
            self.updates[event.supersedes] = self.updates[event.supersedes]._replace(superseded_by=fact.event_id)
