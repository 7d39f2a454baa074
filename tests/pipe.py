"""The production form: each service of docker-compose.yml as a process of its own, on the servers of the tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import yaml

from domain.identity.words import Role
from tests.servers import Kafka, free_port, until
from whyfolio.settings import Settings
from whyfolio.wiring import grant_key, migrate_store, open_system

ROOT = Path(__file__).parents[1]
PROGRAM = Path(sys.executable).parent / "whyfolio"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = ("relay", "projector-a", "projector-b", "api")


class Pipe:
    """Every process of the production form, and a client with a key.

    `people` hold every role; what one proposes another may authorize. Without Kafka the service `api`
    alone is the embedded form.
    """

    def __init__(
        self,
        database_url: str,
        kafka: Kafka | None,
        topic: str,
        folder: Path,
        services: Sequence[str] = SERVICES,
        people: Sequence[str] = ("ada", "bob"),
    ) -> None:
        servers = kafka.servers if kafka else None
        self.settings = Settings(
            database_url=database_url, kafka_servers=servers, kafka_topic=topic, port=free_port(), _env_file=None
        )
        self.folder = folder
        migrate_store(self.settings)
        system = open_system(self.settings)
        self.keys = [grant_key(system, list(Role), None, name).key for name in people]
        system.close()
        self.client = self.client_of(self.keys[0])
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        for name in services:
            self.start(name)
        until(self.is_ready, 30)

    def client_of(self, key: str) -> httpx2.Client:
        """The public API for whoever holds the key."""
        url, headers = f"http://127.0.0.1:{self.settings.port}/api/v1", {"Authorization": f"Bearer {key}"}
        return httpx2.Client(base_url=url, headers=headers, timeout=15)

    def environment(self) -> dict[str, str]:
        """What docker-compose.yml would set, with our servers."""
        ours = {
            "WHYFOLIO_DATABASE_URL": self.settings.database_url,
            "WHYFOLIO_KAFKA_SERVERS": self.settings.kafka_servers,
            "WHYFOLIO_KAFKA_TOPIC": self.settings.kafka_topic,
            "WHYFOLIO_HOST": "127.0.0.1",
            "WHYFOLIO_PORT": str(self.settings.port),
        }
        return {name: value for name, value in ours.items() if value is not None}

    def start(self, name: str) -> None:
        """Start a service of docker-compose.yml: its own command, its own environment, our servers."""
        service = COMPOSE["services"][name]
        assert set(self.environment()) <= set(COMPOSE["services"]["api"]["environment"])
        program, *words = service["command"]
        assert program == PROGRAM.name
        self.processes[name] = self._process(f"{name}.log", words, set(service["environment"]))

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a verb of the command line here."""
        return self._process("verbs.log", words, set(self.environment()))

    def _process(self, log: str, words: Sequence[str], variables: set[str]) -> subprocess.Popen[bytes]:
        given = {name: value for name, value in self.environment().items() if name in variables}
        with (self.folder / log).open("ab") as file:
            return subprocess.Popen(
                [str(PROGRAM), *words], env={**os.environ, **given}, cwd=self.folder, stdout=file, stderr=file
            )

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        self.processes[name].kill()
        self.processes[name].wait(10)

    def restart(self, name: str) -> None:
        """Kill a process, and start it again as a supervisor does."""
        self.kill(name)
        self.start(name)

    def ended(self) -> list[str]:
        """The services that are not running, each with the last line of its log."""
        return [
            f"{name}: {(self.folder / f'{name}.log').read_text().splitlines()[-1:]}"
            for name, process in self.processes.items()
            if process.poll() is not None
        ]

    def whyfolio(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What a verb of the command line answers here."""
        environment = {**os.environ, **self.environment()}
        return subprocess.run(
            [str(PROGRAM), *words], env=environment, cwd=self.folder, capture_output=True, text=True, timeout=300
        )

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

    def shows(self, token: str, wait: int = 1) -> bool:
        """Whether the read models have passed a write."""
        try:
            return self._passed(token, wait)
        except httpx2.TransportError:
            return False

    def _passed(self, token: str, wait: int) -> bool:
        headers = {"Prefer": f"wait={wait}"}
        return self.client.get("/portfolios", params={"after": token}, headers=headers).status_code == 200

    def sent(self) -> int:
        """The position up to which the relay has sent facts on; -1 while the database is away."""
        try:
            with psycopg.connect(self.settings.database_url, connect_timeout=1) as connection:
                row = connection.execute("SELECT position FROM relay").fetchone()
        except psycopg.OperationalError:
            return -1
        return int(row[0]) if row else -1

    def stop(self) -> list[int]:
        """Exit codes after SIGTERM."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        return [process.wait(15) for process in self.processes.values()]

    def close(self) -> None:
        """Leave nothing running."""
        for process in self.processes.values():
            process.kill()
            process.wait(10)
        self.client.close()
