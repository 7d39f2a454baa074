"""A spring in two portfolios, told and asked through the public API alone."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import Response

from domain.kernel.decide import Commit, Receipt
from tests.conftest import WHY, Api, Clock, World

Answer = dict[str, Any]
MONEY = {"amount": "100000.00", "currency": "GBP"}


def why(code: str, text: str) -> Answer:
    """A reason."""
    return {"code": code, "text": text}


def active_project(ada: Api, bob: Api, portfolio: str, name: str) -> str:
    """A project that Ada proposed, Bob authorized, and that has begun."""
    body = {"name": name, "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
    project = str(ada.do("/projects", body)["id"])
    case = {"problem": f"No {name}", "expected_benefit": "Sales", "cost_low": MONEY, "cost_high": MONEY}
    ada.do(f"/projects/{project}/submit", case)
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": WHY})
    bob.do(f"/projects/{project}/authorize", {"budget": MONEY, "rationale": WHY})
    ada.do(f"/projects/{project}/activate", {"owner": "carol", "starts_on": "2026-03-02"})
    return project


@dataclass
class Spring:
    """Who and what is in the story; `before` holds positions just before things happened."""

    digital: str
    works: str
    shop: str
    app: str
    portal: str
    bridge: str
    tunnel: str
    kim: str
    before: dict[str, int]


@pytest.fixture
def spring(ada: Api, bob: Api, clock: Clock) -> Spring:
    """Kim goes from the shop to the bridge, the app waits for seven weeks, the shop loses its rank."""
    digital = ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"]
    works = bob.do("/portfolios", {"name": "Works", "currency": "GBP"})["id"]
    shop, app, portal = (active_project(ada, bob, digital, name) for name in ("Shop", "App", "Portal"))
    bridge, tunnel = (active_project(ada, bob, works, name) for name in ("Bridge", "Tunnel"))
    kim = ada.do("/resources", {"name": "Kim"})["id"]
    assigned = {"project": shop, "share": "0.6", "starts_on": "2026-03-09", "ends_on": "2026-06-30"}
    receipt = ada.do(f"/resources/{kim}/assign", {**assigned, "rationale": why("skills", "Kim built the last shop")})
    before = {"pause": receipt["position"]}

    clock.now = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
    pause = {"expected_resume": "2026-05-04", "allocations": "keep", "occurred_at": "2026-03-16T15:00:00Z"}
    reason = why("budget_freeze", "The second quarter's money is not released yet")
    before["reassign"] = ada.do(f"/projects/{app}/pause", {**pause, "rationale": reason})["position"]

    clock.now = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
    moved = {"from_project": shop, "to_project": bridge, "share": "0.6", "starts_on": "2026-04-06"}
    reason = why("higher_priority_project", "The bridge closes in July and has nobody for its sensors")
    receipt = bob.do(f"/resources/{kim}/reassign", {**moved, "rationale": reason})
    before["deprioritize"] = receipt["position"]

    clock.now = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
    reason = why("capacity", "Without Kim the shop cannot go on before the autumn")
    receipt = ada.do(f"/projects/{shop}/reprioritize", {"portfolio": digital, "to_rank": 3, "rationale": reason})
    before["resume"] = receipt["position"]

    clock.now = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    reason = why("money_released", "The council released the second quarter on Thursday")
    bob.do(f"/projects/{app}/resume", {"forecast_finish": "2026-11-30", "rationale": reason})
    ada.token = bob.token
    clock.now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    return Spring(digital, works, shop, app, portal, bridge, tunnel, kim, before)


def told(api: Api, path: str, **bounds: Any) -> list[tuple[str, str]]:
    """What `why` tells: the day and the reason's code of each decision."""
    return [(item["occurred_at"][:10], item["code"]) for item in api.every(f"{path}/why", **bounds)]


def happened(api: Api, path: str, **bounds: Any) -> list[str]:
    """What `history` tells: the names of the facts."""
    return [item["name"] for item in api.every(f"{path}/history", **bounds)]


REASSIGNED = ("2026-03-30", "higher_priority_project")
ASSIGNED = ("2026-03-02", "skills")


def test_why_tells_the_reassignment_on_both_projects_and_on_the_person(ada: Api, spring: Spring) -> None:
    begun = [("2026-03-02", "strategic_fit")] * 4
    assert told(ada, f"/projects/{spring.shop}") == [*begun, ASSIGNED, REASSIGNED, ("2026-04-13", "capacity")]
    assert told(ada, f"/projects/{spring.bridge}") == [*begun, REASSIGNED]
    assert told(ada, f"/resources/{spring.kim}") == [ASSIGNED, REASSIGNED]
    (decision,) = [d for d in ada.every(f"/projects/{spring.bridge}/why") if d["fact"] == "resource.reassigned.v1"]
    assert decision["text"] == "The bridge closes in July and has nobody for its sensors"
    assert decision["actor_name"] == "bob"
    assert [subject["name"] for subject in decision["subjects"]] == ["Kim", "Shop", "Bridge"]


def test_history_tells_every_fact_in_order(ada: Api, spring: Spring) -> None:
    begun = [
        "project.drafted.v1",
        "portfolio.component_added.v1",
        "project.submitted.v1",
        "project.evaluation_started.v2",
        "project.selected.v1",
        "project.authorized.v1",
        "project.activated.v1",
    ]
    staffed = ["resource.assigned.v1", "resource.reassigned.v1"]
    assert happened(ada, f"/projects/{spring.shop}") == [*begun, *staffed, "project.deprioritized.v1"]
    assert happened(ada, f"/projects/{spring.bridge}") == [*begun, "resource.reassigned.v1"]
    assert happened(ada, f"/projects/{spring.app}") == [*begun, "project.paused.v1", "project.resumed.v1"]
    assert happened(ada, f"/resources/{spring.kim}") == ["resource.added.v1", *staffed]


def people_on(api: Api, spring: Spring, **bounds: Any) -> list[tuple[str, str, str, str]]:
    """What Kim's time is promised to."""
    kim = api.get(f"/resources/{spring.kim}", **bounds)
    return [(each["name"], each["share"], each["starts_on"], each["ends_on"]) for each in kim["assignments"]]


def situation(api: Api, spring: Spring, **bounds: Any) -> tuple[Any, Any, Any]:
    """The app's state, the shop's rank, and what the app's last reason was."""
    app, shop = (api.get(f"/projects/{project}", **bounds) for project in (spring.app, spring.shop))
    return app["state"], shop["rank"], app["last_decision"]["code"]


ON_THE_SHOP = [("Shop", "0.6", "2026-03-09", "2026-06-30")]
ON_BOTH = [("Bridge", "0.6", "2026-04-06", "2026-06-30"), ("Shop", "0.6", "2026-03-09", "2026-04-05")]


def test_as_of_a_day_between_they_tell_what_was_so_then(ada: Api, spring: Spring) -> None:
    assert sorted(people_on(ada, spring, as_of="2026-03-20")) == ON_THE_SHOP
    assert sorted(people_on(ada, spring, as_of="2026-03-30")) == ON_BOTH
    assert situation(ada, spring, as_of="2026-03-10") == ("active", 1, "strategic_fit")
    assert situation(ada, spring, as_of="2026-03-20") == ("on_hold", 1, "budget_freeze")
    assert situation(ada, spring, as_of="2026-04-20") == ("on_hold", 3, "budget_freeze")
    assert situation(ada, spring) == ("active", 3, "money_released")
    assert told(ada, f"/resources/{spring.kim}", as_of="2026-03-20") == [ASSIGNED]
    assert happened(ada, f"/projects/{spring.bridge}", as_of="2026-03-29")[-1] == "project.activated.v1"


def test_what_was_known_then_leaves_out_what_was_entered_later(ada: Api, spring: Spring) -> None:
    assert situation(ada, spring, as_of="2026-03-17") == ("on_hold", 1, "budget_freeze")
    assert situation(ada, spring, as_of="2026-03-17", known_at="2026-03-17") == ("active", 1, "strategic_fit")
    assert situation(ada, spring, known_at="2026-03-18") == ("on_hold", 1, "budget_freeze")


def test_at_a_position_they_tell_what_the_log_held(ada: Api, spring: Spring) -> None:
    before = spring.before
    assert situation(ada, spring, at=before["pause"]) == ("active", 1, "strategic_fit")
    assert situation(ada, spring, at=before["pause"] + 1) == ("on_hold", 1, "budget_freeze")
    assert sorted(people_on(ada, spring, at=before["reassign"])) == ON_THE_SHOP
    assert sorted(people_on(ada, spring, at=before["deprioritize"])) == ON_BOTH
    assert situation(ada, spring, at=before["resume"]) == ("on_hold", 3, "budget_freeze")


def test_an_answer_at_a_position_never_changes(ada: Api, spring: Spring, clock: Clock) -> None:
    def ask() -> Any:
        return [
            ada.get(path, at=spring.before["deprioritize"])
            for path in (f"/projects/{spring.shop}", f"/resources/{spring.kim}", f"/projects/{spring.shop}/why")
        ]

    first = ask()
    ada.do(f"/projects/{spring.shop}/revise", {"name": "Store"})
    clock.now = datetime(2027, 6, 1, tzinfo=UTC)
    assert ask() == first


# --- two at once ----------------------------------------------------------------------------------


def at_once(world: World, monkeypatch: pytest.MonkeyPatch, calls: Sequence[Callable[[], Response]]) -> list[Response]:
    """What requests answer that all decided on the same facts before any of them was recorded."""
    store, met, decided = world.system.store, set[str](), threading.Barrier(len(calls), timeout=10)
    append = store.append

    def meet_then_append(commit: Commit) -> Receipt:
        if commit.key not in met:
            met.add(commit.key)
            decided.wait()
        return append(commit)

    monkeypatch.setattr(store, "append", meet_then_append)
    with ThreadPoolExecutor(len(calls)) as threads:
        return [future.result() for future in [threads.submit(call) for call in calls]]


def test_two_requests_at_once_cannot_promise_more_than_full_time(
    ada: Api, bob: Api, spring: Spring, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lee = ada.do("/resources", {"name": "Lee"})["id"]

    def ask(api: Api, project: str) -> Response:
        body = {"project": project, "share": "0.6", "starts_on": "2026-06-08", "ends_on": "2026-07-03"}
        return api.attempt(f"/resources/{lee}/assign", {**body, "rationale": why("skills", "Lee knows it best of all")})

    calls = [lambda: ask(ada, spring.app), lambda: ask(bob, spring.tunnel)]
    answers = sorted(at_once(world, monkeypatch, calls), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "120 % from 2026-06-08 to 2026-07-03" in answers[1].json()["detail"]
    assert answers[1].headers["content-type"] == "application/problem+json"
    ada.token = answers[0].json()["token"]
    assert happened(ada, f"/resources/{lee}") == ["resource.added.v1", "resource.assigned.v1"]


def test_two_requests_at_once_cannot_move_the_same_time_twice(
    ada: Api, bob: Api, spring: Spring, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(api: Api, project: str) -> Response:
        body = {"from_project": spring.bridge, "to_project": project, "share": "0.5", "starts_on": "2026-06-08"}
        reason = why("own_request", "Kim asked for a change of scene")
        return api.attempt(f"/resources/{spring.kim}/reassign", {**body, "rationale": reason})

    calls = [lambda: ask(ada, spring.app), lambda: ask(bob, spring.tunnel)]
    answers = sorted(at_once(world, monkeypatch, calls), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "holds 10 % of their time" in answers[1].json()["detail"]
    ada.token = answers[0].json()["token"]
    (kept,) = [share for name, share, start, _ in people_on(ada, spring) if (name, start) == ("Bridge", "2026-06-08")]
    assert kept == "0.1"


def test_nobody_is_given_to_a_project_that_is_cancelled_at_the_same_moment(
    ada: Api, bob: Api, spring: Spring, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lee = ada.do("/resources", {"name": "Lee"})["id"]
    store, assignments = world.system.store, list[Response]()
    append = store.append

    def assign_just_before(commit: Commit) -> Receipt:
        if not assignments and any(fact.event.fact_name == "project.cancelled.v1" for fact in commit.facts):
            body = {"project": spring.app, "share": "0.6", "starts_on": "2026-05-04"}
            reason = why("skills", "Lee knows it best of all")
            assignments.append(bob.attempt(f"/resources/{lee}/assign", {**body, "rationale": reason}))
        return append(commit)

    monkeypatch.setattr(store, "append", assign_just_before)
    stop = {"sunk_cost": MONEY, "disposition": "Everybody goes free"}
    ada.do(f"/projects/{spring.app}/cancel", {**stop, "rationale": why("over_budget", "It cost twice what it may")})
    assert assignments[0].status_code == 200
    (assignment,) = ada.get(f"/resources/{lee}")["assignments"]
    assert assignment["ends_on"] == "2026-05-31"
