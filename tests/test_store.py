"""The store keeps facts in commit order, each command once, all of it or nothing."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import ApplicationRecorder
from eventsourcing.tests.persistence import ApplicationRecorderTestCase
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from domain.facts import portfolio as p
from domain.kernel.decide import Commit, Receipt
from domain.kernel.event import Event, Fact, Recorded
from domain.kernel.refusal import Busy, Conflict, KeyReused
from store.database import open_engine
from store.event_store import EventStore
from store.group import FactRecorder, shard_of
from store.histories import Histories
from store.migrate import is_current, migrate
from store.recorder import open_recorder
from store.tables import epochs
from tests.conftest import Clock
from whyfolio.settings import Settings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def url(settings: Settings) -> str:
    """A migrated database."""
    return settings.database_url


@pytest.fixture
def open_store(url: str) -> Iterator[Callable[[], EventStore]]:
    """Opens the same database again and again, as several processes would."""
    opened: list[EventStore] = []

    def open_it() -> EventStore:
        store = EventStore(open_recorder(url), open_engine(url), Clock(NOW))
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()
        store.engine.dispose()


@pytest.fixture
def store(open_store: Callable[[], EventStore]) -> EventStore:
    return open_store()


def a_fact(stream: UUID, event: Event | None = None) -> Fact:
    return Fact(uuid4(), stream, event or p.PortfolioCreated(name="A"), NOW, None, "ada", "board", "c")


def commit(stream: UUID, at: int, key: str = "", others: dict[UUID, int] | None = None, facts: int = 1) -> Commit:
    return Commit(
        key=key or f"once:{uuid4()}",
        fingerprint="f",
        receipt_for=stream,
        facts=tuple(a_fact(stream) for _ in range(facts)),
        expected={stream: at, **(others or {})},
    )


def test_positions_follow_commits_and_versions_follow_streams(store: EventStore) -> None:
    one, other = uuid4(), uuid4()
    store.append(commit(one, 0))
    store.append(commit(other, 0))
    receipt = store.append(commit(one, 1, facts=2))
    assert [(fact.position, fact.version) for fact in store.read(0, 10)] == [(1, 1), (2, 1), (3, 2), (4, 3)]
    assert receipt == Receipt(one, 3, 4)
    assert store.head() == 4


def test_a_version_that_was_taken_is_refused_and_nothing_is_written(store: EventStore) -> None:
    stream = uuid4()
    store.append(commit(stream, 0))
    with pytest.raises(Conflict, match="version 1, no longer at 0"):
        store.append(commit(stream, 0))
    assert store.head() == 1


def test_every_stream_that_was_read_is_checked_not_only_those_written(store: EventStore) -> None:
    budget, first, second = uuid4(), uuid4(), uuid4()
    store.append(commit(budget, 0))
    store.append(commit(first, 0, others={budget: 1}))
    store.append(commit(budget, 1))
    with pytest.raises(Conflict):
        store.append(commit(second, 0, others={budget: 1}))


def test_in_one_group_the_first_wins_and_the_others_are_refused_alone(store: EventStore) -> None:
    stream, free = uuid4(), uuid4()
    outcomes = store.append_all([commit(stream, 0), commit(stream, 0), commit(free, 0), commit(stream, 1)])
    assert isinstance(outcomes[1], Conflict)
    assert [type(outcome) for outcome in outcomes] == [Receipt, Conflict, Receipt, Receipt]
    assert [(fact.stream_id, fact.version) for fact in store.read(0, 10)] == [(stream, 1), (free, 1), (stream, 2)]


def test_a_stream_that_was_read_before_shows_what_others_added_since(
    open_store: Callable[[], EventStore],
) -> None:
    ours, theirs, stream = open_store(), open_store(), uuid4()
    ours.append(commit(stream, 0))
    assert [fact.version for fact in ours.history(stream)] == [1]
    theirs.append(commit(stream, 1, facts=2))
    assert [fact.version for fact in ours.history(stream)] == [1, 2, 3]
    assert ours.history(stream) == theirs.history(stream)
    assert not ours.history(uuid4())


def test_of_many_streams_those_read_last_are_kept(open_store: Callable[[], EventStore]) -> None:
    store, streams = open_store(), [uuid4() for _ in range(4)]
    for stream in streams:
        store.append(commit(stream, 0, facts=2))
    read: list[tuple[UUID, int]] = []

    def read_behind(stream: UUID, version: int) -> list[Recorded]:
        read.append((stream, version))
        return list(store.history(stream)[version:])

    kept = Histories(read_behind, most_facts=6)
    for stream in (*streams[:3], streams[0], streams[3], streams[0], streams[1]):
        assert len(kept.of(stream)) == 2
    assert [version for _, version in read] == [0, 0, 0, 2, 0, 2, 0]


def test_many_streams_at_once_are_read_as_they_stand(open_store: Callable[[], EventStore]) -> None:
    here, elsewhere = open_store(), open_store()
    grown, still, absent = uuid4(), uuid4(), uuid4()
    for stream in (grown, still):
        here.append(commit(stream, 0))
    assert [len(facts) for facts in here.histories([grown, still, absent]).values()] == [1, 1, 0]
    elsewhere.append(commit(grown, 1))
    elsewhere.append(commit(absent, 0))
    assert here.histories([absent, still, grown]) == {
        stream: tuple(elsewhere.history(stream)) for stream in (absent, still, grown)
    }
    assert here.histories([]) == {}


def test_doing_it_twice_is_nothing(store: EventStore) -> None:
    stream = uuid4()
    once = commit(stream, 0, key="import:a:1")
    first = store.append(once)
    assert store.append(commit(stream, 0, key="import:a:1")) == first
    both = store.append_all([commit(stream, 1, key="k"), commit(stream, 1, key="k")])
    assert both[0] == both[1]
    assert store.head() == 2


def test_a_key_with_another_content_is_refused(store: EventStore) -> None:
    stream = uuid4()
    store.append(commit(stream, 0, key="k"))
    other = Commit("k", "another", stream, (a_fact(stream),), {stream: 1})
    with pytest.raises(KeyReused):
        store.append(other)
    outcomes = store.append_all([commit(stream, 1, key="n"), Commit("n", "x", stream, (), {stream: 1})])
    assert isinstance(outcomes[1], KeyReused)


def test_a_command_that_changes_nothing_leaves_a_receipt_and_no_fact(store: EventStore) -> None:
    stream = uuid4()
    store.append(commit(stream, 0))
    receipt = store.append(Commit("k", "f", stream, (), {stream: 1}))
    assert receipt == Receipt(stream, 1, 1)
    assert store.receipt("k", "f") == receipt


def test_32_writers_lose_and_repeat_nothing(open_store: Callable[[], EventStore]) -> None:
    """Two stores on one file, as two processes: positions stay commit order, versions contiguous."""
    stores = [open_store(), open_store()]
    stream = uuid4()

    def write(number: int) -> int:
        store, accepted = stores[number % 2], 0
        while accepted < 5:
            version = store.versions([stream]).get(stream, 0)
            try:
                store.append(commit(stream, version))
                accepted += 1
            except Conflict:
                continue
        return accepted

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(write, range(32))) == 160
    assert [fact.version for fact in stores[0].history(stream)] == list(range(1, 161))
    assert [fact.version for fact in stores[0].read(0, 1000)] == list(range(1, 161))


def test_32_requests_with_one_key_make_one_fact(store: EventStore) -> None:
    stream = uuid4()
    with ThreadPoolExecutor(32) as pool:
        receipts = set(pool.map(lambda _: store.append(commit(stream, 0, key="same")), range(32)))
    assert receipts == {Receipt(stream, 1, 1)}
    assert store.head() == 1


def test_waiting_is_bounded(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.append_queue.LONGEST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(store.queue, "_is_led", True)  # by somebody who takes long
    with pytest.raises(Busy, match="nothing was recorded"):
        store.append(commit(uuid4(), 0))
    monkeypatch.setattr("store.append_queue.MOST_WAITING", 0)
    with pytest.raises(Busy, match="too many"):
        store.append(commit(uuid4(), 0))
    assert store.head() == 0


def test_a_failure_in_the_middle_leaves_nothing_half_written(
    store: EventStore, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    failure = sqlite3.OperationalError if url.startswith("sqlite") else psycopg.OperationalError

    def broken(*_: object) -> None:
        raise failure("disk I/O error")

    stream = uuid4()
    for locked in ("store.sqlite.SQLiteLocked", "store.postgres.PostgresLocked"):
        monkeypatch.setattr(f"{locked}.insert_names", broken)
    with pytest.raises(Busy, match="cannot record now"):
        store.append(commit(stream, 0, key="k"))
    monkeypatch.undo()
    assert store.head() == 0
    assert store.receipt("k", "f") is None
    assert store.append(commit(stream, 0, key="k")).version == 1


def test_a_commit_that_came_through_before_the_connection_broke_is_found_out(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = store._recorder.locked

    @contextmanager
    def cut_after_commit() -> Iterator[Any]:
        with locked() as transaction:
            yield transaction
        monkeypatch.undo()
        raise Busy("the connection broke")

    stream = uuid4()
    monkeypatch.setattr(store._recorder, "locked", cut_after_commit)
    assert store.append(commit(stream, 0)) == Receipt(stream, 1, 1)
    assert store.head() == 1


def test_facts_can_neither_be_changed_nor_deleted(store: EventStore) -> None:
    store.append(commit(uuid4(), 0))
    for statement in ("DELETE FROM stored_events", "UPDATE stored_events SET topic = 'x'"):
        with pytest.raises(DBAPIError, match="never changed or deleted"), store.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert len(store.read(0, 10)) == 1


def test_a_fact_keeps_its_three_times_and_its_shard(store: EventStore) -> None:
    stream = UUID("0190a1b2-0000-7000-8000-000000000001")
    earlier = NOW - timedelta(days=400)
    fact = Fact(uuid4(), stream, p.PortfolioCreated(name="A"), earlier, earlier + timedelta(days=1), "x:y", "r", "c")
    store.append(Commit("k", "f", stream, (fact,), {stream: 0}))
    (read,) = store.read(0, 10)
    assert (read.occurred_at, read.recorded_at) == (earlier, earlier + timedelta(days=1))
    assert read.stored_at > NOW
    assert shard_of(stream) == 7  # crc32 of the id's 16 bytes, modulo 12


def test_a_store_is_complete_up_to_what_every_shard_passed(store: EventStore) -> None:
    streams = [uuid4() for _ in range(40)]
    for stream in streams:
        store.append(commit(stream, 0))
    assert store.complete_position({}) == 0
    assert store.complete_position(dict.fromkeys(range(12), 40)) == 40
    behind = shard_of(streams[9])
    missing = next(i for i, stream in enumerate(streams, start=1) if shard_of(stream) == behind)
    assert store.complete_position({**dict.fromkeys(range(12), 40), behind: 0}) == missing - 1


def test_many_may_migrate_an_empty_database_at_once(empty_url: str) -> None:
    def prepare(_: int) -> bool:
        engine = open_engine(empty_url)
        try:
            was_empty = migrate(engine, NOW)
            assert is_current(engine)
            return was_empty
        finally:
            engine.dispose()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(prepare, range(8))) == 1
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        assert len(connection.execute(select(epochs)).all()) == 1
    engine.dispose()


@contextmanager
def recorder_at(url: str) -> Iterator[FactRecorder]:
    """A recorder, closed once every thread that was begun meanwhile has ended: the library's tests leave readers."""
    before, recorder = set(threading.enumerate()), open_recorder(url)
    yield recorder
    for begun in set(threading.enumerate()) - before:
        if begun.name.startswith("Thread-"):
            begun.join(10)
    recorder.close()


class LibrarysOwnPromises(ApplicationRecorderTestCase[ApplicationRecorder]):
    """What the library asks of any application recorder."""

    __test__ = False
    recorder: FactRecorder

    def create_recorder(self) -> ApplicationRecorder:
        return self.recorder

    def test_insert_subscribe(self) -> None:
        """Readers poll and are woken after each append; nobody subscribes."""


class TestTheLibrarysPromisesOnSQLite(LibrarysOwnPromises):
    __test__ = True

    @pytest.fixture(autouse=True)
    def _open(self, sqlite_url: str) -> Iterator[None]:
        with recorder_at(sqlite_url) as self.recorder:
            yield


class TestTheLibrarysPromisesOnPostgres(LibrarysOwnPromises):
    __test__ = True

    @pytest.fixture(autouse=True)
    def _open(self, postgresql_url: str) -> Iterator[None]:
        with recorder_at(postgresql_url) as self.recorder:
            yield
