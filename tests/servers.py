"""Real servers for the tests: found if present, else skipped with a sentence (an error with CI=true)."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
import pytest

MEMORY = Path("/dev/shm")
RAN: dict[str, set[str]] = {}
"""What really ran, by name, and the versions it told."""


def ran(name: str, version: str) -> None:
    """Note the version of something that runs, for the end of the report."""
    RAN.setdefault(name, set()).add(version)


def has_room(folder: Path) -> bool:
    """Whether a folder is there and holds all that the tests write."""
    return folder.is_dir() and shutil.disk_usage(folder).free > 2 * 1024**3


def cannot_be_had(sentence: str) -> None:
    """Skip, or fail where nothing may be skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def until(holds: Callable[[], Any], seconds: float = 30) -> Any:
    """The first true answer; fails after some seconds, however long an answer takes."""
    waiting, began = threading.Event(), monotonic()
    while monotonic() - began < seconds:
        if found := holds():
            return found
        waiting.wait(0.02)
    raise AssertionError(f"did not become true within {seconds} s")


def postgres_programs() -> Path | None:
    """Where PostgreSQL's server programs are, newest first."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    return next((path for path in [*candidates, *([Path(on_path).parent] if on_path else [])] if path.exists()), None)


class Server:
    """A server that can be killed, and frozen, while others work with it."""

    process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        raise NotImplementedError

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(20)

    def freeze(self) -> None:
        """Let it hang: connections stay open, and nothing answers."""
        self._signal_all(signal.SIGSTOP)
        until(self._stands_still)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal_all(signal.SIGCONT)

    def _stands_still(self) -> bool:
        """Whether the last of its threads has stopped; one on another processor may still answer for a moment."""
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile: look again
            tasks = Path(f"/proc/{self.process.pid}/task").glob("*/stat")
            return all(stat.read_text().rpartition(")")[2].split()[0] in "Tt" for stat in tasks)
        return False

    def _signal_all(self, number: signal.Signals) -> None:
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, number)


class Postgres(Server):
    """A PostgreSQL cluster of its own, in a folder of its own; nothing it holds outlives the tests.

    With `durable` it waits for the disk at every commit, as in production. `inside` are words that start
    a program where `data` is another disk.
    """

    def __init__(self, folder: Path, *, durable: bool = False, inside: Sequence[str] = ()) -> None:
        programs = postgres_programs()
        if programs is None:
            cannot_be_had("PostgreSQL is not installed: apt-get install postgresql")
        assert programs is not None
        self.port = free_port()
        self.folder = folder
        self.durable = durable
        # the server refuses root
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if user:
            shutil.chown(folder, "postgres", "postgres")
        self.run_as = [*inside, *user]
        initdb = [*self.run_as, str(programs / "initdb"), "-D", str(folder / "data"), "-U", "whyfolio", "--auth=trust"]
        subprocess.run([*initdb, "-E", "UTF8", "--locale=C.UTF-8"], check=True, capture_output=True, cwd=folder)
        self.start()
        ran("PostgreSQL", self.version())

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._launch()
        until(self._is_up, seconds=30)

    def _launch(self) -> None:
        programs = postgres_programs()
        log = (self.folder / "log").open("ab")
        fsync = "on" if self.durable else "off"
        options = f"-D {self.folder}/data -p {self.port} -k {self.folder} -c max_connections=200 -c fsync={fsync}"
        self.process = subprocess.Popen(
            [*self.run_as, f"{programs}/postgres", *options.split()], stdout=log, stderr=log, cwd=self.folder
        )
        log.close()

    def _is_up(self) -> bool:
        if self.process.poll() is not None:  # the memory of a killed server may linger for a moment
            self._launch()
        return self._answers()

    def url(self, database: str = "postgres") -> str:
        """The URL of a database."""
        return f"postgresql://whyfolio:secret@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a database of its own, a copy of the template; gone in the end, for hundreds fill a disk."""
        name = f"w{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} {self._strategy}")
        yield self.url(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @cached_property
    def _strategy(self) -> str:
        """How a database is copied: files in memory, by the log on a disk, where a checkpoint takes long."""
        can_choose = int(self.version().split(".")[0]) >= 15
        return "STRATEGY FILE_COPY" if can_choose and self.folder.is_relative_to(MEMORY) else ""

    def version(self) -> str:
        """What the server says it is."""
        with psycopg.connect(self.url()) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            return str(row[0]) if row else "?"

    def stop(self) -> None:
        """Stop it at once."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True


JARS = Path(__file__).parents[1] / ".tools" / "kafka"


class Kafka(Server):
    """A Kafka broker of its own: one node, KRaft, from Maven's jars."""

    def __init__(self, folder: Path, *, inside: Sequence[str] = ()) -> None:
        if not list(JARS.glob("kafka_2.13-*.jar")) or shutil.which("java") is None:
            cannot_be_had("no Kafka broker: make servers copies its jars with Maven; Java 17 runs it")
        self.folder = folder
        self.inside = inside
        self.port, controller = free_port(), free_port()
        self.servers = f"127.0.0.1:{self.port}"
        (folder / "server.properties").write_text(
            "\n".join(
                [
                    "process.roles=broker,controller",
                    "node.id=1",
                    f"controller.quorum.voters=1@127.0.0.1:{controller}",
                    f"listeners=PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}",
                    "controller.listener.names=CONTROLLER",
                    f"log.dirs={folder / 'data'}",
                    "offsets.topic.replication.factor=1",
                    "offsets.topic.num.partitions=1",
                    "transaction.state.log.replication.factor=1",
                    "transaction.state.log.min.isr=1",
                    "min.insync.replicas=1",
                    "group.initial.rebalance.delay.ms=0",
                    "broker.session.timeout.ms=2000",
                    "broker.heartbeat.interval.ms=500",
                ]
            )
        )
        cluster = urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
        self._java("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", f"{folder}/server.properties")
        self.start()
        ran("Kafka", self.version())

    def start(self) -> None:
        """Start the broker and wait until it listens."""
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [*self._command(), "kafka.Kafka", str(self.folder / "server.properties")], stdout=log, stderr=log
        )
        log.close()
        until(self._listens, seconds=30)

    def version(self) -> str:
        """The version of the jars."""
        return next(JARS.glob("kafka_2.13-*.jar")).stem.removeprefix("kafka_2.13-")

    def stop(self) -> None:
        """Stop it at once."""
        self.process.kill()
        self.process.wait(20)

    def _command(self) -> list[str]:
        return [*self.inside, "java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS}/*"]

    def _java(self, *words: str) -> None:
        subprocess.run([*self._command(), *words], check=True, capture_output=True)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
