"""A reader that follows the store misses nothing, repeats nothing, and sees nothing that was given up."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.sql import SQL
from pydantic_core import from_json

from domain.kernel.decide import Commit
from store.event_store import EventStore, Stored
from store.group import SHARDS, shard_of
from store.postgres import PostgresFactRecorder, PostgresLocked
from tests.faults.verbs import forked
from tests.faults.writer import Written, a_commit, opened, write, written
from tests.servers import until
from whyfolio.settings import Settings
from whyfolio.wiring import prepare_store

WRITERS = 16
FACTS = 50_000
PAGE = 500
POLL_SECONDS = 0.03
Read = Callable[[], list[Stored]]


class Reader:
    """Follows a store in a thread of its own, and remembers what it saw in the order in which it saw it."""

    def __init__(self, url: str, reading: Callable[[EventStore], Read]) -> None:
        self.seen: list[Written] = []
        self.pages = 0
        self._url = url
        self._reading = reading
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def finish(self) -> None:
        """End at the first page that is empty from now on."""
        self._enough.set()
        self._thread.join()

    def _follow(self) -> None:
        with opened(self._url) as store:
            read = self._reading(store)
            while True:
                is_last = self._enough.is_set()
                page = read()
                self.seen += map(_written, page)
                self.pages += bool(page)
                if is_last and not page:
                    return
                if len(page) < PAGE:
                    self._enough.wait(POLL_SECONDS)


def _written(stored: Stored) -> Written:
    fact = from_json(stored.document)
    return Written(UUID(fact["event_id"]), UUID(fact["stream_id"]), fact["version"], stored.position)


def by_position(store: EventStore) -> Read:
    """As the relay and the embedded projector read."""
    after = 0

    def read() -> list[Stored]:
        nonlocal after
        page = store.read_documents(after, PAGE)
        after = page[-1].position if page else after
        return page

    return read


def by_shard(store: EventStore) -> Read:
    """As a projector of the stream takes in from the store what it misses."""
    after = dict.fromkeys(range(SHARDS), 0)

    def read() -> list[Stored]:
        head, found = store.head(), []
        for shard in range(SHARDS):
            page = store.read_documents(after[shard], PAGE, head, shard)
            after[shard] = page[-1].position if page else after[shard]
            found += page
        return found

    return read


@contextmanager
def following(url: str, *readings: Callable[[EventStore], Read]) -> Iterator[list[Reader]]:
    """Readers at work, who have read everything when the block ends."""
    readers = [Reader(url, reading) for reading in readings]
    try:
        yield readers
    finally:
        for reader in readers:
            reader.finish()


def judge(seen: Sequence[Written], acknowledged: Sequence[Written]) -> None:
    """Fails unless exactly what was acknowledged was seen: each fact once, every stream in order, without a hole."""
    ids = {fact.event_id for fact in seen}
    promised = {fact.event_id: fact for fact in acknowledged}
    assert len(ids) == len(seen), "a fact was seen twice"
    assert not promised.keys() - ids, f"the reader missed {len(promised.keys() - ids)} facts"
    assert not ids - promised.keys(), f"the reader saw {len(ids - promised.keys())} facts that were never recorded"
    streams: dict[UUID, list[Written]] = defaultdict(list)
    for fact in seen:
        told = promised[fact.event_id]
        assert told == fact._replace(position=told.position and fact.position), "a receipt told something else"
        streams[fact.stream_id].append(fact)
    for facts in streams.values():
        assert [fact.version for fact in facts] == list(range(1, len(facts) + 1)), "a stream has a hole"
        assert facts == sorted(facts, key=lambda fact: fact.position or 0), "a stream was seen out of order"


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Sixteen processes that wait for work."""
    with ProcessPoolExecutor(WRITERS, forked()) as pool:
        yield pool


def test_a_reader_that_follows_sixteen_writers_sees_every_fact_once_and_in_order(
    settings: Settings, processes: ProcessPoolExecutor
) -> None:
    prepare_store(settings)
    url, shared = settings.database_url, uuid4()
    with following(url, by_position, by_shard) as readers:
        writing = [processes.submit(write, url, seed, shared, FACTS // WRITERS) for seed in range(WRITERS)]
        accounts = [each.result() for each in writing]
    acknowledged = [fact for account in accounts for fact in account.acknowledged]
    for reader in readers:
        judge(reader.seen, acknowledged)
        assert reader.pages > 50, "it read at the end, and followed nobody"
    assert len(acknowledged) >= FACTS
    assert sum(account.aborted for account in accounts) > 20
    assert sum(account.refused for account in accounts) > 20


class Unordered(PostgresFactRecorder):
    """The recorder without the lock that makes positions commit order."""

    before_commit: Callable[[], Any] = staticmethod(lambda: None)

    _begin = SQL("BEGIN")

    @contextmanager
    def locked(self) -> Iterator[PostgresLocked]:
        with super().locked() as transaction:
            yield transaction
            self.before_commit()


def test_without_the_append_lock_the_same_readers_miss_a_fact(postgresql_url: str) -> None:
    """One writer draws its position and waits to commit until the readers have passed a later one."""
    drawn, passed = threading.Event(), threading.Event()
    acknowledged: list[Written] = []

    def draw_and_wait() -> None:
        drawn.set()
        assert passed.wait(30)

    def append(commit: Commit, before_commit: Callable[[], Any]) -> None:
        recorder = Unordered(postgresql_url)
        recorder.before_commit = before_commit
        with opened(postgresql_url, recorder) as store:
            acknowledged.extend(written(commit, store.append(commit)))

    slow, quick = two_streams_of_one_shard()
    with following(postgresql_url, by_position, by_shard) as readers:
        waiting = threading.Thread(target=append, args=(a_commit(slow, 0), draw_and_wait))
        waiting.start()
        assert drawn.wait(30)
        append(a_commit(quick, 0), lambda: None)
        until(lambda: all(reader.seen for reader in readers), 30)
        passed.set()
        waiting.join()
    assert len(acknowledged) == 2
    for reader in readers:
        with pytest.raises(AssertionError, match="missed 1 facts"):
            judge(reader.seen, acknowledged)


def two_streams_of_one_shard() -> tuple[UUID, UUID]:
    one = uuid4()
    return one, next(other for other in iter(uuid4, None) if shard_of(other) == shard_of(one))
