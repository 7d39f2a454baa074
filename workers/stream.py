"""The event stream on Kafka; the one file that knows the Kafka client."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.errors import KafkaError, TopicAlreadyExistsError

from store.codec import LARGEST
from store.group import SHARDS

SEND_TIMEOUT_SECONDS = 30
SESSION_TIMEOUT_MS = 6_000
POLL_MS = 200
MOST_RECORDS = 1_000
OFFSETS_EVERY_SECONDS = 1.0
LARGEST_MESSAGE = LARGEST + 2**20
"""Bytes, with room for key and headers."""
ROOM = {"max.message.bytes": str(LARGEST_MESSAGE)}
Headers = dict[str, str]


class StreamAway(Exception):
    """The broker cannot be reached, or did not acknowledge in time."""


class Message(NamedTuple):
    """One fact on the stream."""

    partition: int
    key: bytes
    value: bytes
    headers: Headers


def ensure_topic(servers: str, topic: str) -> None:
    """Create the topic if it is missing: as many partitions as shards, kept for ever. Raises `StreamAway`.

    One that is there learns how large a message may be; the rest of its settings is its operator's.
    """
    settings = {"cleanup.policy": "delete", "retention.ms": "-1", **ROOM}
    try:
        admin = KafkaAdminClient(bootstrap_servers=servers.split(","))
    except KafkaError as error:
        raise StreamAway(f"{servers}: {error}") from error
    try:
        admin.create_topics([NewTopic(topic, SHARDS, -1, topic_configs=settings)])
    except TopicAlreadyExistsError:
        _make_room(admin, topic)
    except KafkaError as error:
        raise StreamAway(f"{servers}: {error}") from error
    finally:
        admin.close()


def _make_room(admin: KafkaAdminClient, topic: str) -> None:
    with suppress(KafkaError):  # whoever may not set that hears of it when a message is too large
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, ROOM)])


class Publisher:
    """Sends facts on; idempotent, acknowledged by all replicas."""

    def __init__(self, servers: str, topic: str) -> None:
        self._topic = topic
        try:
            self._producer = KafkaProducer(
                bootstrap_servers=servers.split(","),
                acks="all",
                enable_idempotence=True,
                linger_ms=0,
                compression_type="lz4",
                max_request_size=LARGEST_MESSAGE,
                # what was not acknowledged by then is not sent any more, and closing waits for nothing
                delivery_timeout_ms=SEND_TIMEOUT_SECONDS * 1000,
                request_timeout_ms=SEND_TIMEOUT_SECONDS * 1000 // 3,
            )
        except KafkaError as error:
            raise StreamAway(f"{servers}: {error}") from error

    def publish(self, messages: Iterable[Message]) -> None:
        """Return when every message is acknowledged. Raises `StreamAway`; then any may have been sent."""
        try:
            sent = [
                self._producer.send(
                    self._topic,
                    key=message.key,
                    value=message.value,
                    partition=message.partition,
                    headers=[(name, text.encode()) for name, text in message.headers.items()],
                )
                for message in messages
            ]
            for future in sent:
                future.get(2 * SEND_TIMEOUT_SECONDS)
        except KafkaError as error:
            raise StreamAway(str(error)) from error

    def close(self) -> None:
        """Give the connection back."""
        with suppress(KafkaError):
            self._producer.close(timeout=1)


class Subscription(ConsumerRebalanceListener):  # type: ignore[misc]
    """A static member of the projectors' group; `assigned` is told which shards are ours now."""

    def __init__(
        self, servers: str, topic: str, group: str, member: str, assigned: Callable[[Sequence[int]], None]
    ) -> None:
        self._assigned = assigned
        self._committed_at = monotonic()
        try:
            self._consumer = KafkaConsumer(
                bootstrap_servers=servers.split(","),
                group_id=group,
                group_instance_id=member,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                session_timeout_ms=SESSION_TIMEOUT_MS,
                heartbeat_interval_ms=SESSION_TIMEOUT_MS // 3,
                fetch_min_bytes=1,
                max_poll_records=MOST_RECORDS,
            )
            self._consumer.subscribe([topic], listener=self)
        except KafkaError as error:
            raise StreamAway(f"{servers}: {error}") from error

    def on_partitions_revoked(self, revoked: object) -> None:
        """Nothing to give back: whoever is assigned next fences us."""

    def on_partitions_assigned(self, assigned: Iterable[tuple[str, int]]) -> None:
        """Tell which shards are ours."""
        self._assigned(sorted(partition.partition for partition in assigned))  # type: ignore[attr-defined]

    def poll(self) -> dict[int, list[Message]]:
        """The next messages by partition, in order; empty after a short wait. Raises `StreamAway`."""
        try:
            polled = self._consumer.poll(timeout_ms=POLL_MS)
        except KafkaError as error:
            raise StreamAway(str(error)) from error
        return {
            partition.partition: [
                Message(
                    partition.partition,
                    record.key,
                    record.value,
                    {n: v.decode(errors="replace") for n, v in record.headers},
                )
                for record in records
            ]
            for partition, records in polled.items()
        }

    def done(self) -> None:
        """What was polled is applied; the group may go on behind it. What it reads again is told by its position."""
        if monotonic() - self._committed_at < OFFSETS_EVERY_SECONDS:
            return
        self._committed_at = monotonic()
        with suppress(KafkaError):  # the store repairs whatever the group would read again or miss
            self._consumer.commit_async()

    def close(self) -> None:
        """Leave, without giving the membership up: a static member comes back to its shards."""
        self._consumer.close(autocommit=False)
