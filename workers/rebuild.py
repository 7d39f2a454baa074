"""Building the read models anew beside the live ones, then switching over."""

import time
from collections.abc import Callable

from sqlalchemy import Engine, select

from projections.bounds import MODEL_VERSION
from projections.models import generations
from projections.reads import checkpoints_of
from store.database import writing_alone
from store.event_store import EventStore
from workers.projector import BATCH, drop_retired, make_live, open_generation, take_batch

PAUSE_SECONDS = 0.02
Progress = Callable[[int, int], None]


def rebuild(store: EventStore, engine: Engine, progress: Progress) -> int:
    """Build a new generation from the store and make it live; returns its number.

    Commands keep coming and reads keep answering from the old one. A build that was killed is
    taken up where it stopped. On SQLite, which has one writer, it pauses after each batch.
    `progress` is told the position reached and the newest.
    """
    pause = PAUSE_SECONDS if engine.dialect.name == "sqlite" else 0
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
            taken = take_batch(store, connection, number)
            reached = min(checkpoints_of(connection, number).values())
            if is_done := taken < BATCH:  # while commands keep coming, nothing is ever there in full
                make_live(connection, number)
        progress(reached, max(reached, store.head()))
        if is_done:
            drop_retired(engine)
            return number
        time.sleep(pause)
