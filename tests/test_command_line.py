"""The command line as a person in a terminal meets it: real processes, real files."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

PROGRAM = Path(sys.executable).parent / "whyfolio"
VERBS = ["demo", "serve", "migrate", "import", "rebuild", "why", "status", "replay", "verify"]


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with only these WHYFOLIO_ settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHYFOLIO_")}
    return {**kept, **{f"WHYFOLIO_{name.upper()}": value for name, value in settings.items()}}


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """Runs a verb in an empty folder."""

    def run_it(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(PROGRAM), *words],
            cwd=tmp_path,
            env=environment(**settings),
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run_it


def until(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """The first true answer; fails after some seconds."""
    waiting = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if found := holds():
            return found
        waiting.wait(0.02)
    raise AssertionError(f"did not become true within {seconds} s")


class Server:
    """A `whyfolio serve` of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = (folder / "serve.log").open("w+")
        self.process = subprocess.Popen(
            [str(PROGRAM), "serve"], cwd=folder, env=environment(port=str(port)), stdout=self.log, stderr=self.log
        )
        until(self.is_ready)

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            return httpx2.get(f"{self.url}/health/ready").status_code == 200
        except httpx2.TransportError:
            return False

    def get(self, path: str, key: str, **params: Any) -> Any:
        """The answer to a query."""
        headers = {"Authorization": f"Bearer {key}"}
        return httpx2.get(f"{self.url}/api/v1{path}", params=params, headers=headers).json()

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        self.log.close()
        return code


@pytest.fixture
def served(run: Callable[..., Any], tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server on an own database, and a key with all one needs."""
    assert run("migrate").returncode == 0
    made = run("keys", "create", "--role", "portfolio_manager", "--role", "board", "--name", "me", "--json")
    key = json.loads(made.stdout)["key"]
    server = Server(tmp_path)
    yield server, key
    if server.process.poll() is None:
        server.stop()


def test_every_verb_has_help_with_an_example(run: Callable[..., Any]) -> None:
    for verb in [*VERBS, "keys create", "keys list", "keys revoke"]:
        result = run(*verb.split(), "--help")
        assert result.returncode == 0, verb
        assert "Example: whyfolio" in result.stdout or "whyfolio serve" in result.stdout, verb


def test_wrong_usage_is_2_and_a_refusal_is_1_with_one_sentence(run: Callable[..., Any]) -> None:
    assert run("nonsense").returncode == 2
    assert run("why").returncode == 2
    assert run("keys", "create", "--role", "king").returncode == 2
    refused = run("status")
    assert refused.returncode == 1
    assert refused.stderr.strip() == "the database has no current tables; run: whyfolio migrate"
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("port", "many", "WHYFOLIO_PORT"),
        ("port", "70000", "WHYFOLIO_PORT"),
        ("database_url", "mysql://x", "WHYFOLIO_DATABASE_URL: expected sqlite:///FILE or postgresql://"),
        ("database_url", "sqlite:////no/such/folder/w.db", "cannot be used"),
    ],
)
def test_a_wrong_setting_is_named(run: Callable[..., Any], setting: str, value: str, expected: str) -> None:
    result = run("migrate", **{setting: value})
    assert result.returncode == 1
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_migrate_shows_the_administrator_key_once(run: Callable[..., Any]) -> None:
    first, second = run("migrate", "--json"), run("migrate", "--json")
    assert set(json.loads(first.stdout)) == {"id", "key"}
    assert json.loads(second.stdout) == {}
    listed = json.loads(run("keys", "list", "--json").stdout)
    assert [each["name"] for each in listed] == ["administrator"]
    assert "key" not in listed[0]


def test_keys_of_one_name_are_one_person_and_can_be_revoked(run: Callable[..., Any]) -> None:
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


def test_one_database_has_one_server(served: tuple[Server, str], run: Callable[..., Any]) -> None:
    for verb in ("serve", "demo"):
        second = run(verb)
        assert second.returncode == 1
        assert "already served by another process" in second.stderr


def test_a_server_stops_gracefully(served: tuple[Server, str]) -> None:
    assert served[0].stop() == 0


def test_an_own_portfolio_then_its_first_decision_and_its_why(
    served: tuple[Server, str], run: Callable[..., Any], tmp_path: Path
) -> None:
    server, key = served
    samples = Path(__file__).parents[1] / "samples"
    words = ["import", str(samples / "today.csv"), "--mapping", str(samples / "mappings" / "today.toml")]
    imported = run(*words, "--portfolio", "Mine", "--json")
    assert imported.returncode == 0, imported.stderr
    shown = until(lambda: server.get("/projects", key, state="active")["items"], seconds=1)
    assert len(server.get("/projects", key)["items"]) == 10
    project = shown[0]
    pause = {
        "expected_resume": "unknown",
        "allocations": "keep",
        "rationale": {"code": "budget_freeze", "text": "No money before the new budget"},
    }
    receipt = httpx2.post(
        f"{server.url}/api/v1/projects/{project['id']}/pause", json=pause, headers={"Authorization": f"Bearer {key}"}
    )
    assert receipt.status_code == 200, receipt.text
    told = run("why", project["name"])
    assert told.returncode == 0
    assert "budget_freeze: No money before the new budget" in told.stdout
    assert re.search(r"by me as portfolio_manager", told.stdout)
    machine = json.loads(run("why", project["id"], "--json").stdout)
    assert machine["items"][-1]["fact"] == "project.paused.v1"
    assert run("why", "No such thing").returncode == 1

    status = json.loads(run("status", "--json").stdout)
    assert status["lag"] == 0
    assert run("verify").stdout.strip().endswith("are sound.")
    assert run("rebuild").returncode == 0
    assert len(server.get("/projects", key)["items"]) == 10
    assert run("replay", "--at", str(receipt.json()["position"]), "--out", "then.json").returncode == 0
    then = json.loads((tmp_path / "then.json").read_text())
    assert {each["id"]: each["state"] for each in then["projects"]}[project["id"]] == "on_hold"
    assert run("replay", "--at", str(receipt.json()["position"] - 1), "--out", "before.json").returncode == 0
    before = json.loads((tmp_path / "before.json").read_text())
    assert {each["id"]: each["state"] for each in before["projects"]}[project["id"]] == "active"
    assert run("replay", "--as-of", "2200-01-01", "--out", "never.json").returncode == 1
    assert not (tmp_path / "never.json").exists()


def test_verify_names_the_first_bad_position(run: Callable[..., Any], tmp_path: Path) -> None:
    import sqlite3

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


def test_the_wheel_serves_the_demo(tmp_path: Path) -> None:
    wheel = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run([*wheel, str(Path(__file__).parents[1])], check=True)
    target, folder = tmp_path / "installed", tmp_path / "empty"
    folder.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", "--target", str(target)]
    subprocess.run([*install, str(next(tmp_path.glob("*.whl")))], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
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
