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
from store.codec import LARGEST, encode

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


class NewReceipt(NamedTuple):
    """The receipt of a command about to be recorded; `last` is the index of its last fact among those of the
    group, `None` if it recorded nothing.
    """

    key: str
    fingerprint: str
    stream_id: UUID
    version: int
    stored_at: int
    last: int | None


class LockedTransaction(Protocol):
    """One transaction under the append lock; positions it hands out are commit order."""

    def look(self, keys: Sequence[str], streams: Collection[UUID], subjects: Collection[UUID]) -> Known:
        """The receipts under any of the keys, the version of each stream that exists, and the position of the
        newest fact about each subject.
        """

    def insert(self, facts: Sequence[NewFact], receipts: Sequence[NewReceipt]) -> Mapping[str, int]:
        """Insert facts with what stands beside them, and the receipt of each command under its key; an expired
        one is replaced. Returns by key the position of the last fact, or the newest of all for a command without.
        """

    def insert_names(self, names: Mapping[UUID, str]) -> None:
        """Insert names of persons, beside the facts."""

    def erase(self, people: Collection[UUID], now: int) -> None:
        """Blank the names of persons, revoke their keys (`now` in µs since 1970) and end their sessions."""


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
    facts: list[NewFact] = field(default_factory=list)
    receipts: dict[str, NewReceipt] = field(default_factory=dict)
    names: dict[UUID, str | None] = field(default_factory=dict)


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
    refused = [_judge(commit, known.receipts, group) for commit in commits]
    positions = transaction.insert(group.facts, list(group.receipts.values())) if group.receipts else {}
    transaction.insert_names({person: name for person, name in group.names.items() if name is not None})
    if erased := [person for person, name in group.names.items() if name is None]:
        transaction.erase(erased, micros(group.stored_at))
    return [outcome or _receipt(group, commit.key, positions) for commit, outcome in zip(commits, refused, strict=True)]


def prepare(commits: Sequence[Commit]) -> None:
    """Work out beforehand what needs no lock, so that nobody else waits for it: each fact's content and subjects."""
    for commit in commits:
        for fact in commit.facts:
            _ = fact.content, fact.subjects


def _judge(commit: Commit, known: Mapping[str, StoredReceipt], group: _Group) -> Outcome | None:
    """The outcome, or `None` for a command whose receipt this group will write."""
    earlier = known.get(commit.key)
    if earlier and not expired(commit.key, earlier, group.stored_at):
        return replay(commit.fingerprint, earlier)
    if commit.key in group.receipts:
        return None if group.receipts[commit.key].fingerprint == commit.fingerprint else key_reused()
    for stream, expected in commit.expected.items():
        actual = group.versions.get(stream, 0)
        if expected != actual:
            return Conflict(f"the stream {stream} is at version {actual}, no longer at {expected}; read it again")
    for subject, position in commit.searched.items():
        if group.latest_about.get(subject, 0) != position:
            return Conflict(f"there are newer facts about {subject} than were looked at; read it again")
    return _accept(commit, group)


def _accept(commit: Commit, group: _Group) -> Refused | None:
    versions: dict[UUID, int] = {}
    facts = []
    for fact in commit.facts:
        version = versions.get(fact.stream_id, group.versions.get(fact.stream_id, 0)) + 1
        versions[fact.stream_id] = version
        facts.append(_new(fact, version, group.stored_at))
        if len(facts[-1].document) > LARGEST:
            told = f"{fact.event.fact_name} would have {len(facts[-1].document):,} bytes"
            return Refused(f"{told}, and {LARGEST:,} are possible at most; nothing was recorded, ask for less at once.")
    group.versions |= versions
    group.facts += facts
    group.latest_about.update({subject: STILL_COMING for fact in facts for subject in fact.subjects})
    group.receipts[commit.key] = NewReceipt(
        key=commit.key,
        fingerprint=commit.fingerprint,
        stream_id=commit.receipt_for,
        version=group.versions.get(commit.receipt_for, 0),
        stored_at=micros(group.stored_at),
        last=len(group.facts) - 1 if commit.facts else None,
    )
    group.names.update(commit.names)
    return None


def _receipt(group: _Group, key: str, positions: Mapping[str, int]) -> Receipt:
    return Receipt(group.receipts[key].stream_id, group.receipts[key].version, positions[key])


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
