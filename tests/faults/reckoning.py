"""Compares what Whyfolio tells with the books of those who gave the commands."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import httpx2
from kafka import KafkaConsumer, TopicPartition

from tests.faults.crowd import Acknowledged, Book
from tests.pipe import Pipe
from tests.servers import until

PAGE = 1_000


class Told(NamedTuple):
    """What is remembered of a fact that the feed told."""

    event_id: str
    key: str
    name: str
    stream_id: str
    version: int


class Feed:
    """Reads `/events` further and further; each stream must go on by one version at a time."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self.after = 0
        self.told: dict[int, Told] = {}
        self.versions: Counter[str] = Counter()

    def read_on(self) -> None:
        """Read what is new; complain about a version that is missing or repeated."""
        while items := self._page():
            for item in items:
                told = Told(
                    item["event_id"],
                    item["correlation_id"],
                    _unversioned(item["name"]),
                    item["stream_id"],
                    item["version"],
                )
                self.versions[told.stream_id] += 1
                assert item["position"] > self.after
                assert told.version == self.versions[told.stream_id], f"{told} at {item['position']}"
                self.told[item["position"]] = told
                self.after = item["position"]

    def holds(self, acknowledged: Sequence[Acknowledged]) -> None:
        """Every acknowledged command is there, where its receipt says, once."""
        facts = Counter((told.key, told.name) for told in self.told.values())
        for each in acknowledged:
            last = self.told[each.position]
            assert last.key == each.key, f"{each} has {last} at its position"
            for name, number in Counter(each.facts).items():
                assert facts[each.key, name] == number, f"{each}: {name} is there {facts[each.key, name]} times"

    def _page(self) -> Any:
        answer = _get(self._pipe, "/events", after=self.after, limit=PAGE)
        return answer["items"]


def reckon(pipe: Pipe, books: Sequence[Book], prefix: str, common: str) -> int:
    """Whatever was acknowledged is in the feed once, in the read models, and on the topic; how many facts.

    `prefix` is how the keys of these books begin: what bears it and is in no book should not be there.
    """
    acknowledged = [each for book in books for each in book.acknowledged]
    feed = Feed(pipe)
    feed.read_on()
    feed.holds(acknowledged)
    _nothing_else_happened(feed, acknowledged, prefix)
    for book in books:
        for stream, version in book.versions.items():
            assert feed.versions[stream] == version, stream
    newest = max(acknowledged, key=lambda each: each.position)
    until(lambda: pipe.shows(newest.token), 60)
    _boards_are_equal(pipe, books, common)
    _people_are_equal(pipe, books)
    until(lambda: pipe.sent() >= feed.after, 60)
    _topic_is_equal(pipe, feed)
    sound = pipe.whyfolio("verify")
    assert sound.returncode == 0, sound.stderr
    return len(feed.told)


def _nothing_else_happened(feed: Feed, acknowledged: Sequence[Acknowledged], prefix: str) -> None:
    expected = Counter((each.key, name) for each in acknowledged for name in each.facts)
    found = Counter((told.key, told.name) for told in feed.told.values() if told.key.startswith(prefix))
    assert not found - expected
    assert not expected - found


def _boards_are_equal(pipe: Pipe, books: Sequence[Book], common: str) -> None:
    shared = sorted(project for book in books for project in book.ranks.get(common, ()))
    assert sorted(item["id"] for item in _every(pipe, "/projects", portfolio=common)) == shared
    counted = {item["id"]: item["counts"]["by_state"] for item in _every(pipe, "/portfolios")}
    for book in books:
        for portfolio, order in book.ranks.items():
            assert counted[portfolio] == Counter(book.states[project] for project in order) or portfolio == common
            if portfolio != common:
                items = _every(pipe, "/projects", portfolio=portfolio, sort="rank")
                shown = [(item["id"], item["state"], item["owner"]) for item in items]
                assert shown == [(each, book.states[each], book.owners.get(each)) for each in order]


def _people_are_equal(pipe: Pipe, books: Sequence[Book]) -> None:
    shares = {person: held for book in books for person, held in book.shares.items()}
    shown = {
        item["id"]: {a["project"]: Decimal(a["share"]) for a in item["assignments"] if a["ends_on"] is None}
        for item in _every(pipe, "/resources")
    }
    assert {person: shown.get(person) for person in shares} == shares


def _topic_is_equal(pipe: Pipe, feed: Feed) -> None:
    """Once repeats are dropped: each stream in order, each partition without a gap, every fact of the store."""
    seen: dict[int, Told] = {}
    versions: Counter[str] = Counter()
    reached: Counter[int] = Counter()
    for partition, headers, value in _topic(pipe):
        position = int(headers["ce_sequence"])
        fact = json.loads(value)
        told = Told(
            headers["ce_id"], fact["correlation_id"], _unversioned(fact["name"]), headers["ce_subject"], fact["version"]
        )
        if position in seen:
            assert seen[position] == told, f"{told} repeats {seen[position]}"
            continue
        versions[told.stream_id] += 1
        assert told.version == versions[told.stream_id], f"{told} is out of order on the topic"
        assert int(headers["ce_prevsequence"]) == reached[partition], f"{told} leaves a gap on the topic"
        reached[partition] = position
        seen[position] = told
    assert seen == feed.told
    assert len({told.event_id for told in seen.values()}) == len(seen)


def _topic(pipe: Pipe) -> Iterator[tuple[int, dict[str, str], bytes]]:
    """Everything that is on the topic now, with its repeats."""
    consumer = KafkaConsumer(bootstrap_servers=pipe.settings.kafka_servers, enable_auto_commit=False)
    try:
        topic = pipe.settings.kafka_topic
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        ends = consumer.end_offsets(partitions)
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for partition, records in consumer.poll(timeout_ms=500, max_records=5_000).items():
                for record in records:
                    headers = {name: text.decode() for name, text in record.headers}
                    yield partition.partition, headers, record.value
    finally:
        consumer.close(autocommit=False)


def _unversioned(name: str) -> str:
    """What happened, whatever shape its record has."""
    return name.rpartition(".")[0]


def _every(pipe: Pipe, path: str, **params: Any) -> list[Any]:
    """All items of a list, page by page; nothing may be missing from an answer."""
    answer = _get(pipe, path, limit=PAGE, **params)
    items: list[Any] = answer["items"]
    while answer["next_cursor"]:
        answer = _get(pipe, path, limit=PAGE, cursor=answer["next_cursor"], **params)
        items += answer["items"]
    assert not answer.get("incomplete")
    return items


def _get(pipe: Pipe, path: str, **params: Any) -> Any:
    def answered() -> httpx2.Response | None:
        try:
            response = pipe.client.get(path, params=params)
        except httpx2.TransportError:
            return None
        assert response.status_code in {200, 503}, response.text
        return response if response.status_code == 200 else None

    return until(answered, 30).json()
