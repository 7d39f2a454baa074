"""Goals as people see them: how far they are, what serves them and costs what, who may decide about them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from domain.project.events import ProjectRevised
from domain.strategy.events import GoalLinked
from projections.goal_board import goals
from projections.project_board import board
from tests.conftest import WHY, Api, World
from tests.servers import until
from workers.rebuild import rebuild

ALIGNED = {"code": "strategic_fit", "text": "The shop takes away most of the queue"}
FREEZE = {"code": "budget_freeze", "text": "Nothing is spent before the summer"}
SHIFT = {"code": "strategy_shift", "text": "The council looks at the harbour now"}
MONEY = {"amount": "250.50", "currency": "GBP"}
QUARTER = {"starts_on": "2026-04-01", "ends_on": "2026-06-30"}
WAITING = {"measure": "Waiting time", "unit": "minutes", "start": "30", "target": "5", "period": QUARTER}


class Office:
    """A portfolio with an objective, and three components: a shop with a budget, an app and a kiosk."""

    def __init__(self, world: World, ada: Api, bob: Api) -> None:
        self.world, self.ada = world, ada
        self.portfolio = ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"]
        self.shop, self.app, self.kiosk = (self._project(name) for name in ("Shop", "App", "Kiosk"))
        cost = {"cost_low": MONEY, "cost_high": MONEY}
        ada.do(f"/projects/{self.shop}/submit", {"problem": "Queues", "expected_benefit": "Sales", **cost})
        ada.do(f"/projects/{self.shop}/evaluate")
        ada.do(f"/projects/{self.shop}/select", {"rationale": WHY})
        bob.do(f"/projects/{self.shop}/authorize", {"budget": MONEY, "rationale": WHY})
        self.queues = self.create("No queues")

    def _project(self, name: str) -> str:
        body = {"name": name, "sponsor": "sales", "portfolio": self.portfolio, "rationale": WHY}
        return str(self.ada.do("/projects", body)["id"])

    def create(self, name: str) -> str:
        return str(self.ada.do("/goals", {"name": name, "portfolio": self.portfolio, "rationale": WHY})["id"])

    def link(self, goal: str, project: str, weight: str, why: Any = None) -> Any:
        return self.ada.do(f"/goals/{goal}/link", {"project": project, "weight": weight, "rationale": why or ALIGNED})

    def record(self, goal: str, **members: str) -> Any:
        return self.ada.do(f"/goals/{goal}/record-progress", members)

    def goal(self, goal: str, **params: Any) -> Any:
        return self.ada.get(f"/goals/{goal}", **params)


@pytest.fixture
def office(world: World, ada: Api, bob: Api) -> Office:
    return Office(world, ada, bob)


# --- how far a goal is ----------------------------------------------------------------------------


def test_a_contribution_tells_the_forecast_that_the_money_of_the_goal_sums_up(office: Office) -> None:
    body = {"owner": "carol", "starts_on": "2026-01-05", "rationale": WHY}
    office.ada.do(f"/projects/{office.shop}/activate", body)
    stop = {"expected_resume": "unknown", "allocations": "keep", "rationale": FREEZE}
    office.ada.do(f"/projects/{office.shop}/pause", stop)
    goes_on = {"forecast_finish": "2026-12-31", "forecast": MONEY, "rationale": {**WHY, "code": "other"}}
    office.ada.do(f"/projects/{office.shop}/resume", goes_on)
    office.link(office.queues, office.shop, "1")
    assert office.goal(office.queues)["contributions"][0]["forecast"] == MONEY
    ten = {"amount": "10.00", "currency": "GBP"}
    lines = [{"month": "2026-06", "category": "it", "money": ten}]
    office.ada.do(f"/projects/{office.shop}/set-forecast", {"lines": lines, "rationale": WHY})
    told = office.goal(office.queues)
    assert told["contributions"][0]["forecast"] == ten
    assert told["money"]["forecast"]["amount"] == "10.00"


def test_progress_is_the_weighted_sum_of_what_was_recorded(office: Office) -> None:
    office.link(office.queues, office.shop, "0.5")
    office.link(office.queues, office.app, "0.25")
    office.record(office.queues, project=office.shop, progress="0.8")
    office.record(office.queues, project=office.app, progress="0.5")
    progress = office.goal(office.queues)["progress"]
    assert progress == {"value": "0.525", "of": 2, "missing": 0, "weight": "0.75", "known_weight": "0.75"}


def test_what_nobody_recorded_is_missing_and_not_nothing(office: Office) -> None:
    empty = {"value": None, "of": 0, "missing": 0, "weight": "0", "known_weight": "0"}
    assert office.goal(office.queues)["progress"] == empty
    office.link(office.queues, office.shop, "0.5")
    office.link(office.queues, office.app, "0.5")
    assert office.goal(office.queues)["progress"] == {**empty, "of": 2, "missing": 2, "weight": "1"}
    office.record(office.queues, project=office.app, progress="0")
    begun = office.goal(office.queues)
    assert begun["progress"] == {"value": "0", "of": 2, "missing": 1, "weight": "1", "known_weight": "0.5"}
    assert {each["name"]: each["progress"] for each in begun["contributions"]} == {"Shop": None, "App": "0"}


def test_a_contribution_that_comes_back_shows_no_progress_of_before(office: Office) -> None:
    office.link(office.queues, office.shop, "0.5")
    office.record(office.queues, project=office.shop, progress="0.8")
    office.ada.do(f"/goals/{office.queues}/unlink", {"project": office.shop, "rationale": SHIFT})
    assert office.goal(office.queues)["contributions"] == []
    office.link(office.queues, office.shop, "0.5")
    (back,) = office.goal(office.queues)["contributions"]
    assert (back["progress"], back["reported_at"]) == (None, None)
    assert office.goal(office.queues)["progress"]["value"] is None


@pytest.mark.parametrize(
    ("current", "progress"), [("30", "0"), ("35", "0"), ("20", "0.4"), ("5.001", "0.9999"), ("5", "1"), ("3", "1")]
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_measure_tells_how_much_of_its_way_it_has_come(office: Office, current: str, progress: str) -> None:
    office.ada.do(f"/goals/{office.queues}/set-key-result", WAITING)
    (unknown,) = office.goal(office.queues)["key_results"]
    assert (unknown["current"], unknown["progress"], unknown["measured_at"]) == (None, None, None)
    office.record(office.queues, measure="Waiting time", current=current)
    (result,) = office.goal(office.queues)["key_results"]
    assert (result["current"], result["progress"]) == (current, progress)
    assert (result["unit"], result["start"], result["target"], result["period"]) == ("minutes", "30", "5", QUARTER)


def test_money_is_summed_over_what_serves_a_goal_and_says_what_is_missing(office: Office) -> None:
    nothing = {"amount": None, "currency": "GBP", "of": 0, "missing": 0}
    assert office.goal(office.queues)["money"] == {"budget": nothing, "forecast": nothing}
    office.link(office.queues, office.shop, "0.1")
    office.link(office.queues, office.app, "0.1")
    money = office.goal(office.queues)["money"]
    assert money["budget"] == {"amount": "250.50", "currency": "GBP", "of": 2, "missing": 1}, "whole, at any weight"
    assert money["forecast"] == {"amount": None, "currency": "GBP", "of": 2, "missing": 2}


# --- what stands alone ----------------------------------------------------------------------------


def names_in(found: list[Any]) -> list[str]:
    return [each["name"] for each in found]


def test_a_portfolio_tells_which_goals_and_which_projects_stand_alone(office: Office) -> None:
    alone = office.create("Clean water")
    office.link(office.queues, office.shop, "0.5")
    told = office.ada.get(f"/portfolios/{office.portfolio}/goals")
    assert names_in(told["items"]) == ["Clean water", "No queues"]
    assert told["goals_without_projects"] == [{"id": alone, "kind": "goal", "name": "Clean water"}]
    assert names_in(told["projects_without_goals"]) == ["App", "Kiosk"]
    assert told["projects_without_goals"][0] == {"id": office.app, "kind": "project", "name": "App"}


def test_what_has_ended_neither_needs_nor_gives_alignment(office: Office) -> None:
    office.link(office.queues, office.shop, "0.5")
    office.ada.do(f"/projects/{office.kiosk}/withdraw", {"rationale": WHY})
    office.ada.do(f"/goals/{office.queues}/retire", {"rationale": SHIFT})
    told = office.ada.get(f"/portfolios/{office.portfolio}/goals")
    assert [(goal["name"], goal["state"]) for goal in told["items"]] == [("No queues", "retired")]
    assert told["goals_without_projects"] == []
    assert names_in(told["projects_without_goals"]) == ["App", "Shop"]
    assert office.ada.get("/goals", state="open")["items"] == []
    assert names_in(office.ada.get("/goals", state="retired")["items"]) == ["No queues"]


def test_a_goal_that_only_cancelled_projects_serve_stands_alone(office: Office) -> None:
    office.link(office.queues, office.kiosk, "0.5")
    assert office.ada.get(f"/portfolios/{office.portfolio}/goals")["goals_without_projects"] == []
    office.ada.do(f"/projects/{office.kiosk}/withdraw", {"rationale": WHY})
    told = office.ada.get(f"/portfolios/{office.portfolio}/goals")
    assert names_in(told["goals_without_projects"]) == ["No queues"]
    assert [each["state"] for each in told["items"][0]["contributions"]] == ["cancelled"]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_goals_come_in_pages_that_do_not_shift(office: Office) -> None:
    for number in range(4):
        office.create(f"Goal {number}")
    path = f"/portfolios/{office.portfolio}/goals"
    first = office.ada.get(path, limit=2)
    office.create("AAA")
    second = office.ada.get(path, limit=2, cursor=first["next_cursor"])
    third = office.ada.get(path, limit=2, cursor=second["next_cursor"])
    pages = [names_in(page["items"]) for page in (first, second, third)]
    assert pages == [["Goal 0", "Goal 1"], ["Goal 2", "Goal 3"], ["No queues"]]
    assert len(third["goals_without_projects"]) == 5
    assert third["next_cursor"] is None


# --- then, and why --------------------------------------------------------------------------------


def test_every_weight_there_ever_was_is_kept_with_its_reason(office: Office) -> None:
    office.link(office.queues, office.shop, "0.4")
    before = office.world.system.store.head()
    office.world.clock.now += timedelta(days=7)
    office.link(office.queues, office.shop, "0.9", SHIFT)
    (then,) = office.goal(office.queues, at=before)["contributions"]
    (known_then,) = office.goal(office.queues, known_at="2026-03-08")["contributions"]
    (now,) = office.goal(office.queues)["contributions"]
    assert (then["weight"], known_then["weight"], now["weight"]) == ("0.4", "0.4", "0.9")
    history = office.ada.get(f"/goals/{office.queues}/history")["items"]
    assert [(fact["name"], fact["data"].get("from_weight"), fact["data"].get("to_weight")) for fact in history] == [
        ("goal.created.v1", None, None),
        ("goal.linked.v1", None, "0.4"),
        ("goal.linked.v1", "0.4", "0.9"),
    ]
    why = office.ada.get(f"/goals/{office.queues}/why")["items"]
    assert [decision["text"] for decision in why] == [WHY["text"], ALIGNED["text"], SHIFT["text"]]
    assert office.goal(office.queues)["last_decision"]["text"] == SHIFT["text"]


def test_a_link_is_told_wherever_somebody_asks_why(office: Office) -> None:
    office.link(office.queues, office.shop, "0.4")
    office.ada.do(f"/goals/{office.queues}/unlink", {"project": office.shop, "rationale": SHIFT})
    for path in (f"/projects/{office.shop}/why", "/decisions", f"/goals/{office.queues}/why"):
        found = [each for each in office.ada.every(path) if each["fact"].startswith("goal.")]
        assert {"goal.linked.v1", "goal.unlinked.v1"} <= {each["fact"] for each in found}, path
        (linked,) = [each for each in found if each["fact"] == "goal.linked.v1"]
        assert [(each["kind"], each["name"]) for each in linked["subjects"]] == [
            ("goal", "No queues"),
            ("project", "Shop"),
        ]
        assert linked["text"] == ALIGNED["text"]
    assert office.ada.get(f"/projects/{office.shop}")["last_decision"]["fact"] == "goal.unlinked.v1"
    assert {each["fact"] for each in office.ada.every("/decisions", q="queues")} >= {
        "goal.created.v1",
        "goal.linked.v1",
    }
    office.ada.do(f"/goals/{office.queues}/set-key-result", {**WAITING, "rationale": SHIFT})
    of_portfolio = {each["fact"] for each in office.ada.every("/decisions", portfolio=office.portfolio)}
    assert {"goal.created.v1", "goal.linked.v1", "goal.key_result_set.v1"} <= of_portfolio
    assert "goal.key_result_set.v1" in {each["name"] for each in office.ada.every("/audit", subject=office.queues)}


def test_before_its_first_fact_a_goal_is_nothing(office: Office) -> None:
    before = office.goal(office.queues, as_of="2026-01-01")
    assert (before["name"], before["state"], before["progress"], before["money"]) == (None, None, None, None)
    assert before["first_fact_at"]
    assert office.ada.get(f"/portfolios/{office.portfolio}/goals", as_of="2026-01-01")["items"] == []


def test_a_rebuild_tells_the_same(office: Office) -> None:
    office.link(office.queues, office.shop, "0.4")
    office.record(office.queues, project=office.shop, progress="0.5")
    before = office.goal(office.queues)
    rebuild(office.world.system.store, office.world.system.context.reads.engine, lambda *_: None)
    assert office.goal(office.queues) == before


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_answer_about_a_goal_says_which_facts_it_misses(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> Any:
        raise ValueError("no release reads this")

    elsewhere = office.ada.do("/portfolios", {"name": "Harbour"})["id"]
    office.link(office.queues, office.shop, "0.4")
    office.goal(office.queues)
    monkeypatch.setitem(goals._handlers, GoalLinked, unreadable)
    monkeypatch.setitem(board._handlers, ProjectRevised, unreadable)
    missed = [office.link(office.queues, office.app, "0.1")["position"]]
    missed.append(office.ada.do(f"/projects/{office.shop}/revise", {"owner": "sales"})["position"])
    for path in (f"/goals/{office.queues}", f"/goals/{office.queues}/why", f"/portfolios/{office.portfolio}/goals"):
        assert [fact["position"] for fact in office.ada.get(path)["incomplete"]] == missed, path
    assert "incomplete" not in office.ada.get(f"/portfolios/{elsewhere}/goals")


# --- who may --------------------------------------------------------------------------------------

BODIES: dict[str, Any] = {
    "link": {"weight": "0.5", "rationale": WHY},
    "unlink": {"rationale": WHY},
    "retire": {"rationale": WHY},
    "set-key-result": WAITING,
    "record-progress": {"progress": "0.5"},
}


def body_of(verb: str, project: str) -> Any:
    return BODIES[verb] | ({} if verb in {"retire", "set-key-result"} else {"project": project})


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_who_may_decide_about_goals(office: Office) -> None:
    deciders = {Role.PORTFOLIO_MANAGER, Role.BOARD}
    leaders = {Role.PROGRAM_MANAGER, Role.PROJECT_MANAGER}
    goal = {"name": "Clean water", "portfolio": office.portfolio, "rationale": WHY}
    for role in Role:
        somebody = office.world.person(f"somebody as {role}", role)
        assert (somebody.attempt("/goals", goal).status_code == 201) == (role in deciders), role
        for verb in BODIES:
            may = deciders | (leaders if verb == "record-progress" else set())
            answered = somebody.attempt(f"/goals/{UUID(int=0)}/{verb}", body_of(verb, office.shop))
            assert answered.status_code == (404 if role in may else 403), (role, verb)
            assert role in may or set(answered.json()["roles"]) == may


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_goal_is_in_the_scope_of_its_portfolio(office: Office) -> None:
    elsewhere = office.ada.do("/portfolios", {"name": "Harbour"})["id"]
    office.link(office.queues, office.shop, "0.4")
    insider = office.world.person("insider", Role.PORTFOLIO_MANAGER, portfolio=UUID(office.portfolio))
    stranger = office.world.person("stranger", Role.PORTFOLIO_MANAGER, portfolio=UUID(elsewhere))
    reader = office.world.person("reader", Role.EXECUTIVE, portfolio=UUID(office.portfolio))
    until(lambda: insider.ask("/goals").json()["items"])
    for path in (f"/goals/{office.queues}", f"/goals/{office.queues}/why", f"/portfolios/{office.portfolio}/goals"):
        assert insider.ask(path).status_code == reader.ask(path).status_code == 200
        assert stranger.ask(path).status_code == 404, path
    assert stranger.ask("/goals").json()["items"] == []
    for verb in BODIES:
        body = body_of(verb, office.shop)
        assert stranger.attempt(f"/goals/{office.queues}/{verb}", body).status_code in {404, 422}, verb
        assert reader.attempt(f"/goals/{office.queues}/{verb}", body).status_code == 403, verb
    body = {"name": "Clean water", "portfolio": office.portfolio, "rationale": WHY}
    assert stranger.attempt("/goals", body).status_code == 422
    assert reader.attempt("/goals", body).status_code == 403
    for verb in ("record-progress", "set-key-result", "unlink", "link", "retire"):
        assert insider.attempt(f"/goals/{office.queues}/{verb}", body_of(verb, office.shop)).status_code == 200, verb


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_project_in_two_portfolios_serves_the_goals_of_each(office: Office) -> None:
    elsewhere = office.ada.do("/portfolios", {"name": "Harbour"})["id"]
    office.ada.do(f"/portfolios/{elsewhere}/add-component", {"component": office.shop, "rationale": WHY})
    office.link(office.queues, office.shop, "0.4")
    told = office.ada.get(f"/portfolios/{elsewhere}/goals")
    assert names_in(told["projects_without_goals"]) == ["Shop"], "the goal of the other portfolio is none of this one"
    stranger = office.world.person("stranger", Role.AUDITOR, portfolio=UUID(elsewhere))
    found = stranger.ask(f"/projects/{office.shop}/why").json()["items"]
    (linked,) = [each for each in found if each["fact"] == "goal.linked.v1"]
    assert [each["name"] for each in linked["subjects"]] == [None, "Shop"], "what is out of scope has no name"


# --- together -------------------------------------------------------------------------------------


def test_two_at_once_never_give_more_than_the_whole(office: Office) -> None:
    def give(project: str) -> int:
        body = {"project": project, "weight": "0.6", "rationale": ALIGNED}
        return office.ada.attempt(f"/goals/{office.queues}/link", body).status_code

    with ThreadPoolExecutor(3) as pool:
        answered = sorted(pool.map(give, [office.shop, office.app, office.kiosk]))
    assert answered == [200, 409, 409]


def test_a_decision_on_an_older_version_is_refused(office: Office) -> None:
    office.link(office.queues, office.shop, "0.4")
    body = {"project": office.app, "weight": "0.4", "rationale": ALIGNED}
    assert office.ada.attempt(f"/goals/{office.queues}/link", body, if_match='"1"').status_code == 412
    assert office.ada.attempt(f"/goals/{office.queues}/link", body, if_match='"2"').status_code == 200
