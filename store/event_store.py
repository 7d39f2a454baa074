"""The event store as the rest of the product sees it."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from eventsourcing.persistence import EventStore as LibraryEventStore
from eventsourcing.persistence import PersistenceError
from sqlalchemy import ColumnClause, Engine, column, func, literal, select, table, union_all

from domain.kernel.decide import Commit, Receipt
from domain.kernel.event import Recorded
from domain.kernel.instants import from_micros
from domain.kernel.refusal import Busy, Refused
from store.codec import FactMapper, decode
from store.group import SHARDS, FactRecorder, Outcome, StoredReceipt, append_group, expired, replay
from store.tables import epochs, fact_index, fact_subjects, receipts

MOST_WAITING = 1_000
LONGEST_WAIT_SECONDS = 10.0
NOT_KNOWN = "the store is away; whether it recorded this is not known: send it again with the same key"


@dataclass(eq=False)
class _Ticket:
    commits: Sequence[Commit]
    done: threading.Event = field(default_factory=threading.Event)
    outcomes: list[Outcome] | None = None
    error: Exception | None = None


class EventStore:
    """Facts in commit order; append is grouped, bounded and idempotent.

    `clock` stamps `stored_at`; `engine` reads the tables that stand beside the library's.
    """

    def __init__(self, recorder: FactRecorder, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self._recorder = recorder
        self._streams: LibraryEventStore[UUID] = LibraryEventStore(FactMapper(), recorder)
        self._clock = clock
        self._waiting: list[_Ticket] = []
        self._queue = threading.Lock()
        self._leader = threading.Lock()
        self.after_append: Callable[[], None] = lambda: None

    # --- write ------------------------------------------------------------------------------

    def append(self, commit: Commit) -> Receipt:
        """Record one command. Raises `Conflict`, `KeyReused` or `Busy`; then nothing was recorded."""
        outcome = self.append_all([commit])[0]
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def append_all(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Record several commands in one transaction; each is accepted or refused for itself."""
        ticket = _Ticket(commits)
        with self._queue:
            if len(self._waiting) >= MOST_WAITING:
                raise Busy("too many commands are waiting; nothing was recorded, try again")
            self._waiting.append(ticket)
        if self._leader.acquire(timeout=LONGEST_WAIT_SECONDS):
            try:
                if not ticket.done.is_set():
                    self._lead()
            finally:
                self._leader.release()
        elif self._withdrawn(ticket):
            raise Busy("the store is busy; nothing was recorded, try again")
        if not ticket.done.wait(LONGEST_WAIT_SECONDS):
            raise Busy(NOT_KNOWN)
        if ticket.error:
            raise ticket.error
        assert ticket.outcomes is not None
        return ticket.outcomes

    def _withdrawn(self, ticket: _Ticket) -> bool:
        """Take a ticket back, unless a leader has it already."""
        with self._queue:
            if ticket not in self._waiting:
                return False
            self._waiting.remove(ticket)
            return True

    def _lead(self) -> None:
        with self._queue:
            tickets, self._waiting = self._waiting, []
        if not self._settle(tickets) and len(tickets) > 1:
            for ticket in tickets:
                self._settle([ticket])
        for ticket in tickets:
            ticket.done.set()
        self.after_append()

    def _settle(self, tickets: Sequence[_Ticket]) -> bool:
        """Record these in one transaction; `False` if something unforeseen failed them all."""
        try:
            outcomes = self._record([commit for ticket in tickets for commit in ticket.commits])
        except Exception as error:
            for ticket in tickets:
                ticket.error = error
            return False
        for ticket in tickets:
            ticket.outcomes, outcomes = outcomes[: len(ticket.commits)], outcomes[len(ticket.commits) :]
            ticket.error = None
        return True

    def _record(self, commits: Sequence[Commit]) -> list[Outcome]:
        settled = False
        try:
            with self._recorder.locked() as transaction:
                outcomes = append_group(transaction, commits, self._clock)
                settled = True
            return outcomes
        except Busy as busy:
            return self._found_out(commits) if settled else [busy for _ in commits]

    def _found_out(self, commits: Sequence[Commit]) -> list[Outcome]:
        """What became of commands whose COMMIT failed; the lock is taken, so that it cannot still be under way."""
        try:
            with self._recorder.locked() as transaction:
                known = transaction.receipts([commit.key for commit in commits])
        except Busy:
            return [Busy(NOT_KNOWN) for _ in commits]
        lost = Busy("the store broke off; nothing was recorded, try again")
        return [replay(commit.fingerprint, known[commit.key]) if commit.key in known else lost for commit in commits]

    # --- read -------------------------------------------------------------------------------

    def history(self, stream_id: UUID) -> list[Recorded]:
        """All facts of a stream, by version."""
        with _reachable():
            return list(self._streams.get(stream_id))  # type: ignore[arg-type]

    def read(self, after: int, limit: int, until: int | None = None) -> list[Recorded]:
        """Facts behind a position, in commit order, at most `limit`."""
        return [decode(document, position) for position, document in self.read_documents(after, limit, until)]

    def read_documents(self, after: int, limit: int, until: int | None = None) -> list[tuple[int, bytes]]:
        """Positions and stored JSON documents behind a position, in commit order."""
        with _reachable():
            rows = self._recorder.select_notifications(after, limit, until, inclusive_of_start=False)
        return [(row.id, row.state) for row in rows]

    def head(self) -> int:
        """The position of the newest fact, 0 if there is none."""
        with _reachable():
            return self._recorder.max_notification_id() or 0

    def streams_about(self, subject_id: UUID, kind: str) -> list[UUID]:
        """Streams of a kind that hold a fact about the subject, in order of id."""
        return self.owners_about([subject_id], kind)

    def latest_about(self, subject_id: UUID) -> int:
        """The position of the newest fact about the subject, 0 if there is none."""
        statement = select(func.max(fact_subjects.c.position)).where(fact_subjects.c.subject_id == subject_id)
        with self.engine.connect() as connection:
            return connection.scalar(statement) or 0

    def subjects_of(self, streams: Sequence[UUID]) -> set[UUID]:
        """Everything the facts of these streams are about."""
        statement = (
            select(fact_subjects.c.subject_id)
            .join(fact_index, fact_subjects.c.position == fact_index.c.position)
            .where(fact_index.c.stream_id.in_(streams))
            .distinct()
        )
        with self.engine.connect() as connection:
            return set(connection.scalars(statement))

    def owners_about(self, subjects: Collection[UUID], kind: str) -> list[UUID]:
        """Streams of a kind that hold a fact about any of the subjects."""
        statement = (
            select(fact_index.c.stream_id)
            .join(fact_subjects, fact_subjects.c.position == fact_index.c.position)
            .where(fact_subjects.c.subject_id.in_(list(subjects)), fact_index.c.kind == kind)
            .distinct()
            .order_by(fact_index.c.stream_id)
        )
        with self.engine.connect() as connection:
            return list(connection.scalars(statement))

    def version(self, stream_id: UUID) -> int:
        """How many facts a stream has."""
        return self.versions([stream_id]).get(stream_id, 0)

    def versions(self, streams: Sequence[UUID]) -> dict[UUID, int]:
        """The version of each stream that exists."""
        statement = (
            select(fact_index.c.stream_id, func.max(fact_index.c.version))
            .where(fact_index.c.stream_id.in_(streams))
            .group_by(fact_index.c.stream_id)
        )
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def receipt(self, key: str, fingerprint: str) -> Receipt | None:
        """The receipt stored under a key. Raises `KeyReused` if that was another command."""
        with self.engine.connect() as connection:
            row = connection.execute(select(receipts).where(receipts.c.key == key)).first()
        if row is None:
            return None
        stored = StoredReceipt(row.fingerprint, row.stream_id, row.version, row.position, row.stored_at)
        if expired(key, stored, self._clock()):
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
        with self.engine.connect() as connection:
            return {row.key: row.fingerprint for row in connection.execute(statement)}

    def complete_position(self, checkpoints: Mapping[int, int]) -> int:
        """The largest P such that every shard's checkpoint has passed all its facts up to P."""
        pending = [
            select(literal(shard), func.min(fact_index.c.position)).where(
                fact_index.c.shard == shard, fact_index.c.position > checkpoints.get(shard, 0)
            )
            for shard in range(SHARDS)
        ]
        newest = select(literal(SHARDS), func.max(fact_index.c.position))
        with self.engine.connect() as connection:
            found = {row[0]: row[1] for row in connection.execute(union_all(*pending, newest))}
        head = found.pop(SHARDS) or 0
        unread = [position for position in found.values() if position is not None]
        return min(unread) - 1 if unread else head

    def indexed(self, until: int) -> int:
        """How many facts the index holds up to a position."""
        statement = select(func.count()).select_from(fact_index).where(fact_index.c.position <= until)
        with self.engine.connect() as connection:
            return connection.scalar(statement) or 0

    def last_positions(self, until: int) -> dict[int, int]:
        """Shard → the newest position it has up to `until`; absent if it has none."""
        statement = (
            select(fact_index.c.shard, func.max(fact_index.c.position))
            .where(fact_index.c.position <= until)
            .group_by(fact_index.c.shard)
        )
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def read_shard(self, shard: int, after: int, limit: int, until: int) -> list[tuple[int, bytes]]:
        """Positions and documents of one shard behind a position, in commit order."""
        own = (fact_index.c.shard == shard) & (fact_index.c.position > after) & (fact_index.c.position <= until)
        statement = select(fact_index.c.position).where(own).order_by(fact_index.c.position).limit(limit)
        with self.engine.connect() as connection:
            positions = list(connection.scalars(statement))
        if not positions:
            return []
        return self._documents_at(positions)

    def _documents_at(self, positions: Sequence[int]) -> list[tuple[int, bytes]]:
        position: ColumnClause[int] = column("notification_id" if self.engine.dialect.name == "postgresql" else "rowid")
        state: ColumnClause[bytes] = column("state")
        wanted = select(position, state).select_from(table("stored_events")).where(position.in_(positions))
        with self.engine.connect() as connection:
            return [(row[0], bytes(row[1])) for row in connection.execute(wanted.order_by(position))]

    def stored_at(self, position: int) -> datetime | None:
        """When the newest fact up to a position was stored, `None` if there is none."""
        newest = select(fact_index.c.stored_at).where(fact_index.c.position <= position)
        with self.engine.connect() as connection:
            found = connection.scalar(newest.order_by(fact_index.c.position.desc()).limit(1))
        return from_micros(found) if found is not None else None

    def epoch(self) -> str:
        """The identity of this store."""
        with self.engine.connect() as connection:
            return str(connection.scalar(select(epochs.c.epoch).order_by(epochs.c.number.desc()).limit(1)))

    def close(self) -> None:
        """Give the database back."""
        self._recorder.close()


@contextmanager
def _reachable() -> Iterator[None]:
    """Tell a database that is away as `Busy`."""
    try:
        yield
    except PersistenceError as error:
        raise Busy(f"the store cannot be read now: {error}") from error


def new_epoch() -> str:
    """A fresh epoch id."""
    return uuid4().hex[:12]
