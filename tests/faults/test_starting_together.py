"""Eight processes start at the same instant on an empty database."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.faults.serving import prepared
from tests.faults.verbs import Verb, at_once
from tests.servers import Postgres, free_port, until

MANY = 8


def all_migrate(url: str, folder: Path) -> None:
    """Everybody is content, and one is told the administrator's key."""
    with at_once(MANY, "migrate", folder, database_url=url) as verbs:
        assert [verb.wait() for verb in verbs] == [0] * MANY, [verb.errors.read_text() for verb in verbs]
    told = sorted(verb.output.read_text().partition(":")[0] for verb in verbs)
    assert told == ["The store is ready. Administrator key, shown this once"] + ["The store is up to date.\n"] * (
        MANY - 1
    )


def one_serves(verbs: list[Verb], sentence: str) -> None:
    """Seven say in one sentence why they do not; the eighth answers until it is told to stop."""
    until(lambda: sum(verb.has_ended() for verb in verbs) >= MANY - 1, 60)
    (server,) = [verb for verb in verbs if not verb.has_ended()]
    for refused in (verb for verb in verbs if verb is not server):
        assert refused.wait() == 1
        assert refused.errors.read_text().count("\n") == 1
        assert sentence in refused.errors.read_text()
    until(lambda: all_listen([server]), 60)
    assert httpx2.get(f"http://127.0.0.1:{server.port}/health/live").status_code == 200
    assert server.end() == 0


def all_listen(verbs: list[Verb]) -> bool:
    ended = [verb.errors.read_text() for verb in verbs if verb.has_ended()]
    assert not ended, ended
    return all(listens(verb.port) for verb in verbs)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def postgresql(postgres: Postgres) -> Iterator[str]:
    """A database without tables."""
    with postgres.database() as url:
        yield url


def test_on_postgresql_with_kafka_all_migrate_and_all_serve(postgresql: str, tmp_path: Path) -> None:
    all_migrate(postgresql, tmp_path)
    key, servers = prepared(postgresql), f"127.0.0.1:{free_port()}"
    with at_once(MANY, "serve", tmp_path, database_url=postgresql, kafka_servers=servers) as verbs:
        until(lambda: all_listen(verbs), 60)
        with httpx2.Client(headers={"Authorization": f"Bearer {key}"}) as client:
            answers = [
                client.post(f"http://127.0.0.1:{verb.port}/api/v1/portfolios", json={"name": f"P {verb.port}"})
                for verb in verbs
            ]
        assert len({answer.json()["position"] for answer in answers}) == MANY
        assert [verb.end() for verb in verbs] == [0] * MANY


def test_on_postgresql_without_kafka_one_serves(postgresql_url: str, tmp_path: Path) -> None:
    with at_once(MANY, "serve", tmp_path, database_url=postgresql_url) as verbs:
        one_serves(verbs, "is already served by another process")


def test_on_sqlite_all_migrate_and_one_serves(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'whyfolio.db'}"
    all_migrate(url, tmp_path)
    with at_once(MANY, "serve", tmp_path, database_url=url) as verbs:
        one_serves(verbs, "is already served by another process")


def test_in_an_empty_folder_one_shows_the_demo(tmp_path: Path) -> None:
    with at_once(MANY, "demo", tmp_path) as verbs:
        one_serves(verbs, "is already served by another process")
