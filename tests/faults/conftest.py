"""One pipe for every test of its faults, on a database server that may be killed."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipe import Pipe
from tests.servers import Kafka, Postgres


@pytest.fixture(scope="package")
def database() -> Iterator[Postgres]:
    """A PostgreSQL server that nobody else needs; it waits for the disk at every commit."""
    folder = Path(tempfile.mkdtemp(prefix="whyfolio-faults-"))
    server = Postgres(folder, durable=True)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="package")
def shaken(database: Postgres, kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipe]:
    """A production form that tests shake; each leaves it running, with facts of its own in it."""
    database.run("CREATE DATABASE shaken")
    folder = tmp_path_factory.mktemp("shaken")
    pipe = Pipe(database.url("shaken"), kafka, f"events.{folder.name}", folder)
    yield pipe
    pipe.close()
