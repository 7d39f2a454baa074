"""Looking after the production form: a poison fact, a trace, what is dead, a restored store."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from kafka import KafkaConsumer, TopicPartition
from pydantic_core import from_json
from sqlalchemy import select

from api.standing import look
from domain.kernel.decide import Commit
from domain.kernel.event import Fact
from domain.project.events import ProjectRevised
from projections.bounds import Bounds
from store.group import SHARDS
from store.outbox import Outbox
from tests.conftest import Clock
from tests.pipe import Pipe
from tests.servers import Kafka, Postgres, postgres_programs, until
from tests.test_parking import NAME, Haunted
from whyfolio.settings import Settings
from whyfolio.wiring import System, begin_new_epoch, migrate_store, open_system
from workers.consumer import ShardProjector

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def happens(system: System, project: str, event: Any) -> int:
    """A fact that another release records."""
    stream = UUID(project)
    fact = Fact(system.context.new_id(), stream, event, system.context.clock(), None, "x", "board", "c")
    key = f"once:{fact.event_id}"
    return system.store.append(Commit(key, "f", stream, (fact,), {stream: system.store.version(stream)})).position


def messages(pipe: Pipe) -> list[Any]:
    """Everything on the topic, in order of partition and offset."""
    consumer = KafkaConsumer(bootstrap_servers=pipe.settings.kafka_servers)
    try:
        partitions = [TopicPartition(pipe.settings.kafka_topic, number) for number in range(SHARDS)]
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        left, found = sum(consumer.end_offsets(partitions).values()), []
        while len(found) < left:
            found += [record for records in consumer.poll(timeout_ms=200).values() for record in records]
        return found
    finally:
        consumer.close()


def test_a_poison_fact_parks_its_stream_and_the_pipe_goes_on(pipe: Pipe) -> None:
    mine, other = (pipe.do("/projects", {"name": "P", "sponsor": "s"})["id"] for _ in range(2))
    system = open_system(pipe.settings)
    poison = happens(system, mine, Haunted(by="a ghost"))
    behind = happens(system, mine, ProjectRevised(name="Renamed"))
    system.close()
    last = pipe.do(f"/projects/{other}/revise", {"name": "Goes on"})
    assert until(lambda: pipe.shows(last["token"]))
    assert pipe.client.get(f"/projects/{other}").json()["name"] == "Goes on"
    until(lambda: "incomplete" in pipe.client.get(f"/projects/{mine}").json())
    found = pipe.client.get(f"/projects/{mine}").json()
    assert found["name"] == "P"
    assert found["incomplete"] == [{"stream_id": mine, "position": position} for position in (poison, behind)]
    listed = from_json(pipe.whyfolio("parked", "list", "--json").stdout)["items"]
    assert [(each["position"], each["name"], each["error"] is None) for each in listed] == [
        (poison, NAME, False),
        (behind, "project.revised.v1", True),
    ]
    retried = pipe.whyfolio("parked", "retry", mine)
    assert (retried.returncode, "2 still parked" in retried.stdout) == (1, True)
    assert pipe.whyfolio("parked", "discard", mine).returncode == 0
    found = pipe.client.get(f"/projects/{mine}").json()
    assert (found["name"], "incomplete" in found) == ("Renamed", False)


def test_a_trace_goes_from_the_request_through_kafka_to_the_row(pipe: Pipe) -> None:
    given = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "X-Correlation-ID": "order-7"}
    receipt = pipe.client.post("/portfolios", json={"name": "Here"}, headers=given).json()
    until(lambda: pipe.shows(receipt["token"]))
    (message,) = [each for each in messages(pipe) if each.key.decode() == receipt["id"]]
    headers = {name: value.decode() for name, value in message.headers}
    assert headers["traceparent"].startswith(f"00-{TRACE}-")
    assert from_json(message.value)["correlation_id"] == "order-7"
    system = open_system(pipe.settings)
    with system.context.reads.view(Bounds()) as view:
        trail = view.table("trail")
        row = view.connection.execute(select(trail).where(trail.c.position == receipt["position"])).one()
    system.close()
    assert row.traceparent == headers["traceparent"]
    assert headers["traceparent"] in (pipe.folder / "api.log").read_text()


def test_lag_is_told_from_death(postgresql_url: str, clock: Clock) -> None:
    settings = Settings(database_url=postgresql_url, kafka_servers="127.0.0.1:1", _env_file=None)
    migrate_store(settings)
    system = open_system(settings, clock=clock)
    projector = ShardProjector(system.store, system.context.reads.engine, "a")
    projector.claim(range(SHARDS))
    assert look(system.context).error == "no relay is at work"
    Outbox(system.engine, clock).take_over("relay")
    happens(system, str(uuid4()), ProjectRevised(name="P"))
    found = look(system.context)
    assert (found.error, found.projection.facts) == (None, 1)  # behind, and alive
    assert found.relay is not None
    assert found.relay.facts == system.store.head()
    clock.now += timedelta(seconds=11)
    assert look(system.context).error == "no relay is at work"
    Outbox(system.engine, clock).advance("relay", 0, 0)
    assert str(look(system.context).error).startswith("no projector is at work on the shards 0, 1, 2")
    projector.beat()
    assert look(system.context).error is None
    system.close()


def test_messages_of_the_epoch_before_a_restore_are_passed_over(
    pipe: Pipe, postgres: Postgres, kafka: Kafka, tmp_path: Path
) -> None:
    kept = pipe.do("/projects", {"name": "Kept", "sponsor": "s"})
    backup, programs = tmp_path / "backup", postgres_programs()
    assert programs is not None
    subprocess.run(
        [str(programs / "pg_dump"), "-Fc", "-f", str(backup), pipe.settings.database_url], check=True, cwd=tmp_path
    )
    lost = pipe.do("/projects", {"name": "Lost", "sponsor": "s"})
    until(lambda: pipe.shows(lost["token"]))
    pipe.stop()
    before = len(messages(pipe))
    postgres.run("CREATE DATABASE restored_pipe")
    url = postgres.url("restored_pipe")
    subprocess.run([str(programs / "pg_restore"), "--no-owner", "-d", url, str(backup)], check=True, cwd=tmp_path)
    begin_new_epoch(Settings(database_url=url, _env_file=None))
    again = Pipe(url, kafka, pipe.settings.kafka_topic, tmp_path)
    new = again.do("/projects", {"name": "New", "sponsor": "s"})
    assert new["position"] <= lost["position"]
    assert until(lambda: again.shows(new["token"]))
    names = [item["name"] for item in again.client.get("/projects", params={"sort": "name"}).json()["items"]]
    assert [name for name in names if name in {"Kept", "Lost", "New"}] == ["Kept", "New"]
    epochs = {dict(each.headers)["ce_source"] for each in messages(again)}
    assert (len(epochs), len(messages(again)) > before) == (2, True)
    assert kept["token"][:12] != new["token"][:12]
    again.close()
