"""The disk is full: what cannot be recorded is refused, nothing is lost, and work goes on when there is room."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from tests.faults.serving import Served, prepared, serving
from tests.faults.small_disk import SmallDisk, small_disk
from tests.pipe import Pipe
from tests.servers import Kafka, Postgres, until

MANY = 3_000
READS = ("/portfolios", "/decisions", "/audit", "/events")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path that other users may enter."""
    made = Path(tempfile.mkdtemp(prefix="whyfolio-full-"))
    yield made
    shutil.rmtree(made)


def test_on_sqlite_a_full_disk_refuses_and_loses_nothing(folder: Path) -> None:
    key = prepared(f"sqlite:///{folder / 'empty.db'}")
    with small_disk(folder / "data", megabytes=8) as disk:
        shutil.copy(folder / "empty.db", disk.outside / "whyfolio.db")
        with serving(f"sqlite:///{folder / 'data' / 'whyfolio.db'}", key, folder, disk.inside) as server:
            runs_full_and_goes_on(server, disk, "database or disk is full")


def test_on_postgresql_a_full_disk_refuses_and_loses_nothing(folder: Path) -> None:
    with small_disk(folder / "data", megabytes=96, owner="postgres" if os.geteuid() == 0 else "") as disk:
        database = Postgres(folder, inside=disk.inside)
        try:
            key = prepared(database.url())
            with serving(database.url(), key, folder) as server:
                runs_full_and_goes_on(server, disk, "No space left on device")
            assert database.process.poll() is None
        finally:
            database.stop()


def runs_full_and_goes_on(server: Served, disk: SmallDisk, reason: str) -> None:
    """`reason` is for the log, and for nobody else."""
    acknowledged = [founded(server, number) for number in range(3)]
    disk.fill()
    while (answer := founding(server, len(acknowledged))).status_code == 201 and len(acknowledged) < MANY:
        acknowledged.append(answer.json())
    assert is_busy(answer), answer.text
    assert "nothing was recorded" in answer.json()["detail"]
    assert reason not in answer.text
    assert reason in next(line for line in server.log.read_text().splitlines() if "store_busy" in line)
    for path in READS:
        read = server.api.get(path)
        assert read.status_code == 200 or is_busy(read), read.text
    disk.make_room()
    again = until(lambda: (again := founding(server, len(acknowledged))).status_code == 201 and again, 30)
    acknowledged.append(again.json())
    assert until(lambda: server.api.get("/portfolios", params={"after": acknowledged[-1]["token"]}).status_code == 200)
    recorded = [fact for fact in server.facts() if fact["name"] == "portfolio.created.v1"]
    assert [(fact["stream_id"], fact["position"]) for fact in recorded] == [
        (receipt["id"], receipt["position"]) for receipt in acknowledged
    ]


def founding(server: Served, number: int) -> Response:
    return server.api.post("/portfolios", json={"name": f"P {number}"}, headers={"Idempotency-Key": str(number)})


def founded(server: Served, number: int) -> Any:
    answer = founding(server, number)
    assert answer.status_code == 201, answer.text
    return answer.json()


def is_busy(answer: Response) -> bool:
    is_problem = answer.headers["content-type"] == "application/problem+json" and "retry-after" in answer.headers
    return answer.status_code == 503 and is_problem


def test_a_broker_that_ended_for_want_of_space_is_taken_up_where_it_was(folder: Path, postgresql_url: str) -> None:
    """Commands go on meanwhile; relay and projector wait, and need nobody to go on."""
    with small_disk(folder / "data", megabytes=16) as disk, ExitStack() as running:
        broker = Kafka(folder, inside=disk.inside)
        running.callback(broker.stop)
        pipe = Pipe(postgresql_url, broker, f"events.{folder.name}", folder, ("relay", "projector-a", "api"), ["ada"])
        running.callback(pipe.close)
        acknowledged = [pipe.do("/portfolios", {"name": "First"})]
        assert until(lambda: pipe.shows(acknowledged[-1]["token"]), 60)
        disk.fill()
        while broker.process.poll() is None and len(acknowledged) < MANY:
            acknowledged.append(pipe.do("/portfolios", {"name": f"P {len(acknowledged)}"}))
        assert broker.process.poll() is not None
        acknowledged += [pipe.do("/portfolios", {"name": f"Later {number}"}) for number in range(10)]
        disk.make_room()
        broker.start()
        assert until(lambda: pipe.sent() >= acknowledged[-1]["position"], 60)
        assert until(lambda: pipe.shows(acknowledged[-1]["token"]), 60)
        shown = pipe.client.get("/portfolios", params={"limit": 1000}).json()["items"]
        assert sorted(item["id"] for item in shown) == sorted(receipt["id"] for receipt in acknowledged)
        assert not pipe.ended()
