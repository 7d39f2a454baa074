"""What the embedded system shows, PostgreSQL, Kafka, a relay and two projectors show: every list, byte for byte.

The same year is lived through twice, with the same clock and ids, once on SQLite, once on the pipe.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from domain.kernel.instants import rfc3339
from tests.conftest import Clock, World
from tests.imports.test_public_answers import DATA, GMPP, KEP, Sample, imported
from tests.pipe import Pipe
from tests.servers import Kafka, Postgres
from tests.test_bounds import START, History, live_through, questions, record_late
from whyfolio.settings import Settings
from whyfolio.wiring import migrate_store, open_system

DIFFERS = {"event_id", "stored_at", "position", "at", "token", "next_cursor", "next_after", "inputs_position"}
MOMENTS = 3
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def pipe(postgres: Postgres, kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipe]:
    """A running production form."""
    folder = tmp_path_factory.mktemp("walked")
    with postgres.database(template="prepared") as url:
        running = Pipe(url, kafka, f"events.{folder.name}", folder, people=("operator",))
        yield running
        running.close()


def in_order(seed: int) -> Callable[[], UUID]:
    """Ids that are the same in every system."""
    chance = random.Random(seed)
    return lambda: UUID(int=chance.getrandbits(128), version=4)


@contextmanager
def lived(settings: Settings) -> Iterator[History]:
    """The year in a system; what it shows is complete."""
    migrate_store(settings)
    clock = Clock(START)
    headers = {"X-Correlation-ID": "walk", "Prefer": "wait=10"}
    with (
        closing(open_system(settings, clock, in_order(5))) as system,
        TestClient(create_app(system.context), headers=headers) as client,
    ):
        world = World(system, client, clock)
        key = world.person("auditor").key
        ids = live_through(world)
        record_late(world, ids["project"])
        system.catch_up()
        yield History(world, key, system.store.read(0, 10_000), ids)


def test_every_answer_is_the_same_byte_for_byte(pipe: Pipe, tmp_path: Path) -> None:
    embedded = Settings(database_url=f"sqlite:///{tmp_path / 'w.db'}", _env_file=None)
    with lived(embedded) as here, lived(pipe.settings) as there:
        compared, chance = 0, random.Random(11)
        for bounds in some_bounds(here):
            everything = [*questions(here)]
            for path, asked in chance.sample(everything, len(everything) // 3) if bounds else everything:
                if "stream" not in path:
                    texts = [text(each, whole(each, path, {**asked, **bounds})) for each in (here, there)]
                    assert texts[0] == texts[1], (path, asked, bounds)
                    compared += len(texts[0])
        assert compared > 500_000


def some_bounds(history: History) -> Iterator[dict[str, str]]:
    """No bound, and moments of the year on either clock and on both."""
    yield {}
    chance = random.Random(3)
    days = (history.world.clock.now - START).days
    for number in range(MOMENTS):
        moments = [rfc3339(START + timedelta(days=chance.randrange(days))) for _ in range(2)]
        names = (("as_of",), ("known_at",), ("as_of", "known_at"))[number % 3]
        yield dict(zip(names, moments, strict=False))


def ask(history: History, path: str, asked: dict[str, str]) -> Response:
    """What the auditor is answered."""
    response = history.world.client.get(path, params=asked, headers={"Authorization": f"Bearer {history.key}"})
    assert response.status_code in {200, 422}, (path, asked, response.text)
    return response


def whole(history: History, path: str, asked: dict[str, str]) -> Any:
    """The answer with the items of all its pages."""
    if path.endswith("export"):
        return [json.loads(line) for line in ask(history, path, asked).text.splitlines()]
    if path.endswith(".svg"):
        return ask(history, path, asked).text
    answer = ask(history, path, asked).json()
    while cursor := answer.get("next_cursor"):
        page = ask(history, path, {**asked, "cursor": cursor}).json()
        answer = {**page, "items": [*answer["items"], *page["items"]]}
    return answer


def text(history: History, value: Any) -> str:
    """An answer as JSON with sorted keys, without what differs between two stores, and without who holds a key.

    Where a fact names another, it is named by its place in the history.
    """
    return UUIDS.sub(
        lambda found: places(history).get(found[0], found[0]), json.dumps(comparable(value), sort_keys=True)
    )


@cache
def places(history: History) -> dict[str, str]:
    """The place of every fact among those that both systems hold, by its event id."""
    both = [fact for fact in history.facts if not fact.name.startswith("identity.")]
    return {str(fact.event_id): f"fact {number}" for number, fact in enumerate(both)}


def comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: comparable(member) for name, member in value.items() if name not in DIFFERS}
    if isinstance(value, list):
        return [comparable(each) for each in value if not _is_grant(each)]
    return value


def _is_grant(item: Any) -> bool:
    """A fact about who may do what, or somebody whom only the installation of one of the two knows."""
    name = str(item.get("name")) if isinstance(item, dict) else ""
    return name.startswith("identity.") or name in {"administrator", "operator"}


@pytest.mark.skipif(not DATA, reason="WHYFOLIO_PUBLIC_DATA names no folder with the public samples")
@pytest.mark.parametrize(
    ("file", "mapping", "answered"),
    [
        ("kep-history/kep_events.jsonl", "kep.toml", KEP),
        ("gmpp-2014-2016/gmpp_2014_2016.csv", "gmpp.toml", GMPP),
    ],
)
def test_what_is_known_of_the_public_samples(
    pipe: Pipe, file: str, mapping: str, answered: dict[str, Callable[[Sample], Any]]
) -> None:
    with imported(pipe.settings, Path(DATA) / file, mapping) as sample:
        for question, found in answered.items():
            if question != "transition_matrix":
                assert found(sample) == sample.answers[question], question
