"""Sends facts on to the stream: the store is the outbox, one relay is active."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from pydantic_core import from_json

from domain.kernel.instants import from_micros, rfc3339
from store.event_store import EventStore, Stored
from store.group import shard_of
from store.outbox import Outbox
from workers.stream import Message

BATCH = 500
BEAT = timedelta(seconds=2)


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
        self.outbox = Outbox(store.engine, store.clock)
        self.epoch = store.epoch()
        self.position = 0
        self._last: dict[int, int] = {}
        self._seen_at = store.clock()

    def take_over(self) -> None:
        """Become the one relay; whoever was it is fenced at its next step."""
        self.position = self.outbox.take_over(self.owner)
        self._last = self.store.last_positions(self.position)

    def step(self) -> int:
        """Send one batch on; returns how many facts. Raises `Fenced`, `StreamAway`."""
        found = self.store.read_documents(self.position, BATCH)
        if found:
            last = dict(self._last)
            self.publisher.publish([self._message(stored, last) for stored in found])
            self._advance(found[-1].position)
            self._last = last
        elif self.store.clock() - self._seen_at > BEAT:
            self._advance(self.position)
        return len(found)

    def _advance(self, position: int) -> None:
        if not self.outbox.advance(self.owner, self.position, position):
            raise Fenced("another relay has taken over")
        self.position = position
        self._seen_at = self.store.clock()

    def _message(self, stored: Stored, last: dict[int, int]) -> Message:
        shard = shard_of(stored.stream_id)
        headers = headers_of(self._described(stored), stored.position, last.get(shard, 0), self.epoch)
        if stored.traceparent:
            headers["traceparent"] = stored.traceparent
        last[shard] = stored.position
        return Message(shard, str(stored.stream_id).encode(), stored.document, headers)

    def _described(self, stored: Stored) -> dict[str, Any]:
        """The fact; of a document that cannot be read, what the store knows beside it: it must not stop the others."""
        try:
            return dict(from_json(stored.document))
        except ValueError:
            known = self.store.envelope(stored.position)
            return {
                "event_id": str(known.event_id),
                "name": known.name,
                "stream_id": str(stored.stream_id),
                "occurred_at": rfc3339(from_micros(known.occurred_at)),
                "recorded_at": rfc3339(from_micros(known.recorded_at)),
            }


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
