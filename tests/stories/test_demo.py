"""The demo verb as a newcomer meets it: a real process in an empty folder."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from domain.identity.words import Role
from tests.servers import free_port
from tests.stories.conftest import STORY, Open
from whyfolio.cli.demo import demo_keys
from whyfolio.demo import tell
from whyfolio.wiring import grant_key

PROGRAM = str(Path(sys.executable).parent / "whyfolio")
PATIENCE_SECONDS = 30


def environment(port: int) -> dict[str, str]:
    """This process's environment with no setting but the port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHYFOLIO_")}
    return {**kept, "WHYFOLIO_PORT": str(port)}


class Demo:
    """A `whyfolio demo --json` in a folder; `shown` is what it printed once it answered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors = (folder / "errors.log").open("w+")
        self.process = subprocess.Popen(
            [PROGRAM, "demo", "--json"],
            cwd=folder,
            env=environment(free_port()),
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        self.shown = self._first_document()
        self.client = httpx2.Client()

    def _first_document(self) -> Any:
        """What it prints, which ends with a line `}`; killed if that takes too long."""
        assert self.process.stdout
        watchdog = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        watchdog.start()
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line == "}\n":
                break
        watchdog.cancel()
        assert lines, self.said()
        return json.loads("".join(lines))

    @property
    def base(self) -> str:
        """Where it answers."""
        return str(self.shown["addresses"]["dashboard"]).rstrip("/")

    def get(self, path: str, role: Role = Role.AUDITOR, **params: Any) -> httpx2.Response:
        """What the API answers to the key of a role."""
        headers = {"Authorization": f"Bearer {self.shown['keys'][role]}"}
        return self.client.get(f"{self.base}/api/v1{path}", params=params, headers=headers)

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """The exit code after a signal."""
        self.process.send_signal(sign)
        code = self.process.wait(PATIENCE_SECONDS)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def said(self) -> str:
        """All it wrote on stderr."""
        self.errors.seek(0)
        return self.errors.read()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that everybody may ask."""
    with running(tmp_path_factory.mktemp("demo")) as started:
        yield started


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """The demo in a folder; stopped in the end if nobody did."""
    started = Demo(folder)
    yield started
    if started.process.poll() is None:
        started.stop()
    started.client.close()
    started.errors.close()


def try_it(folder: Path, verb: str, port: int) -> subprocess.CompletedProcess[str]:
    """A verb that ends by itself."""
    return subprocess.run(
        [PROGRAM, verb], cwd=folder, env=environment(port), capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )


def test_it_prints_addresses_that_answer_and_keys_that_work(demo: Demo) -> None:
    assert set(demo.shown["addresses"]) == {"dashboard", "API", "health"}
    for address in demo.shown["addresses"].values():
        assert demo.client.get(address, follow_redirects=True).status_code == 200
    assert demo.client.get(demo.shown["addresses"]["health"]).json()["lag"] == 0
    assert set(demo.shown["keys"]) == set(Role)
    for role in Role:
        assert demo.get("/portfolios", role).status_code == 200
    assert len(demo.get("/projects").json()["items"]) >= 12
    kept = demo.folder / "demo-keys.json"
    assert json.loads(kept.read_text()) == demo.shown["keys"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_each_key_has_the_rights_of_its_role(demo: Demo) -> None:
    body = {"name": "Mine", "currency": "GBP"}
    answered = {
        role: demo.client.post(f"{demo.base}/api/v1/portfolios", json=body, headers={"Authorization": f"Bearer {key}"})
        for role, key in demo.shown["keys"].items()
    }
    assert {role for role, answer in answered.items() if answer.status_code == 201} == {"portfolio_manager", "board"}
    assert {answer.status_code for answer in answered.values()} == {201, 403}


def test_nobody_else_serves_the_same_file(demo: Demo) -> None:
    second = try_it(demo.folder, "serve", free_port())
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr.count("\n") == 1
    assert "already served by another process" in second.stderr
    assert demo.get("/portfolios").status_code == 200


def test_a_taken_port_is_said_in_a_sentence(demo: Demo, tmp_path: Path) -> None:
    second = try_it(tmp_path, "demo", int(demo.base.rsplit(":", 1)[1]))
    assert second.returncode == 1
    assert second.stdout == ""
    assert "WHYFOLIO_PORT: cannot listen on 127.0.0.1:" in second.stderr
    assert "Traceback" not in second.stderr


def test_it_stops_cleanly_and_its_next_start_has_the_same_facts_and_keys(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        facts = first.get("/events", limit=1000).json()
        stops_though_somebody_listens(first, signal.SIGTERM)
    with running(tmp_path) as second:
        assert second.shown["keys"] == first.shown["keys"]
        assert second.get("/events", limit=1000).json() == facts
        stops_though_somebody_listens(second, signal.SIGINT)


def stops_though_somebody_listens(demo: Demo, sign: signal.Signals) -> None:
    headers = {"Authorization": f"Bearer {demo.shown['keys']['auditor']}"}
    with demo.client.stream("GET", f"{demo.base}/api/v1/events/stream", headers=headers) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "id: 1"
        assert demo.stop(sign) == 0
        assert "id: 100" in list(lines)
    assert "Traceback" not in demo.said()
    assert "graceful shutdown exceeded" not in demo.said()


def test_keys_are_made_anew_when_their_file_is_lost_or_of_another_store(open_fresh: Open, tmp_path: Path) -> None:
    system, path = open_fresh(), tmp_path / "demo-keys.json"
    tell(system, STORY)
    people = system.context.people
    own = grant_key(system, [Role.BOARD], None, "somebody else")
    first = demo_keys(system, STORY, path)
    assert demo_keys(system, STORY, path) == first
    for spoil in (path.unlink, lambda: path.write_text("{"), lambda: path.write_text('{"board": "wf_x_y"}')):
        spoil()
        made = demo_keys(system, STORY, path)
        assert set(made) == set(Role)
        assert set(made.values()).isdisjoint(first.values())
        assert [people.holder(key) for key in first.values()] == [None] * len(Role)
        assert all(people.holder(key) for key in made.values())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        first = made
    assert people.holder(own.key)
    other = open_fresh("other")
    tell(other, STORY)
    assert set(demo_keys(other, STORY, path).values()).isdisjoint(first.values())
