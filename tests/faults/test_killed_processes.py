"""Any process may be killed at any moment: nothing acknowledged is lost, nothing is repeated."""

import random
from time import monotonic
from uuid import UUID

import psycopg
import pytest

from store.group import shard_of
from tests.faults.crowd import Crowd
from tests.faults.reckoning import reckon
from tests.faults.siege import Siege
from tests.pipe import Pipe
from tests.servers import Kafka, Postgres, until

EACH = ["api", "relay", "projector-a", "projector-b", "broker", "postgres"]


def test_killed_processes_lose_and_repeat_nothing(shaken: Pipe, kafka: Kafka, database: Postgres) -> None:
    seed = str(random.randrange(10**6))
    print(f"seed {seed}")
    chance = random.Random(seed)
    crowd = Crowd(shaken.client_of, shaken.keys, f"siege-{seed}", size=4)
    siege = Siege(shaken, crowd, kafka, database, chance)
    until(lambda: crowd.acknowledged() > 20)
    for name in chance.sample(EACH, len(EACH)):
        siege.round(name)
        siege.check()
    books = crowd.stop()
    facts = reckon(shaken, books, f"siege-{seed}", crowd.common)
    print(siege.rounds, siege.slowest, facts, [client.refused for client in crowd.clients])


@pytest.mark.soak
def test_a_killed_projector_is_back_within_five_seconds(shaken: Pipe) -> None:
    """On a machine of its own; and one of four kills has to do."""
    kills = ["projector-a", "projector-b"] * 2
    assert any(seconds_until_back(shaken, name) <= 5 for name in kills)


def seconds_until_back(pipe: Pipe, name: str) -> float:
    """From the kill until a write of one of its shards is seen."""
    project = project_of(pipe, name)
    began = monotonic()
    pipe.restart(name)
    token = pipe.do(f"/projects/{project}/revise", {"owner": f"owner at {began}"})["token"]
    until(lambda: pipe.shows(token), 60)
    print(f"{name} was back after {monotonic() - began:.1f} s")
    return monotonic() - began


def project_of(pipe: Pipe, name: str) -> str:
    """A new project whose shard the projector owns, once it owns any."""
    shards = until(lambda: shards_of(pipe, name))
    while shard_of(UUID(project := pipe.do("/projects", {"name": "P", "sponsor": "s"})["id"])) not in shards:
        pass
    return str(project)


def shards_of(pipe: Pipe, name: str) -> set[int]:
    """The shards whose live checkpoints are the projector's."""
    with psycopg.connect(pipe.settings.database_url) as connection:
        owned = connection.execute(
            "SELECT shard FROM read_checkpoints JOIN read_generations ON number = generation "
            "WHERE state = 'live' AND owner = %s",
            [name.removeprefix("projector-")],
        )
        return {row[0] for row in owned}
