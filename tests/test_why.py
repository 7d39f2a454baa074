"""Why, as people see it: the story of a project in order, with what was known then and what no longer holds."""

from typing import Any

import pytest

from tests.conftest import WHY, Api, World
from tests.test_pages import Visitor, text_of
from tests.test_premises import Town, left, one_database, pounds
from tests.test_scores import CRITERIA, VALUE, proposal, score


@pytest.fixture
def town(world: World, ada: Api, bob: Api) -> Town:
    return Town(world, ada, bob)


@pytest.fixture
def quay(town: Town) -> str:
    """A project that was scored, selected over others, authorized, paused, moved down, resumed."""
    ada, path = town.ada, f"/portfolios/{town.portfolio}"
    ada.do(f"{path}/set-scoring-model", {**VALUE, "criteria": CRITERIA})
    quay = proposal(ada, town.portfolio, "Quay")
    score(ada, quay, 50, 5)
    town.budget("300000")
    over = {"alternatives": ["Crane", {"title": "Buoy", "note": "too dear"}], "premises": [left(town.portfolio)]}
    ada.do(f"/projects/{quay}/select", {"rationale": {**WHY, **over}})
    town.bob.do(f"/projects/{quay}/authorize", {"budget": pounds("200000"), "rationale": WHY})
    ada.token = town.bob.token
    ada.do(f"/projects/{quay}/activate", {"owner": "carol", "starts_on": "2026-03-02"})
    pause = {"expected_resume": "2026-06-01", "allocations": "keep"}
    ada.do(f"/projects/{quay}/pause", {**pause, "rationale": {"code": "budget_freeze", "text": "No money till June"}})
    body = {"portfolio": town.portfolio, "to_rank": 1, "rationale": {**WHY, "code": "other", "text": "A " * 15}}
    ada.do(f"/projects/{quay}/reprioritize", body)
    resume = {"forecast_finish": "2026-12-01", "forecast": pounds("250000"), "rationale": WHY}
    ada.do(f"/projects/{quay}/resume", resume)
    return quay


def test_a_project_tells_its_story_in_order_with_who_and_why(town: Town, quay: str) -> None:
    story = town.ada.get(f"/projects/{quay}/why")["story"]
    told = [line["sentence"].replace(f": {WHY['text']}", "") for line in story]
    assert told == [
        "Proposed, by ada as requester. strategic_fit",
        "Quay taken into Digital, by ada as requester. strategic_fit",
        "Submitted, at a cost of GBP 100.00 to GBP 100.00, by ada as requester",
        "Taken into evaluation under Value 1, by ada as portfolio manager",
        "Scored 50.0000 under Value 1, by ada as portfolio manager",
        "Selected over Crane and Buoy, by ada as portfolio manager. strategic_fit",
        "Authorized with a budget of GBP 200000, by bob as board. strategic_fit",
        "Begun on 2026-03-02, owned by carol, by ada as portfolio manager",
        "Paused until 2026-06-01, its people kept, by ada as portfolio manager. budget_freeze: No money till June",
        f"Quay moved from rank 2 to 1 in Digital, by ada as portfolio manager. other: {'A ' * 15}".strip(),
        "Resumed, to finish on 2026-12-01, by ada as portfolio manager. strategic_fit",
    ]
    assert [line["occurred_at"] for line in story] == sorted(line["occurred_at"] for line in story)


def test_each_decision_tells_what_was_known_then(town: Town, quay: str) -> None:
    items = {each["fact"]: each for each in town.ada.get(f"/projects/{quay}/why")["items"]}
    nothing = {"state": None, "rank": None, "score": None, "budget": None, "forecast": None}
    assert items["project.drafted.v1"]["known_then"] == nothing
    proposed = {**nothing, "state": "under_evaluation", "rank": 2, "score": "50.0000"}
    assert items["project.selected.v1"]["known_then"] == proposed
    assert items["project.authorized.v1"]["known_then"] == {**proposed, "state": "selected"}
    working = {**proposed, "state": "on_hold", "budget": pounds("200000")}
    assert items["project.reprioritized.v1"]["known_then"] == working
    assert items["project.resumed.v1"]["known_then"] == {**working, "rank": 1}
    for each in items.values():
        then = town.ada.get(f"/projects/{quay}", at=each["inputs_position"])
        assert each["known_then"] == {member: then[member] for member in nothing}


def test_it_tells_which_premises_no_longer_hold_and_what_broke_them(town: Town, quay: str) -> None:
    def selected(**bounds: Any) -> tuple[dict[str, Any], list[str]]:
        answer = town.ada.get(f"/projects/{quay}/why", **bounds)
        (item,) = [each for each in answer["items"] if each["fact"] == "project.selected.v1"]
        (line,) = [each for each in answer["story"] if each["fact"] == "project.selected.v1"]
        (premise,) = item["premises"]
        return premise, line["broken"]

    known = town.ada.get("/portfolios")["position"]
    premise, broken = selected()
    assert (premise["value"], premise["currency"], premise["holds"], premise["broken_by"]) == (
        "49500.00",
        "GBP",
        True,
        None,
    )
    assert broken == []
    town.budget("200000")
    premise, broken = selected()
    assert (premise["value"], premise["holds"]) == ("-50500.00", False)
    assert premise["broken_by"]["name"] == "portfolio.budget_set.v1"
    assert broken == [premise["sentence"]] == ["Budget left of Digital is GBP -50500.00; it has to be at least 0."]
    assert selected(at=known)[0]["holds"] is True


@one_database
def test_pages_tell_the_story_once_in_its_order(town: Town, quay: str) -> None:
    whole = town.ada.get(f"/projects/{quay}/why")
    answer = town.ada.get(f"/projects/{quay}/why", limit=2)
    items, story = answer["items"], answer["story"]
    while answer["next_cursor"]:
        assert story[-1]["event_id"] == items[-1]["event_id"]
        answer = town.ada.get(f"/projects/{quay}/why", limit=2, cursor=answer["next_cursor"])
        items, story = items + answer["items"], story + answer["story"]
    assert items == whole["items"]
    assert story == whole["story"]
    assert {each["event_id"] for each in items} < {each["event_id"] for each in story}


@one_database
def test_the_story_of_a_portfolio_a_goal_and_a_person_is_told_too(town: Town) -> None:
    goal = str(town.ada.do("/goals", {"name": "Queues", "portfolio": town.portfolio, "rationale": WHY})["id"])
    town.ada.do(f"/goals/{goal}/link", {"project": town.shop, "weight": "0.2", "rationale": WHY})
    kim = str(town.ada.do("/resources", {"name": "Kim"})["id"])
    share = {"project": town.shop, "share": "0.5", "starts_on": "2026-03-09", "rationale": WHY}
    town.ada.do(f"/resources/{kim}/assign", share)

    def told(path: str) -> list[str]:
        return [line["sentence"].partition(", by ")[0] for line in town.ada.get(path)["story"]]

    assert told(f"/goals/{goal}/why") == ["Created", "Queues served by Shop with a weight of 0.2"]
    assert told(f"/resources/{kim}/why") == ["Added", "Kim assigned to Shop for 50% of the time from 2026-03-09"]
    assert told(f"/portfolios/{town.portfolio}/why")[0] == "Created"


@one_database
def test_the_page_of_a_project_tells_premises_and_what_was_known_then(town: Town, quay: str, world: World) -> None:
    visitor = Visitor(world, town.ada)
    visitor.sign_in()
    town.budget("200000")
    page = text_of(visitor.page(f"/projects/{quay}"))
    assert "Selected over Crane and Buoy" in page
    assert "Budget left of Digital is GBP -50500.00; it has to be at least 0." in page
    assert "Known then under evaluation, rank 2, score 50.0000" in page
