"""What lies on Kafka is a CloudEvent to any library that speaks the protocol."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import chain
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from kafka import KafkaConsumer, TopicPartition

from store.group import SHARDS
from tests.conftest import WHY, Api, World
from tests.older_release import leave, proposal
from tests.servers import Kafka, until
from whyfolio.wiring import new_id
from workers.relay import Relay
from workers.stream import Publisher, ensure_topic

Fact = dict[str, Any]
pytestmark = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


@pytest.fixture
def feed(world: World, ada: Api) -> list[Fact]:
    """A small store, as `/events` gives it: with and without a reason, about one thing and several, old and new."""
    leave(world.system.engine, proposal(new_id()))
    why = {**WHY, "text": "Größer als – 大きい – geplant 🏗", "alternatives": ["Nichts tun"]}
    portfolio = ada.do("/portfolios", {"name": "Häfen", "occurred_at": "2026-02-01T00:00:00Z"})["id"]
    body = {"sponsor": "s", "portfolio": portfolio, "rationale": why}
    times = {"occurred_at": "2026-03-01T07:30:00.000009+02:00"}
    projects = [ada.do("/projects", {**body, **times, "name": f"Kran № {number}"})["id"] for number in range(15)]
    ada.do(f"/projects/{projects[-1]}/reprioritize", {"portfolio": portfolio, "to_rank": 1, "rationale": why})
    return list(ada.get("/events", limit=1000)["items"])


@pytest.fixture
def records(world: World, feed: list[Fact], kafka: Kafka) -> Iterator[Any]:
    """What a relay sent of it, as a Kafka client reads it."""
    topic = f"cloudevents.{world.system.store.epoch()}"
    ensure_topic(kafka.servers, topic)
    with closing(Publisher(kafka.servers, topic)) as publisher:
        relay = Relay(world.system.store, publisher, "relay")
        relay.take_over()
        assert relay.step() == len(feed)
    with closing(KafkaConsumer(bootstrap_servers=kafka.servers, auto_offset_reset="earliest")) as consumer:
        consumer.assign([TopicPartition(topic, shard) for shard in range(SHARDS)])
        found: list[Any] = []
        until(lambda: found.extend(chain(*consumer.poll(50).values())) or len(found) >= len(feed))
        yield found


def test_each_record_is_a_cloud_event_with_the_attributes_of_its_fact(
    world: World, feed: list[Fact], records: list[Any]
) -> None:
    facts = {fact["event_id"]: fact for fact in feed}
    previous = dict.fromkeys(range(SHARDS), 0)
    for record in records:
        event = from_binary(_message(record), JSONFormat())
        fact = dict(facts.pop(event.get_id()))
        position = fact.pop("position")
        assert event.get_data() == fact
        assert event.get_attributes() == {
            "specversion": "1.0",
            "id": fact["event_id"],
            "type": f"whyfolio.{fact['name']}",
            "source": f"urn:whyfolio:{world.system.store.epoch()}",
            "subject": fact["stream_id"],
            "partitionkey": fact["stream_id"],
            "time": datetime.fromisoformat(fact["occurred_at"]),
            "recordedtime": fact["recorded_at"],
            "sequence": f"{position:020d}",
            "prevsequence": f"{previous[record.partition]:020d}",
            "datacontenttype": "application/json",
        }
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in event.get_attributes())
        previous[record.partition] = position
    assert facts == {}
    assert {"project.evaluation_started.v1", "project.re_evaluated.v1"} <= {fact["name"] for fact in feed}


def test_each_record_goes_through_the_library_and_back(records: list[Any]) -> None:
    """Headers and key come back byte by byte; the value as the same JSON, which the library spaces and escapes anew."""
    for record in records:
        again = to_binary(from_binary(_message(record), JSONFormat()), JSONFormat())
        # the trace of W3C is a header of its own, no attribute of the event
        assert again.headers == {name: value for name, value in record.headers if name != "traceparent"}
        assert str(again.key).encode() == record.key
        assert json.loads(again.value) == json.loads(record.value)


def _message(record: Any) -> KafkaMessage:
    names = [name for name, _ in record.headers]
    assert len(names) == len(set(names))
    return KafkaMessage(dict(record.headers), record.key, record.value)
