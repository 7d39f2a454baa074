"""What operators do about parked facts: look, try again, or leave one out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, select, update

from domain.kernel.refusal import NotFound
from projections.models import checkpoints, parked
from projections.reads import NotReady, live_generation
from store.database import wait_for_disk, writing_alone
from store.event_store import EventStore
from store.group import shard_of
from workers.intake import take_in


class Outcome(NamedTuple):
    """How many facts of a stream were applied, and how many are still parked."""

    applied: int
    parked: int


def parked_facts(store: EventStore, engine: Engine) -> Sequence[Row[tuple[object, ...]]]:
    """Parked and discarded facts of the live read models, in order of position."""
    with engine.connect() as connection:
        wanted = select(parked).where(parked.c.generation == _live(store, connection)).order_by(parked.c.position)
        return connection.execute(wanted).all()


def parked_streams(store: EventStore, engine: Engine) -> list[UUID]:
    """Streams with parked facts, the longest parked first."""
    return list(dict.fromkeys(row.stream_id for row in parked_facts(store, engine) if row.state == "parked"))


def retry(store: EventStore, engine: Engine, stream: UUID) -> Outcome:
    """Take the parked facts of a stream in again, in order; what still fails stays, with what follows it."""
    with _holding(store, engine, stream) as (connection, generation):
        return _again(store, connection, generation, stream)


def discard(store: EventStore, engine: Engine, stream: UUID) -> Outcome:
    """Leave the failing fact of a stream out of the read models, for good, and take in what waits behind it.

    The store keeps the fact. Later rebuilds leave it out too, unless they can apply it.
    """
    with _holding(store, engine, stream) as (connection, generation):
        wait_for_disk(connection)
        first = min(_positions(connection, generation, stream))
        failing = (parked.c.generation == generation) & (parked.c.position == first)
        connection.execute(update(parked).where(failing).values(state="discarded"))
        return _again(store, connection, generation, stream)


def _again(store: EventStore, connection: Connection, generation: int, stream: UUID) -> Outcome:
    before = _positions(connection, generation, stream)
    connection.execute(delete(parked).where(_waiting(generation, stream)))
    take_in(store, connection, generation, store.read_at(before))
    left = len(_positions(connection, generation, stream))
    return Outcome(len(before) - left, left)


@contextmanager
def _holding(store: EventStore, engine: Engine, stream: UUID) -> Iterator[tuple[Connection, int]]:
    """The live generation, with the stream's shard held still. Raises `NotFound` if nothing of it is parked."""
    with writing_alone(engine, "projection") as connection:
        generation = _live(store, connection)
        own = (checkpoints.c.generation == generation) & (checkpoints.c.shard == shard_of(stream))
        connection.execute(select(checkpoints).where(own).with_for_update())
        if not _positions(connection, generation, stream):
            raise NotFound(f"no fact of the stream {stream} is parked")
        yield connection, generation


def _live(store: EventStore, connection: Connection) -> int:
    generation = live_generation(connection, store.epoch())
    if generation is None:
        raise NotReady("the read models are not built yet")
    return generation


def _positions(connection: Connection, generation: int, stream: UUID) -> list[int]:
    return list(connection.scalars(select(parked.c.position).where(_waiting(generation, stream))))


def _waiting(generation: int, stream: UUID) -> ColumnElement[bool]:
    return (parked.c.generation == generation) & (parked.c.stream_id == stream) & (parked.c.state == "parked")
