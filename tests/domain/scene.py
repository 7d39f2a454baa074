"""Given facts, when a command is given, then facts or a refusal: the domain alone, in memory.

Scene().given((SHOP, DRAFTED)).when("projects.submit", SHOP, CASE).then(ProjectSubmitted)
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from domain.kernel.decide import Commit, Occasion, Receipt
from domain.kernel.event import Event, Fact, Recorded
from domain.kernel.record import Command, record
from domain.kernel.refusal import Conflict, Refused
from domain.operations import OPERATIONS

E = TypeVar("E", bound=Event)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WHY = {"code": "other", "text": "A reason that is long enough for any list"}


def numbered(number: int) -> UUID:
    """An id that is easy to tell from others."""
    return UUID(int=number)


class Ledger:
    """A store of facts in a list."""

    def __init__(self) -> None:
        self.facts: list[Recorded] = []

    def history(self, stream_id: UUID) -> Sequence[Recorded]:
        return [fact for fact in self.facts if fact.stream_id == stream_id]

    def histories(self, streams: Collection[UUID], upto: int | None = None) -> Mapping[UUID, Sequence[Recorded]]:
        facts = self.facts[:upto]
        return {stream: [fact for fact in facts if fact.stream_id == stream] for stream in streams}

    def streams_of(self, kind: str) -> Sequence[UUID]:
        return sorted({fact.stream_id for fact in self.facts if fact.event.stream_kind == kind})

    def streams_about(self, subject_id: UUID, kind: str) -> Sequence[UUID]:
        about = [fact for fact in self.facts if subject_id in [subject.id for subject in fact.subjects]]
        return sorted({fact.stream_id for fact in about if fact.event.stream_kind == kind})

    def owners_about(self, subjects: Collection[UUID], kind: str) -> Sequence[UUID]:
        return sorted({stream for subject in subjects for stream in self.streams_about(subject, kind)})

    def latest_about(self, subject_id: UUID) -> int:
        about = [fact.position for fact in self.facts if subject_id in [subject.id for subject in fact.subjects]]
        return max(about, default=0)

    def facts_about(self, subject_id: UUID) -> Sequence[Recorded]:
        return [fact for fact in self.facts if subject_id in [subject.id for subject in fact.subjects]]

    def version(self, stream_id: UUID) -> int:
        return len(self.history(stream_id))

    def head(self) -> int:
        return len(self.facts)

    def append(self, commit: Commit) -> Receipt:
        for stream, version in commit.expected.items():
            if len(self.history(stream)) != version:
                raise Conflict("somebody was faster")
        for fact in commit.facts:
            self.put(fact)
        return Receipt(commit.receipt_for, len(self.history(commit.receipt_for)), self.head())

    def put(self, fact: Fact) -> None:
        self.facts.append(
            Recorded(
                position=len(self.facts) + 1,
                event_id=fact.event_id,
                name=fact.event.fact_name,
                stream_id=fact.stream_id,
                version=len(self.history(fact.stream_id)) + 1,
                subjects=fact.subjects,
                occurred_at=fact.occurred_at,
                recorded_at=fact.recorded_at or fact.occurred_at,
                stored_at=fact.occurred_at,
                actor=fact.actor,
                role=fact.role,
                correlation_id=fact.correlation_id,
                causation_id=fact.causation_id,
                inputs_position=fact.inputs_position,
                event=fact.event,
            )
        )


class Outcome:
    """What a command came to."""

    def __init__(self, facts: Sequence[Recorded], refusal: Refused | None) -> None:
        self.facts = facts
        self.refusal = refusal

    def then(self, *expected: type[Event]) -> Any:
        """Exactly facts of these kinds were recorded; returns their events, the only one by itself."""
        assert self.refusal is None, f"refused: {self.refusal}"
        events = [fact.event for fact in self.facts]
        assert [type(event) for event in events] == list(expected)
        return events[0] if len(events) == 1 else events

    def refused(self, *words: str, kind: type[Refused] = Refused) -> Refused:
        """It was refused in a sentence with these words, and nothing was recorded."""
        assert self.facts == []
        assert self.refusal is not None, "it was not refused"
        assert isinstance(self.refusal, kind)
        for word in words:
            assert word in str(self.refusal)
        return self.refusal

    @property
    def event_id(self) -> str:
        """The id of its first fact, for a decision that supersedes it."""
        return str(self.facts[0].event_id)


class Scene:
    """Some facts, each a minute after the one before, and what is done about them."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.now = MONDAY
        self._ids = map(numbered, count(1_000))

    def given(self, *happened: tuple[UUID, Event], actor: str = "ada") -> "Scene":
        """These facts are there, whether or not a command could make them."""
        for stream, event in happened:
            self.now += MINUTE
            self.ledger.put(Fact(next(self._ids), stream, event, self.now, None, actor, "board", "given"))
        return self

    def when(
        self,
        operation: str,
        thing: UUID,
        body: Mapping[str, Any] | None = None,
        *,
        actor: str = "ada",
        role: str = "board",
        **more: Any,
    ) -> Outcome:
        """Somebody gives a command, by its body as the API takes it; `more` are further members."""
        self.now += MINUTE
        known, wanted = OPERATIONS[operation], {**(body or {}), **more}
        command = known.body.model_validate(wanted)
        before = len(self.ledger.facts)
        occasion = Occasion(self.now, actor, role, "when", command.occurred_at, command.inputs_position)
        ask = Command(known.decide(thing, command), known.receipt_for(thing, command), f"{before}", "")
        try:
            record(self.ledger, ask, lambda: occasion, lambda: next(self._ids))
        except Refused as refusal:
            return Outcome(self.ledger.facts[before:], refusal)
        return Outcome(self.ledger.facts[before:], None)
