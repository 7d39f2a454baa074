"""A real system on a file of its own for every test that asks for one."""

import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.context import Context
from domain.identity.words import Place, PlaceKind, Role
from tests.pipe import Pipe
from tests.servers import MEMORY, Kafka, Postgres, has_room
from whyfolio.settings import Settings
from whyfolio.wiring import System, grant_key, open_system, prepare_store

if has_room(MEMORY):
    # nothing that the tests write outlives them; on a disk they would wait for it
    tempfile.tempdir = str(MEMORY)

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

pytest_plugins = ["tests.parallel", "tests.report"]

WHY = {"code": "strategic_fit", "text": "It fits the plan of this year"}
PREFIX = "/api/v1"
PATIENT = {"Prefer": "wait=10"}
"""A machine that many share may be slow to show a write."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


class Api:
    """The public API as one person sees it."""

    def __init__(self, client: TestClient, key: str, person: str) -> None:
        self.client = client
        self.key = key
        self.person = person
        self.token: str | None = None

    def get(self, path: str, **params: Any) -> Any:
        """The answer of a query that must succeed, with everything written before."""
        if self.token and "events" not in path:
            params.setdefault("after", self.token)
        response = self.ask(path, headers=PATIENT, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def ask(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> Response:
        """Whatever a query answers."""
        return self.client.get(PREFIX + path, params=params, headers={**self._auth(), **(headers or {})})

    def do(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        """The receipt of a command that must succeed."""
        response = self.attempt(path, body, **headers)
        assert response.status_code in {200, 201}, response.text
        receipt = response.json()
        self.token = receipt["token"]
        return receipt

    def attempt(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Response:
        """Whatever a command answers; `idempotency_key="x"` becomes the header."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(PREFIX + path, json=body or {}, headers={**self._auth(), **given})

    def every(self, path: str, **params: Any) -> list[Any]:
        """All items of a list, page by page."""
        answer = self.get(path, limit=1000, **params)
        items = answer["items"]
        while answer["next_cursor"]:
            answer = self.get(path, limit=1000, cursor=answer["next_cursor"], **params)
            items += answer["items"]
        return items

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


class World:
    """A running system, its clock, and people who act in it."""

    def __init__(self, system: System, client: TestClient, clock: Clock) -> None:
        self.system = system
        self.client = client
        self.clock = clock

    def person(self, name: str, *roles: Role, portfolio: Any = None, program: Any = None, project: Any = None) -> Api:
        """Somebody with these roles (all of them if none is named), in one place or everywhere."""
        named = zip(PlaceKind, (portfolio, program, project), strict=True)
        place = next((Place(kind, UUID(str(each))) for kind, each in named if each), None)
        key = grant_key(self.system, list(roles or Role), place, name)
        return Api(self.client, key.key, str(key.person))


IDLE: list[FastAPI] = []


@contextmanager
def application(context: Context) -> Iterator[FastAPI]:
    """The application over a system; one that nobody uses any more serves again, for its routes take long to make."""
    app = IDLE.pop() if IDLE else create_app(context)
    app.state = create_app(context).state
    yield app
    app.dependency_overrides.clear()
    IDLE.append(app)


def prepare(url: str) -> None:
    """Give a database today's tables and empty read models."""
    settings = Settings(database_url=url, _env_file=None)
    prepare_store(settings)
    system = open_system(settings)
    system.projector.step()
    system.close()


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared SQLite file, to copy."""
    path = tmp_path_factory.mktemp("prepared") / "whyfolio.db"
    prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server, with a prepared database to copy."""
    folder = Path(tempfile.mkdtemp(prefix="whyfolio-postgres-"))
    server = Postgres(folder)
    server.run("CREATE DATABASE prepared")
    prepare(server.url("prepared"))
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """A Kafka broker."""
    folder = Path(tempfile.mkdtemp(prefix="whyfolio-kafka-"))
    broker = Kafka(folder)
    yield broker
    broker.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def pipe(postgres: Postgres, kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipe]:
    """A running production form, for all tests of a module."""
    folder = tmp_path_factory.mktemp("pipe")
    with postgres.database(template="prepared") as url:
        running = Pipe(url, kafka, f"events.{folder.name}.{uuid4()}", folder)
        yield running
        running.close()


@pytest.fixture
def sqlite_url(prepared_file: Path, tmp_path: Path) -> str:
    """A prepared database in a file of its own."""
    shutil.copy(prepared_file, tmp_path / "whyfolio.db")
    return f"sqlite:///{tmp_path / 'whyfolio.db'}"


@pytest.fixture
def postgresql_url(postgres: Postgres) -> Iterator[str]:
    """A prepared database of its own on the server."""
    with postgres.database(template="prepared") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with request.getfixturevalue("postgres").database() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of a fresh embedded system, on each database."""
    return Settings(database_url=request.getfixturevalue(f"{request.param}_url"), _env_file=None)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at a Monday morning in March 2026."""
    return Clock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def world(settings: Settings, clock: Clock) -> Iterator[World]:
    """A fresh system behind its real application."""
    system = open_system(settings, clock=clock)
    system.projector.start()
    with application(system.context) as app, TestClient(app) as client:
        yield World(system, client, clock)
    system.close()


@pytest.fixture
def ada(world: World) -> Api:
    """Ada holds every role; what she proposes somebody else has to authorize."""
    return world.person("ada")


@pytest.fixture
def bob(world: World) -> Api:
    """Bob holds every role too."""
    return world.person("bob")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what is here."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir"]
    subprocess.run([*build, str(folder), str(Path(__file__).parents[1])], check=True)
    return next(folder.glob("*.whl"))
