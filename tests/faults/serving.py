"""A `whyfolio serve` as a process of its own, and what its log and its exit say."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from domain.identity.words import Role
from tests.servers import free_port, until
from whyfolio.settings import Settings
from whyfolio.wiring import grant_key, migrate_store, open_system

PROGRAM = Path(sys.executable).parent / "whyfolio"


def environment(**settings: Any) -> dict[str, str]:
    """This process's environment with only these WHYFOLIO_ settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHYFOLIO_")}
    return {**kept, **{f"WHYFOLIO_{name.upper()}": str(value) for name, value in settings.items()}}


def prepared(url: str) -> str:
    """The key of somebody with every role, in a database that is made ready for it."""
    settings = Settings(database_url=url, _env_file=None)
    migrate_store(settings)
    system = open_system(settings)
    try:
        return grant_key(system, list(Role), None, "ada").key
    finally:
        system.close()


class Served:
    """A server, and the public API as the holder of a key sees it; `inside` starts it in another place."""

    def __init__(self, database_url: str, key: str, folder: Path, inside: Sequence[str] = ()) -> None:
        port = free_port()
        self.log = folder / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*inside, str(PROGRAM), "serve"],
                cwd=folder,
                env=environment(database_url=database_url, port=port),
                stdout=log,
                stderr=log,
            )
        url = f"http://127.0.0.1:{port}"
        self.ready = f"{url}/health/ready"
        self.api = httpx2.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=30)

    def is_ready(self) -> bool:
        """Whether it answers; fails if it has ended."""
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.api.get(self.ready).status_code == 200
        except httpx2.TransportError:
            return False

    def facts(self) -> list[dict[str, Any]]:
        """Every fact, from the beginning."""
        found: list[dict[str, Any]] = []
        while page := self._behind(found[-1]["position"] if found else 0):
            found += page
        return found

    def _behind(self, position: int) -> list[dict[str, Any]]:
        answer = self.api.get("/events", params={"after": position, "limit": 1000})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextmanager
def serving(database_url: str, key: str, folder: Path, inside: Sequence[str] = ()) -> Iterator[Served]:
    """A server that answers; stopped at the end."""
    server = Served(database_url, key, folder, inside)
    try:
        until(server.is_ready, 30)
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
        server.api.close()
