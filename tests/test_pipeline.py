"""The pipe: PostgreSQL, a real Kafka broker, one relay, two projectors, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from starlette.testclient import TestClient

from api.app import create_app
from domain.identity.words import Role
from tests.conftest import WHY
from tests.servers import Kafka, Postgres, free_port, until
from whyfolio.demo import read_story, sample, tell
from whyfolio.settings import Settings
from whyfolio.wiring import System, grant_key, migrate_store, open_system

ROOT = Path(__file__).parents[1]
PROGRAM = Path(sys.executable).parent / "whyfolio"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = ("relay", "projector-a", "projector-b", "api")
DIFFERS = {
    "event_id",
    "stored_at",
    "position",
    "at",
    "version",
    "token",
    "next_cursor",
    "next_after",
    "inputs_position",
}
LISTS = ("/portfolios", "/projects", "/resources", "/decisions", "/audit", "/events")


class Pipe:
    """Every process of the production form, and a client with a key."""

    def __init__(self, database_url: str, kafka: Kafka, topic: str, folder: Path) -> None:
        self.settings = Settings(
            database_url=database_url, kafka_servers=kafka.servers, kafka_topic=topic, port=free_port(), _env_file=None
        )
        self.folder = folder
        migrate_store(self.settings)
        system = open_system(self.settings)
        key = grant_key(system, list(Role), None, "ada").key
        system.close()
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{self.settings.port}/api/v1",
            headers={"Authorization": f"Bearer {key}"},
            timeout=15,
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        for name in SERVICES:
            self.start(name)
        until(self.is_ready, 30)

    def start(self, name: str) -> None:
        """Start a service of docker-compose.yml: its own command, its own environment, our servers."""
        service = COMPOSE["services"][name]
        ours = {
            "WHYFOLIO_DATABASE_URL": self.settings.database_url,
            "WHYFOLIO_KAFKA_SERVERS": str(self.settings.kafka_servers),
            "WHYFOLIO_KAFKA_TOPIC": self.settings.kafka_topic,
            "WHYFOLIO_HOST": "127.0.0.1",
            "WHYFOLIO_PORT": str(self.settings.port),
        }
        given = {variable: ours[variable] for variable in service["environment"]}
        program, *words = service["command"]
        assert program == PROGRAM.name
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(PROGRAM), *words], env={**os.environ, **given}, cwd=self.folder, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """End a process as a power cut would, and start it again."""
        self.processes[name].kill()
        self.processes[name].wait(10)
        self.start(name)

    def is_ready(self) -> bool:
        """Whether the API answers and has read models."""
        try:
            return self.client.get(f"http://127.0.0.1:{self.settings.port}/health/ready").status_code == 200
        except httpx2.TransportError:
            return False

    def do(self, path: str, body: dict[str, Any]) -> Any:
        """The receipt of a command that must succeed."""
        response = self.client.post(path, json=body)
        assert response.status_code in {200, 201}, response.text
        return response.json()

    def shows(self, token: str) -> bool:
        """Whether the read models have passed a write."""
        return self.client.get("/portfolios", params={"after": token}, headers={"Prefer": "wait=1"}).status_code == 200

    def stop(self) -> list[int]:
        """Exit codes after SIGTERM."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        return [process.wait(15) for process in self.processes.values()]


@pytest.fixture
def pipe(postgresql_url: str, kafka: Kafka, tmp_path: Path) -> Iterator[Pipe]:
    """A running production form."""
    running = Pipe(postgresql_url, kafka, f"events.{tmp_path.name}", tmp_path)
    yield running
    running.stop()
    running.client.close()


def test_a_decision_travels_through_the_pipe(pipe: Pipe, kafka: Kafka, postgres: Postgres) -> None:
    print(f"Kafka {kafka.version()}, PostgreSQL {postgres.version()}")
    portfolio = pipe.do("/portfolios", {"name": "Harbour"})
    receipts = [
        pipe.do("/projects", {"name": f"P {n}", "sponsor": "s", "portfolio": portfolio["id"], "rationale": WHY})
        for n in range(30)
    ]
    assert until(lambda: pipe.shows(receipts[-1]["token"]))
    listed = pipe.client.get("/projects", params={"portfolio": portfolio["id"], "sort": "rank"}).json()
    assert [item["id"] for item in listed["items"]] == [receipt["id"] for receipt in receipts]
    assert pipe.stop() == [0 for _ in SERVICES]


def test_the_pipe_answers_as_the_embedded_system_does(pipe: Pipe, tmp_path: Path) -> None:
    embedded = Settings(database_url=f"sqlite:///{tmp_path / 'w.db'}", _env_file=None)
    migrate_store(embedded)
    answers = []
    for settings in (embedded, pipe.settings):
        system = open_system(settings)
        tell(system, read_story(sample("story.toml")))
        answers.append(_answers(system, follow=settings is embedded))
        system.close()
    for path in LISTS:
        assert answers[0][path] == answers[1][path], path
        assert len(answers[0][path]) > 100


def test_killed_processes_lose_and_repeat_nothing(pipe: Pipe) -> None:
    portfolio = pipe.do("/portfolios", {"name": "Harbour"})
    acknowledged: list[str] = []
    for round_ in range(8):
        name = SERVICES[round_ % len(SERVICES)]
        for number in range(5):
            body = {"name": f"P {round_} {number}", "sponsor": "s", "portfolio": portfolio["id"], "rationale": WHY}
            acknowledged.append(pipe.do("/projects", body)["id"])
        pipe.kill(name)
        until(pipe.is_ready, 30)
    last = pipe.do("/projects", {"name": "Last", "sponsor": "s", "portfolio": portfolio["id"], "rationale": WHY})
    assert until(lambda: pipe.shows(last["token"]), 30)
    items = pipe.client.get("/projects", params={"limit": 1000, "sort": "rank", "portfolio": portfolio["id"]}).json()
    assert [item["id"] for item in items["items"]] == [*acknowledged, last["id"]]
    assert [item["rank"] for item in items["items"]] == list(range(1, len(acknowledged) + 2))


def _answers(system: System, *, follow: bool) -> dict[str, str]:
    """Every list, as text that can be compared."""
    key = grant_key(system, [Role.AUDITOR], None, "reader").key
    if follow:
        system.projector.catch_up()
    until(lambda: system.context.reads.position() >= system.store.head(), 30)
    with TestClient(create_app(system.context)) as client:
        headers = {"Authorization": f"Bearer {key}"}
        return {
            path: json.dumps(
                _comparable(client.get(f"/api/v1{path}?limit=1000", headers=headers).json()), sort_keys=True
            )
            for path in LISTS
        }


def _comparable(value: Any) -> Any:
    """Without what differs between two stores, and without who holds a key here or there."""
    if isinstance(value, dict):
        return {name: _comparable(member) for name, member in value.items() if name not in DIFFERS}
    if isinstance(value, list):
        return [_comparable(each) for each in value if not _is_grant(each)]
    return value


def _is_grant(item: Any) -> bool:
    return isinstance(item, dict) and str(item.get("name")).startswith("identity.")
