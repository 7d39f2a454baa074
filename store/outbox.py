"""How far the store has been sent on to the stream, and who does it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, bindparam, select, update

from domain.kernel.instants import micros
from store.database import writing_once
from store.tables import relay

ADVANCE = (
    update(relay)
    .where(relay.c.owner == bindparam("of_owner"), relay.c.position == bindparam("before"))
    .values(position=bindparam("reached"), seen_at=bindparam("now"))
)


class Cursor(NamedTuple):
    """The position sent on so far, who sends, and when that one was last seen (µs since 1970; 0 = never)."""

    position: int
    owner: str
    seen_at: int


class Outbox:
    """The relay's cursor; it moves only under its owner."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self._clock = clock

    def cursor(self) -> Cursor:
        """Where the relay stands."""
        with self.engine.connect() as connection:
            row = connection.execute(select(relay.c.position, relay.c.owner, relay.c.seen_at)).one()
        return Cursor(*row)

    def take_over(self, owner: str) -> int:
        """Become the owner; whoever was it is fenced. Returns the position."""
        with self.engine.execution_options(immediate=True).begin() as connection:
            connection.execute(update(relay).values(owner=owner, seen_at=micros(self._clock())))
            return connection.scalar(select(relay.c.position)) or 0

    def advance(self, owner: str, before: int, position: int) -> bool:
        """Move on from `before` (or only be seen, if that is `position`); `False` if somebody else owns it by now."""
        moved = {"of_owner": owner, "before": before, "reached": position, "now": micros(self._clock())}
        with writing_once(self.engine) as connection:
            return connection.execute(ADVANCE, moved).rowcount == 1
