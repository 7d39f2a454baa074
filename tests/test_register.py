"""Risks, issues and milestones as people see them: now, then, and over a whole portfolio."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from workers.rebuild import rebuild

STORM: dict[str, Any] = {"title": "A storm takes the crane", "owner": "harbour master", "due_on": "2026-05-01"}
MOVED = {"code": "late_supplier", "text": "The steel comes three weeks later than promised"}


class Harbour:
    """A portfolio with two components."""

    def __init__(self, world: World, ada: Api) -> None:
        self.world, self.ada = world, ada
        self.portfolio = ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"]
        self.quay, self.crane = (self.begin(name, self.portfolio) for name in ("Quay", "Crane"))

    def begin(self, name: str, portfolio: str) -> str:
        body = {"name": name, "sponsor": "s", "portfolio": portfolio, "rationale": WHY}
        return str(self.ada.do("/projects", body)["id"])

    def do(self, project: str, verb: str, **body: Any) -> Any:
        return self.ada.do(f"/projects/{project}/{verb}", body)

    def risk(self, project: str, title: str, **more: Any) -> Any:
        return self.do(project, "record-risk", **{**STORM, "title": title, **more})

    def later(self, days: int) -> None:
        self.world.clock.now += timedelta(days=days)


@pytest.fixture
def harbour(world: World, ada: Api) -> Harbour:
    return Harbour(world, ada)


def titles(answer: Any) -> list[Any]:
    return [each["title"] for each in answer["items"]]


# --- risks and issues -----------------------------------------------------------------------------


def test_the_open_risks_of_a_portfolio_come_severest_first_and_what_is_missing_last(harbour: Harbour) -> None:
    harbour.risk(harbour.quay, "Ice", probability=1, impact=2)
    harbour.risk(harbour.quay, "Rust")
    harbour.risk(harbour.crane, "Wind", probability=3, impact=5)
    harbour.risk(harbour.crane, "Strike", impact=5)
    harbour.risk(harbour.crane, "Gone", probability=5, impact=5)
    harbour.do(harbour.crane, "close-risk", risk=3, rationale=WHY)
    path = f"/portfolios/{harbour.portfolio}/risks"
    told = harbour.ada.get(path)
    assert [(each["title"], each["severity"]) for each in told["items"][:2]] == [("Wind", 15), ("Ice", 2)]
    assert {(each["title"], each["severity"]) for each in told["items"][2:]} == {("Rust", None), ("Strike", None)}
    assert told["items"][0]["project"] == {"id": harbour.crane, "kind": "project", "name": "Crane"}
    assert titles(harbour.ada.get(path, sort="severity"))[:2] == ["Ice", "Wind"]
    assert titles(harbour.ada.get(path, sort="title")) == ["Ice", "Rust", "Strike", "Wind"]
    assert titles(harbour.ada.get(path, state="closed")) == ["Gone"]
    first = harbour.ada.get(path, sort="title", limit=3)
    assert titles(harbour.ada.get(path, sort="title", limit=3, cursor=first["next_cursor"])) == ["Wind"]
    assert harbour.ada.ask(path, sort="mood").status_code == 422


def test_a_removed_component_takes_its_risks_out_of_the_portfolio(harbour: Harbour) -> None:
    harbour.risk(harbour.quay, "Ice")
    harbour.ada.do(f"/portfolios/{harbour.portfolio}/remove-component", {"component": harbour.quay, "rationale": WHY})
    assert harbour.ada.get(f"/portfolios/{harbour.portfolio}/risks")["items"] == []
    assert titles(harbour.ada.get(f"/projects/{harbour.quay}/risks")) == ["Ice"]


def test_a_risk_that_came_true_tells_the_issue_it_became(harbour: Harbour) -> None:
    harbour.risk(harbour.quay, "Ice", probability=4, impact=2)
    body = {**STORM, "title": "The quay is iced in", "risk": 1, "impact": 4, "rationale": MOVED}
    harbour.do(harbour.quay, "record-issue", **body)
    (risk,) = harbour.ada.get(f"/projects/{harbour.quay}/risks")["items"]
    assert (risk["state"], risk["issue"], risk["severity"]) == ("occurred", 1, 8)
    assert risk["closed_at"]
    assert risk["last_decision"]["text"] == MOVED["text"]
    (issue,) = harbour.ada.get(f"/portfolios/{harbour.portfolio}/issues")["items"]
    assert (issue["issue"], issue["risk"], issue["impact"], issue["state"]) == (1, 1, 4, "open")
    assert harbour.ada.get(f"/portfolios/{harbour.portfolio}/risks")["items"] == []
    harbour.do(harbour.quay, "close-issue", issue=1, rationale=WHY)
    assert harbour.ada.get(f"/portfolios/{harbour.portfolio}/issues")["items"] == []
    (closed,) = harbour.ada.get(f"/projects/{harbour.quay}/issues")["items"]
    assert (closed["state"], closed["last_decision"]["text"]) == ("closed", WHY["text"])


def test_a_risk_stands_as_it_was_seen_then(harbour: Harbour) -> None:
    harbour.risk(harbour.quay, "Ice", probability=2, impact=5)
    harbour.later(70)
    harbour.do(harbour.quay, "revise-risk", risk=1, probability=4, due_on="2026-07-01", rationale=MOVED)
    path = f"/projects/{harbour.quay}/risks"
    (then,) = harbour.ada.get(path, as_of="2026-05-10")["items"]
    (now,) = harbour.ada.get(path)["items"]
    assert [(each["severity"], each["due_on"], each["overdue"]) for each in (then, now)] == [
        (10, "2026-05-01", True),
        (20, "2026-07-01", False),
    ]
    assert (then["last_decision"], now["last_decision"]["text"]) == (None, MOVED["text"])
    before = harbour.ada.get(path, as_of="2026-01-01")
    assert before["items"] == []
    assert before["first_fact_at"]
    (fact,) = [each for each in harbour.ada.every("/audit") if each["name"] == "project.risk_revised.v1"]
    assert {"subject": harbour.quay, "aspect": "risk:1:probability", "from": 2, "to": 4} in fact["changes"]


# --- milestones -----------------------------------------------------------------------------------


def test_the_next_milestone_is_the_first_that_is_not_reached(harbour: Harbour) -> None:
    assert harbour.ada.get(f"/projects/{harbour.quay}")["next_milestone"] is None
    harbour.do(harbour.quay, "set-milestone", name="Opening", due_on="2026-08-01")
    harbour.do(harbour.quay, "set-milestone", name="Pillars stand", due_on="2026-05-01")
    harbour.do(harbour.quay, "set-milestone", name="Pillars stand", forecast_on="2026-05-22", rationale=MOVED)
    path = f"/projects/{harbour.quay}"
    pillars = {
        "name": "Pillars stand",
        "promised_on": "2026-05-01",
        "due_on": "2026-05-01",
        "forecast_on": "2026-05-22",
        "expected_on": "2026-05-22",
        "slippage_days": 21,
        "overdue": False,
    }
    assert harbour.ada.get(path)["next_milestone"] == pillars
    assert [each["next_milestone"] and each["next_milestone"]["name"] for each in harbour.ada.every("/projects")] == [
        None,
        "Pillars stand",
    ]
    harbour.world.clock.now = datetime(2026, 5, 30, 9, tzinfo=UTC)
    late = harbour.ada.get(path)["next_milestone"]
    assert late == {**pillars, "slippage_days": None, "overdue": True}, "it slips, nobody says how far"
    harbour.do(harbour.quay, "set-milestone", name="Pillars stand", reached_on="2026-05-29")
    assert harbour.ada.get(path)["next_milestone"]["name"] == "Opening"
    assert harbour.ada.get(path, as_of="2026-05-20")["next_milestone"] == pillars
    harbour.ada.do(f"{path}/withdraw", {"rationale": WHY})
    assert harbour.ada.get(path)["next_milestone"] is None, "nothing is ahead of what has ended"


def test_milestones_tell_their_slippage_against_the_first_promise(harbour: Harbour) -> None:
    harbour.do(harbour.quay, "set-milestone", name="Opening", due_on="2026-08-01")
    harbour.do(harbour.quay, "set-milestone", name="Opening", due_on="2026-09-01", rationale=MOVED)
    harbour.do(harbour.quay, "set-milestone", name="Kick-off", due_on="2026-03-10", reached_on="2026-03-01")
    told = harbour.ada.get(f"/projects/{harbour.quay}/milestones")["items"]
    assert [(each["name"], each["slippage_days"], each["reached_on"]) for each in told] == [
        ("Kick-off", -9, "2026-03-01"),
        ("Opening", 31, None),
    ]
    assert [each["last_decision"] and each["last_decision"]["text"] for each in told] == [None, MOVED["text"]]
    harbour.do(harbour.quay, "drop-milestone", name="Opening", rationale=WHY)
    assert [each["name"] for each in harbour.ada.get(f"/projects/{harbour.quay}/milestones")["items"]] == ["Kick-off"]
    why = harbour.ada.get(f"/projects/{harbour.quay}/why")["items"]
    assert [each["fact"] for each in why][-2:] == ["project.milestone_set.v1", "project.milestone_dropped.v1"]


def test_a_goal_whose_milestones_are_all_reached_is_not_told_to_be_at_nothing(harbour: Harbour) -> None:
    body = {"name": "Ships berth in any storm", "portfolio": harbour.portfolio, "rationale": WHY}
    goal = harbour.ada.do("/goals", body)["id"]
    harbour.ada.do(f"/goals/{goal}/link", {"project": harbour.quay, "weight": "1", "rationale": WHY})
    harbour.do(harbour.quay, "set-milestone", name="Opening", due_on="2026-03-01", reached_on="2026-03-01")
    assert harbour.ada.get(f"/projects/{harbour.quay}")["next_milestone"] is None
    progress = harbour.ada.get(f"/goals/{goal}")["progress"]
    assert (progress["value"], progress["missing"]) == (None, 1), "nobody said what the milestone brought: no 0"


def test_a_rebuild_tells_the_same(harbour: Harbour) -> None:
    harbour.risk(harbour.quay, "Ice", probability=4, impact=2)
    harbour.do(harbour.quay, "set-milestone", name="Opening", due_on="2026-08-01")
    paths = [f"/projects/{harbour.quay}{each}" for each in ("", "/risks", "/milestones")]
    before = [harbour.ada.get(path) for path in paths]
    rebuild(harbour.world.system.store, harbour.world.system.context.reads.engine, lambda *_: None)
    assert [harbour.ada.get(path) for path in paths] == before


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_whoever_works_on_it_may_raise_a_risk_and_whoever_leads_it_closes_it(harbour: Harbour) -> None:
    member = harbour.world.person("member", Role.TEAM_MEMBER)
    leader = harbour.world.person("leader", Role.PROJECT_MANAGER, portfolio=UUID(harbour.portfolio))
    close = {"risk": 1, "rationale": WHY}
    assert member.attempt(f"/projects/{harbour.quay}/record-risk", STORM).status_code == 200
    assert member.attempt(f"/projects/{harbour.quay}/close-risk", close).status_code == 403
    assert leader.attempt(f"/projects/{harbour.quay}/close-risk", close).status_code == 200
