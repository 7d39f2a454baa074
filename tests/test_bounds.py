"""The past is what a fresh system would say that was fed only the facts within the bounds.

The oracle is a second system: same facts, same instants, its clock at the bound, nothing else in it.
"""

import random
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from api.app import create_app
from api.identity import Caller, caller_of
from domain.facts import project as p
from domain.identity.words import Role
from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact, Recorded
from domain.kernel.rationale import Rationale
from store.tables import people
from tests.conftest import Api, Clock, World
from whyfolio.settings import Settings
from whyfolio.wiring import System, migrate_store, open_system

LEFT_OUT = {"position", "at", "version", "inputs_position", "next_cursor", "next_after"}
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MOMENTS = {"from": "2026-02-10", "to": "2026-05-01T12:00:00Z"}


class History:
    """A year that was recorded partly late, in a running system."""

    def __init__(self, world: World, key: str, facts: list[Recorded], ids: dict[str, list[str]]) -> None:
        self.world = world
        self.key = key
        self.facts = facts
        self.ids = ids


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    clock = Clock(START)
    where = Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('full') / 'w.db'}", _env_file=None)
    migrate_store(where)
    system = open_system(where, clock=clock)
    with TestClient(create_app(system.context)) as client:
        world = World(system, client, clock)
        key = world.person("auditor").key
        ids = live_through(world)
        record_late(world, ids["project"])
        system.projector.catch_up()
        yield History(world, key, system.store.read(0, 10_000), ids)
    system.close()


def live_through(world: World) -> dict[str, list[str]]:
    """Commands on two portfolios, five projects and three people over half a year."""
    chance = random.Random(7)
    ada, bob = world.person("ada"), world.person("bob")
    if not world.system.settings.kafka_servers:
        world.system.projector.start()
    portfolios = [ada.do("/portfolios", {"name": n, "currency": "GBP"})["id"] for n in ("Harbour", "Roads")]
    projects = []
    for index in range(5):
        body = {"name": f"Project {index}", "key": f"P-{index}", "sponsor": "sales", "owner": f"owner-{index % 2}"}
        projects.append(ada.do("/projects", body)["id"])
        for portfolio in portfolios[: 1 + index % 2]:
            ada.do(f"/portfolios/{portfolio}/add-component", {"component": projects[-1], "rationale": _why(chance)})
        world.clock.now += timedelta(days=3, hours=index)
    people_ids = [ada.do("/resources", {"name": f"Person {n}"})["id"] for n in range(2)]
    people_ids.append(ada.do("/resources", {"name": "Web team", "kind": "team"})["id"])
    for project in projects[:4]:
        _bring_to_life(world, chance, ada, bob, project)
    for _ in range(90):
        world.clock.now += timedelta(days=chance.randrange(3), minutes=chance.randrange(600))
        who = chance.choice([ada, bob])
        path, body = _anything(chance, portfolios, projects, people_ids)
        if chance.random() < 0.3:
            body["occurred_at"] = (world.clock.now - timedelta(hours=chance.randrange(72))).isoformat()
        who.attempt(path, body)
    return {"project": projects, "portfolio": portfolios, "resource": people_ids}


def _bring_to_life(world: World, chance: random.Random, ada: Api, bob: Api, project: str) -> None:
    money = {"amount": f"{chance.randrange(1, 900)}.50", "currency": "GBP"}
    case = {"problem": "a", "expected_benefit": "b", "cost_low": money, "cost_high": money}
    ada.do(f"/projects/{project}/submit", case)
    world.clock.now += timedelta(days=2)
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": {**_why(chance), "code": "roi"}})
    world.clock.now += timedelta(days=2)
    bob.do(f"/projects/{project}/authorize", {"budget": money, "rationale": _why(chance)})
    ada.do(f"/projects/{project}/activate", {"owner": "someone", "starts_on": "2026-02-01"})


def _anything(chance: random.Random, portfolios: list[str], projects: list[str], people_ids: list[str]) -> Any:
    """Some command; whether it is legal now is not its business."""
    money = {"amount": f"{chance.randrange(1, 900)}.50", "currency": "GBP"}
    why = {"rationale": _why(chance)}
    project, other = chance.sample(projects, 2)
    portfolio, person = chance.choice(portfolios), chance.choice(people_ids)
    days = {"starts_on": f"2026-0{chance.randrange(1, 7)}-01"}
    rank = {
        "portfolio": portfolio,
        "to_rank": chance.randrange(1, 5),
        "rationale": {**_why(chance), "code": "capacity"},
    }
    reassign = {"from_project": project, "to_project": other, "share": "0.2", **days}
    status = {"overall": chance.choice(["on_track", "at_risk"]), "text": "So it goes", "path_to_green": "Hire"}
    return chance.choice(
        [
            (
                f"/projects/{project}/submit",
                {"problem": "a", "expected_benefit": "b", "cost_low": money, "cost_high": money},
            ),
            (f"/projects/{project}/evaluate", dict(why)),
            (f"/projects/{project}/select", {"rationale": {**_why(chance), "code": "roi"}}),
            (f"/projects/{project}/authorize", {**why, "budget": money}),
            (f"/projects/{project}/activate", {"owner": "someone", "starts_on": "2026-02-01"}),
            (
                f"/projects/{project}/pause",
                {
                    "expected_resume": "unknown",
                    "allocations": "release",
                    "rationale": {**_why(chance), "code": "budget_freeze"},
                },
            ),
            (f"/projects/{project}/resume", {**why, "forecast_finish": "2026-12-01"}),
            (f"/projects/{project}/reprioritize", rank),
            (f"/projects/{project}/reprioritize", dict(rank)),
            (f"/projects/{project}/status-updates", status),
            (f"/projects/{project}/revise", {"name": f"Renamed {chance.randrange(9)}"}),
            (f"/portfolios/{portfolio}/remove-component", {"component": project, **why}),
            (f"/portfolios/{portfolio}/restore-component", {"component": project, **why}),
            (f"/resources/{person}/assign", {"project": project, "share": "0.4", **days, **why}),
            (f"/resources/{person}/reassign", {**reassign, "rationale": {**_why(chance), "code": "skill_match"}}),
        ]
    )


def _why(chance: random.Random) -> dict[str, str]:
    return {"code": "enabler", "text": f"Reason number {chance.randrange(100)} of this year"}


def record_late(world: World, projects: list[str]) -> None:
    """Facts of another system: occurred long before they were recorded, recorded before they were stored."""
    chance = random.Random(11)
    why = Rationale(code="imported", text="As the source says")
    for index in range(25):
        stream = UUID(chance.choice(projects))
        recorded = START + timedelta(days=chance.randrange(60), hours=chance.randrange(24))
        event: Event = chance.choice(
            [
                p.StateRecorded(
                    to=chance.choice(["active", "on_hold", "completed"]),
                    irregular=True,
                    source_word=f"w{index}",
                    why=why,
                ),
                p.AttributeChanged(name="target", from_=None, to=f"v{index}", why=why),
                p.AttributeChanged(name="owner", from_=None, to=f"late-{index}"),
                p.StatusReported(overall="off_track", source_word="Red", why=why),
            ]
        )
        occurred = recorded - timedelta(days=chance.randrange(40))
        _append(world.system, Fact(uuid4(), stream, event, occurred, recorded, "late:u-1", "integration", f"c{index}"))
        world.clock.now += timedelta(hours=3)


def _append(system: System, fact: Fact) -> None:
    version = system.store.versions([fact.stream_id]).get(fact.stream_id, 0)
    key = f"import:test:{fact.event_id}"
    system.store.append(Commit(key, "", fact.stream_id, (fact,), {fact.stream_id: version}))


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store without a fact, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "w.db"
    from store.database import open_engine
    from store.migrate import migrate

    engine = open_engine(f"sqlite:///{path}")
    migrate(engine, START)
    engine.dispose()
    return path


def _moments(history: History) -> list[datetime]:
    """Instants at which something happened, and some between; the store itself began by the clock of the wall."""
    known = {f.occurred_at for f in history.facts} | {f.recorded_at for f in history.facts}
    every = sorted(instant for instant in known if instant <= history.world.clock.now)
    return [START - timedelta(days=100), *every, *(a + (b - a) / 2 for a, b in pairwise(every))]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_past_equals_a_fresh_system_fed_only_its_facts(
    history: History, empty_store: Path, tmp_path: Path, data: st.DataObject
) -> None:
    moments = st.one_of(st.none(), st.sampled_from(_moments(history)))
    as_of, known_at = data.draw(moments, "as_of"), data.draw(moments, "known_at")
    at = data.draw(st.one_of(st.none(), st.integers(0, history.facts[-1].position)), "at")
    fed = [
        fact
        for fact in history.facts
        if (as_of is None or fact.occurred_at <= as_of)
        and (known_at is None or fact.recorded_at <= known_at)
        and (at is None or fact.position <= at)
    ]
    now = _clock_at(history, as_of, known_at, at)
    folder = tmp_path / uuid4().hex
    folder.mkdir()
    with _fresh(history, empty_store, folder, fed, now) as (client, head):
        bounds = _texts(as_of=as_of, known_at=known_at)
        mine = bounds | ({"at": str(at)} if at is not None else {})
        theirs = bounds | ({"at": str(head)} if at is not None else {})
        for path, params in questions(history):
            _compare(history, client, path, {**params, **mine}, {**params, **theirs})


def _clock_at(history: History, as_of: datetime | None, known_at: datetime | None, at: int | None) -> datetime:
    if as_of:
        return as_of
    stored = [fact.stored_at for fact in history.facts if at is not None and fact.position <= at]
    return min(filter(None, [history.world.clock.now, known_at, stored[-1] if stored else None]))


def _texts(**instants: datetime | None) -> dict[str, str]:
    return {name: instant.isoformat().replace("+00:00", "Z") for name, instant in instants.items() if instant}


class _fresh:
    """A system that holds only the given facts, and a client of it with the same rights."""

    def __init__(self, history: History, empty: Path, folder: Path, fed: list[Recorded], now: datetime) -> None:
        shutil.copy(empty, folder / "w.db")
        self.time = Clock(now)
        self.system = open_system(
            Settings(database_url=f"sqlite:///{folder / 'w.db'}", _env_file=None), clock=self.time
        )
        self._copy_names(history)
        for fact in fed:
            self.time.now = fact.stored_at - timedelta(microseconds=1)
            _append(self.system, _as_fact(fact))
        self.time.now = history.world.clock.now
        self.system.context.reads.clock = lambda: now
        self.system.projector.catch_up()
        self.system.projector.step()
        app = create_app(self.system.context)
        app.dependency_overrides[caller_of] = lambda: Caller(uuid4(), frozenset((role, None) for role in Role))
        self.client = TestClient(app)

    def _copy_names(self, history: History) -> None:
        with history.world.system.engine.connect() as source:
            rows = [row._asdict() for row in source.execute(select(people))]
        with self.system.engine.begin() as target:
            target.execute(insert(people), rows)

    def __enter__(self) -> tuple[TestClient, int]:
        self.client.__enter__()
        return self.client, self.system.store.head()

    def __exit__(self, *error: object) -> None:
        self.client.__exit__(None, None, None)
        self.system.close()


def _as_fact(fact: Recorded) -> Fact:
    return Fact(
        fact.event_id, fact.stream_id, fact.event, fact.occurred_at, fact.recorded_at, fact.actor, fact.role,
        fact.correlation_id, fact.causation_id, fact.inputs_position,
    )  # fmt: skip


def questions(history: History) -> Iterator[tuple[str, dict[str, str]]]:
    """Every read route of the application, for every thing it can be asked of, in several ways."""
    app: Any = history.world.client.app
    paths = sorted(path for path, methods in app.openapi()["paths"].items() if "get" in methods)
    assert len(paths) >= 15, paths
    for path in paths:
        named = re.search(r"\{(\w+)_id\}", path)
        for each in history.ids[named[1]] if named else [""]:
            asked = re.sub(r"\{\w+\}", each, path)
            listed = not named or path.endswith(("why", "history", "diff"))
            page = {"limit": "1000"} if listed and "stream" not in path else {}
            yield asked, page | (MOMENTS if path.endswith("diff") else {})
            if path.endswith("diff"):
                yield asked, {**page, **MOMENTS, "clock": "occurred"}
    yield "/api/v1/projects", {"portfolio": history.ids["portfolio"][0], "sort": "-rank", "limit": "1000"}
    yield "/api/v1/projects", {"q": "renamed", "sort": "state_since", "health": "at_risk"}
    yield "/api/v1/decisions", {"portfolio": history.ids["portfolio"][1], "limit": "1000"}
    yield "/api/v1/decisions", {"q": "renamed last month", "limit": "1000"}
    yield "/api/v1/audit", {"fact": "status_reported", "limit": "1000"}


def _compare(history: History, fresh: TestClient, path: str, mine: dict[str, str], theirs: dict[str, str]) -> None:
    if path.endswith("/stream"):
        mine = {"at": str(history.facts[-1].position), **mine}
        theirs = {"at": str(fresh.app.state.context.store.head()), **theirs}  # type: ignore[attr-defined]
    here = history.world.client.get(path, params=mine, headers={"Authorization": f"Bearer {history.key}"})
    there = fresh.get(path, params=theirs)
    assert here.status_code == 200, (path, mine, here.text)
    if there.status_code == 404:
        _shows_nothing(here.json(), path)
        return
    assert there.status_code == 200, (path, theirs, there.text)
    assert _comparable(here, path) == _comparable(there, path), (path, mine)


def _shows_nothing(answer: dict[str, Any], path: str) -> None:
    """An id that a later fact names: 200, members null, and when the first fact occurred."""
    if "items" in answer:
        assert answer["items"] == [], path
    else:
        assert answer["name"] is None, path
        assert answer["first_fact_at"], path


def _comparable(response: Any, path: str) -> Any:
    if path.endswith("/stream"):
        return re.findall(r"^data: .*?\"event_id\":\"([^\"]+)\"", response.text, re.MULTILINE)
    answer = response.json()
    if not answer.get("items", True):
        answer.pop("first_fact_at", None)
    return _without(answer)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(member) for name, member in value.items() if name not in LEFT_OUT}
    return [_without(each) for each in value] if isinstance(value, list) else value


def test_the_year_holds_what_makes_it_hard(history: History) -> None:
    names = {fact.event.fact_name for fact in history.facts}
    assert {"project.deprioritized.v1", "resource.reassigned.v1", "portfolio.component_removed.v1"} <= names
    late = [f for f in history.facts if f.occurred_at < f.recorded_at - timedelta(days=1)]
    unordered = [1 for a, b in pairwise(history.facts) if b.occurred_at < a.occurred_at]
    assert len(late) > 10
    assert len(unordered) > 10
    assert isinstance(history.world, World)
    assert Api
