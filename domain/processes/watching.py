"""Premises of decisions, watched: told from the streams, at the moment of a decision."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.kernel.aggregate import Aggregate, fold
from domain.kernel.decide import Reading
from domain.kernel.event import Recorded
from domain.kernel.premises import Premise
from domain.premises import broken_by, fails
from domain.processes.grounds import grounds_of


class Broken(NamedTuple):
    """A decision, the premise of it that fails, and the fact that broke it: the decision itself if it never held."""

    decision: Recorded
    premise: Premise
    fact: Recorded


def broken_premises(read: Reading, decisions: Iterable[Recorded]) -> Iterator[Broken]:
    """Every premise of these decisions that fails, with the fact since which it does."""
    resting = [(fact, premise) for fact in decisions if fact.event.why for premise in fact.event.why.premises]
    courses = {what: Course(read, what) for what in dict.fromkeys(each.what for _, each in resting)}
    for decision, premise in resting:
        course = courses[premise.what]
        if fails(premise, course.now):
            at_first, since = course.since(decision.position)
            yield Broken(decision, premise, broken_by(premise, at_first, since) or decision)


class Course:
    """What a figure came to, fact by fact in commit order, of those that had occurred by the moment of the decision."""

    def __init__(self, read: Reading, what: Premise) -> None:
        self._streams, self._value = grounds_of(read, what)
        about = (fact for stream in self._streams for fact in read.facts_about(stream) if fact.stream_id == stream)
        self._facts = sorted((f for f in about if f.occurred_at <= read.moment), key=lambda fact: fact.position)
        self.now = self._value(self._states(self._by_stream(self._facts)))

    def since(self, position: int) -> tuple[Decimal | None, Iterator[tuple[Recorded, Decimal | None]]]:
        """The value behind a position, and those behind each fact since."""
        own = self._by_stream(fact for fact in self._facts if fact.position <= position)
        states = self._states(own)
        return self._value(states), self._moved_on(own, states, position)

    def _moved_on(
        self, own: dict[UUID, list[Recorded]], states: dict[UUID, Aggregate], position: int
    ) -> Iterator[tuple[Recorded, Decimal | None]]:
        for fact in (fact for fact in self._facts if fact.position > position):
            own[fact.stream_id].append(fact)
            states[fact.stream_id] = fold(self._streams[fact.stream_id], fact.stream_id, own[fact.stream_id])
            yield fact, self._value(states)

    def _states(self, own: dict[UUID, list[Recorded]]) -> dict[UUID, Aggregate]:
        return {stream: fold(kind, stream, own[stream]) for stream, kind in self._streams.items()}

    def _by_stream(self, facts: Iterable[Recorded]) -> dict[UUID, list[Recorded]]:
        own: dict[UUID, list[Recorded]] = {stream: [] for stream in self._streams}
        for fact in facts:
            own[fact.stream_id].append(fact)
        return own
