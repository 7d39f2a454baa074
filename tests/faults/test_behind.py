"""Projectors that were off take in what they missed; how far behind they are is told rightly all the way."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

import psycopg
import pytest

from store.event_store import EventStore
from tests.faults.seed import store_many
from tests.pipe import Pipe
from tests.servers import until
from whyfolio.wiring import open_system

PROJECTORS = ("projector-a", "projector-b")
FACTS = [5_000, pytest.param(100_000, marks=pytest.mark.soak)]
BEHIND = """
    SELECT count(*), min(stored_at) FROM fact_index
    JOIN read_checkpoints ON read_checkpoints.shard = fact_index.shard
    JOIN read_generations ON number = generation AND state = 'live'
    WHERE fact_index.position > read_checkpoints.position
"""
ROUNDING = 0.001


class Lag(NamedTuple):
    """Facts behind, and the age of the oldest of them in seconds."""

    facts: int
    seconds: float


@pytest.mark.parametrize("facts", FACTS)
def test_projectors_that_were_off_catch_up_and_the_lag_is_right_on_the_way(shaken: Pipe, facts: int) -> None:
    system = open_system(shaken.settings)
    until(lambda: told(shaken) == Lag(0, 0), 60)
    for name in PROJECTORS:
        shaken.kill(name)
    store_many(system.store, facts)
    assert told(shaken).facts == facts
    for name in PROJECTORS:
        shaken.start(name)
    began = datetime.now(UTC)
    seen = watched(shaken)
    took = (datetime.now(UTC) - began).total_seconds()
    print(f"{facts} facts taken in within {took:.1f} s; lag was told {len(seen)} times: {seen[:: len(seen) // 10 + 1]}")
    assert any(0 < lag < facts for lag in seen)
    everything_is_sent_and_seen(shaken, system.store)
    system.close()


def watched(pipe: Pipe) -> list[int]:
    """What is told until nothing is behind, each time compared with a count of one's own before and after."""
    seen = []
    while not seen or seen[-1]:
        before, since = datetime.now(UTC), behind(pipe)
        lag = told(pipe)
        left, after = behind(pipe), datetime.now(UTC)
        assert left[0] <= lag.facts <= since[0]
        if lag.facts:
            assert lag.seconds <= age(since[1], after) + ROUNDING
        if left[0]:
            assert lag.seconds >= age(left[1], before) - ROUNDING
        seen.append(lag.facts)
    return seen


def told(pipe: Pipe) -> Lag:
    """What the metrics of the API say."""
    answer = pipe.client.get(f"http://127.0.0.1:{pipe.settings.port}/metrics")
    figures = dict(re.findall(r"^(whyfolio_projection_lag_\w+) (\S+)$", answer.text, re.MULTILINE))
    return Lag(int(float(figures["whyfolio_projection_lag_facts"])), float(figures["whyfolio_projection_lag_seconds"]))


def behind(pipe: Pipe) -> tuple[int, int | None]:
    """How many facts are behind the checkpoints of their shards, and when the oldest was stored (µs since 1970)."""
    with psycopg.connect(pipe.settings.database_url) as connection:
        row = connection.execute(BEHIND).fetchone()
    assert row is not None
    return row[0], row[1]


def age(stored_at: int | None, now: datetime) -> float:
    """Seconds since a fact was stored."""
    assert stored_at is not None
    return now.timestamp() - stored_at / 1_000_000


def everything_is_sent_and_seen(pipe: Pipe, store: EventStore) -> None:
    """The pipe is at rest again: what is written now is seen soon."""
    until(lambda: pipe.sent() >= store.head(), 120)
    began, token = datetime.now(UTC), pipe.do("/portfolios", {"name": "Harbour"})["token"]
    until(lambda: pipe.shows(token), 120)
    print(f"a new command was seen after {(datetime.now(UTC) - began).total_seconds():.1f} s")
