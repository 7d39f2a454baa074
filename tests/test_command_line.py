"""The command line as a person in a terminal meets it; what needs a process of its own gets one."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from tests.servers import free_port, until
from whyfolio.cli.main import app

PROGRAM = Path(sys.executable).parent / "whyfolio"


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with only these WHYFOLIO_ settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHYFOLIO_")}
    return {**kept, **{f"WHYFOLIO_{name.upper()}": value for name, value in settings.items()}}


class Ran(NamedTuple):
    """How a verb ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a verb in an empty folder, here: starting a process takes longer than most verbs."""
    for name in [name for name in os.environ if name.startswith("WHYFOLIO_")]:
        monkeypatch.delenv(name)

    def run_it(*words: str, **settings: str) -> Ran:
        with chdir(tmp_path):
            ended = CliRunner().invoke(
                app, words, env={f"WHYFOLIO_{name.upper()}": settings[name] for name in settings}
            )
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Ran(ended.exit_code, ended.stdout, ended.stderr)

    return run_it


@pytest.fixture
def run_apart(tmp_path: Path) -> Run:
    """Runs a verb in the same folder, as a process of its own."""

    def run_it(*words: str) -> Ran:
        done = subprocess.run(
            [str(PROGRAM), *words], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_it


class Server:
    """A `whyfolio serve` of its own."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}")
        self.log = (folder / "serve.log").open("w+")
        self.process = subprocess.Popen(
            [str(PROGRAM), "serve"], cwd=folder, env=environment(port=str(port)), stdout=self.log, stderr=self.log
        )
        until(self.is_ready, 30)

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            return self.client.get("/health/ready").status_code == 200
        except httpx2.TransportError:
            return False

    def get(self, path: str, **params: Any) -> Any:
        """The answer to a query."""
        return self.client.get(f"/api/v1{path}", params=params).json()

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        self.log.close()
        self.client.close()
        return code


@pytest.fixture
def served(run: Run, tmp_path: Path) -> Iterator[Server]:
    """A server on an own database, and with it somebody who has all one needs."""
    assert run("migrate").returncode == 0
    made = run("keys", "create", "--role", "portfolio_manager", "--role", "board", "--name", "me", "--json")
    server = Server(tmp_path)
    server.client.headers["Authorization"] = f"Bearer {json.loads(made.stdout)['key']}"
    yield server
    if server.process.poll() is None:
        server.stop()


def every_verb(command: Any, *words: str) -> Iterator[tuple[str, ...]]:
    """The words of every verb below a command."""
    if not hasattr(command, "commands"):
        yield words
        return
    for name in command.list_commands(None):
        yield from every_verb(command.get_command(None, name), *words, name)


def test_every_verb_has_help_with_an_example(run: Run) -> None:
    verbs = list(every_verb(get_command(app)))
    assert {("demo",), ("serve",), ("why",), ("keys", "create"), ("work", "relay")} < set(verbs)
    for words in verbs:
        result = run(*words, "--help")
        assert result.returncode == 0, words
        assert re.search(f"Example:.* whyfolio {' '.join(words)}", " ".join(result.stdout.split())), words


def test_wrong_usage_is_2_and_a_refusal_is_1_with_one_sentence(run: Run, run_apart: Run) -> None:
    assert run("nonsense").returncode == 2
    assert run("keys", "create", "--role", "king").returncode == 2
    assert run_apart("why").returncode == 2
    refused = run_apart("status")
    assert refused.returncode == 1
    assert refused.stderr.strip() == "the database has no current tables; run: whyfolio migrate"
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("port", "many", "WHYFOLIO_PORT"),
        ("port", "70000", "WHYFOLIO_PORT"),
        ("rate_limit", "often", "WHYFOLIO_RATE_LIMIT: expected a number of requests"),
        ("database_url", "mysql://x", "WHYFOLIO_DATABASE_URL: expected sqlite:///FILE or postgresql://"),
        ("database_url", "sqlite:////no/such/folder/w.db", "cannot be used"),
    ],
)
def test_a_wrong_setting_is_named(run: Run, setting: str, value: str, expected: str) -> None:
    result = run("migrate", **{setting: value})
    assert result.returncode == 1
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_migrate_shows_the_administrator_key_once(run: Run) -> None:
    first, second = run("migrate", "--json"), run("migrate", "--json")
    assert set(json.loads(first.stdout)) == {"id", "key"}
    assert json.loads(second.stdout) == {}
    listed = json.loads(run("keys", "list", "--json").stdout)
    assert [each["name"] for each in listed] == ["administrator"]
    assert "key" not in listed[0]


def test_keys_of_one_name_are_one_person_and_can_be_revoked(run: Run) -> None:
    run("migrate")
    for role in ("board", "auditor"):
        assert run("keys", "create", "--role", role, "--name", "ada", "--json").returncode == 0
    of_ada = [each for each in json.loads(run("keys", "list", "--json").stdout) if each["name"] == "ada"]
    assert len({each["person"] for each in of_ada}) == 1
    assert run("keys", "revoke", of_ada[0]["id"]).returncode == 0
    again = run("keys", "revoke", of_ada[0]["id"])
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    unknown = run("keys", "create", "--role", "board", "--scope", "portfolio:0190a1b2-0000-7000-8000-000000000000")
    assert unknown.returncode == 1
    assert "no portfolio has the id" in unknown.stderr
    unknown = run("keys", "create", "--role", "board", "--scope", "program:0190a1b2-0000-7000-8000-000000000000")
    assert (unknown.returncode, "--scope: no project has the id" in unknown.stderr) == (1, True)
    unheard_of = run("keys", "create", "--role", "board", "--scope", "team:0190a1b2-0000-7000-8000-000000000000")
    assert (unheard_of.returncode, "expected portfolio:ID, program:ID or project:ID" in unheard_of.stderr) == (2, True)


def test_one_database_has_one_server_which_stops_gracefully(served: Server, run_apart: Run) -> None:
    second = run_apart("demo")
    assert second.returncode == 1
    assert "already served by another process" in second.stderr
    assert served.stop() == 0


def test_an_own_portfolio_then_its_first_decision_and_its_why(
    served: Server, run: Run, run_apart: Run, tmp_path: Path
) -> None:
    samples = Path(__file__).parents[1] / "samples"
    words = ["import", str(samples / "today.csv"), "--mapping", str(samples / "mappings" / "today.toml")]
    imported = run_apart(*words, "--portfolio", "Mine", "--json")
    assert imported.returncode == 0, imported.stderr
    shown = until(lambda: served.get("/projects", state="active")["items"])
    assert len(served.get("/projects")["items"]) == 10
    project = shown[0]
    pause = {
        "expected_resume": "unknown",
        "allocations": "keep",
        "rationale": {"code": "budget_freeze", "text": "No money before the new budget"},
    }
    receipt = served.client.post(f"/api/v1/projects/{project['id']}/pause", json=pause)
    assert receipt.status_code == 200, receipt.text
    told = run_apart("why", project["name"])
    assert told.returncode == 0
    assert "budget_freeze: No money before the new budget" in told.stdout
    assert re.search(r"Paused until nobody knows when, its people kept, by me as portfolio manager", told.stdout)
    assert re.search(r"known then: active, rank \d+", told.stdout)
    machine = json.loads(run("why", project["id"], "--json").stdout)
    assert machine["items"][-1]["fact"] == machine["story"][-1]["fact"] == "project.paused.v1"
    assert run("why", "No such thing").returncode == 1
    promised = {"code": "strategic_fit", "text": "The charter promises short queues"}
    held = served.get("/portfolios")["items"][0]["id"]
    goal = {"portfolio": held, "name": "No queues", "rationale": promised}
    goal_receipt = served.client.post("/api/v1/goals", json=goal).json()
    assert "strategic_fit: The charter promises short queues" in run("why", "no queues").stdout

    status = json.loads(run("status", "--json").stdout)
    assert status["lag"] == 0
    assert run("verify").stdout.strip().endswith("are sound.")
    assert run_apart("rebuild").returncode == 0
    assert len(served.get("/projects")["items"]) == 10
    assert run("replay", "--at", str(receipt.json()["position"]), "--out", "then.json").returncode == 0
    then = json.loads((tmp_path / "then.json").read_text())
    assert {each["id"]: each["state"] for each in then["projects"]}[project["id"]] == "on_hold"
    assert then["goals"] == []
    assert run("replay", "--at", str(goal_receipt["position"]), "--out", "goals.json").returncode == 0
    assert [each["name"] for each in json.loads((tmp_path / "goals.json").read_text())["goals"]] == ["No queues"]
    assert run("replay", "--at", str(receipt.json()["position"] - 1), "--out", "before.json").returncode == 0
    before = json.loads((tmp_path / "before.json").read_text())
    assert {each["id"]: each["state"] for each in before["projects"]}[project["id"]] == "active"
    assert run("replay", "--as-of", "2200-01-01", "--out", "never.json").returncode == 1
    assert not (tmp_path / "never.json").exists()


def test_verify_names_the_first_bad_position(run: Run, tmp_path: Path) -> None:
    run("migrate")
    run("keys", "create", "--role", "board", "--name", "ada")
    with sqlite3.connect(tmp_path / "whyfolio.db") as connection:
        connection.execute("DROP TRIGGER stored_events_no_update")
        connection.execute(
            "UPDATE stored_events SET state = replace(state, 'role_granted', 'role_stolen') WHERE rowid = 2"
        )
    connection.close()
    result = run("verify", "--json")
    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert (report["ok"], report["position"]) == (False, 2)
    assert "role_stolen" in report["problem"]


def test_the_wheel_serves_the_demo(wheel: Path, tmp_path: Path) -> None:
    target, folder = tmp_path / "installed", tmp_path / "empty"
    folder.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True)
    port = str(free_port())
    settings = {**environment(port=port), "PYTHONPATH": str(target)}
    seen = subprocess.run(
        [sys.executable, "-P", "-c", "import whyfolio.demo; print(whyfolio.demo.__file__)"],
        cwd=folder, env=settings, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert seen.stdout.startswith(str(target))
    demo = subprocess.Popen(
        [sys.executable, "-P", "-m", "whyfolio", "demo"], cwd=folder, env=settings, stdout=subprocess.PIPE, text=True
    )
    try:
        assert demo.stdout is not None
        lines = iter(demo.stdout.readline, "")
        assert any(f"http://127.0.0.1:{port}/" in line for line in lines)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=10)
    assert demo.returncode == 0
