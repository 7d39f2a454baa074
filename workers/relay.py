"""Sends facts on to the stream: the store is the outbox, one relay is active."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, select, update

from store.event_store import EventStore
from store.group import shard_of
from workers.stream import Message

BATCH = 500
relay_cursor = Table(
    "relay",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("owner", String, nullable=False),
)


class Fenced(Exception):
    """Another process does this work now."""


class Sends(Protocol):
    """What the relay needs of a publisher."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Return when all are acknowledged."""


class Relay:
    """Publishes behind its cursor; the cursor moves after every acknowledgement. A crash repeats, never skips."""

    def __init__(self, store: EventStore, publisher: Sends, owner: str) -> None:
        self.store = store
        self.publisher = publisher
        self.owner = owner
        self.epoch = store.epoch()
        self.position = 0
        self._last: dict[int, int] = {}

    def take_over(self) -> None:
        """Become the one relay; whoever was it is fenced at its next step."""
        with self.store.engine.execution_options(immediate=True).begin() as connection:
            connection.execute(update(relay_cursor).values(owner=self.owner))
            self.position = connection.scalar(select(relay_cursor.c.position)) or 0
        self._last = self.store.last_positions(self.position)

    def step(self) -> int:
        """Send one batch on; returns how many facts. Raises `Fenced`, `StreamAway`."""
        documents = self.store.read_documents(self.position, BATCH)
        if not documents:
            return 0
        last = dict(self._last)
        self.publisher.publish([self._message(position, document, last) for position, document in documents])
        self._advance(documents[-1][0])
        self._last = last
        return len(documents)

    def _advance(self, position: int) -> None:
        mine = (relay_cursor.c.owner == self.owner) & (relay_cursor.c.position == self.position)
        with self.store.engine.execution_options(immediate=True).begin() as connection:
            moved = connection.execute(update(relay_cursor).where(mine).values(position=position))
            if moved.rowcount != 1:
                raise Fenced("another relay has taken over")
        self.position = position

    def _message(self, position: int, document: bytes, last: dict[int, int]) -> Message:
        fact = from_json(document)
        shard = shard_of(UUID(fact["stream_id"]))
        headers = headers_of(fact, position, last.get(shard, 0), self.epoch)
        last[shard] = position
        return Message(shard, fact["stream_id"].encode(), document, headers)


def headers_of(fact: dict[str, Any], position: int, previous: int, epoch: str) -> dict[str, str]:
    """CloudEvents 1.0 in binary mode; `ce_prevsequence` lets a reader see that it missed something."""
    return {
        "ce_specversion": "1.0",
        "ce_id": fact["event_id"],
        "ce_type": f"whyfolio.{fact['name']}",
        "ce_source": f"urn:whyfolio:{epoch}",
        "ce_subject": fact["stream_id"],
        "ce_partitionkey": fact["stream_id"],
        "ce_time": fact["occurred_at"],
        "ce_recordedtime": fact["recorded_at"],
        "ce_sequence": f"{position:020d}",
        "ce_prevsequence": f"{previous:020d}",
        "content-type": "application/json",
    }
