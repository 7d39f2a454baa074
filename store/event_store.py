"""The event store as the rest of the product sees it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from eventsourcing.persistence import EventStore as LibraryEventStore
from eventsourcing.persistence import PersistenceError
from sqlalchemy import Engine, column, func, select, table, union_all

from domain.kernel.decide import Commit, Receipt
from domain.kernel.event import Recorded
from domain.kernel.instants import from_micros
from domain.kernel.refusal import Busy, Refused
from store.append_queue import AppendQueue
from store.codec import FactMapper, decode
from store.database import reading_from
from store.group import SHARDS, FactRecorder, Outcome, StoredReceipt, expired, replay
from store.histories import Histories
from store.statements import NEWEST_EPOCH, NEXT_AND_NEWEST, NO_POSITION, documents, documents_about
from store.tables import fact_index, fact_subjects, receipts


class Stored(NamedTuple):
    """A fact as it lies in the store; `traceparent` is the W3C trace of the request that recorded it."""

    position: int
    stream_id: UUID
    document: bytes
    traceparent: str | None


class Envelope(NamedTuple):
    """What the store knows of a fact without reading its document; instants in µs since 1970."""

    event_id: UUID
    name: str
    shard: int
    occurred_at: int
    recorded_at: int
    subjects: list[UUID]


class Backlog(NamedTuple):
    """Facts that somebody has not taken in yet, and when the oldest of them was stored."""

    facts: int
    since: datetime | None


class EventStore:
    """Facts in commit order; append is grouped, bounded and idempotent.

    `clock` stamps `stored_at`; `engine` reads the tables that stand beside the library's.
    """

    def __init__(self, recorder: FactRecorder, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self._reading = reading_from(engine)
        self.queue = AppendQueue(recorder, clock)
        self.after_append: Callable[[], None] = lambda: None
        self._recorder = recorder
        streams: LibraryEventStore[UUID] = LibraryEventStore(FactMapper(), recorder)
        self._histories = Histories(lambda stream, version: streams.get(stream, gt=version))  # type: ignore[arg-type,return-value]
        self.clock = clock

    # --- write ------------------------------------------------------------------------------

    def append(self, commit: Commit) -> Receipt:
        """Record one command. Raises `Conflict`, `KeyReused` or `Busy`; then nothing was recorded."""
        outcome = self.append_all([commit])[0]
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def append_all(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Record several commands in one transaction; each is accepted or refused for itself. Raises `Busy`."""
        outcomes = self.queue.append_all(commits)
        self.after_append()
        return outcomes

    # --- read -------------------------------------------------------------------------------

    def history(self, stream_id: UUID) -> Sequence[Recorded]:
        """All facts of a stream, by version."""
        with _reachable():
            return self._histories.of(stream_id)

    def histories(self, streams: Collection[UUID], upto: int | None = None) -> dict[UUID, Sequence[Recorded]]:
        """All facts of each of many streams, by version; what is kept of them is asked for newer facts at once.

        With `upto` those up to that position; versions grow with positions.
        """
        versions = self.versions(list(streams), upto)
        with _reachable():
            found = {stream: self._histories.at(stream, versions.get(stream, 0)) for stream in streams}
        return {each: history if upto is None else history[: versions.get(each, 0)] for each, history in found.items()}

    def read(self, after: int, limit: int, until: int | None = None) -> list[Recorded]:
        """Facts behind a position, in commit order, at most `limit`."""
        return [decode(stored.document, stored.position) for stored in self.read_documents(after, limit, until)]

    def read_documents(
        self, after: int, limit: int, until: int | None = None, shard: int | None = None
    ) -> list[Stored]:
        """What is stored behind a position (of one shard, if given), in commit order."""
        wanted = {"after": after, "limit": limit, "until": until if until is not None else NO_POSITION, "shard": shard}
        statement = documents(self._position, of_one_shard=shard is not None)
        with self._reading.connect() as connection:
            return [Stored(row[0], row[1], bytes(row[2]), row[3]) for row in connection.execute(statement, wanted)]

    def read_at(self, positions: Sequence[int]) -> list[Stored]:
        """What is stored at these positions, in commit order."""
        return [stored for position in sorted(positions) for stored in self.read_documents(position - 1, 1, position)]

    def envelope(self, position: int) -> Envelope:
        """What is known of the fact at a position, readable or not."""
        events = table("stored_events", column(self._position), column("topic"))
        row = fact_index.c
        known = select(row.event_id, events.c.topic, row.shard, row.occurred_at, row.recorded_at).join_from(
            fact_index, events, events.c[self._position] == row.position
        )
        subjects = select(fact_subjects.c.subject_id).where(fact_subjects.c.position == position)
        with self._reading.connect() as connection:
            return Envelope(
                *connection.execute(known.where(row.position == position)).one(),
                subjects=list(connection.scalars(subjects)),
            )

    @property
    def _position(self) -> str:
        return "notification_id" if self.engine.dialect.name == "postgresql" else "rowid"

    def head(self) -> int:
        """The position of the newest fact, 0 if there is none."""
        with _reachable():
            return self._recorder.max_notification_id() or 0

    def streams_about(self, subject_id: UUID, kind: str) -> list[UUID]:
        """Streams of a kind that hold a fact about the subject, in order of id."""
        return self.owners_about([subject_id], kind)

    def streams_of(self, kind: str) -> list[UUID]:
        """Every stream of a kind, in order of id."""
        statement = select(fact_index.c.stream_id).where(fact_index.c.kind == kind, fact_index.c.version == 1)
        with self._reading.connect() as connection:
            return list(connection.scalars(statement.order_by(fact_index.c.stream_id)))

    def latest_about(self, subject_id: UUID) -> int:
        """The position of the newest fact about the subject, 0 if there is none."""
        statement = select(func.max(fact_subjects.c.position)).where(fact_subjects.c.subject_id == subject_id)
        with self._reading.connect() as connection:
            return connection.scalar(statement) or 0

    def facts_about(self, subject_id: UUID) -> list[Recorded]:
        """All facts about the subject, whatever stream holds them, in commit order."""
        with self._reading.connect() as connection:
            rows = connection.execute(documents_about(self._position), {"subject": subject_id})
            return [decode(bytes(row[1]), row[0]) for row in rows]

    def subjects_of(self, streams: Sequence[UUID]) -> set[UUID]:
        """Everything the facts of these streams are about."""
        statement = (
            select(fact_subjects.c.subject_id)
            .join(fact_index, fact_subjects.c.position == fact_index.c.position)
            .where(fact_index.c.stream_id.in_(streams))
            .distinct()
        )
        with self._reading.connect() as connection:
            return set(connection.scalars(statement))

    def owners_about(self, subjects: Collection[UUID], kind: str, facts: Collection[str] = ()) -> list[UUID]:
        """Streams of a kind that hold a fact (one of these names, if any is given) about any of the subjects."""
        statement = (
            select(fact_index.c.stream_id)
            .join(fact_subjects, fact_subjects.c.position == fact_index.c.position)
            .where(fact_subjects.c.subject_id.in_(list(subjects)), fact_index.c.kind == kind)
            .distinct()
            .order_by(fact_index.c.stream_id)
        )
        if facts:
            events = table("stored_events", column(self._position), column("topic"))
            named = events.c[self._position] == fact_index.c.position
            statement = statement.join(events, named).where(events.c.topic.in_(list(facts)))
        with self._reading.connect() as connection:
            return list(connection.scalars(statement))

    def version(self, stream_id: UUID) -> int:
        """How many facts a stream has."""
        statement = select(func.max(fact_index.c.version)).where(fact_index.c.stream_id == stream_id)
        with self._reading.connect() as connection:
            return connection.scalar(statement) or 0

    def versions(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, int]:
        """The version of each stream that exists; with `upto` what it was at that position."""
        statement = (
            select(fact_index.c.stream_id, func.max(fact_index.c.version))
            .where(fact_index.c.stream_id.in_(streams))
            .group_by(fact_index.c.stream_id)
        )
        if upto is not None:
            statement = statement.where(fact_index.c.position <= upto)
        with self._reading.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def receipt(self, key: str, fingerprint: str) -> Receipt | None:
        """The receipt stored under a key. Raises `KeyReused` if that was another command."""
        with self._reading.connect() as connection:
            row = connection.execute(select(receipts).where(receipts.c.key == key)).first()
        if row is None:
            return None
        stored = StoredReceipt(row.fingerprint, row.stream_id, row.version, row.position, row.stored_at)
        if expired(key, stored, self.clock()):
            return None
        outcome = replay(fingerprint, stored)
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def used_keys(self, prefix: str) -> dict[str, str]:
        """Every stored key that begins with `prefix`, with its fingerprint."""
        statement = select(receipts.c.key, receipts.c.fingerprint).where(
            receipts.c.key.startswith(prefix, autoescape=True)
        )
        with self._reading.connect() as connection:
            return {row.key: row.fingerprint for row in connection.execute(statement)}

    def complete_position(self, checkpoints: Mapping[int, int]) -> int:
        """The largest P such that every shard's checkpoint has passed all its facts up to P."""
        passed = {f"passed_{shard}": checkpoints.get(shard, 0) for shard in range(SHARDS)}
        with self._reading.connect() as connection:
            found = {row[0]: row[1] for row in connection.execute(NEXT_AND_NEWEST, passed)}
        head = found.pop(SHARDS) or 0
        unread = [position for position in found.values() if position is not None]
        return min(unread) - 1 if unread else head

    def backlog(self, checkpoints: Mapping[int, int]) -> Backlog:
        """What lies behind these checkpoints (shard → position)."""
        behind = [
            select(func.count(), func.min(fact_index.c.position)).where(
                fact_index.c.shard == shard, fact_index.c.position > checkpoints.get(shard, 0)
            )
            for shard in range(SHARDS)
        ]
        with self._reading.connect() as connection:
            found = connection.execute(union_all(*behind)).all()
        oldest = min((row[1] for row in found if row[0]), default=None)
        return Backlog(sum(row[0] for row in found), self.stored_at(oldest) if oldest is not None else None)

    def counted(self, until: int) -> tuple[int, int]:
        """How many facts are stored up to a position, and how many of them the index holds."""
        events = table("stored_events", column(self._position))
        stored = select(func.count()).select_from(events).where(events.c[self._position] <= until)
        indexed = select(func.count()).select_from(fact_index).where(fact_index.c.position <= until)
        with self._reading.connect() as connection:
            return connection.scalar(stored) or 0, connection.scalar(indexed) or 0

    def last_positions(self, until: int) -> dict[int, int]:
        """Shard → the newest position it has up to `until`; absent if it has none."""
        statement = (
            select(fact_index.c.shard, func.max(fact_index.c.position))
            .where(fact_index.c.position <= until)
            .group_by(fact_index.c.shard)
        )
        with self._reading.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def stored_at(self, position: int) -> datetime | None:
        """When the newest fact up to a position was stored, `None` if there is none."""
        newest = select(fact_index.c.stored_at).where(fact_index.c.position <= position)
        with self._reading.connect() as connection:
            found = connection.scalar(newest.order_by(fact_index.c.position.desc()).limit(1))
        return from_micros(found) if found is not None else None

    def epoch(self) -> str:
        """The identity of this store."""
        with self._reading.connect() as connection:
            return str(connection.scalar(NEWEST_EPOCH))

    def close(self) -> None:
        """Give the database back."""
        self._recorder.close()


@contextmanager
def _reachable() -> Iterator[None]:
    """Tell a database that is away as `Busy`."""
    try:
        yield
    except PersistenceError as error:
        raise Busy("the store cannot be read now; nothing was recorded, try again") from error


def new_epoch() -> str:
    """A fresh epoch id."""
    return uuid4().hex[:12]
