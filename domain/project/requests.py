"""What a project asks for, and what became of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.kernel.decide import Occasion, must_follow
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import Rationale, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.project import request_commands as c
from domain.project import request_events as e

OPEN = "open"


@dataclass
class Requests:
    """`fates` has what became of each request, by its event id, `asked` what it asks for."""

    fates: dict[UUID, str] = field(default_factory=dict)
    asked: dict[UUID, e.ResourceRequested] = field(default_factory=dict)
    latest_at: datetime | None = None

    # --- decide -----------------------------------------------------------------------------

    def ask(self, command: c.RequestResource, occasion: Occasion) -> e.ResourceRequested:
        """Somebody is needed."""
        self._must_follow(occasion)
        require_code(command.rationale, ())
        if command.as_role is None and command.skill is None:
            raise Invalid({"/as_role": "expected a role, or a skill, or both"})
        if command.ends_on and command.ends_on < command.starts_on:
            raise Invalid({"/ends_on": f"expected a day from {command.starts_on} on; got {command.ends_on}"})
        return e.ResourceRequested(
            as_role=command.as_role,
            skill=command.skill,
            share=command.share,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            deliverable=command.deliverable,
            why=command.rationale,
        )

    def fill(
        self,
        request: UUID,
        resource: UUID,
        promised: tuple[Decimal, date, date | None],
        why: Rationale,
        occasion: Occasion,
    ) -> e.ResourceRequestFilled:
        """Somebody comes; `promised` is the share, the first and the last day."""
        self._must_be_open(request, occasion)
        share, starts_on, ends_on = promised
        return e.ResourceRequestFilled(
            request=request,
            resource=resource,
            share=share,
            starts_on=starts_on,
            ends_on=ends_on,
            why=why.model_copy(update={"supersedes": None}),
        )

    def decline(self, command: c.DeclineRequest, occasion: Occasion) -> e.ResourceRequestDeclined:
        """Nobody comes."""
        self._must_be_open(command.request, occasion)
        require_code(command.rationale, ())
        return e.ResourceRequestDeclined(request=command.request, why=command.rationale)

    def withdraw(self, command: c.WithdrawRequest, occasion: Occasion) -> e.ResourceRequestWithdrawn:
        """Nobody is needed any more."""
        self._must_be_open(command.request, occasion)
        require_code(command.rationale, ())
        return e.ResourceRequestWithdrawn(request=command.request, why=command.rationale)

    def still_open(self) -> list[e.ResourceRequested]:
        """What nobody was sent for, and what was neither declined nor withdrawn."""
        return [asked for request, asked in self.asked.items() if self.fates[request] == OPEN]

    def _must_be_open(self, request: UUID, occasion: Occasion) -> None:
        self._must_follow(occasion)
        fate = self.fates.get(request)
        if fate is None:
            raise Invalid({"/request": f"the project made no request with the event id {request}"})
        if fate != OPEN:
            raise Refused(f"That request was {fate} already; a new one can be made.")

    def _must_follow(self, occasion: Occasion) -> None:
        """An answer comes after what it answers."""
        must_follow(self.latest_at, occasion, "the latest change of its requests")

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.latest_at = fact.occurred_at
        match event:
            case e.ResourceRequested():
                self.fates[fact.event_id] = OPEN
                self.asked[fact.event_id] = event
            case e.ResourceRequestFilled():
                self.fates[event.request] = "filled"
            case e.ResourceRequestDeclined():
                self.fates[event.request] = "declined"
            case e.ResourceRequestWithdrawn():
                self.fates[event.request] = "withdrawn"
