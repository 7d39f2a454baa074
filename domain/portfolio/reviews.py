"""The reviews of a portfolio: at most one is open."""

from dataclasses import dataclass, field
from uuid import UUID

from domain.kernel.event import Event, Recorded
from domain.kernel.refusal import Refused
from domain.portfolio import events as e
from domain.portfolio import review_commands as c
from domain.portfolio import review_events as re
from domain.portfolio.agenda import Agenda


@dataclass
class Reviews:
    """`under_way` is the review that is open; `joined` has the fact by which each component last joined."""

    under_way: UUID | None = None
    joined: dict[UUID, Recorded] = field(default_factory=dict)

    def must_be_closed(self) -> None:
        """Raises `Refused` while a review is open."""
        if self.under_way:
            raise Refused(f"The review {self.under_way} is still open; close-review ends it, then another can begin.")

    def open(self, command: c.OpenReview, agenda: Agenda) -> re.ReviewOpened:
        """A review begins with this agenda."""
        self.must_be_closed()
        return re.ReviewOpened(name=command.name, agenda=agenda, why=command.rationale)

    def close(self, command: c.CloseReview) -> re.ReviewClosed:
        """The open review ends."""
        if self.under_way is None:
            raise Refused("No review is open; open-review begins one.")
        return re.ReviewClosed(review=self.under_way, conclusion=command.conclusion, why=command.rationale)

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        match event:
            case re.ReviewOpened():
                self.under_way = fact.event_id
            case re.ReviewClosed():
                self.under_way = None
            case e.ComponentAdded() | e.ComponentRestored():
                self.joined[event.component] = fact
