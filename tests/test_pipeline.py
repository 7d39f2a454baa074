"""The pipe: PostgreSQL, a real Kafka broker, one relay, two projectors, each a process of its own."""

import json
import random
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from kafka.admin import KafkaAdminClient, NewTopic
from starlette.testclient import TestClient

from api.app import create_app
from domain.choosing.scenario_events import ScenarioSolved
from domain.identity.words import Role
from domain.kernel.decide import Commit
from domain.kernel.event import Fact
from domain.kernel.refusal import Refused
from store.codec import LARGEST
from tests.conftest import WHY
from tests.pipe import SERVICES, Pipe
from tests.servers import Kafka, until
from whyfolio.demo import read_story, sample, tell
from whyfolio.settings import Settings
from whyfolio.wiring import System, grant_key, migrate_store, open_system
from workers.stream import Message, Publisher, ensure_topic

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


def test_the_largest_scenario_travels_through_the_pipe(pipe: Pipe) -> None:
    """Ten times what a thousand candidates come to, and no compression makes it small."""
    portfolio = pipe.do("/portfolios", {"name": "City", "currency": "GBP"})["id"]
    scenario = pipe.do("/scenarios", {"portfolio": portfolio, "name": "All", "value": {"basis": "npv"}})["id"]
    chance = random.Random(3)
    candidates = [{"project": f"{n}", "value": "1", "name": chance.randbytes(6_500).hex()} for n in range(1_000)]
    system = open_system(pipe.settings)
    with closing(system):
        store, now = system.store, system.context.clock()
        event = solved({"candidates": candidates})
        fact = Fact(uuid4(), UUID(scenario), event, now, None, "ada", Role.BOARD, "large")
        receipt = store.append(Commit(f"import:{uuid4()}", "", UUID(scenario), (fact,), {UUID(scenario): 1}))
        token = f"{store.epoch()}-{receipt.position}"
        too_large = replace(fact, event_id=uuid4(), event=solved({"candidates": 2 * candidates}))
        with pytest.raises(Refused, match=r"scenario\.solved\.v1 would have 26,.* bytes, and 15,728,640 are possible"):
            store.append(Commit(f"import:{uuid4()}", "", UUID(scenario), (too_large,), {UUID(scenario): 2}))
    assert until(lambda: pipe.shows(token), 60)
    assert pipe.client.get(f"/scenarios/{scenario}").json()["inputs"]["candidates"] == candidates


def solved(inputs: dict[str, Any]) -> ScenarioSolved:
    """The golden solution with other inputs."""
    golden = json.loads((Path(__file__).parent / "contracts" / "facts" / "scenario.solved.v1.json").read_text())
    return ScenarioSolved.model_validate({**golden["data"], "inputs": inputs})


def test_a_topic_that_is_there_learns_how_large_a_message_may_be(kafka: Kafka) -> None:
    admin, topic = KafkaAdminClient(bootstrap_servers=kafka.servers), f"events.{uuid4()}"
    with closing(admin):
        admin.create_topics([NewTopic(topic, 12, 1)])
    ensure_topic(kafka.servers, topic)
    publisher = Publisher(kafka.servers, topic)
    with closing(publisher):
        publisher.publish([Message(0, b"key", random.Random(3).randbytes(LARGEST), {})])


def test_a_broken_premise_is_told_as_soon_as_the_fact_that_broke_it(pipe: Pipe) -> None:
    portfolio = pipe.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"]
    project = pipe.do("/projects", {"name": "Quay", "sponsor": "s", "portfolio": portfolio, "rationale": WHY})["id"]
    goal = pipe.do("/goals", {"name": "No queues", "portfolio": portfolio, "rationale": WHY})["id"]
    pipe.do(f"/goals/{goal}/link", {"project": project, "weight": "0.4", "rationale": WHY})
    aligned = {"figure": "goal_weight", "goal": goal, "project": project, "at_least": "0.2"}
    rests = {"cadence_days": 30, "rationale": {**WHY, "premises": [aligned]}}
    decided = pipe.do(f"/projects/{project}/set-cadence", rests)
    assert broken_premises(pipe, portfolio, decided["token"]) == []
    weakened = pipe.do(f"/goals/{goal}/link", {"project": project, "weight": "0.1", "rationale": WHY})
    (row,) = broken_premises(pipe, portfolio, weakened["token"])
    assert (row["fact"]["position"], row["decision"]["name"]) == (weakened["position"], "project.cadence_set.v1")
    assert row["premise"]["value"] == "0.1"


def broken_premises(pipe: Pipe, portfolio: str, token: str) -> list[Any]:
    """What the first answer that shows a write says of decisions whose premise fails."""
    bounds, headers = {"after": token}, {"Prefer": "wait=30"}
    answer = pipe.client.get(f"/portfolios/{portfolio}/attention", params=bounds, headers=headers, timeout=40)
    assert answer.status_code == 200, answer.text
    return [each for each in answer.json()["items"] if each["reason"] == "broken_premise"]


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
