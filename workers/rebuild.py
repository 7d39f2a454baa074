"""Building the read models anew beside the live ones, then switching over."""

from collections.abc import Callable
from time import monotonic, sleep

from sqlalchemy import Connection, Engine, select

from projections.bounds import MODEL_VERSION
from projections.models import checkpoints, generations
from projections.reads import checkpoints_of, live_generation
from store.database import go_alone, writing_alone
from store.event_store import EventStore
from workers.projector import BATCH, drop_retired, make_live, open_generation, take_batch

SMALL_BATCH = 200
"""Facts a transaction on SQLite, which has one writer: some hundred rows."""
PAUSE_SECONDS = 0.02
Progress = Callable[[int, int], None]


def rebuild(store: EventStore, engine: Engine, progress: Progress) -> int:
    """Build a new generation from the store and make it live; returns its number.

    Commands keep coming and reads keep answering from the old one. A build that was killed is
    taken up where it stopped. On SQLite it pauses after each batch as long as that took, so that
    commands have half of the time. `progress` is told the position reached and the newest.
    """
    is_paced = engine.dialect.name == "sqlite"
    most = min(BATCH, SMALL_BATCH) if is_paced else BATCH
    with writing_alone(engine, "rebuild") as connection:
        number = connection.scalar(
            select(generations.c.number).where(
                generations.c.state == "building",
                generations.c.model_version == MODEL_VERSION,
                generations.c.epoch == store.epoch(),
            )
        ) or open_generation(connection, store.epoch(), state="building")
    while True:
        with writing_alone(engine, "rebuild") as connection:
            began = monotonic()
            if is_done := take_batch(store, connection, number, most) < most:
                # while commands keep coming, nothing is ever there in full; but nobody shall be taken back
                _hold_still(connection, store)
                while take_batch(store, connection, number, BATCH) == BATCH:
                    pass
                make_live(connection, number)
            reached = min(checkpoints_of(connection, number).values())
        progress(reached, max(reached, store.head()))
        if is_done:
            drop_retired(engine)
            return number
        if is_paced:
            sleep(max(PAUSE_SECONDS, monotonic() - began))


def _hold_still(connection: Connection, store: EventStore) -> None:
    """Let nobody move the live generation on until this transaction ends."""
    go_alone(connection, "projection")
    live = checkpoints.c.generation == live_generation(connection, store.epoch())
    connection.execute(select(checkpoints.c.shard).where(live).with_for_update())
