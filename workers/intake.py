"""Taking facts into the read models: a fact that cannot be applied is parked, with what follows in its stream."""

import time
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import structlog
from pydantic_core import to_json
from sqlalchemy import Connection, Table, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.kernel.event import Recorded
from domain.kernel.instants import micros
from projections.models import generations, parked, rows_of, tables_of
from store.codec import decode
from store.event_store import EventStore, Stored
from workers.rows import add_rows

ATTEMPTS = 3
PAUSE_SECONDS = 0.05
NOT_THE_FACTS_FAULT = (OperationalError, InterfaceError, InternalError, ProgrammingError, PoolTimeout)
HELD = (
    select(parked.c.stream_id)
    .where(parked.c.generation == bindparam("of_generation"), parked.c.state == "parked")
    .distinct()
)
log = structlog.get_logger()


def take_in(store: EventStore, connection: Connection, generation: int, found: Sequence[Stored]) -> None:
    """Insert the rows of these facts, given in commit order. What the database does wrong is raised."""
    held = _held_streams(connection, generation)
    free = [stored for stored in found if stored.stream_id not in held]
    for stored in found:
        if stored.stream_id in held:
            _park(store, connection, generation, stored, None)
    if not _applied(connection, generation, free):
        _take_each(store, connection, generation, store.read_at([stored.position for stored in free]))


def _take_each(store: EventStore, connection: Connection, generation: int, found: Iterable[Stored]) -> None:
    """One fact after the other, as the store has it, each tried some times."""
    held: set[UUID] = set()
    for stored in found:
        error = None if stored.stream_id in held else _tried(connection, generation, stored)
        if (error or stored.stream_id in held) and _park(store, connection, generation, stored, error):
            held.add(stored.stream_id)


def _tried(connection: Connection, generation: int, stored: Stored) -> str | None:
    """Apply one fact; what is wrong with it if it could not be."""
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE_SECONDS * attempt)
        error = _failure(connection, generation, [stored])
        if error is None:
            return None
    return error


def _applied(connection: Connection, generation: int, found: Sequence[Stored]) -> bool:
    return not found or _failure(connection, generation, found) is None


def _failure(connection: Connection, generation: int, found: Sequence[Stored]) -> str | None:
    try:
        with connection.begin_nested():
            insert_facts(connection, generation, [(decode(each.document, each.position), each) for each in found])
    except NOT_THE_FACTS_FAULT:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return None


def _held_streams(connection: Connection, generation: int) -> set[UUID]:
    return set(connection.scalars(HELD, {"of_generation": generation}))


def _park(store: EventStore, connection: Connection, generation: int, stored: Stored, error: str | None) -> bool:
    """Put a fact aside; `False` if an operator has discarded it before, so that its stream goes on."""
    envelope = store.envelope(stored.position)
    was_discarded = error is not None and _was_discarded(store, connection, stored.position)
    row = {
        "generation": generation,
        "position": stored.position,
        "state": "discarded" if was_discarded else "parked",
        "shard": envelope.shard,
        "stream_id": stored.stream_id,
        "subjects": to_json(envelope.subjects).decode(),
        "name": envelope.name,
        "occurred_at": envelope.occurred_at,
        "recorded_at": envelope.recorded_at,
        "parked_at": micros(store.clock()),
        "error": error,
    }
    connection.execute(_insert_new(parked, connection).values(row))
    log.error(
        "fact_parked", position=stored.position, name=envelope.name, stream_id=str(stored.stream_id), error=error,
        traceparent=stored.traceparent, state=row["state"],
    )  # fmt: skip
    return not was_discarded


def _was_discarded(store: EventStore, connection: Connection, position: int) -> bool:
    of_this_store = select(generations.c.number).where(generations.c.epoch == store.epoch())
    discarded = (parked.c.position == position) & (parked.c.state == "discarded")
    return bool(connection.scalar(select(exists().where(discarded, parked.c.generation.in_(of_this_store)))))


def insert_facts(connection: Connection, generation: int, facts: Iterable[tuple[Recorded, Stored]]) -> None:
    """Insert every row that these facts add to the read models of a generation."""
    tables = tables_of(generation)[1]
    rows: dict[str, list[dict[str, Any]]] = {}
    for fact, stored in facts:
        for name, row in rows_of(fact, stored.document, stored.traceparent):
            rows.setdefault(name, []).append(row)
    for name in sorted(rows):
        add_rows(connection, tables[name], rows[name])


def _insert_new(table: Table, connection: Connection) -> Any:
    """An insert that passes over rows which are there already (a fact parked before)."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()
