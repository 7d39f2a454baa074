"""A year of an IT portfolio under the preset for it, told through the public API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.identity.words import Role
from tests.conftest import World
from whyfolio.settings import Settings

FITS = {"code": "strategic_fit", "text": "It carries the plan of this year"}


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: what the parts do is tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


def papers(*titles: str) -> dict[str, Any]:
    return {**FITS, "evidence": [{"title": title, "url": "https://wiki.example.org/x"} for title in titles]}


def gbp(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


BEGIN = {
    "owner": "dev",
    "starts_on": "2026-03-02",
    "rationale": papers("Architecture decision", "Security review"),
}


class Office:
    """Who decides in the portfolio."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requester = world.person("rita", Role.REQUESTER)
        self.manager = world.person("mona", Role.PORTFOLIO_MANAGER)
        self.board = world.person("bela", Role.BOARD)
        self.held = self.manager.do("/portfolios", {"name": "Platform", "currency": "GBP"})["id"]
        self.board.do(f"/portfolios/{self.held}/set-policy", {"preset": "it", "rationale": FITS})

    def on(self, year: int, month: int, day: int) -> None:
        self.world.clock.now = datetime(year, month, day, 9, tzinfo=UTC)

    def proposed(self, name: str) -> str:
        body = {"name": name, "sponsor": "operations", "portfolio": self.held, "rationale": FITS}
        project = str(self.requester.do("/projects", body)["id"])
        case = {"problem": "Slow", "expected_benefit": "Fast", "cost_low": gbp("1.00"), "cost_high": gbp("9.00")}
        self.requester.do(f"/projects/{project}/submit", case)
        return project

    def chosen(self, name: str) -> str:
        project = self.proposed(name)
        self.manager.do(f"/projects/{project}/evaluate", {"scoring_model_version": 1})
        self.manager.do(f"/projects/{project}/select", {"rationale": FITS})
        return project

    def authorized(self, name: str) -> str:
        project = self.chosen(name)
        self.board.do(f"/projects/{project}/authorize", {"budget": gbp("5.00"), "rationale": papers("Business case")})
        return project

    def started(self, name: str) -> str:
        project = self.authorized(name)
        self.manager.do(f"/projects/{project}/activate", BEGIN)
        return project


def refused(answer: Any, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    for word in words:
        assert word in answer.text


def test_a_year_under_the_policy_for_it(world: World) -> None:
    office = Office(world)
    manager, board, held = office.manager, office.board, office.held

    # an evaluation is held to the model of the policy, and keeps its criteria
    search = office.proposed("Search")
    another = manager.attempt(f"/projects/{search}/evaluate", {"scoring_model_version": 2})
    refused(another, 422, "/scoring_model_version")
    manager.do(f"/projects/{search}/evaluate", {"scoring_model_version": 1})
    history = manager.get(f"/projects/{search}/history")["items"]
    frozen = history[-1]["data"]["scoring_model"]
    assert (frozen["name"], [each["weight"] for each in frozen["criteria"]]) == (
        "Value against effort",
        ["0.3", "0.3", "0.2", "0.2"],
    )
    # no budget without a business case, which the refusal names
    manager.do(f"/projects/{search}/select", {"rationale": FITS})
    release = f"/projects/{search}/authorize"
    refused(board.attempt(release, {"budget": gbp("5.00"), "rationale": FITS}), 422, "Business case")
    board.do(release, {"budget": gbp("5.00"), "rationale": papers("Business case")})

    # eight at once, and the ninth has to wait, or be let in for a reason
    first = office.started("Mail")
    for name in ("Chat", "Wiki", "Build", "Login", "Backup", "Print", "Video"):
        office.started(name)
    refused(manager.attempt(f"/projects/{search}/activate", BEGIN), 409, "lets 8 be active", '"number":8')
    office.on(2026, 4, 1)
    stop = {"expected_resume": "2026-05-01", "allocations": "keep"}
    late = {"code": "waiting_for_vendor", "text": "The vendor delivers in May only"}
    manager.do(f"/projects/{first}/pause", {**stop, "rationale": late})
    manager.do(f"/projects/{search}/activate", BEGIN)
    office.on(2026, 5, 1)
    go_on = {"forecast_finish": "2026-09-01", "rationale": FITS}
    refused(manager.attempt(f"/projects/{first}/resume", go_on), 409, "lets 8 be active")
    mandate = {"code": "mandate", "text": "The auditors want it before June"}
    manager.do(f"/projects/{first}/resume", {**go_on, "override": mandate})

    # what that means shows: nine of eight, by whose reason, since when
    policy, flow = manager.get(f"/portfolios/{held}/policy"), manager.get(f"/portfolios/{held}/flow")
    assert {"state": "active", "limit": 8, "number": 9} in policy["limits"]
    (let_in,) = manager.get("/decisions", fact="limit_overridden")["items"]
    assert (let_in["text"], let_in["role"]) == (mandate["text"], "portfolio_manager")
    assert {"waiting_for_vendor", "release_freeze"} <= set(policy["codes"]["pause"])
    mail = next(each for each in flow["in_progress"] if each["project"] == first)
    assert (mail["days_in_state"], mail["age_days"], mail["active_days"]) == ("0.0", "60.0", "30.0")
    while_it_waited = manager.get(f"/portfolios/{held}/flow", as_of="2026-04-15")
    counted = {row["state"]: row["number"] for row in while_it_waited["states"]}
    assert (counted["active"], counted["on_hold"]) == (8, 1)

    # the budget says what the guardrails could not tell before
    assert {rail["verdict"] for rail in policy["guardrails"]} == {"cannot_tell"}
    lines = [{"year": 2026, "category": name, "money": gbp(amount)} for name, amount in (("run", "80"), ("grow", "20"))]
    board.do(f"/portfolios/{held}/set-budget", {"lines": lines, "rationale": FITS})
    manager.token = board.token
    told = {rail["category"]: rail for rail in manager.get(f"/portfolios/{held}/policy")["guardrails"]}
    assert {name: (rail["verdict"], rail["share"]) for name, rail in told.items()} == {
        "run": ("broken", "0.8"),
        "innovation": ("broken", "0"),
    }
