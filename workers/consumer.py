"""The projector that is fed by the stream: some of the shards, fenced, gaps repaired from the store."""

from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy import Connection, Engine, select, update

from projections.models import checkpoints
from store.codec import decode
from store.database import writing_alone
from store.event_store import EventStore
from workers.projector import insert_facts, live_or_first, promote
from workers.relay import Fenced
from workers.stream import Message

PAGE = 500
Document = tuple[int, bytes]
log = structlog.get_logger()


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
        self._source = f"urn:whyfolio:{store.epoch()}"
        self._generation = 0

    def claim(self, shards: Sequence[int]) -> None:
        """Own these shards from now on, and take in what they miss; the owner before is fenced."""
        self.shards = tuple(shards)
        with writing_alone(self.engine, "projection") as connection:
            self._generation = live_or_first(connection, self.store.epoch())
            ours = checkpoints.c.shard.in_(self.shards) & (checkpoints.c.generation == self._generation)
            connection.execute(update(checkpoints).where(ours).values(owner=self.member))
        self.catch_up()

    def catch_up(self) -> int:
        """Take in from the store whatever our shards miss; returns how many facts."""
        taken = sum(self._catch_up(shard) for shard in self.shards)
        with writing_alone(self.engine, "projection") as connection:
            promote(connection, self.store, self._generation)
        return taken

    def apply(self, polled: Mapping[int, Sequence[Message]]) -> int:
        """Take polled messages in, each shard in a transaction; returns how many facts were new.

        Raises `Fenced` when a shard belongs to somebody else by now; then nothing of it was written.
        """
        return sum(self._apply(shard, polled[shard]) for shard in sorted(polled))

    def _apply(self, shard: int, messages: Sequence[Message]) -> int:
        with self.engine.execution_options(immediate=True).begin() as connection:
            self._still_ours(connection)
            documents = self._documents(shard, self._reached(connection, shard), messages)
            self._take(connection, shard, documents)
        return len(documents)

    def _catch_up(self, shard: int) -> int:
        taken, head = 0, self.store.head()
        while True:
            with self.engine.execution_options(immediate=True).begin() as connection:
                documents = self.store.read_shard(shard, self._reached(connection, shard), PAGE, head)
                self._take(connection, shard, documents)
            taken += len(documents)
            if not documents:
                return taken

    def _documents(self, shard: int, reached: int, messages: Sequence[Message]) -> list[Document]:
        """The new facts among the messages, with what is missing before them."""
        found: list[Document] = []
        for message in messages:
            if message.headers.get("ce_source") != self._source:
                log.warning("foreign_message", source=message.headers.get("ce_source"), shard=shard)
                continue
            position, previous = int(message.headers["ce_sequence"]), int(message.headers["ce_prevsequence"])
            if position <= reached:
                continue
            if previous > reached:
                found += self._gap(shard, reached, position - 1)
            found.append((position, message.value))
            reached = position
        return found

    def _gap(self, shard: int, after: int, until: int) -> list[Document]:
        log.warning("gap_repaired", shard=shard, after=after, until=until)
        found: list[Document] = []
        while documents := self.store.read_shard(shard, after, PAGE, until):
            found += documents
            after = documents[-1][0]
        return found

    def _still_ours(self, connection: Connection) -> None:
        if live_or_first(connection, self.store.epoch()) != self._generation:
            raise Fenced("another generation of the read models is live")

    def _reached(self, connection: Connection, shard: int) -> int:
        """The checkpoint of one of our shards, locked. Raises `Fenced` if it is no longer ours."""
        ours = (checkpoints.c.generation == self._generation) & (checkpoints.c.shard == shard)
        row = connection.execute(select(checkpoints).where(ours).with_for_update()).first()
        if row is None or row.owner != self.member:
            raise Fenced(f"shard {shard} belongs to {row.owner if row else 'nobody'} now")
        return int(row.position)

    def _take(self, connection: Connection, shard: int, documents: Sequence[Document]) -> None:
        if not documents:
            return
        insert_facts(connection, self._generation, [(decode(value, at), value) for at, value in documents])
        ours = (checkpoints.c.generation == self._generation) & (checkpoints.c.shard == shard)
        connection.execute(update(checkpoints).where(ours).values(position=documents[-1][0]))
