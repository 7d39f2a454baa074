"""Takes facts into the read models: rows and checkpoint in one transaction."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.kernel.event import Recorded
from projections.bounds import MODEL_VERSION
from projections.models import checkpoints, generations, register, rows_of, tables_of
from projections.reads import checkpoints_of
from store.codec import decode
from store.database import writing_alone
from store.event_store import EventStore
from store.group import SHARDS, shard_of

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
        with writing_alone(self.engine, "projection") as connection:
            number = generation or live_or_first(connection, self.store.epoch())
            taken = take_batch(self.store, connection, number)
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


def take_batch(store: EventStore, connection: Connection, generation: int) -> int:
    """Take the next batch of facts, of all shards, into a generation; returns how many were read."""
    reached = checkpoints_of(connection, generation)
    documents = store.read_documents(min(reached.get(shard, 0) for shard in range(SHARDS)), BATCH)
    if documents:
        facts = ((decode(document, position), document) for position, document in documents)
        insert_facts(
            connection, generation, [(f, d) for f, d in facts if f.position > reached.get(shard_of(f.stream_id), 0)]
        )
        mine = checkpoints.c.generation == generation
        connection.execute(update(checkpoints).where(mine).values(position=documents[-1][0]))
    return len(documents)


def insert_facts(connection: Connection, generation: int, facts: Iterable[tuple[Recorded, bytes]]) -> None:
    """Insert every row that these facts add to the read models of a generation."""
    tables = tables_of(generation)[1]
    rows: dict[str, list[dict[str, Any]]] = {}
    for fact, document in facts:
        for name, row in rows_of(fact, document):
            rows.setdefault(name, []).append(row)
    for name, found in rows.items():
        connection.execute(_insert_new(tables[name], connection), found)


def _insert_new(table: Table, connection: Connection) -> Any:
    """An insert that passes over rows which are there already (an aspect seen before)."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()


def live_or_first(connection: Connection, epoch: str) -> int:
    """The live generation of today's models and this store; the first one is opened here."""
    number = connection.scalar(
        select(generations.c.number).where(
            generations.c.state == "live",
            generations.c.model_version == MODEL_VERSION,
            generations.c.epoch == epoch,
        )
    )
    return number or open_generation(connection, epoch, state="live")


def open_generation(connection: Connection, epoch: str, state: str) -> int:
    """Create the tables and checkpoints of a new generation; a live one retires the one before."""
    newest = connection.scalars(select(generations.c.number).order_by(generations.c.number.desc())).first()
    number = (newest or 0) + 1
    tables_of(number)[0].create_all(connection)
    connection.execute(insert(generations).values(number=number, state=state, model_version=MODEL_VERSION, epoch=epoch))
    connection.execute(
        insert(checkpoints),
        [{"generation": number, "shard": shard, "position": 0, "owner": ""} for shard in range(SHARDS)],
    )
    if state == "live":
        make_live(connection, number)
    return number


def make_live(connection: Connection, number: int) -> None:
    """Let a generation answer queries from now on, and drop the others."""
    retired: Iterable[int] = connection.scalars(
        select(generations.c.number).where(generations.c.number != number)
    ).all()
    connection.execute(update(generations).where(generations.c.number == number).values(state="live"))
    for old in retired:
        connection.execute(delete(generations).where(generations.c.number == old))
        connection.execute(delete(checkpoints).where(checkpoints.c.generation == old))
        tables_of(old)[0].drop_all(connection)
