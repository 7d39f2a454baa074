"""Takes facts into the read models: rows and checkpoint in one transaction."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy import Connection, Engine, MetaData, Table, delete, func, insert, inspect, select, update
from sqlalchemy.schema import DropTable

from projections.bounds import MODEL_VERSION
from projections.models import checkpoints, generations, parked, register, suffix_of, tables_of
from projections.reads import checkpoints_of
from store.database import writing_alone
from store.event_store import EventStore
from store.group import SHARDS, shard_of
from workers.intake import take_in

BATCH = 500
POLL_SECONDS = 0.2
log = structlog.get_logger()


def prepare_read_models(engine: Engine) -> None:
    """Create the register of generations; safe to be called by many processes at once."""
    with writing_alone(engine, "register of generations") as connection:
        register.create_all(connection)


class Projector:
    """Keeps the live generation up with the store; `after_step` is told after each batch."""

    def __init__(self, store: EventStore, engine: Engine) -> None:
        self.store = store
        self.engine = engine
        self.after_step: Callable[[], None] = lambda: None
        self.last_error: str | None = None
        self._settled_at: int | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follow the store in a thread of its own."""
        self._thread = threading.Thread(target=self._follow, name="projector", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join()

    def wake(self) -> None:
        """There may be new facts."""
        self._wake.set()

    def catch_up(self) -> None:
        """Take in everything there is."""
        while self.step():
            pass

    def step(self, generation: int | None = None) -> int:
        """Take one batch into a generation (by default the live one); returns how many facts."""
        head = self.store.head()
        if head == self._settled_at and generation is None:
            return 0
        with writing_alone(self.engine, "projection") as connection:
            number = generation or live_or_first(connection, self.store.epoch())
            taken = take_batch(self.store, connection, number, BATCH)
            promote(connection, self.store, number)
        self._settled_at = head if generation is None and taken < BATCH else None
        if taken:
            self.after_step()
        return taken

    def _follow(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                while self.step() and not self._stop.is_set():
                    pass
                self.last_error = None
            except Exception as error:
                self.last_error = f"{type(error).__name__}: {error}"
                log.error("projection_failed", error=self.last_error)
            self._wake.wait(POLL_SECONDS)


def take_batch(store: EventStore, connection: Connection, generation: int, most: int) -> int:
    """Take the next facts, of all shards and at most so many, into a generation; returns how many were read."""
    reached = checkpoints_of(connection, generation)
    found = store.read_documents(min(reached.get(shard, 0) for shard in range(SHARDS)), most)
    if found:
        new = [stored for stored in found if stored.position > reached.get(shard_of(stored.stream_id), 0)]
        take_in(store, connection, generation, new)
        reached_now = found[-1].position
        behind = (checkpoints.c.generation == generation) & (checkpoints.c.position < reached_now)
        connection.execute(update(checkpoints).where(behind).values(position=reached_now))
    return len(found)


def live_or_first(connection: Connection, epoch: str) -> int:
    """The live generation of today's models and this store.

    The very first one is opened live and fills before everybody's eyes. Where another stands (of an
    older model version, or another epoch) the new one is opened in the background.
    """
    every = connection.execute(select(generations).order_by(generations.c.number)).all()
    own = [row for row in every if row.model_version == MODEL_VERSION and row.epoch == epoch]
    standing = [row.number for row in own if row.state == "live"] or [row.number for row in own]
    if standing:
        return int(standing[-1])
    return open_generation(connection, epoch, state="building" if every else "live")


def open_generation(connection: Connection, epoch: str, state: str) -> int:
    """Create the tables and checkpoints of a new generation."""
    newest = connection.scalar(select(func.max(generations.c.number)))
    number = (newest or 0) + 1
    tables_of(number)[0].create_all(connection)
    connection.execute(insert(generations).values(number=number, state=state, model_version=MODEL_VERSION, epoch=epoch))
    connection.execute(
        insert(checkpoints),
        [{"generation": number, "shard": shard, "position": 0, "owner": ""} for shard in range(SHARDS)],
    )
    return number


def promote(connection: Connection, store: EventStore, number: int) -> bool:
    """Make a generation that was opened in the background live, once it is less than a batch behind.

    It need not have everything: while commands keep coming, nothing ever has. Whether it lives.
    """
    state = connection.scalar(select(generations.c.state).where(generations.c.number == number))
    if state == "building" and store.backlog(checkpoints_of(connection, number)).facts < BATCH:
        make_live(connection, number)
        return True
    return state == "live"


def make_live(connection: Connection, number: int) -> None:
    """Let a generation answer queries from now on; the one before is kept for readers at work."""
    connection.execute(
        update(generations)
        .where(generations.c.state == "live", generations.c.model_version <= MODEL_VERSION)
        .values(state="retired")
    )
    connection.execute(update(generations).where(generations.c.number == number).values(state="live"))


def retire_other_epochs(engine: Engine, epoch: str) -> None:
    """Let nothing that was read from the store before it was restored answer queries any more."""
    with engine.execution_options(immediate=True).begin() as connection:
        connection.execute(update(generations).where(generations.c.epoch != epoch).values(state="retired"))


def drop_retired(engine: Engine) -> None:
    """Drop generations that retired before the live one was begun: no reader can still be at work there."""
    with engine.connect() as connection:
        retired = connection.execute(select(generations).where(generations.c.state == "retired")).all()
    names = inspect(engine).get_table_names()
    for row in retired[:-1]:
        suffix = suffix_of(row.model_version, row.number)
        for name in (each for each in names if each.endswith(suffix)):
            with engine.execution_options(immediate=True).begin() as connection:
                connection.execute(DropTable(Table(name, MetaData())))
        with engine.execution_options(immediate=True).begin() as connection:
            connection.execute(delete(generations).where(generations.c.number == row.number))
            connection.execute(delete(checkpoints).where(checkpoints.c.generation == row.number))
            connection.execute(delete(parked).where(parked.c.generation == row.number))
