"""What projects need from one another, as people see it: both ways, then and now; never in a cycle."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from domain.project.events import ProjectRevised
from projections.project_board import board
from tests.conftest import WHY, Api, World
from tests.test_register import Harbour, harbour

__all__ = ["harbour"]

LIFTS = {"code": "technical", "text": "The crane stands on what the quay is built of"}


def add(harbour: Harbour, project: str, needed: str) -> Any:
    return harbour.do(project, "add-dependency", depends_on=needed, rationale=LIFTS)


def told(harbour: Harbour, project: str, **bounds: Any) -> Any:
    return harbour.ada.get(f"/projects/{project}/dependencies", **bounds)


def test_a_dependency_is_told_both_ways_with_its_reason(harbour: Harbour) -> None:
    before = add(harbour, harbour.crane, harbour.quay)["position"] - 1
    (needed,) = told(harbour, harbour.crane)["needs"]
    (waiting,) = told(harbour, harbour.quay)["needed_by"]
    assert needed["project"] == {"id": harbour.quay, "kind": "project", "name": "Quay"}
    assert waiting["project"] == {"id": harbour.crane, "kind": "project", "name": "Crane"}
    for each in (needed, waiting):
        assert (each["kind"], each["status"], each["state"]) == ("finish_to_start", "open", "draft")
        assert each["decision"]["text"] == LIFTS["text"]
    assert told(harbour, harbour.quay)["needs"] == []
    assert told(harbour, harbour.crane, at=before)["needs"] == []
    long_ago = told(harbour, harbour.crane, as_of="2026-01-01")
    assert (long_ago["name"], long_ago["needs"]) == (None, [])
    assert long_ago["first_fact_at"]
    for project in (harbour.quay, harbour.crane):
        why = harbour.ada.get(f"/projects/{project}/why")["items"]
        assert why[-1]["fact"] == "project.dependency_added.v1"
    harbour.do(harbour.crane, "remove-dependency", depends_on=harbour.quay, rationale=WHY)
    assert [told(harbour, each)[side] for each, side in ((harbour.crane, "needs"), (harbour.quay, "needed_by"))] == [
        [],
        [],
    ]


def test_what_was_given_up_breaks_what_waits_for_it(harbour: Harbour) -> None:
    add(harbour, harbour.crane, harbour.quay)
    harbour.do(harbour.quay, "withdraw", rationale=WHY)
    (needed,) = told(harbour, harbour.crane)["needs"]
    assert (needed["state"], needed["status"]) == ("cancelled", "broken")
    (waiting,) = told(harbour, harbour.quay)["needed_by"]
    assert (waiting["state"], waiting["status"]) == ("draft", "broken"), "the state is that of what waits"


def test_a_cycle_is_refused_by_naming_it(harbour: Harbour) -> None:
    steel = harbour.begin("Steel", harbour.portfolio)
    add(harbour, harbour.quay, harbour.crane)
    add(harbour, harbour.crane, steel)
    body = {"depends_on": harbour.quay, "rationale": LIFTS}
    refused = harbour.ada.attempt(f"/projects/{steel}/add-dependency", body)
    assert refused.status_code == 409
    assert "Steel needs Quay, Quay needs Crane, Crane needs Steel" in refused.json()["detail"]
    assert refused.json()["cycle"] == [steel, harbour.quay, harbour.crane, steel]


def test_commands_at_once_never_close_a_cycle_together(harbour: Harbour) -> None:
    """Every component of a ring asks at once for the next one: all but one may get it, never all."""
    ring = [harbour.begin(f"Part {number}", harbour.portfolio) for number in range(4)]
    pairs = list(pairwise([*ring, ring[0]]))

    def ask(pair: tuple[str, str]) -> int:
        body = {"depends_on": pair[1], "rationale": LIFTS}
        return harbour.ada.attempt(f"/projects/{pair[0]}/add-dependency", body).status_code

    with ThreadPoolExecutor(4) as pool:
        answered = list(pool.map(ask, pairs))
    harbour.ada.do(f"/projects/{ring[0]}/revise", {"owner": "pilot"})
    needs = {each: [other["project"]["id"] for other in told(harbour, each)["needs"]] for each in ring}
    assert [needs[one] == [other] for one, other in pairs] == [status == 200 for status in answered]
    assert set(answered) <= {200, 409}
    assert 1 <= answered.count(200) <= 3


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_is_out_of_scope_is_needed_without_a_name(world: World, ada: Api, harbour: Harbour) -> None:
    roads = ada.do("/portfolios", {"name": "Roads"})["id"]
    road = harbour.begin("Road", roads)
    add(harbour, harbour.crane, road)
    insider = world.person("insider", *Role, portfolio=UUID(harbour.portfolio))
    insider.token = ada.token
    (needed,) = insider.get(f"/projects/{harbour.crane}/dependencies")["needs"]
    assert needed["project"] == {"id": road, "kind": "project", "name": None}
    assert (needed["state"], needed["status"]) == (None, None)
    body = {"depends_on": road, "rationale": LIFTS}
    assert insider.attempt(f"/projects/{harbour.quay}/add-dependency", body).status_code == 422
    remove = {"depends_on": road, "rationale": LIFTS}
    assert insider.attempt(f"/projects/{harbour.crane}/remove-dependency", remove).status_code == 200


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_cycle_is_told_without_the_names_of_what_is_out_of_scope(world: World, ada: Api, harbour: Harbour) -> None:
    road = harbour.begin("Road", ada.do("/portfolios", {"name": "Roads"})["id"])
    add(harbour, harbour.crane, road)
    ada.do(f"/projects/{road}/add-dependency", {"depends_on": harbour.quay, "rationale": LIFTS})
    insider = world.person("insider", *Role, portfolio=UUID(harbour.portfolio))
    body = {"depends_on": harbour.crane, "rationale": LIFTS}
    told = [each.attempt(f"/projects/{harbour.quay}/add-dependency", body).json()["detail"] for each in (ada, insider)]
    assert "Quay needs Crane, Crane needs Road, Road needs Quay" in told[0]
    assert f"Quay needs Crane, Crane needs {road}, {road} needs Quay" in told[1]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_answer_says_which_facts_about_what_is_needed_it_misses(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> Any:
        raise ValueError("no release reads this")

    add(harbour, harbour.crane, harbour.quay)
    told(harbour, harbour.crane)
    monkeypatch.setitem(board._handlers, ProjectRevised, unreadable)
    missed = harbour.do(harbour.quay, "revise", name="Pier")["position"]
    assert [fact["position"] for fact in told(harbour, harbour.crane)["incomplete"]] == [missed]
