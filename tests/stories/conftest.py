"""Systems that know the sample story, or are about to hear it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json
from starlette.testclient import TestClient

from domain.identity.words import Role
from tests.conftest import Api, Clock, application
from whyfolio.demo import read_story, sample, tell
from whyfolio.settings import Settings
from whyfolio.wiring import System, grant_key, open_system, prepare_store

AFTER_THE_STORY = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
BEFORE_THE_STORY = datetime(2024, 2, 29, 9, 0, tzinfo=UTC)
Open = Callable[..., System]
Document = dict[str, Any]

STORY = read_story(sample("story.toml"))


@pytest.fixture
def open_fresh(tmp_path: Path) -> Iterator[Open]:
    """Opens the system of a name, a fresh one for a new name, with a clock that stands somewhere."""
    opened: list[System] = []

    def open_it(name: str = "whyfolio", now: datetime = AFTER_THE_STORY) -> System:
        settings = Settings(database_url=f"sqlite:///{tmp_path / name}.db", _env_file=None)
        prepare_store(settings)
        opened.append(open_system(settings, clock=Clock(now)))
        return opened[-1]

    yield open_it
    for system in opened:
        system.close()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system that knows the whole story, its read models complete."""
    folder = tmp_path_factory.mktemp("told")
    settings = Settings(database_url=f"sqlite:///{folder / 'whyfolio.db'}", _env_file=None)
    prepare_store(settings)
    system = open_system(settings, clock=Clock(AFTER_THE_STORY))
    tell(system, STORY)
    system.projector.catch_up()
    yield system
    system.close()


@pytest.fixture(scope="session")
def auditor(told: System) -> Iterator[Api]:
    """Somebody who reads everything of the told story."""
    with application(told.context) as app, TestClient(app) as client:
        key = grant_key(told, [Role.AUDITOR], None, "a reader of stories")
        told.projector.catch_up()
        yield Api(client, key.key, str(key.person))


def documents(system: System) -> list[Document]:
    """All facts as they are stored, leaving out when they were stored."""
    found = [from_json(stored.document) for stored in system.store.read_documents(0, 10_000)]
    for document in found:
        del document["stored_at"]
    return found
