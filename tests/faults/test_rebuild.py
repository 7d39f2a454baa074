"""Read models are built anew while people work: nobody waits, nothing is missing, a killed build is taken up."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, select

from projections.models import generations, tables_of
from projections.reads import checkpoints_of, live_generation
from store.database import open_engine
from tests.faults.crowd import Crowd
from tests.faults.seed import store_many
from tests.pipe import Pipe
from tests.servers import until
from whyfolio.wiring import System, open_system
from workers.projector import Projector, prepare_read_models

FACTS = 5_000
PATHS = ("/portfolios", "/projects?limit=20", "/decisions?limit=20", "/audit?limit=20")
RATE_SECONDS = 3


@pytest.fixture
def embedded(sqlite_url: str, tmp_path: Path) -> Iterator[Pipe]:
    """One server on a file: API and projector in one process."""
    pipe = Pipe(sqlite_url, None, "", tmp_path, services=["api"])
    yield pipe
    pipe.close()


@pytest.fixture(params=["embedded", "shaken"])
def running(request: pytest.FixtureRequest) -> Pipe:
    """Both forms of the product."""
    pipe: Pipe = request.getfixturevalue(request.param)
    return pipe


def test_a_rebuild_under_load_stops_nobody(running: Pipe, tmp_path: Path) -> None:
    system = open_system(running.settings)
    store_many(system.store, FACTS)
    catches_up(system)
    before = live(system)
    crowd = Crowd(running.client_of, running.keys, f"rebuild-{tmp_path.name}", size=3, pause=0)
    until(lambda: all(len(client.book.acknowledged) > 5 for client in crowd.clients), 30)
    with reading(running) as complaints:
        usual = rate(crowd, RATE_SECONDS)
        reached = killed_half_way(running, system)
        began, acknowledged = monotonic(), crowd.acknowledged()
        told = running.whyfolio("rebuild")
        during = (crowd.acknowledged() - acknowledged) / (monotonic() - began)
    assert told.returncode == 0, told.stderr
    assert int(re.findall(r"Rebuilt: (\d+) of", told.stderr)[0]) > reached
    print(f"{usual:.0f} commands/s, {during:.0f} during a rebuild of {monotonic() - began:.1f} s")
    assert during > usual / 10
    assert not complaints
    crowd.stop()
    catches_up(system)
    assert live(system) > before
    assert rows(system, system.context.reads.engine) == replayed(system, tmp_path)
    system.close()


def killed_half_way(pipe: Pipe, system: System) -> int:
    """How far a rebuild had come when it was killed."""
    build = pipe.begin("rebuild")
    half_way = system.store.head() // 3
    until(lambda: built(system) > half_way, 60)
    build.kill()
    build.wait(10)
    return built(system)


def built(system: System) -> int:
    """How far the generation in the making has come."""
    with system.context.reads.engine.connect() as connection:
        number = connection.scalar(select(generations.c.number).where(generations.c.state == "building"))
        return min(checkpoints_of(connection, number).values()) if number else 0


def live(system: System) -> int:
    """The number of the generation that answers."""
    with system.context.reads.engine.connect() as connection:
        return live_generation(connection, system.store.epoch()) or 0


def catches_up(system: System) -> None:
    """Whoever keeps the read models has taken in all there is."""
    until(lambda: system.context.reads.position() >= system.store.head(), 60)


def rows(system: System, engine: Engine) -> dict[str, list[str]]:
    """All rows of all tables of the live generation."""
    with engine.connect() as connection:
        tables = tables_of(live_generation(connection, system.store.epoch()) or 0)[1]
        return {name: sorted(repr(tuple(row)) for row in connection.execute(select(t))) for name, t in tables.items()}


def replayed(system: System, folder: Path) -> dict[str, list[str]]:
    """The same rows, from a replay of every fact in one process, on a database of its own."""
    engine = open_engine(f"sqlite:///{folder / 'replay.db'}")
    prepare_read_models(engine)
    Projector(system.store, engine).catch_up()
    found = rows(system, engine)
    engine.dispose()
    return found


def rate(crowd: Crowd, seconds: float) -> float:
    """Acknowledged commands a second."""
    began, before = monotonic(), crowd.acknowledged()
    until(lambda: monotonic() > began + seconds, seconds + 10)
    return (crowd.acknowledged() - before) / (monotonic() - began)


@contextmanager
def reading(pipe: Pipe) -> Iterator[list[str]]:
    """Somebody reads all the time; what they complain about: no answer, or one that is older than the one before."""
    complaints: list[str] = []
    ended = threading.Event()

    def read() -> None:
        position = 0
        with pipe.client_of(pipe.keys[1]) as http:
            while not ended.is_set():
                for path in PATHS:
                    answer = http.get(path)
                    if answer.status_code != 200:
                        complaints.append(f"{path}: {answer.text}")
                        continue
                    before, position = position, answer.json()["position"]
                    if position < before:
                        complaints.append(f"{path}: from {before} back to {position}")

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        try:
            yield complaints
        finally:
            ended.set()
            reader.result()
