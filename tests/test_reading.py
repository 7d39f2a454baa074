"""Lists, the feed, waiting for a write, rebuilding: what readers rely on."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import BaseModel

from api import answers, goal_answers, governance_answers, money_answers, policy_answers, resource_answers, why_answers
from api.queries.events import _page
from domain.identity.words import Role
from domain.operations import OPERATIONS, READERS
from projections.projects import SORTS
from store.event_store import EventStore
from tests.conftest import PREFIX, WHY, Api, World
from tests.servers import until
from workers.rebuild import rebuild

CAPACITY = {"code": "capacity", "text": "Nobody is free before May"}


@pytest.fixture
def portfolio(ada: Api) -> str:
    return str(ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"])


@pytest.fixture
def projects(ada: Api, portfolio: str) -> list[str]:
    """Seven components, in order of rank."""
    names = ["Zebra", "apple", "Äpfel", "Zebra", "ß", "Éclair", "apple pie"]
    body = {"sponsor": "s", "portfolio": portfolio, "rationale": WHY}
    return [ada.do("/projects", {"name": name, "key": f"P-{i}", **body})["id"] for i, name in enumerate(names)]


def test_text_sorts_by_code_point_with_ties_by_id(ada: Api, projects: list[str]) -> None:
    names = [item["name"] for item in ada.get("/projects")["items"]]
    assert names == ["Zebra", "Zebra", "apple", "apple pie", "Äpfel", "Éclair", "ß"]
    same = [item["id"] for item in ada.get("/projects")["items"] if item["name"] == "Zebra"]
    assert same == sorted(same)


def test_nulls_come_last_in_both_directions(ada: Api, projects: list[str]) -> None:
    ada.do(f"/projects/{projects[3]}/revise", {"owner": "bea"})
    ada.do(f"/projects/{projects[5]}/revise", {"owner": "abe"})
    for sort, first in (("owner", ["abe", "bea"]), ("-owner", ["bea", "abe"])):
        owners = [item["owner"] for item in ada.get("/projects", sort=sort)["items"]]
        assert owners == [*first, None, None, None, None, None]


def test_a_search_ignores_case_as_unicode_says(ada: Api, projects: list[str]) -> None:
    for q in ("ÄPF", "äpf", "Äpf"):
        assert [item["name"] for item in ada.get("/projects", q=q)["items"]] == ["Äpfel"]
    assert [item["name"] for item in ada.get("/projects", q="SS")["items"]] == ["ß"]
    assert [item["name"] for item in ada.get("/projects", q="p-6")["items"]] == ["apple pie"]


def test_every_sort_gives_every_component_once(ada: Api, portfolio: str, projects: list[str]) -> None:
    for sort in [*SORTS, "rank"]:
        for direction in ("", "-"):
            found = ada.every("/projects", portfolio=portfolio, sort=direction + sort)
            assert sorted(item["id"] for item in found) == sorted(projects), direction + sort


def test_pages_do_not_shift_while_others_decide(ada: Api, portfolio: str, projects: list[str]) -> None:
    first = ada.get("/projects", portfolio=portfolio, sort="rank", limit=3)
    ada.do(f"/projects/{projects[0]}/reprioritize", {"portfolio": portfolio, "to_rank": 7, "rationale": CAPACITY})
    ada.do("/projects", {"name": "AAA", "sponsor": "s", "portfolio": portfolio, "rationale": WHY})
    rest, cursor = [], first["next_cursor"]
    while cursor:
        page = ada.get("/projects", portfolio=portfolio, sort="rank", limit=3, cursor=cursor)
        rest, cursor = rest + page["items"], page["next_cursor"]
        assert page["position"] == first["position"]
    assert [item["id"] for item in first["items"] + rest] == projects
    assert all(item["allowed_moves"] for item in rest)


def test_a_read_waits_for_the_write_it_must_show(world: World, ada: Api, projects: list[str]) -> None:
    world.system.projector.stop()
    receipt = ada.do(f"/projects/{projects[0]}/revise", {"name": "New"})
    response = ada.ask(f"/projects/{projects[0]}", headers={"Prefer": "wait=0"}, after=receipt["token"])
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert ada.ask(f"/projects/{projects[0]}").json()["name"] == "Zebra"
    waiting = threading.Thread(target=world.system.projector.catch_up)
    waiting.start()
    assert ada.get(f"/projects/{projects[0]}", after=receipt["token"])["name"] == "New"
    waiting.join()


def test_the_feed_gives_every_fact_once_from_any_position(ada: Api, projects: list[str]) -> None:
    every = ada.get("/events", limit=1000)["items"]
    assert [fact["position"] for fact in every] == list(range(1, len(every) + 1))
    for start in (0, 3, len(every) - 1, len(every)):
        found, after = [], start
        while page := ada.get("/events", after=after, limit=4):
            found += page["items"]
            after = page["next_after"]
            if not page["items"]:
                break
        assert [fact["event_id"] for fact in found] == [fact["event_id"] for fact in every[start:]]


def test_the_stream_resumes_behind_the_last_event_id(world: World, ada: Api, projects: list[str]) -> None:
    head = world.system.store.head()
    headers = {"Authorization": f"Bearer {ada.key}", "Last-Event-ID": "5"}
    response = world.client.get(f"{PREFIX}/events/stream", params={"at": head}, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    ids = [int(found) for found in re.findall(r"^id: (\d+)$", response.text, re.MULTILINE)]
    assert ids == list(range(6, head + 1))
    first = json.loads(re.findall(r"^data: (.*)$", response.text, re.MULTILINE)[0])
    assert first == ada.get("/events", after=5, limit=1)["items"][0]


def test_an_open_stream_ends_when_its_key_is_revoked(world: World, ada: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()

    def page(*given: Any) -> Any:
        opened.set()
        return _page(*given)

    monkeypatch.setattr("api.queries.events._page", page)
    monkeypatch.setattr("api.queries.events.RIGHTS_HOLD_SECONDS", 0.0)
    guest, people = world.person("guest", Role.AUDITOR), world.system.context.people
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(guest.ask, "/events/stream")
        assert opened.wait(10)
        assert all(people.revoke_key(key.id) for key in people.every_key() if str(key.person) == guest.person)
        assert following.result(timeout=10).status_code == 200


def test_an_answer_at_a_position_never_changes(ada: Api, portfolio: str, projects: list[str]) -> None:
    before = ada.get("/projects", portfolio=portfolio, sort="rank")
    at = before["position"]
    pinned = ada.get("/projects", portfolio=portfolio, sort="rank", at=at)
    ada.do(f"/projects/{projects[0]}/reprioritize", {"portfolio": portfolio, "to_rank": 4, "rationale": CAPACITY})
    again = ada.get("/projects", portfolio=portfolio, sort="rank", at=at)
    assert again == pinned
    assert [item["id"] for item in pinned["items"]] == [item["id"] for item in before["items"]]
    assert ada.get("/projects", portfolio=portfolio, sort="rank")["items"][0]["id"] == projects[1]


def test_a_component_in_two_portfolios_has_a_rank_in_each(ada: Api, portfolio: str, projects: list[str]) -> None:
    other = ada.do("/portfolios", {"name": "Roads"})["id"]
    ada.do(f"/portfolios/{other}/add-component", {"component": projects[4], "rationale": WHY})
    assert ada.get(f"/projects/{projects[4]}")["rank"] is None
    assert ada.get(f"/projects/{projects[4]}", portfolio=other)["rank"] == 1
    assert ada.get(f"/projects/{projects[4]}", portfolio=portfolio)["rank"] == 5
    assert ada.get(f"/projects/{projects[4]}")["portfolios"] == sorted([portfolio, other])


def test_a_list_without_portfolio_shows_each_ones_own_rank(ada: Api, portfolio: str, projects: list[str]) -> None:
    other = ada.do("/portfolios", {"name": "Roads"})["id"]
    ada.do(f"/portfolios/{other}/add-component", {"component": projects[4], "rationale": WHY})
    ranks = {item["id"]: item["rank"] for item in ada.get("/projects")["items"]}
    assert [ranks[project] for project in projects] == [1, 2, 3, 4, None, 6, 7]
    assert [ada.get(f"/projects/{project}")["rank"] for project in projects] == [1, 2, 3, 4, None, 6, 7]


def test_a_removed_component_leaves_the_lists_but_still_answers(ada: Api, portfolio: str, projects: list[str]) -> None:
    ada.do(f"/portfolios/{portfolio}/remove-component", {"component": projects[1], "rationale": WHY})
    assert projects[1] not in [item["id"] for item in ada.every("/projects", portfolio=portfolio)]
    assert projects[1] not in [item["id"] for item in ada.every("/projects")]
    assert ada.get(f"/projects/{projects[1]}")["removed"] is True
    assert ada.get(f"/portfolios/{portfolio}")["components"] == 6
    ada.do(f"/portfolios/{portfolio}/restore-component", {"component": projects[1], "rationale": WHY})
    shown = ada.get(f"/projects/{projects[1]}")
    assert (shown["removed"], shown["rank"]) == (False, 2)


def test_a_search_for_decisions_understands_a_question(ada: Api, portfolio: str, projects: list[str]) -> None:
    ada.do(f"/projects/{projects[0]}/reprioritize", {"portfolio": portfolio, "to_rank": 5, "rationale": CAPACITY})
    ada.do(f"/projects/{projects[6]}/reprioritize", {"portfolio": portfolio, "to_rank": 1, "rationale": CAPACITY})
    found = ada.get("/decisions", q="Deprioritized this quarter because of capacity")["items"]
    assert [(each["fact"], each["subjects"][1]["id"]) for each in found] == [("project.deprioritized.v1", projects[0])]
    assert ada.get("/decisions", q="deprioritized last quarter")["items"] == []
    assert len(ada.get("/decisions", code="capacity")["items"]) == 2
    assert len(ada.get("/decisions", q="éclair", fact="component_added")["items"]) == 1
    assert ada.get("/decisions", q="100%_")["items"] == []


def test_a_sum_says_how_many_values_it_has(ada: Api, portfolio: str, projects: list[str]) -> None:
    budget = ada.get(f"/portfolios/{portfolio}")["money"]["budget"]
    assert budget == {"amount": None, "currency": "GBP", "of": 7, "missing": 7}


def test_a_rebuild_gives_the_same_answers(world: World, ada: Api, portfolio: str, projects: list[str]) -> None:
    ada.do(f"/projects/{projects[0]}/reprioritize", {"portfolio": portfolio, "to_rank": 4, "rationale": CAPACITY})
    before = [ada.get(path) for path in ("/projects", "/decisions", "/audit", f"/portfolios/{portfolio}")]
    told: list[tuple[int, int]] = []
    number = rebuild(world.system.store, world.system.context.reads.engine, lambda *done: told.append(done))
    assert number == 2
    assert told[-1] == (world.system.store.head(), world.system.store.head())
    assert [ada.get(path) for path in ("/projects", "/decisions", "/audit", f"/portfolios/{portfolio}")] == before
    receipt = ada.do(f"/projects/{projects[0]}/revise", {"name": "After"})
    assert ada.get(f"/projects/{projects[0]}", after=receipt["token"])["name"] == "After"


def test_a_killed_rebuild_is_taken_up_where_it_stopped(
    world: World, ada: Api, projects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.projector.BATCH", 5)
    monkeypatch.setattr("workers.rebuild.BATCH", 5)

    def killed(done: int, _: int) -> None:
        if done >= 10:
            raise KeyboardInterrupt

    before = ada.get("/projects")
    engine = world.system.context.reads.engine
    with pytest.raises(KeyboardInterrupt):
        rebuild(world.system.store, engine, killed)
    assert ada.get("/projects") == before
    reached: list[int] = []
    assert rebuild(world.system.store, engine, lambda done, _: reached.append(done)) == 2
    assert reached[0] > 10
    assert ada.get("/projects") == before


def test_a_projector_that_fails_says_so_and_goes_on(
    world: World, ada: Api, projects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("no more room")

    with monkeypatch.context() as patch:
        patch.setattr(EventStore, "read_documents", broken)
        ada.do(f"/projects/{projects[0]}/revise", {"name": "New"})
        until(lambda: world.client.get("/health/ready").status_code == 503)
        told = world.client.get("/health/ready").json()["error"]
        assert told == "RuntimeError", "what went wrong in detail is for the log, not for strangers"
    until(lambda: world.client.get("/health/ready").status_code == 200)


ANSWERS: dict[str, type[BaseModel]] = {
    "/projects": answers.ListOf[answers.Project],
    "/projects/{project}": answers.OneProject,
    "/projects/{project}/money": money_answers.ProjectMoney,
    "/portfolios/{portfolio}/money": money_answers.PortfolioAccounts,
    "/projects/{project}/why": why_answers.WhyAnswer,
    "/projects/{project}/history": answers.StoryOf[answers.FeedFact],
    "/portfolios": answers.ListOf[answers.Portfolio],
    "/portfolios/{portfolio}": answers.OnePortfolio,
    "/resources": answers.ListOf[resource_answers.Resource],
    "/resources/{person}": resource_answers.OneResource,
    "/goals": answers.ListOf[goal_answers.Goal],
    "/goals/{goal}": goal_answers.OneGoal,
    "/portfolios/{portfolio}/goals": goal_answers.PortfolioGoals,
    "/portfolios/{portfolio}/policy": policy_answers.PortfolioPolicy,
    "/portfolios/{portfolio}/flow": policy_answers.PortfolioFlow,
    "/policy-presets": answers.ListOf[policy_answers.PolicyPreset],
    "/decisions": answers.ListOf[answers.Decision],
    "/audit": answers.ListOf[governance_answers.AuditedFact],
    "/access": answers.ListOf[governance_answers.Access],
    "/events": answers.Feed,
}


def test_answers_are_what_openapi_says(ada: Api, portfolio: str, projects: list[str]) -> None:
    person = ada.do("/resources", {"name": "Web team", "kind": "team"})["id"]
    share = {"share": "0.5", "starts_on": "2026-03-02", "rationale": WHY}
    ada.do(f"/resources/{person}/assign", {"project": projects[0], **share})
    goal = ada.do("/goals", {"name": "No queues", "portfolio": portfolio, "rationale": WHY})["id"]
    ada.do(f"/goals/{goal}/link", {"project": projects[0], "weight": "0.5", "rationale": WHY})
    rails = {"guardrails": [{"goal": goal, "at_least": "0.5"}]}
    ada.do(f"/portfolios/{portfolio}/set-policy", {"preset": "construction", **rails, "rationale": WHY})
    ids = {"project": projects[0], "portfolio": portfolio, "person": person, "goal": goal}
    for path, model in ANSWERS.items():
        for bounds in ({}, {"as_of": "2020-01-01"}):
            answer = ada.get(path.format(**ids), **bounds)
            model.model_validate_json(json.dumps(answer))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_every_command_route_has_its_row_in_the_table_of_rights(world: World) -> None:
    app: Any = world.client.app
    posts = {path for path, methods in app.openapi()["paths"].items() if "post" in methods}
    expected = {
        f"{PREFIX}/{each.collection}" + ("" if each.verb == "create" else f"/{{id}}/{each.verb}")
        for each in OPERATIONS.values()
    }
    assert posts == expected
    assert all(each.roles for each in OPERATIONS.values())


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_who_may_read_every_fact_and_who_only_views(world: World) -> None:
    for role in Role:
        reader = world.person(f"a reader as {role}", role)
        answered = {path: reader.ask(path).status_code for path in ("/projects", "/decisions", "/events", "/audit")}
        every_fact = 200 if role in READERS["feed"] else 403
        assert answered == {"/projects": 200, "/decisions": 200, "/events": every_fact, "/audit": every_fact}, role


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_documentation_works_offline(world: World) -> None:
    page = world.client.get("/docs")
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/"), address
        assert world.client.get(address).status_code == 200


def test_health_needs_no_key_and_metrics_do(world: World, ada: Api, projects: list[str]) -> None:
    ada.get("/projects")
    assert world.client.get("/health/live").json() == {"status": "live"}
    assert world.client.get("/health/ready").json()["lag"] == 0
    assert world.client.get("/metrics").status_code == 401
    metrics = world.client.get("/metrics", headers={"Authorization": f"Bearer {ada.key}"}).text
    assert 'whyfolio_requests_total{method="GET",route="/api/v1/projects",status="200"}' in metrics
    assert "whyfolio_projection_lag_facts 0.0" in metrics
