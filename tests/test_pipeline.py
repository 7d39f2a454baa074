"""The pipe: PostgreSQL, a real Kafka broker, one relay, two projectors, each a process of its own."""

import json
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.app import create_app
from domain.identity.words import Role
from tests.conftest import WHY
from tests.pipe import SERVICES, Pipe
from tests.servers import until
from whyfolio.demo import read_story, sample, tell
from whyfolio.settings import Settings
from whyfolio.wiring import System, grant_key, migrate_store, open_system

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


def test_a_decision_travels_through_the_pipe(pipe: Pipe) -> None:
    portfolio = pipe.do("/portfolios", {"name": "Harbour"})
    receipts = [
        pipe.do("/projects", {"name": f"P {n}", "sponsor": "s", "portfolio": portfolio["id"], "rationale": WHY})
        for n in range(30)
    ]
    assert until(lambda: pipe.shows(receipts[-1]["token"]))
    listed = pipe.client.get("/projects", params={"portfolio": portfolio["id"], "sort": "rank"}).json()
    assert [item["id"] for item in listed["items"]] == [receipt["id"] for receipt in receipts]
    assert pipe.stop() == [0 for _ in SERVICES]


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
