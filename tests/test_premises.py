"""Premises as people see them: named with a decision, watched from then on."""

from typing import Any

import pytest

from domain.identity.words import Role
from domain.resources.words import WEEKDAYS
from tests.conftest import WHY, Api, World
from tests.test_status import Office

AT_WORK = dict.fromkeys(WEEKDAYS[:5], "1")
REASON = {"rationale": WHY}
one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def pounds(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def left(portfolio: str) -> dict[str, Any]:
    return {"figure": "budget_left", "portfolio": portfolio, "at_least": "0"}


@one_database
def test_a_premise_may_only_be_about_what_its_author_may_see(world: World, ada: Api) -> None:
    own, foreign = (ada.do("/portfolios", {"name": name, "currency": "GBP"})["id"] for name in ("Own", "Foreign"))
    carol = world.person("carol", Role.PORTFOLIO_MANAGER, portfolio=own)

    def on(portfolio: str) -> dict[str, Any]:
        return {"update_cadence_days": 7, "rationale": {**WHY, "premises": [left(portfolio)]}}

    hidden = carol.attempt(f"/portfolios/{own}/set-policy", on(foreign))
    unknown = carol.attempt(f"/portfolios/{own}/set-policy", on("0190a1b2-0000-7000-8000-000000000000"))
    for refused in (hidden, unknown):
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["pointer"]) == (422, "/rationale/premises/0/portfolio")
        assert error["detail"].startswith("no portfolio has the id")
    carol.do(f"/portfolios/{own}/set-policy", on(own))
    (decision,) = carol.get("/decisions", fact="policy_set")["items"]
    assert decision["premises"] == [left(own)]
    ada.do(f"/portfolios/{own}/set-policy", {**on(foreign), "update_cadence_days": 8})


# --- what asks for attention ----------------------------------------------------------------------


class Town(Office):
    """The office with a budget of 1000 for its shop, which may cost 500."""

    def __init__(self, world: World, ada: Api, bob: Api) -> None:
        super().__init__(world, ada, bob)
        self.budget("1000")

    def budget(self, amount: str | None, **why: Any) -> None:
        line = {"year": 2026, "category": "opex", "money": amount and pounds(amount)}
        body = {"lines": [line], "rationale": {**WHY, **why}}
        self.ada.do(f"/portfolios/{self.portfolio}/set-budget", body)

    def expect(self, amount: str, month: str = "2026-05") -> None:
        line = {"month": month, "category": "opex", "money": pounds(amount)}
        self.ada.do(f"/projects/{self.shop}/set-forecast", {"lines": [line], "rationale": WHY})

    def decide(self, days: int, *premises: dict[str, Any], **why: Any) -> str:
        """The event id of a decision about the shop that rests on these."""
        rationale = {**WHY, "premises": list(premises), **why}
        self.ada.do(f"/projects/{self.shop}/set-cadence", {"cadence_days": days, "rationale": rationale})
        return str(self.ada.get("/decisions", limit=1)["items"][0]["event_id"])

    def broken(self, who: Api | None = None, **bounds: Any) -> list[tuple[str, str, str, str]]:
        """What rests on it, the fact that broke it, the decision, the value."""
        rows = (who or self.ada).every(f"/portfolios/{self.portfolio}/attention", **bounds)
        return [
            (each["subject"]["name"], each["fact"]["name"], each["decision"]["name"], each["premise"]["value"])
            for each in rows
            if each["reason"] == "broken_premise"
        ]


@pytest.fixture
def town(world: World, ada: Api, bob: Api) -> Town:
    return Town(world, ada, bob)


BROKEN_BY_FORECAST = ("Shop", "project.forecast_set.v1", "project.cadence_set.v1", "-200.00")


def test_a_premise_that_a_later_fact_breaks_brings_its_decision_back_until_it_holds_again(town: Town) -> None:
    decision = town.decide(300, left(town.portfolio))
    known = town.ada.get("/portfolios")["position"]
    assert town.broken() == []
    town.on(3, 4)
    town.expect("1200.00")
    assert town.broken() == [BROKEN_BY_FORECAST]
    row = town.ada.get(f"/portfolios/{town.portfolio}/attention")["items"][0]
    assert (row["since"], row["days"], row["decision"]["event_id"]) == ("2026-03-04", 0, decision)
    assert row["premise"] == {
        **dict.fromkeys(["goal", "project", "role", "starts_on", "ends_on", "at_most"]),
        **left(town.portfolio),
        "value": "-200.00",
        "currency": "GBP",
        "holds": False,
        "sentence": "Budget left of Digital is GBP -200.00; it has to be at least 0.",
    }
    assert town.broken(as_of="2026-03-03") == town.broken(at=known) == []
    town.expect("900.00")
    assert town.broken() == []
    town.budget("850.00")
    assert town.broken() == [("Shop", "portfolio.budget_set.v1", "project.cadence_set.v1", "-50.00")]
    town.expect("870.00")
    assert [each[1:] for each in town.broken()] == [("portfolio.budget_set.v1", "project.cadence_set.v1", "-20.00")]
    town.decide(310, supersedes=decision)
    assert town.broken() == []


@one_database
def test_a_premise_that_never_held_is_told_with_its_own_decision(town: Town) -> None:
    town.decide(300, {**left(town.portfolio), "at_least": "5000"})
    assert town.broken() == [("Shop", "project.cadence_set.v1", "project.cadence_set.v1", "500.00")]


@one_database
def test_what_cannot_be_told_breaks_nothing_and_shows_no_zero(town: Town) -> None:
    town.decide(300, left(town.portfolio))
    line = {"month": "2026-05", "category": "opex", "money": {"amount": "9000", "currency": "USD"}}
    town.ada.do(f"/portfolios/{town.portfolio}/set-policy", {"update_cadence_days": 200, "rationale": WHY})
    town.ada.do("/goals", {"name": "Queues", "portfolio": town.portfolio, "rationale": WHY})
    town.ada.do(f"/projects/{town.shop}/set-forecast", {"lines": [line], "rationale": WHY})
    assert town.broken() == []
    rate = {"currency": "USD", "rate": "0.5", "valid_from": "2026-01-01", "published_by": "the bank"}
    town.ada.do(f"/portfolios/{town.portfolio}/set-rate", rate)
    assert town.broken() == [("Shop", "portfolio.rate_set.v1", "project.cadence_set.v1", "-3500.00")]


@one_database
def test_a_decision_that_has_no_effect_any_more_is_not_watched(town: Town) -> None:
    tight = {**left(town.portfolio), "at_least": "5000"}
    why = {**WHY, "code": "budget_freeze", "premises": [tight]}
    pause = {"expected_resume": "unknown", "allocations": "keep", "rationale": why}
    town.ada.do(f"/projects/{town.shop}/pause", pause)
    assert [each[2] for each in town.broken()] == ["project.paused.v1"]
    resume = {"forecast_finish": "2026-12-01", "rationale": {**WHY, "premises": [tight]}}
    town.ada.do(f"/projects/{town.shop}/resume", resume)
    assert [each[2] for each in town.broken()] == ["project.resumed.v1"]
    town.ada.do(
        f"/projects/{town.shop}/cancel",
        {"sunk_cost": pounds("20"), "disposition": "sold", "rationale": {**WHY, "code": "over_budget"}},
    )
    assert town.broken() == []


@one_database
def test_each_figure_is_told_as_its_own_view_tells_it(town: Town) -> None:
    goal = str(town.ada.do("/goals", {"name": "No queues", "portfolio": town.portfolio, "rationale": WHY})["id"])
    town.ada.do(f"/goals/{goal}/link", {"project": town.shop, "weight": "0.2", "rationale": WHY})
    kim = str(town.ada.do("/resources", {"name": "Kim"})["id"])
    town.ada.do(f"/resources/{kim}/set-capacity", {"starts_on": "2026-01-01", "week": AT_WORK})
    town.ada.do(f"/resources/{kim}/set-role", {"as_role": "tester"})
    town.ada.do(f"/resources/{kim}/assign", {"project": town.shop, "share": "0.8", "starts_on": "2026-03-02", **REASON})
    may = {"starts_on": "2026-05-04", "ends_on": "2026-05-10"}
    load = {"figure": "role_load", "portfolio": town.portfolio, "role": "tester", "at_most": "1", **may}
    weight = {"figure": "goal_weight", "goal": goal, "project": town.shop, "at_least": "0.2"}
    forecast = {"figure": "forecast", "project": town.shop, "at_most": "600"}
    town.decide(300, load, weight, forecast)
    town.expect("500.00")
    assert town.broken() == []
    days = {"project": town.shop, "share": "0.4", "starts_on": "2026-05-04", "ends_on": "2026-05-08", **REASON}
    override = {"override": {"code": "mandate", "text": "The date is fixed by law"}}
    town.ada.do(f"/resources/{kim}/assign", {**days, **override})
    town.ada.do(f"/goals/{goal}/link", {"project": town.shop, "weight": "0.1", "rationale": WHY})
    town.expect("650.00")
    assert {each[1:] for each in town.broken()} == {
        ("resource.assigned.v1", "project.cadence_set.v1", "1.2"),
        ("goal.linked.v1", "project.cadence_set.v1", "0.1"),
        ("project.forecast_set.v1", "project.cadence_set.v1", "650.00"),
    }
    workload = town.ada.get(
        f"/portfolios/{town.portfolio}/workload", by="role", **{"from": may["starts_on"], "to": may["ends_on"]}
    )
    assert [cell["load"] for row in workload["rows"] for cell in row["cells"]] == ["1.2"]
    town.ada.do(f"/goals/{goal}/retire", {"rationale": WHY})
    assert ("Shop", "goal.linked.v1", "project.cadence_set.v1", "0") in town.broken()


@one_database
def test_what_rests_on_a_portfolio_out_of_scope_is_not_told(town: Town) -> None:
    foreign = town.found("Foreign", None)
    town.decide(300, {"figure": "budget_left", "portfolio": foreign, "at_least": "0"})
    town.ada.do(
        f"/portfolios/{foreign}/set-budget",
        {"lines": [{"year": 2026, "category": "opex", "money": pounds("1")}], "rationale": WHY},
    )
    town.ada.do(f"/portfolios/{foreign}/add-component", {"component": town.shop, "rationale": WHY})
    dora = town.world.person("dora", Role.PORTFOLIO_MANAGER, portfolio=town.portfolio)
    assert town.broken() == [("Shop", "portfolio.component_added.v1", "project.cadence_set.v1", "-499.00")]
    assert town.broken(dora, after=town.ada.token) == []


@one_database
def test_a_goal_that_nothing_serves_asks_for_attention(town: Town) -> None:
    path = f"/portfolios/{town.portfolio}/attention"

    def alone() -> list[tuple[str, str, str]]:
        rows = [each for each in town.ada.get(path)["items"] if each["reason"] == "goal_without_projects"]
        return [(each["subject"]["kind"], each["subject"]["name"], each["fact"]["name"]) for each in rows]

    goal = str(town.ada.do("/goals", {"name": "No queues", "portfolio": town.portfolio, "rationale": WHY})["id"])
    assert alone() == [("goal", "No queues", "goal.created.v1")]
    link = {"project": town.shop, "weight": "0.2", "rationale": WHY}
    town.ada.do(f"/goals/{goal}/link", link)
    assert alone() == []
    town.ada.do(f"/goals/{goal}/unlink", {"project": town.shop, "rationale": WHY})
    assert alone() == [("goal", "No queues", "goal.unlinked.v1")]
    town.ada.do(f"/goals/{goal}/link", link)
    town.ada.do(
        f"/projects/{town.shop}/cancel",
        {"sunk_cost": pounds("20"), "disposition": "sold", "rationale": {**WHY, "code": "over_budget"}},
    )
    assert alone() == [("goal", "No queues", "project.cancelled.v1")]
    town.ada.do(f"/goals/{goal}/retire", {"rationale": WHY})
    assert alone() == []


@one_database
def test_the_agenda_of_a_review_holds_what_asks_for_attention_also_of_premises_and_goals(town: Town) -> None:
    goal = str(town.ada.do("/goals", {"name": "No queues", "portfolio": town.portfolio, "rationale": WHY})["id"])
    town.decide(300, left(town.portfolio))
    town.expect("1200.00")
    town.on(3, 4)
    rows = town.ada.get(f"/portfolios/{town.portfolio}/attention")["items"]
    town.ada.do(f"/portfolios/{town.portfolio}/open-review", {})
    path = f"/portfolios/{town.portfolio}/reviews"
    review = town.ada.get(path)["items"][0]["id"]

    def agenda() -> dict[str, Any]:
        return {each["reason"]: each for each in town.ada.get(f"{path}/{review}")["agenda"]}

    first = agenda()
    assert {"broken_premise", "goal_without_projects"} <= first.keys()
    for row in rows:
        frozen = first[row["reason"]]
        asked = (row["subject"], row["since"], row["fact"]["event_id"])
        assert (frozen["subject"], frozen["since"], frozen["fact"]) == asked
        assert frozen["decision"] == (row["decision"]["event_id"] if row["decision"] else None)
        assert not frozen["is_settled"]
    town.expect("1000.00")
    town.ada.do(f"/goals/{goal}/retire", {"rationale": WHY})
    settled = agenda()
    assert settled["broken_premise"]["is_settled"]
    assert (settled["goal_without_projects"]["is_settled"], settled["goal_without_projects"]["is_touched"]) == (
        True,
        True,
    )
