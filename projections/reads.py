"""Opening the read models: one snapshot, one generation, one position."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection, Engine, bindparam, func, select

from projections.bounds import MODEL_VERSION, Bounds, Parked, Scope, View
from projections.models import checkpoints, generations, heartbeats, parked, tables_of

LIVE = select(generations.c.number).where(
    generations.c.state == "live",
    generations.c.model_version == MODEL_VERSION,
    generations.c.epoch == bindparam("epoch"),
)
CHECKPOINTS = select(checkpoints).where(checkpoints.c.generation == bindparam("generation"))
PARKED = (
    select(parked)
    .where(parked.c.generation == bindparam("generation"), parked.c.state == "parked")
    .order_by(parked.c.position)
)
"""What every read asks, put together once."""


class NotReady(Exception):
    """There is no live generation of the read models yet."""


class Log(Protocol):
    """What reading needs to know of the store."""

    def epoch(self) -> str:
        """The identity of the store."""

    def complete_position(self, checkpoints: Mapping[int, int]) -> int:
        """The largest position that every shard's checkpoint has passed all facts up to."""

    def stored_at(self, position: int) -> datetime | None:
        """When the newest fact up to a position was stored."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the read models stand: checkpoints of the live generation (`None` before the first lives), facts parked
    in it, checkpoints of one that is being built beside it, and when each shard's projector was last seen
    (µs since 1970).
    """

    checkpoints: Mapping[int, int] | None
    parked: int
    building: Mapping[int, int] | None
    seen_at: Mapping[int, int]


class Reads:
    """The read side, over the log whose facts it shows."""

    def __init__(
        self,
        engine: Engine,
        log: Log,
        person_names: Callable[[Collection[UUID]], dict[UUID, str]],
        clock: Callable[[], datetime],
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._person_names = person_names
        self._log = log

    @contextmanager
    def view(self, bounds: Bounds, scope: Scope | None = None, pin: int | None = None) -> Iterator[View]:
        """A consistent snapshot within bounds, of the moment when the head was at `pin` if given.

        Raises `NotReady` before the first generation lives.
        """
        with self.engine.connect() as connection:
            generation = live_generation(connection, self._log.epoch())
            if generation is None:
                raise NotReady("the read models are being built; try again in a moment")
            position = self._log.complete_position(checkpoints_of(connection, generation))
            yield View(
                connection=connection,
                tables=tables_of(generation)[1],
                bounds=bounds,
                position=position if pin is None else min(position, pin),
                now=self.now(bounds),
                person_names=self._person_names,
                scope=scope,
                parked=_parked(connection, generation),
            )

    def now(self, bounds: Bounds) -> datetime:
        """The clock of what is computed: the bound itself, so that an answer about the past never changes."""
        if bounds.as_of:
            return bounds.as_of
        ends = [self.clock(), bounds.known_at, self._log.stored_at(bounds.at) if bounds.at is not None else None]
        return min(end for end in ends if end)

    def position(self) -> int:
        """Up to where the read models are complete; -1 before the first generation lives."""
        with self.engine.connect() as connection:
            generation = live_generation(connection, self._log.epoch())
            if generation is None:
                return -1
            return self._log.complete_position(checkpoints_of(connection, generation))

    def standing(self) -> Standing:
        """How far they are, for metrics and readiness."""
        epoch = self._log.epoch()
        building = (generations.c.state == "building") & (generations.c.model_version == MODEL_VERSION)
        newest = select(func.max(generations.c.number)).where(building, generations.c.epoch == epoch)
        with self.engine.connect() as connection:
            live, built = live_generation(connection, epoch), connection.scalar(newest)
            waiting = (parked.c.generation == live) & (parked.c.state == "parked")
            return Standing(
                checkpoints=checkpoints_of(connection, live) if live is not None else None,
                parked=connection.scalar(select(func.count()).select_from(parked).where(waiting)) or 0,
                building=checkpoints_of(connection, built) if built is not None else None,
                seen_at={row.shard: row.seen_at for row in connection.execute(select(heartbeats))},
            )


def live_generation(connection: Connection, epoch: str) -> int | None:
    """The generation that answers queries, if it is of today's model version and this store."""
    return connection.scalar(LIVE, {"epoch": epoch})


def checkpoints_of(connection: Connection, generation: int) -> dict[int, int]:
    """Shard → the position up to which a generation has taken it in."""
    rows = connection.execute(CHECKPOINTS, {"generation": generation})
    return {row.shard: row.position for row in rows}


def _parked(connection: Connection, generation: int) -> tuple[Parked, ...]:
    return tuple(
        Parked(
            row.position,
            row.stream_id,
            row.occurred_at,
            row.recorded_at,
            frozenset(UUID(subject) for subject in from_json(row.subjects)),
        )
        for row in connection.execute(PARKED, {"generation": generation})
    )
