"""The scripted year on SQLite in one process, and on PostgreSQL and Kafka with a relay and two projector processes.

Both end with the same read models, and either has the same rows when they are built anew from the facts.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from tests.conftest import Clock, World
from tests.faults.test_rebuild import live, rows
from tests.pipe import Pipe
from tests.servers import Kafka, Postgres
from tests.stories.board.minutes import the_board
from tests.stories.year.auditing import QUARTERS, Audit
from tests.stories.year.minutes import NEW_YEAR, the_year
from tests.stories.year.office import Office
from tests.stories.year.proposing import TOWN
from tests.test_bounds import History, questions
from tests.test_pipe_walk import in_order, text, whole
from whyfolio.settings import Settings
from whyfolio.wiring import migrate_store, open_system
from workers.rebuild import rebuild

EVERY = 4
"""Of how many components or people one is asked about by itself; the lists tell of all."""


@pytest.fixture(scope="module")
def pipe(postgres: Postgres, kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipe]:
    """A running production form."""
    folder = tmp_path_factory.mktemp("year")
    with postgres.database(template="prepared") as url:
        running = Pipe(url, kafka, f"events.{folder.name}.{uuid4()}", folder, people=("operator",))
        yield running
        running.close()


@contextmanager
def lived(settings: Settings) -> Iterator[Office]:
    """The office after its year in a system; what that shows is complete."""
    migrate_store(settings)
    clock = Clock(NEW_YEAR)
    headers = {"X-Correlation-ID": "year", "Prefer": "wait=10"}
    with (
        closing(open_system(settings, clock, in_order(25))) as system,
        TestClient(create_app(system.context), headers=headers) as client,
    ):
        if not settings.kafka_servers:
            system.projector.start()
        office = the_year(World(system, client, clock))
        system.catch_up()
        yield office


def test_the_year_ends_with_the_same_read_models(pipe: Pipe, tmp_path: Path) -> None:
    embedded = Settings(database_url=f"sqlite:///{tmp_path / 'y.db'}", _env_file=None)
    with lived(embedded) as here, lived(pipe.settings) as there:
        audit = Audit(there)
        audit.who_decided_what()  # the other questions are answered by what both show
        audit.nobody_authorized_what_they_proposed()
        audit.every_fact_is_there_once()
        compared = shown_by_both(here, there)
        assert compared > 3_000_000
        assert the_board_is_told_the_same(here, there) > 100_000
        for office in (here, there):
            rows_are_those_of_the_facts(office)
        assert pipe.ended() == []


def shown_by_both(here: Office, there: Office) -> int:
    """How much text was compared: every answer to every question, and every list as it was known at half-year."""
    histories, compared = (history_of(here), history_of(there)), 0
    for path, asked in questions(histories[0]):
        if "stream" in path:
            continue
        moments = {"from": QUARTERS[1], "to": QUARTERS[3]} if "from" in asked else {}
        past = [{"as_of": QUARTERS[2], "known_at": QUARTERS[2]}] if is_a_list(path) else []
        for bounds in ({}, *past):
            texts = [text(each, whole(each, path, {**asked, **moments, **bounds})) for each in histories]
            assert texts[0] == texts[1], (path, asked, bounds)
            compared += len(texts[0])
    return compared


def the_board_is_told_the_same(here: Office, there: Office) -> int:
    """How much text was compared: what a board is told that chooses in both, after the year."""
    meetings = [the_board(office.world) for office in (here, there)]
    histories, compared = (history_of(here), history_of(there)), 0
    for path, asked in meetings[0].questions():
        texts = [text(each, whole(each, path, asked)) for each in histories]
        assert texts[0] == texts[1], (path, asked)
        compared += len(texts[0])
    return compared


def is_a_list(path: str) -> bool:
    """Whether a path leads to a collection, and not to one of its things."""
    return path.count("/") == 3


def history_of(office: Office) -> History:
    """What the questions are asked of."""
    ids, now, system = office.ids, office.ledger.now, office.world.system
    things = {
        "project": [ids[name] for name in now.components][::EVERY],
        "portfolio": [ids[name] for name in now.orders],
        "goal": [ids[name] for name in now.goals],
        "resource": sorted({ids[each.person] for each in now.bookings})[::EVERY],
        "analysis": [*now.choices],
        "scenario": [],
        "review": [f"{ids[TOWN]}/reviews/{each.id}" for each in now.reviews],
    }
    return History(office.world, office.auditor.api.key, system.store.read(0, 10_000), things)


def rows_are_those_of_the_facts(office: Office) -> None:
    """Built anew from the facts, every read model has the rows it had."""
    system = office.world.system
    engine = system.context.reads.engine
    before, generation = rows(system, engine), live(system)
    rebuild(system.store, engine, lambda *_: None)
    assert live(system) > generation
    assert rows(system, engine) == before
