"""A writer as a process of its own: it waits, gives up, is refused, and keeps account of what it was told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from domain.facts import portfolio as p
from domain.kernel.decide import Commit, Receipt
from domain.kernel.event import Fact
from domain.kernel.refusal import Busy, Conflict
from store.database import open_engine
from store.event_store import EventStore
from store.group import FactRecorder
from store.recorder import open_recorder

CHANCE_OF_ABORT = 0.1
CHANCE_OF_DELAY = 0.1
LONGEST_DELAY_SECONDS = 0.01
MOST_FACTS = 150
LONGEST_RUN_SECONDS = 300


class Written(NamedTuple):
    """One fact as it was acknowledged; `position` is known of the last fact of a command."""

    event_id: UUID
    stream_id: UUID
    version: int
    position: int | None


@dataclass
class Account:
    """What a writer was told: the acknowledged facts, and how many commands came to nothing."""

    acknowledged: list[Written] = field(default_factory=list)
    aborted: int = 0
    refused: int = 0


class Aborted(Exception):
    """The writer gave up after everything was inserted, just before the commit."""


def a_commit(stream: UUID, version: int, facts: int = 1) -> Commit:
    """A command that adds facts to a stream which is at a version."""
    now = datetime.now(UTC)
    made = [Fact(uuid4(), stream, p.PortfolioCreated(name="A"), now, None, "ada", "board", "c") for _ in range(facts)]
    return Commit(f"once:{uuid4()}", "f", stream, tuple(made), {stream: version})


def written(commit: Commit, receipt: Receipt) -> list[Written]:
    """The facts of a command as its receipt tells them."""
    first, last = receipt.version - len(commit.facts) + 1, commit.facts[-1]
    return [
        Written(fact.event_id, fact.stream_id, version, receipt.position if fact is last else None)
        for version, fact in enumerate(commit.facts, first)
    ]


@contextmanager
def opened(url: str, recorder: FactRecorder | None = None) -> Iterator[EventStore]:
    """The store as one more process opens it."""
    engine = open_engine(url)
    store = EventStore(recorder or open_recorder(url), engine, lambda: datetime.now(UTC))
    try:
        yield store
    finally:
        store.close()
        engine.dispose()


class Writer:
    """Writes to streams of its own, and to one it shares with all others, where it is often refused."""

    def __init__(self, store: EventStore, seed: int, shared: UUID) -> None:
        self.account = Account()
        self._store = store
        self._chance = Random(seed)
        self._shared = shared
        self._versions = {uuid4(): 0 for _ in range(4)}
        self._locked = store._recorder.locked
        store._recorder.locked = self._unsteady  # type: ignore[method-assign]

    def write(self, facts: int) -> Account:
        """Go on until so many facts are acknowledged, or it takes too long."""
        deadline = time.monotonic() + LONGEST_RUN_SECONDS
        while len(self.account.acknowledged) < facts and time.monotonic() < deadline:
            if self._happens(CHANCE_OF_DELAY):
                self._delay()
            self._try()
        return self.account

    def _try(self) -> None:
        commits = [*self._own(), *self._common()]
        try:
            outcomes = self._store.append_all(commits)
        except Aborted:
            self.account.aborted += len(commits)
            return
        for commit, outcome in zip(commits, outcomes, strict=True):
            if isinstance(outcome, Receipt):
                self.account.acknowledged += written(commit, outcome)
                if outcome.id in self._versions:
                    self._versions[outcome.id] = outcome.version
            else:
                assert isinstance(outcome, Busy | Conflict), outcome
                self.account.refused += 1

    def _own(self) -> list[Commit]:
        """Commands on some of our streams: mostly of few facts, at times of many."""
        streams = self._chance.sample(list(self._versions), self._chance.choice([1, 1, 1, 3]))
        return [a_commit(stream, self._versions[stream], self._size()) for stream in streams]

    def _common(self) -> list[Commit]:
        if not self._happens(0.15):
            return []
        return [a_commit(self._shared, self._store.version(self._shared))]

    def _size(self) -> int:
        return self._chance.choice([1, 1, 1, 2, 10, MOST_FACTS])

    def _happens(self, chance: float) -> bool:
        return self._chance.random() < chance

    def _delay(self) -> None:
        time.sleep(self._chance.uniform(0, LONGEST_DELAY_SECONDS))

    @contextmanager
    def _unsteady(self) -> Iterator[Any]:
        """The real locked transaction, which at times takes long, and at times comes to nothing."""
        with self._locked() as transaction:
            yield transaction
            if self._happens(CHANCE_OF_DELAY):
                self._delay()
            if self._happens(CHANCE_OF_ABORT):
                raise Aborted


def write(url: str, seed: int, shared: UUID, facts: int) -> Account:
    """The whole life of one writer process."""
    with opened(url) as store:
        return Writer(store, seed, shared).write(facts)
