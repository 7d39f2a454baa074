"""What was reported of a component, what of that was corrected, and how often a report is asked for."""

from collections.abc import Iterable
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


DIMENSIONS = ("overall", "schedule", "cost", "scope", "resource")


class Update(NamedTuple):
    """A status update, and the one that took its place; a correction counts from when the corrected one was given."""

    event_id: UUID
    occurred_at: datetime
    overall: Health
    counts_from: datetime
    is_outdated: bool = False
    superseded_by: UUID | None = None


@dataclass
class Reporting:
    """`updates` are by event id, the one that was recorded last is the last.

    `moved` is the fact that led to the present state, `expected_resume` the day on which it may go on.
    """

    updates: dict[UUID, Update] = field(default_factory=dict)
    cadence_days: int | None = None
    moved: Recorded | None = None
    expected_resume: date | None = None

    def health(self) -> Health | None:
        """What was declared last; `None` if that took back what was said before."""
        latest = _latest(self.updates.values())
        return latest.overall if latest and latest.overall is not Health.NO_UPDATE else None

    def reported(self) -> Update | None:
        """The last update in which anything was declared."""
        return _latest(update for update in self.updates.values() if update.overall is not Health.NO_UPDATE)

    # --- decide -----------------------------------------------------------------------------

    def report(self, command: c.ReportStatus, figures: Figures, occasion: Occasion) -> e.StatusReported:
        """Somebody says how it is doing; what is known now is frozen with it."""
        _must_lead_to_green(command)
        corrected = self._standing(command.supersedes, occasion) if command.supersedes else None
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
            counts_from=corrected.counts_from if corrected else None,
            outdated=corrected is not None and self._is_outdated(corrected, occasion),
            why=command.rationale,
        )

    def set_cadence(self, command: c.SetCadence) -> CadenceSet:
        """Its status is asked for more or less often than portfolios say."""
        if command.cadence_days == self.cadence_days:
            raise Refused(
                "The cadence already is this; another number of days, or null for none of its own, is possible."
            )
        return CadenceSet(cadence_days=command.cadence_days, why=command.rationale)

    def _standing(self, wanted: UUID, occasion: Occasion) -> Update:
        """The update that is corrected. Only what still stands is corrected, and never by something dated before it."""
        update, given = self.updates.get(wanted), occasion.occurred_at
        if update is None:
            raise Invalid({"/supersedes": f"no status update of this project has the event id {wanted}"})
        if update.superseded_by:
            raise Refused(f"That update was already superseded by {update.superseded_by}; supersede that one.")
        if given and given < update.occurred_at:
            then = rfc3339(update.occurred_at)
            raise Invalid({"/occurred_at": f"{rfc3339(given)} is before the update it supersedes, at {then}"})
        return update

    def _is_outdated(self, corrected: Update, occasion: Occasion) -> bool:
        """Whether a newer update than the corrected one had been given by then."""
        updates = self.updates.values()
        given = [update.counts_from for update in updates if update.occurred_at <= occasion.moment]
        return max(given) > corrected.counts_from

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
        counts_from = event.counts_from or fact.occurred_at
        self.updates[fact.event_id] = Update(
            fact.event_id, fact.occurred_at, event.overall, counts_from, event.outdated
        )
        if event.supersedes in self.updates:
            self.updates[event.supersedes] = self.updates[event.supersedes]._replace(superseded_by=fact.event_id)


def _latest(updates: Iterable[Update]) -> Update | None:
    """The one that occurred last; a correction of what was outdated by then says nothing about the present."""
    current = (update for update in reversed(list(updates)) if not update.is_outdated)
    return max(current, key=lambda update: update.occurred_at, default=None)


def _must_lead_to_green(command: c.ReportStatus) -> None:
    troubled = [name for name in DIMENSIONS if getattr(command, name) in TROUBLE]
    if troubled and command.path_to_green is None:
        told = " and ".join(f"{name} is {getattr(command, name)}" for name in troubled)
        raise Invalid({"/path_to_green": f"expected how it gets back on track, as {told}"})
