"""What every figure shares: real servers, the machine it was measured on, and how a figure is told."""

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import psycopg

from tests.servers import Kafka, Postgres
from whyfolio.settings import Settings
from whyfolio.wiring import System, migrate_store, open_system

REACHED = {True: "yes", False: "**no**", None: "–"}


@dataclass(frozen=True)
class Figure:
    """One measured figure; `rival` and `ratio` are there if another did the same work in the same run, `goal` and
    `reached` if there is one.

    `numbers` has everything that was measured, `notes` what a reader has to know to believe it.
    """

    name: str
    work: str
    ours: str
    goal: str | None = None
    reached: bool | None = None
    rival: str | None = None
    ratio: float | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    notes: str = ""

    def document(self) -> dict[str, object]:
        """The figure as JSON."""
        return asdict(self)


class Servers:
    """A PostgreSQL that waits for the disk at every commit, and a Kafka broker, each started when it is asked for.

    Servers that run already can be handed in; they are left running.
    """

    def __init__(self, postgres: Postgres | None = None, kafka: Kafka | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="whyfolio-bench-"))
        self.folder.chmod(0o755)  # the database server runs as another user
        self._postgres, self._kafka = postgres, kafka
        self._started: list[Postgres | Kafka] = []

    @cached_property
    def postgres(self) -> Postgres:
        """The database server."""
        if self._postgres:
            return self._postgres
        server = Postgres(self._own("postgres"), durable=True)
        self._started.append(server)
        return server

    @cached_property
    def kafka(self) -> Kafka:
        """The broker."""
        if self._kafka:
            return self._kafka
        broker = Kafka(self._own("kafka"))
        self._started.append(broker)
        return broker

    def postgres_url(self) -> str:
        """A fresh database."""
        name = f"b{uuid4().hex}"
        self.postgres.run(f"CREATE DATABASE {name}")
        return self.postgres.url(name)

    def sqlite_url(self) -> str:
        """A fresh file."""
        return f"sqlite:///{self.folder / uuid4().hex}.db"

    def settle(self, url: str) -> None:
        """Do at once what PostgreSQL's autovacuum would do within a minute of a large import."""
        if url.startswith("postgresql"):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")

    def asked(self, parameter: str) -> str:
        """What PostgreSQL says about one of its parameters."""
        with psycopg.connect(self.postgres.url()) as connection:
            row = connection.execute("SELECT current_setting(%s)", [parameter]).fetchone()
            return str(row[0]) if row else "?"

    def close(self) -> None:
        """Stop what was started and leave nothing behind."""
        for server in self._started:
            server.stop()
        shutil.rmtree(self.folder)

    def _own(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder


def system_at(url: str) -> System:
    """A fresh system on the embedded log, with nothing in it."""
    settings = Settings(database_url=url, _env_file=None)
    migrate_store(settings)
    return open_system(settings)


def machine(servers: Servers) -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "machine": f"{os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": f"{servers.asked('server_version')}, fsync {servers.asked('fsync')}",
        "Kafka": servers.kafka.version(),
        "eventsourcing": version("eventsourcing"),
        "commit": _commit(),
        "steadiness": _steadiness(),
    }


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, what is to be known about them below."""
    lines = ["| work | Whyfolio | rival in the same run | ratio | goal | reached |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {each.work} | {each.ours} | {each.rival or '–'} | {f'{each.ratio:.1f} ×' if each.ratio else '–'} "
        f"| {each.goal or '–'} | {REACHED[each.reached]} |"
        for each in figures
    ]
    return "\n".join([*lines, "", *(f"- **{each.work}**: {each.notes}" for each in figures if each.notes)])


def quantile(values: Sequence[float], part: float) -> float:
    """The value that a part of all values does not exceed: 0.95 gives p95."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def _steadiness() -> str:
    """How long the same work takes from one time to the next: what a shared machine adds to every figure."""
    taken = []
    for _ in range(500):
        began = perf_counter()
        sum(range(100_000))
        taken.append((perf_counter() - began) * 1000)
    fastest, *others = (f"{quantile(taken, part):.1f}" for part in (0, 0.5, 0.95))
    return f"a sum of 100,000 numbers takes {fastest} ms at best, p50 {others[0]} ms, p95 {others[1]} ms"


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "?"
    found = subprocess.run(  # noqa: S603 (a constant command)
        [git, "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=Path(__file__).parent, check=False
    )
    return found.stdout.strip() or "?"
