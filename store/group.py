"""Grouped append: commands that wait together share one transaction."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID
from zlib import crc32

from eventsourcing.persistence import ApplicationRecorder

from domain.kernel.decide import Commit, Receipt
from domain.kernel.event import Fact
from domain.kernel.instants import micros
from domain.kernel.refusal import Conflict, KeyReused, Refused
from store.codec import encode

SHARDS = 12
STILL_COMING = -1
"""The position of a fact that this group is about to insert."""
RECEIPTS_KEPT = timedelta(days=30)
KEPT_FOR_EVER = ("import:", "story:")
CANNOT_RECORD = "the store cannot record now; nothing was recorded, try again"
"""True as long as nobody came as far as the commit; who did has to find out."""

Outcome = Receipt | Refused


def shard_of(stream_id: UUID) -> int:
    """The shard, and Kafka partition, of a stream: crc32 of its 16 bytes modulo 12."""
    return crc32(stream_id.bytes) % SHARDS


class StoredReceipt(NamedTuple):
    """What is remembered of a command that was recorded."""

    fingerprint: str
    stream_id: UUID
    version: int
    position: int
    stored_at: int


class Known(NamedTuple):
    """What a store knows of the keys, streams and subjects of a group."""

    receipts: dict[str, StoredReceipt]
    versions: dict[UUID, int]
    latest_about: dict[UUID, int]


class NewFact(NamedTuple):
    """A fact about to be inserted: its document, and what can be asked without reading it; instants in µs."""

    event_id: UUID
    stream_id: UUID
    version: int
    name: str
    kind: str
    occurred_at: int
    recorded_at: int
    stored_at: int
    actor: str
    shard: int
    traceparent: str | None
    subjects: tuple[UUID, ...]
    document: bytes


ReceiptRow = tuple[str, str, UUID, int, int, int]
"""Key, fingerprint, stream, version, position, stored_at."""


class LockedTransaction(Protocol):
    """One transaction under the append lock; positions it hands out are commit order."""

    def look(self, keys: Sequence[str], streams: Collection[UUID], subjects: Collection[UUID]) -> Known:
        """The receipts under any of the keys, the version of each stream that exists, and the position of the
        newest fact about each subject.
        """

    def head(self) -> int:
        """The newest position, 0 if there is none."""

    def insert(self, facts: Sequence[NewFact]) -> Sequence[int]:
        """Insert facts with what stands beside them; returns their positions."""

    def insert_receipts(self, rows: Sequence[ReceiptRow]) -> None:
        """Insert the receipt of each command, under its key."""

    def insert_names(self, names: Mapping[UUID, str]) -> None:
        """Insert names of persons, beside the facts."""


class FactRecorder(ApplicationRecorder, ABC):
    """The library's recorder of one database, with our append lock."""

    @abstractmethod
    def locked(self) -> AbstractContextManager[LockedTransaction]:
        """A transaction that holds the append lock; rolled back on any error. Raises `Busy`."""

    @abstractmethod
    def close(self) -> None:
        """Give the database back."""


@dataclass
class _Group:
    stored_at: datetime
    versions: dict[UUID, int]
    latest_about: dict[UUID, int]
    accepted: list[tuple[int, Commit, dict[UUID, int]]] = field(default_factory=list)
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    facts: list[tuple[Fact, int]] = field(default_factory=list)


def append_group(
    transaction: LockedTransaction, commits: Sequence[Commit], now: Callable[[], datetime]
) -> list[Outcome]:
    """Accept, replay or refuse each command in order of arrival; insert what was accepted.

    Decided in memory, without savepoints, so that a refused command cannot disturb the others.
    """
    known = transaction.look(
        [commit.key for commit in commits],
        {stream for commit in commits for stream in commit.expected},
        {subject for commit in commits for subject in commit.searched},
    )
    group = _Group(now(), known.versions, known.latest_about)
    refused = [_judge(commit, known.receipts, group, index) for index, commit in enumerate(commits)]
    receipts = _insert(transaction, group)
    return [outcome or receipts[group.keys[commit.key][0]] for commit, outcome in zip(commits, refused, strict=True)]


def _judge(commit: Commit, known: Mapping[str, StoredReceipt], group: _Group, index: int) -> Outcome | None:
    """The outcome, or `None` for a command whose receipt this group will write."""
    earlier = known.get(commit.key)
    if earlier and not expired(commit.key, earlier, group.stored_at):
        return replay(commit.fingerprint, earlier)
    if commit.key in group.keys:
        return None if group.keys[commit.key][1] == commit.fingerprint else key_reused()
    for stream, expected in commit.expected.items():
        actual = group.versions.get(stream, 0)
        if expected != actual:
            return Conflict(f"the stream {stream} is at version {actual}, no longer at {expected}; read it again")
    for subject, position in commit.searched.items():
        if group.latest_about.get(subject, 0) != position:
            return Conflict(f"there are newer facts about {subject} than were looked at; read it again")
    group.keys[commit.key] = (index, commit.fingerprint)
    reached = dict(commit.expected)
    for fact in commit.facts:
        reached[fact.stream_id] = group.versions[fact.stream_id] = group.versions.get(fact.stream_id, 0) + 1
        group.facts.append((fact, reached[fact.stream_id]))
        group.latest_about.update(dict.fromkeys((subject.id for subject in fact.subjects), STILL_COMING))
    group.accepted.append((index, commit, reached))
    return None


def replay(fingerprint: str, earlier: StoredReceipt) -> Outcome:
    """The receipt of the command that already used the key, if it was the same command."""
    if earlier.fingerprint != fingerprint:
        return key_reused()
    return Receipt(earlier.stream_id, earlier.version, earlier.position)


def key_reused() -> KeyReused:
    """The refusal of a key that comes back with another content."""
    return KeyReused("this Idempotency-Key was used with another body; take a new key for a new command")


def expired(key: str, receipt: StoredReceipt, now: datetime) -> bool:
    """Whether the receipt is forgotten: after 30 days, but never that of an import."""
    return not key.startswith(KEPT_FOR_EVER) and receipt.stored_at < micros(now - RECEIPTS_KEPT)


def _insert(transaction: LockedTransaction, group: _Group) -> dict[int, Receipt]:
    new = [_new(fact, version, group.stored_at) for fact, version in group.facts]
    positions = transaction.insert(new) if new else []
    receipts = _receipts(transaction, group, positions)
    transaction.insert_receipts(
        [
            (
                commit.key,
                commit.fingerprint,
                receipts[index].id,
                receipts[index].version,
                receipts[index].position,
                micros(group.stored_at),
            )
            for index, commit, _ in group.accepted
        ]
    )
    for _, commit, _ in group.accepted:
        transaction.insert_names(commit.names)
    return receipts


def _receipts(transaction: LockedTransaction, group: _Group, positions: Sequence[int]) -> dict[int, Receipt]:
    head = positions[-1] if positions else transaction.head()
    receipts, taken = {}, 0
    for index, commit, reached in group.accepted:
        taken += len(commit.facts)
        position = positions[taken - 1] if commit.facts else head
        receipts[index] = Receipt(commit.receipt_for, reached.get(commit.receipt_for, 0), position)
    return receipts


def _new(fact: Fact, version: int, stored_at: datetime) -> NewFact:
    return NewFact(
        event_id=fact.event_id,
        stream_id=fact.stream_id,
        version=version,
        name=fact.event.fact_name,
        kind=fact.event.stream_kind,
        occurred_at=micros(fact.occurred_at),
        recorded_at=micros(fact.recorded_at or stored_at),
        stored_at=micros(stored_at),
        actor=fact.actor,
        shard=shard_of(fact.stream_id),
        traceparent=fact.traceparent,
        subjects=tuple(subject.id for subject in fact.subjects),
        document=encode(fact, version, stored_at),
    )
