"""The projector that is fed by the stream: some of the shards, fenced, gaps repaired from the store."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import chain
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from domain.kernel.instants import BEGINNING, micros
from projections.models import checkpoints, generations, heartbeats
from store.database import writing_alone
from store.event_store import EventStore, Stored
from workers.intake import take_in
from workers.projector import live_or_first, promote
from workers.relay import Fenced
from workers.stream import Message

PAGE = 500
BEAT = timedelta(seconds=2)
log = structlog.get_logger()

OURS = (checkpoints.c.generation == bindparam("of_generation")) & (checkpoints.c.shard == bindparam("of_shard"))
REACH = update(checkpoints).where(OURS).values(position=bindparam("reached"))
REACHED = (
    select(checkpoints.c.shard, checkpoints.c.position, checkpoints.c.owner, generations.c.state)
    .join_from(checkpoints, generations, generations.c.number == checkpoints.c.generation)
    .where(checkpoints.c.generation == bindparam("of_generation"))
    .where(checkpoints.c.shard.in_(bindparam("shards", expanding=True)))
    .order_by(checkpoints.c.shard)
    .with_for_update(of=checkpoints)
)


class ShardProjector:
    """Takes the facts of its shards into the live generation; `member` is who owns the checkpoints.

    Rows and checkpoints go into one transaction. Repeats are dropped by position; a message whose
    `ce_prevsequence` is ahead of the checkpoint shows a gap, which is filled from the store.
    """

    def __init__(self, store: EventStore, engine: Engine, member: str) -> None:
        self.store = store
        self.engine = engine
        self.member = member
        self.shards: tuple[int, ...] = ()
        self._source = source_of(store)
        self._generation = 0
        self._is_live = False
        self._beat_at = BEGINNING

    def claim(self, shards: Sequence[int]) -> None:
        """Own these shards from now on, and take in what they miss; the owner before is fenced."""
        self.shards = tuple(shards)
        with writing_alone(self.engine, "projection") as connection:
            self._generation, self._is_live = live_or_first(connection, self.store.epoch()), False
            ours = checkpoints.c.shard.in_(self.shards) & (checkpoints.c.generation == self._generation)
            connection.execute(update(checkpoints).where(ours).values(owner=self.member))
            connection.execute(delete(heartbeats).where(heartbeats.c.shard.in_(self.shards)))
            for shard in self.shards:
                connection.execute(insert(heartbeats).values(shard=shard, member=self.member, seen_at=0))
        self._beat_at = BEGINNING
        self.catch_up()

    def beat(self) -> None:
        """Let it be seen, now and then, that somebody is at work on our shards."""
        now = self.store.clock()
        if not self.shards or now - self._beat_at < BEAT:
            return
        if self._source != source_of(self.store):
            raise Fenced("the store has begun a new epoch")
        ours = heartbeats.c.shard.in_(self.shards) & (heartbeats.c.member == self.member)
        with self.engine.execution_options(immediate=True).begin() as connection:
            connection.execute(update(heartbeats).where(ours).values(seen_at=micros(now)))
        self._beat_at = now

    def catch_up(self) -> int:
        """Take in from the store whatever our shards miss; returns how many facts."""
        taken = sum(self._catch_up(shard) for shard in self.shards)
        self._promote()
        return taken

    def apply(self, polled: Mapping[int, Sequence[Message]]) -> int:
        """Take polled messages in, all in one transaction; returns how many facts were new.

        Raises `Fenced` when one of the shards belongs to somebody else by now; then nothing was written.
        """
        with self.engine.execution_options(immediate=True).begin() as connection:
            reached = self._reached(connection, list(polled))
            found = {shard: self._new(shard, reached[shard], messages) for shard, messages in polled.items()}
            self._take(connection, {shard: new for shard, new in found.items() if new})
        self._promote()
        return sum(map(len, found.values()))

    def _promote(self) -> None:
        if not self._is_live:
            with writing_alone(self.engine, "projection") as connection:
                self._is_live = promote(connection, self.store, self._generation)

    def _catch_up(self, shard: int) -> int:
        taken, head = 0, self.store.head()
        while True:
            self.beat()
            with self.engine.execution_options(immediate=True).begin() as connection:
                reached = self._reached(connection, [shard])
                found = self.store.read_documents(reached[shard], PAGE, head, shard)
                self._take(connection, {shard: found} if found else {})
            taken += len(found)
            if not found:
                return taken

    def _new(self, shard: int, reached: int, messages: Sequence[Message]) -> list[Stored]:
        """The new facts among the messages, with what is missing before them."""
        found: list[Stored] = []
        understood = [arrived for message in messages if (arrived := self._understood(message))]
        if len(understood) < len(messages):
            log.warning("foreign_messages", shard=shard, count=len(messages) - len(understood))
        for fact, previous in understood:
            if fact.position <= reached:
                continue
            if previous > reached:
                found += self._gap(shard, reached, fact.position - 1)
            found.append(fact)
            reached = fact.position
        return found

    def _understood(self, message: Message) -> tuple[Stored, int] | None:
        """A message of this store's epoch as a fact, with the position before it in its shard."""
        headers = message.headers
        if headers.get("ce_source") != self._source:
            return None
        try:
            position, previous = int(headers["ce_sequence"]), int(headers["ce_prevsequence"])
            stream = UUID(headers["ce_subject"])
        except (KeyError, ValueError):
            return None
        return Stored(position, stream, message.value, headers.get("traceparent")), previous

    def _gap(self, shard: int, after: int, until: int) -> list[Stored]:
        log.warning("gap_repaired", shard=shard, after=after, until=until)
        found: list[Stored] = []
        while page := self.store.read_documents(after, PAGE, until, shard):
            found += page
            after = page[-1].position
        return found

    def _reached(self, connection: Connection, shards: Sequence[int]) -> dict[int, int]:
        """The checkpoints of some of our shards, locked. Raises `Fenced` if one, or the generation, is not ours now."""
        found = connection.execute(REACHED, {"of_generation": self._generation, "shards": shards}).all()
        owners = {row.shard: row.owner for row in found}
        for shard in shards:
            if owners.get(shard) != self.member:
                raise Fenced(f"shard {shard} belongs to {owners.get(shard, 'nobody')} now")
        if any(row.state == "retired" for row in found):
            raise Fenced("another generation of the read models is live")
        return {row.shard: row.position for row in found}

    def _take(self, connection: Connection, found: Mapping[int, Sequence[Stored]]) -> None:
        if not found:
            return
        take_in(self.store, connection, self._generation, sorted(chain.from_iterable(found.values())))
        reached = {shard: new[-1].position for shard, new in found.items()}
        connection.execute(
            REACH, [{"of_generation": self._generation, "of_shard": each, "reached": reached[each]} for each in reached]
        )


def source_of(store: EventStore) -> str:
    """What messages of the store's present epoch name as their source."""
    return f"urn:whyfolio:{store.epoch()}"
