"""Load and decide: what a decision may read, and what comes of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from domain.kernel.aggregate import Aggregate, fold
from domain.kernel.event import Event, Fact, Recorded
from domain.kernel.instants import rfc3339
from domain.kernel.refusal import Invalid, NotFound

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who decides, when. `now` comes from the edge; `occurred_at` only if the caller gave one.

    `recorded_at` is left to the store, except for a sample story that is told by a fixed clock.
    """

    now: datetime
    actor: str
    role: str
    correlation_id: str
    occurred_at: datetime | None = None
    inputs_position: int | None = None
    recorded_at: datetime | None = None
    traceparent: str | None = None

    @property
    def moment(self) -> datetime:
        """When what is decided happens: as the command says, or now."""
        return self.occurred_at or self.now


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command got: the stream answered for, its version, the position of its last fact."""

    id: UUID
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything one command wants recorded at once.

    `expected` holds the version of every stream read (0 = not there yet), `searched` for every
    subject whose streams were searched the position of the newest fact about it; `key` and `fingerprint`
    identify the command, so that doing it twice is nothing; `names` are personal data kept beside
    the facts, `None` erases a person's.
    """

    key: str
    fingerprint: str
    receipt_for: UUID
    facts: tuple[Fact, ...]
    expected: Mapping[UUID, int]
    names: Mapping[UUID, str | None] = field(default_factory=dict)
    searched: Mapping[UUID, int] = field(default_factory=dict)


class FactStore(Protocol):
    """What deciding needs of a store."""

    def history(self, stream_id: UUID) -> Sequence[Recorded]:
        """All facts of a stream, by version; empty if there are none."""

    def histories(self, streams: Collection[UUID], upto: int | None = None) -> Mapping[UUID, Sequence[Recorded]]:
        """All facts of each of many streams, by version; with `upto` those up to that position."""

    def streams_about(self, subject_id: UUID, kind: str) -> Sequence[UUID]:
        """Streams of a kind that hold a fact about the subject."""

    def owners_about(self, subjects: Collection[UUID], kind: str) -> Sequence[UUID]:
        """Streams of a kind that hold a fact about any of the subjects."""

    def streams_of(self, kind: str) -> Sequence[UUID]:
        """Every stream of a kind."""

    def latest_about(self, subject_id: UUID) -> int:
        """The position of the newest fact about the subject, 0 if there is none."""

    def facts_about(self, subject_id: UUID) -> Sequence[Recorded]:
        """All facts about the subject, whatever stream holds them, in commit order."""

    def version(self, stream_id: UUID) -> int:
        """How many facts a stream has."""

    def head(self) -> int:
        """The position of the newest fact, 0 if there is none."""

    def append(self, commit: Commit) -> Receipt:
        """Record, or return the stored receipt of the same key. Raises `Conflict`, `KeyReused`, `Busy`."""


class Past:
    """Streams as they stood at a position, which nothing changes any more; of what is said to have happened by `as_of`.

    What did not happen yet is empty: a state of version 0.
    """

    def __init__(self, store: FactStore, position: int, as_of: datetime | None = None) -> None:
        self.position = position
        self.as_of = as_of
        self._store = store

    def __call__(self, aggregate: type[A], streams: Collection[UUID]) -> dict[UUID, A]:
        """The state of each of many streams."""
        histories = self._store.histories(streams, self.position)
        return {stream: _folded(aggregate, stream, self._happened(histories[stream])) for stream in streams}

    def about(self, subject_id: UUID, aggregate: type[A]) -> list[A]:
        """Every stream of a kind that held a fact about the subject."""
        return self._begun(aggregate, self._store.streams_about(subject_id, aggregate.kind))

    def every(self, aggregate: type[A]) -> list[A]:
        """Every stream of a kind."""
        return self._begun(aggregate, self._store.streams_of(aggregate.kind))

    def _begun(self, aggregate: type[A], streams: Sequence[UUID]) -> list[A]:
        return [state for state in self(aggregate, streams).values() if state.version]

    def _happened(self, history: Sequence[Recorded]) -> Sequence[Recorded]:
        return [fact for fact in history if self.as_of is None or fact.occurred_at <= self.as_of]


class Reading:
    """The streams one decision looks at, each read once; their versions are checked on append."""

    def __init__(self, store: FactStore, occasion: Occasion) -> None:
        self.occasion = occasion
        self._store = store
        self._read: dict[UUID, Aggregate] = {}
        self._glanced: dict[UUID, Aggregate] = {}
        self._searched: dict[UUID, int] = {}
        self._about: dict[UUID, Sequence[Recorded]] = {}

    def __call__(self, aggregate: type[A], stream_id: UUID, named_by: str | None = None) -> A:
        """The state of a stream that must exist.

        Raises `NotFound`, or `Invalid` at the pointer `named_by` when the command's body names it.
        """
        state = self._load(aggregate, stream_id)
        if not state.version:
            sentence = f"no {aggregate.kind} has the id {stream_id}"
            raise Invalid({named_by: sentence}) if named_by else NotFound(sentence)
        return state

    def new(self, aggregate: type[A], stream_id: UUID) -> A:
        """The empty state of a stream that is about to begin."""
        return self._load(aggregate, stream_id)

    def glance(self, aggregate: type[A], streams: Collection[UUID]) -> list[A]:
        """The states of many streams, which may move on meanwhile: the version of one is checked if it is read too."""
        unknown = [stream for stream in streams if stream not in self._read and stream not in self._glanced]
        for stream, history in self._store.histories(unknown).items():
            self._glanced[stream] = _folded(aggregate, stream, history)
        found = [self._read.get(stream) or self._glanced[stream] for stream in streams]
        return [state for state in found if isinstance(state, aggregate)]

    def owners_about(self, subjects: Collection[UUID], kind: str) -> Sequence[UUID]:
        """Streams of a kind that hold a fact about any of the subjects; more may come meanwhile."""
        return self._store.owners_about(subjects, kind)

    @property
    def moment(self) -> datetime:
        """When what is decided happens: as the command says, or now."""
        return self.occasion.moment

    def then(self, aggregate: type[A], stream_id: UUID) -> A:
        """The same stream as it stood at that moment, by what is known of it now."""
        state = self(aggregate, stream_id)
        if self.occasion.occurred_at is None:
            return state
        earlier = [fact for fact in self._store.history(stream_id) if fact.occurred_at <= self.moment]
        return _folded(aggregate, stream_id, earlier)

    def past(self, position: int | None, as_of: datetime | None = None) -> Past:
        """Streams as they stood at a position, by default the newest; nothing of that is checked on append."""
        return Past(self._store, self._store.head() if position is None else position, as_of)

    def about(self, subject_id: UUID, aggregate: type[A]) -> list[A]:
        """Every stream of a kind that holds a fact about the subject; on append there must be no newer one."""
        self._searched.setdefault(subject_id, self._store.latest_about(subject_id))
        return [self(aggregate, stream) for stream in self._store.streams_about(subject_id, aggregate.kind)]

    def decisions_about(self, subject_id: UUID) -> list[Recorded]:
        """Decisions about the subject, and what corrects one, of any stream; on append there must be no newer fact."""
        self._searched.setdefault(subject_id, self._store.latest_about(subject_id))
        return [fact for fact in self.facts_about(subject_id) if fact.event.why or fact.event.corrects]

    def facts_about(self, subject_id: UUID) -> Sequence[Recorded]:
        """All facts about the subject, in commit order; more may come meanwhile."""
        if subject_id not in self._about:
            self._about[subject_id] = self._store.facts_about(subject_id)
        return self._about[subject_id]

    def expected(self) -> dict[UUID, int]:
        """The version of every stream read."""
        return {stream: state.version for stream, state in self._read.items()}

    def searched(self) -> dict[UUID, int]:
        """For every subject whose streams were searched, the position of the newest fact about it then."""
        return self._searched

    def states(self) -> Mapping[UUID, Aggregate]:
        """Every stream read so far."""
        return self._read

    def _load(self, aggregate: type[A], stream_id: UUID) -> A:
        known = self._read.get(stream_id)
        if isinstance(known, aggregate):
            return known
        glanced = self._glanced.get(stream_id)
        if not isinstance(glanced, aggregate):
            glanced = _folded(aggregate, stream_id, self._store.history(stream_id))
        self._read[stream_id] = glanced
        return glanced


def _folded(aggregate: type[A], stream_id: UUID, history: Sequence[Recorded]) -> A:
    return fold(aggregate, stream_id, [fact for fact in history if fact.event.stream_kind == aggregate.kind])


Facts = Sequence[tuple[UUID, Event]]
Decide = Callable[[Reading], Facts]


def must_not_be_ahead(occasion: Occasion) -> None:
    """Raises `Invalid` if the command is said to have happened in the future."""
    given = occasion.occurred_at
    if given and given > occasion.now:
        raise Invalid({"/occurred_at": f"{rfc3339(given)} is in the future; it is {rfc3339(occasion.now)} now"})


def must_follow(latest: datetime | None, occasion: Occasion, what: str) -> None:
    """Raises `Invalid` if the command is said to have happened before `latest`, when `what` changed last."""
    given = occasion.occurred_at
    if given and latest and given < latest:
        raise Invalid({"/occurred_at": f"{rfc3339(given)} is before {what}, at {rfc3339(latest)}"})


def change(
    aggregate: type[A], stream_id: UUID, decide: Callable[[A, Any, Occasion], Event | None], command: Any
) -> Decide:
    """The decision of one stream on itself; `None` means that nothing changed."""

    def decided(read: Reading) -> Facts:
        event = decide(read(aggregate, stream_id), command, read.occasion)
        return [(stream_id, event)] if event else []

    return decided
