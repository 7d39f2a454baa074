"""Opening the read models: one snapshot, one generation, one position."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from projections.bounds import MODEL_VERSION, Bounds, View
from projections.models import checkpoints, generations, register, tables_of


class NotReady(Exception):
    """There is no live generation of the read models yet."""


class Reads:
    """The read side. `complete_position` tells from checkpoints up to where nothing is missing."""

    def __init__(
        self,
        engine: Engine,
        complete_position: Callable[[Mapping[int, int]], int],
        person_names: Callable[[Collection[UUID]], dict[UUID, str]],
        clock: Callable[[], datetime],
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._person_names = person_names
        self._complete_position = complete_position

    def create(self) -> None:
        """Create the register of generations."""
        with self.engine.execution_options(immediate=True).begin() as connection:
            register.create_all(connection)

    @contextmanager
    def view(self, bounds: Bounds, scope: frozenset[UUID] | None = None, pin: int | None = None) -> Iterator[View]:
        """A consistent snapshot within bounds, of the moment when the head was at `pin` if given.

        Raises `NotReady` before the first generation lives.
        """
        with self.engine.connect() as connection:
            generation = live_generation(connection)
            if generation is None:
                raise NotReady("the read models are being built; try again in a moment")
            position = self._complete_position(checkpoints_of(connection, generation))
            yield View(
                connection=connection,
                tables=tables_of(generation)[1],
                bounds=bounds,
                position=position if pin is None else min(position, pin),
                now=bounds.as_of or self.clock(),
                person_names=self._person_names,
                scope=scope,
            )

    def position(self) -> int:
        """Up to where the read models are complete; -1 before the first generation lives."""
        with self.engine.connect() as connection:
            generation = live_generation(connection)
            if generation is None:
                return -1
            return self._complete_position(checkpoints_of(connection, generation))


def live_generation(connection: Connection) -> int | None:
    """The generation that answers queries, if it is of today's model version."""
    return connection.scalar(
        select(generations.c.number).where(generations.c.state == "live", generations.c.model_version == MODEL_VERSION)
    )


def checkpoints_of(connection: Connection, generation: int) -> dict[int, int]:
    """Shard → the position up to which a generation has taken it in."""
    rows = connection.execute(select(checkpoints).where(checkpoints.c.generation == generation))
    return {row.shard: row.position for row in rows}
