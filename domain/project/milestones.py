"""The milestones of a component, and which changes of their dates need a reason."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.kernel.decide import Occasion, must_follow
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import must_not_be_lost, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.project import schedule_commands as c
from domain.project import schedule_events as e
from domain.project.dates import Dates


@dataclass
class Milestones:
    """The dates of each milestone by its name."""

    dates: dict[str, Dates] = field(default_factory=dict)
    latest_at: datetime | None = None

    # --- decide -----------------------------------------------------------------------------

    def set(self, command: c.SetMilestone, occasion: Occasion) -> e.MilestoneSet | None:
        """A milestone gets dates; nothing is recorded if they are the ones it has."""
        self._must_follow(occasion)
        before = self.dates.get(command.name)
        after = _dates(command, before)
        today = (occasion.occurred_at or occasion.now).date()
        if after.reached_on and after.reached_on > today:
            raise Invalid({"/reached_on": f"expected a day up to {today}; nothing was reached later yet"})
        if after == before:
            must_not_be_lost(command.rationale)
            return None
        _must_have_a_reason(command, before or Dates(after.promised_on, after.due_on), after)
        return e.MilestoneSet(name=command.name, **after._asdict(), why=command.rationale)

    def drop(self, command: c.DropMilestone, occasion: Occasion) -> e.MilestoneDropped:
        """A milestone leaves the plan."""
        self._must_follow(occasion)
        if command.name not in self.dates:
            known = ", ".join(sorted(self.dates)) or "none yet"
            raise Invalid({"/name": f"expected a milestone of the project ({known})"})
        return e.MilestoneDropped(name=command.name, why=require_code(command.rationale, ()))

    def _must_follow(self, occasion: Occasion) -> None:
        must_follow(self.latest_at, occasion, "the latest change of its milestones")

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.latest_at = fact.occurred_at
        match event:
            case e.MilestoneSet():
                self.dates[event.name] = Dates(event.promised_on, event.due_on, event.forecast_on, event.reached_on)
            case e.MilestoneDropped():
                self.dates.pop(event.name, None)


def _dates(command: c.SetMilestone, before: Dates | None) -> Dates:
    """The dates after the command, which says only what it changes."""
    said = {member: getattr(command, member) for member in command.model_fields_set & {*Dates._fields}}
    if "due_on" in said and said["due_on"] is None:
        raise Invalid({"/due_on": "expected a date; drop-milestone takes the whole milestone out of the plan"})
    if before:
        return before._replace(**said)
    if "due_on" not in said:
        raise Invalid({"/due_on": "required, for this milestone is new"})
    return Dates(promised_on=said["due_on"], **said)


def _must_have_a_reason(command: c.SetMilestone, before: Dates, after: Dates) -> None:
    """Raises `Invalid` for a date that moves without one, `Refused` for one that moves behind what was reached."""
    moved = (before.due_on, before.forecast_on or before.due_on) != (after.due_on, after.forecast_on or after.due_on)
    if moved and before.reached_on and after.reached_on:
        raise Refused(
            f"{command.name} was reached on {before.reached_on}, so its dates stay; reached_on can be corrected, "
            "or taken back with null."
        )
    corrected = before.reached_on is not None and after.reached_on != before.reached_on
    if (moved or corrected) and command.rationale is None:
        told = f"{command.name} was reached on {before.reached_on}" if corrected else f"{command.name} moves"
        raise Invalid({"/rationale": f"{told}; another date is a decision and needs a rationale"})
