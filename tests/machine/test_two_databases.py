"""The same commands on SQLite and on PostgreSQL: the same answers, the same facts, the same views, live and rebuilt."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.rules import path_of
from domain.identity.words import Role
from domain.kernel.aggregate import fold
from domain.project.project import Project
from projections.models import tables_of
from projections.reads import live_generation
from tests.conftest import Clock, World, application
from tests.domain.scene import numbered
from tests.machine.drawing import Drawn, Known, beginning, command, kind_of
from tests.machine.rules import (
    AGGREGATES,
    must_be_told_again,
    must_hold,
    must_say_what_is_possible,
    plain,
    states_of,
    streams_of,
)
from tests.reads import every_read
from tests.servers import Postgres
from whyfolio.settings import Settings
from whyfolio.wiring import open_system
from workers.rebuild import rebuild

EXAMPLES = int(os.environ.get("WHYFOLIO_EXAMPLES", "0"))
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STEPS = 60
NOT_COMPARED = {"token"}
"""It names the epoch of its store."""


class Place:
    """One system with its people, on one database."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = {name: world.person(name) for name in ("ada", "bob")} | {"dan": world.person("dan", Role.SPONSOR)}

    def give(self, drawn: Drawn, who: str, headers: dict[str, str]) -> Any:
        """What a command is answered."""
        path = path_of(drawn.operation).replace("{id}", drawn.thing or "")
        return self.people[who].attempt(path, drawn.body, x_correlation_id="machine", **headers)

    def facts(self) -> list[Any]:
        """Every fact there is."""
        return self.world.system.store.read(0, 100_000)

    def answers(self, known: Known) -> Iterator[tuple[str, int, Any]]:
        """Every read of the API, of every thing."""
        self.world.system.catch_up()
        for path, parameters in every_read(known.things):
            answer = self.people["ada"].ask(path, **parameters)
            is_json = answer.headers["content-type"].endswith("json")
            yield path, answer.status_code, answer.json() if is_json else answer.text


@contextmanager
def _places(prepared_file: Path, folder: Path, postgres: Postgres) -> Iterator[list[Place]]:
    """A fresh system on each database, with clocks and ids that go alike."""
    with ExitStack() as stack:
        file = shutil.copy(prepared_file, folder / f"{uuid4()}.db")
        urls = [f"sqlite:///{file}", stack.enter_context(postgres.database(template="prepared"))]
        yield [stack.enter_context(_place(url)) for url in urls]


class Still(Clock):
    """A clock that stands until it is moved, however often it is looked at."""

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def _place(url: str) -> Iterator[Place]:
    clock, ids = Still(START), map(numbered, count(2**64))
    system = open_system(Settings(database_url=url, _env_file=None), clock=clock, ids=lambda: next(ids))
    with application(system.context) as app, TestClient(app) as client:
        yield Place(World(system, client, clock))
    system.close()


@pytest.mark.parametrize("seed", range(EXAMPLES or 2))
def test_two_databases_answer_alike(seed: int, prepared_file: Path, tmp_path: Path, postgres: Postgres) -> None:
    chance = Random(seed)
    came = Counter[int]()
    with _places(prepared_file, tmp_path, postgres) as places:
        known = Known()
        for drawn, who in beginning(known):
            assert _on_each(places, drawn, who, {}, known) < 300, drawn
        for _ in range(STEPS):
            drawn = command(chance, known, spoilt=True)
            who = chance.choice(["ada", "ada", "ada", "bob", "bob", "dan"])
            headers = chance.choice([{}] * 12 + [{"if_match": '"2"'}, {"idempotency_key": "again"}])
            came[_on_each(places, drawn, who, headers, known)] += 1
            for place in places:
                place.world.clock.now += timedelta(minutes=len(drawn.body))
        assert came.keys() >= {200, 409, 422}
        _must_be_alike(places, known)
        for place in places:
            _must_be_the_same_again(place)


def _on_each(places: list[Place], drawn: Drawn, who: str, headers: dict[str, str], known: Known) -> int:
    """Give one command everywhere; the status of its one answer."""
    given = [place.give(drawn, who, headers) for place in places]
    statuses, told = [answer.status_code for answer in given], [_without(answer.json()) for answer in given]
    assert len(set(statuses)) == 1, (drawn, statuses, [answer.text for answer in given])
    assert told[0] == told[1], drawn
    if statuses[0] >= 400:
        must_say_what_is_possible(statuses[0], told[0])
    else:
        _learn(known, drawn, told[0], places[0])
    return statuses[0]


def _learn(known: Known, drawn: Drawn, receipt: dict[str, Any], place: Place) -> None:
    """What a next command may name."""
    known.done[drawn.operation.name] += 1
    things = known.things.setdefault(kind_of(drawn.operation.collection), [])
    if drawn.thing is None and receipt["id"] not in things:
        things.append(receipt["id"])
    facts = place.facts()
    known.facts = facts
    known.states = {
        str(each.id): each.state for each in states_of(streams_of(facts)).values() if isinstance(each, Project)
    }


def _without(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in NOT_COMPARED}


def _must_be_alike(places: list[Place], known: Known) -> None:
    one, other = places
    assert one.facts() == other.facts()
    for here, there in zip(one.answers(known), other.answers(known), strict=True):
        assert here == there


def _must_be_the_same_again(place: Place) -> None:
    """What is kept in memory, what is stored and what a rebuild makes of it are the same."""
    facts, system = place.facts(), place.world.system
    states = states_of(streams_of(facts))
    must_hold(streams_of(facts), states)
    must_be_told_again(facts)
    for stream, state in states.items():
        kept = fold(AGGREGATES[state.kind], stream, system.store.history(stream))
        assert plain(kept) == plain(state)
    before = _rows(place)
    rebuild(system.store, system.context.reads.engine, lambda _, __: None)
    assert _rows(place) == before


def _rows(place: Place) -> dict[str, list[str]]:
    """Every row of the live read models."""
    system = place.world.system
    with system.context.reads.engine.connect() as connection:
        number = live_generation(connection, system.store.epoch())
        assert number is not None
        tables = tables_of(number)[1]
        return {name: sorted(map(repr, connection.execute(select(each)))) for name, each in tables.items()}
