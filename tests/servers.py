"""Real servers for the tests: found if present, else skipped with a sentence (an error with CI=true)."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest


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


def until(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """The first true answer; fails after some seconds."""
    waiting = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if found := holds():
            return found
        waiting.wait(0.02)
    raise AssertionError(f"did not become true within {seconds} s")


def postgres_programs() -> Path | None:
    """Where PostgreSQL's server programs are, newest first."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    return next((path for path in [*candidates, *([Path(on_path).parent] if on_path else [])] if path.exists()), None)


class Postgres:
    """A PostgreSQL cluster of its own, in a folder of its own; nothing it holds outlives the tests."""

    def __init__(self, folder: Path) -> None:
        programs = postgres_programs()
        if programs is None:
            cannot_be_had("PostgreSQL is not installed: apt-get install postgresql")
        assert programs is not None
        self.port = free_port()
        self.folder = folder
        # the server refuses root
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(folder, "postgres", "postgres")
        initdb = [*self.user, str(programs / "initdb"), "-D", str(folder / "data"), "-U", "whyfolio", "--auth=trust"]
        subprocess.run([*initdb, "-E", "UTF8", "--locale=C.UTF-8"], check=True, capture_output=True, cwd=folder)
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        programs = postgres_programs()
        log = (self.folder / "log").open("ab")
        folder, port = str(self.folder), str(self.port)
        options = ["-D", f"{folder}/data", "-p", port, "-k", folder, "-c", "max_connections=200", "-c", "fsync=off"]
        self.process = subprocess.Popen(
            [*self.user, f"{programs}/postgres", *options], stdout=log, stderr=log, cwd=self.folder
        )
        log.close()
        until(self._answers, seconds=30)

    def url(self, database: str = "postgres") -> str:
        """The URL of a database."""
        return f"postgresql://whyfolio:secret@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

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
