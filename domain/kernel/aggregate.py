"""Things that decide, and how their state is told from their facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, TypeVar
from uuid import UUID

from domain.kernel.event import Event, Recorded

A = TypeVar("A", bound="Aggregate")


@dataclass
class Aggregate:
    """What decisions need to know about one stream; views keep what people look at.

    `version` counts its facts, `latest_lifecycle_at` is the instant no decision may precede,
    `decisions` maps each decision's event id to the id of the one that superseded it, `evidence` has the titles of
    what each decision rests on.
    """

    kind: ClassVar[str]

    id: UUID
    version: int = 0
    latest_lifecycle_at: datetime | None = None
    decisions: dict[UUID, UUID | None] = field(default_factory=dict)
    evidence: dict[UUID, tuple[str, ...]] = field(default_factory=dict)

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in. Total: no rule, no clock, so that old history always loads."""
        raise NotImplementedError

    def take(self, fact: Recorded) -> None:
        """Take one fact in, with what every stream keeps."""
        self.version += 1
        if fact.event.lifecycle:
            self.latest_lifecycle_at = fact.occurred_at
        if fact.event.why:
            self.decisions.setdefault(fact.event_id, None)
            self.evidence[fact.event_id] = tuple(each.title for each in fact.event.why.evidence)
            if fact.event.why.supersedes:
                self.decisions[fact.event.why.supersedes] = fact.event_id
        self.apply(fact.event, fact)

    def documents(self) -> set[str]:
        """The titles of all evidence that was given for a decision which still stands."""
        return {title for made, titles in self.evidence.items() if self.decisions[made] is None for title in titles}


def fold(aggregate: type[A], stream_id: UUID, history: Iterable[Recorded]) -> A:
    """The state after `history`, taken in the one order used everywhere: (occurred_at, position).

    Within a stream versions grow with positions.
    """
    state = aggregate(stream_id)
    for fact in sorted(history, key=lambda fact: (fact.occurred_at, fact.version)):
        state.take(fact)
    return state
