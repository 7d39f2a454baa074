"""Benefits as people see them: actual against plan, reviews that are due, sums where units match."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import WHY, Api
from tests.test_pages import begin
from tests.test_register import Harbour, harbour

__all__ = ["harbour"]

PLAN = {"owner": "sales", "measure": "Income a year", "unit": "GBP", "target": "1000.50", "due_on": "2026-05-01"}
LATER = {"code": "too_early", "text": "The season has only begun, so nothing can be measured"}
MONEY = {"amount": "250.50", "currency": "GBP"}


def plan(harbour: Harbour, project: str, benefit: str, **more: Any) -> Any:
    return harbour.do(project, "plan-benefit", benefit=benefit, **{**PLAN, **more})


def live_and_complete(harbour: Harbour, bob: Api, project: str) -> None:
    """From draft to completed."""
    case = {"problem": "a", "expected_benefit": "b", "cost_low": MONEY, "cost_high": MONEY}
    harbour.do(project, "submit", **case)
    harbour.do(project, "evaluate")
    harbour.do(project, "select", rationale=WHY)
    bob.do(f"/projects/{project}/authorize", {"budget": MONEY, "rationale": WHY})
    harbour.do(project, "activate", owner="carol", starts_on="2026-03-02")
    harbour.do(project, "complete", outcome="It works", lessons="Begin early", actual_cost=MONEY, rationale=WHY)


def test_a_benefit_goes_from_plan_to_review(harbour: Harbour, bob: Api) -> None:
    plan(harbour, harbour.quay, "Berth fees", baseline="100.00")
    path = f"/projects/{harbour.quay}/benefits"
    (planned,) = harbour.ada.get(path)["items"]
    assert (planned["status"], planned["actual"], planned["variance"], planned["review"]) == (
        "planned",
        None,
        None,
        None,
    )
    assert (planned["baseline"], planned["target"], planned["review_due"]) == ("100.00", "1000.50", False)
    live_and_complete(harbour, bob, harbour.quay)
    harbour.do(harbour.quay, "record-benefit", benefit="Berth fees", actual="700.25", on="2026-03-01", text="Half")
    (tracked,) = harbour.ada.get(path)["items"]
    assert (tracked["status"], tracked["actual"], tracked["variance"]) == ("tracked", "700.25", "-300.25")
    assert (planned["realized"], tracked["realized"]) == (None, "0.6665")
    assert tracked["measured"] == [{"on": "2026-03-01", "actual": "700.25", "text": "Half"}]
    harbour.world.clock.now = datetime(2026, 5, 2, 9, tzinfo=UTC)
    assert [each["benefit"] for each in harbour.ada.get(path, due=True)["items"]] == ["Berth fees"]
    assert harbour.ada.get(path)["reviews"] == {"of": 1, "reviewed": 0, "due": 1}
    review = {"benefit": "Berth fees", "actual": "1100.00", "on": "2026-05-01", "text": "More than we hoped for"}
    harbour.do(harbour.quay, "review-benefit", **review)
    (reviewed,) = harbour.ada.get(path)["items"]
    assert (reviewed["status"], reviewed["variance"], reviewed["review_due"]) == ("reviewed", "99.50", False)
    assert reviewed["realized"] == "1.1104", "beyond its target"
    assert (reviewed["review"]["text"], reviewed["review"]["by"]) == (review["text"], harbour.ada.person)
    assert harbour.ada.get(path)["reviews"] == {"of": 1, "reviewed": 1, "due": 0}
    assert harbour.ada.get(path, as_of="2026-04-01")["items"] == [tracked]
    assert harbour.ada.get(path, status="tracked")["items"] == []


def test_a_project_closes_when_its_benefits_were_reviewed_or_somebody_says_why_not(harbour: Harbour, bob: Api) -> None:
    plan(harbour, harbour.quay, "Berth fees")
    plan(harbour, harbour.quay, "Quiet", unit="dB", target="40")
    live_and_complete(harbour, bob, harbour.quay)
    close = f"/projects/{harbour.quay}/close"
    refused = harbour.ada.attempt(close, {"rationale": WHY})
    assert refused.status_code == 409
    assert "the benefits Berth fees, Quiet" in refused.json()["detail"]
    assert refused.json()["unreviewed"] == ["Berth fees", "Quiet"]
    harbour.do(harbour.quay, "review-benefit", benefit="Quiet", actual="38.5", on="2026-03-01", text="Quieter")
    harbour.ada.do(close, {"rationale": WHY, "unreviewed_benefits": LATER})
    closed = harbour.ada.get(f"/projects/{harbour.quay}/history")["items"][-1]
    assert closed["name"] == "project.closed.v1"
    assert closed["data"]["unreviewed"]["text"] == LATER["text"]
    told = [
        (each["benefit"], each["actual"], each["variance"], each["reviewed_on"]) for each in closed["data"]["benefits"]
    ]
    assert told == [("Berth fees", None, None, None), ("Quiet", "38.5", "-1.5", "2026-03-01")]
    assert [each["status"] for each in harbour.ada.get(f"/projects/{harbour.quay}/benefits")["items"]] == [
        "tracked",
        "reviewed",
    ]


def test_a_review_before_the_completion_leaves_the_benefit_to_be_reviewed(harbour: Harbour, bob: Api) -> None:
    plan(harbour, harbour.quay, "Quiet", unit="dB", target="40")
    harbour.do(harbour.quay, "review-benefit", benefit="Quiet", actual="38.5", on="2026-03-01", text="Quieter")
    path = f"/projects/{harbour.quay}/benefits"
    assert [each["status"] for each in harbour.ada.get(path)["items"]] == ["reviewed"]
    harbour.world.clock.now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    live_and_complete(harbour, bob, harbour.quay)
    (tracked,) = harbour.ada.get(path)["items"]
    assert (tracked["status"], tracked["review"]["text"]) == ("tracked", "Quieter")
    assert harbour.ada.get(path)["reviews"]["reviewed"] == 0
    refused = harbour.ada.attempt(f"/projects/{harbour.quay}/close", {"rationale": WHY})
    assert (refused.status_code, refused.json()["unreviewed"]) == (409, ["Quiet"])
    harbour.do(harbour.quay, "review-benefit", benefit="Quiet", actual="38.5", on="2026-03-03", text="Quiet at last")
    harbour.ada.do(f"/projects/{harbour.quay}/close", {"rationale": WHY})


def test_sums_are_made_where_units_match_and_say_what_is_missing(harbour: Harbour) -> None:
    plan(harbour, harbour.quay, "Berth fees")
    plan(harbour, harbour.crane, "Lifting fees", target="500")
    plan(harbour, harbour.crane, "Quiet", unit="dB", target="40")
    harbour.do(harbour.quay, "record-benefit", benefit="Berth fees", actual="900", on="2026-03-01")
    path = f"/portfolios/{harbour.portfolio}/benefits"
    pounds = {"unit": "GBP", "of": 2, "missing": 1, "target": "1500.50", "actual": "900", "variance": None}
    noise = {"unit": "dB", "of": 1, "missing": 1, "target": "40", "actual": None, "variance": None}
    assert harbour.ada.get(path)["sums"] == [pounds, noise]
    harbour.do(harbour.crane, "record-benefit", benefit="Lifting fees", actual="550.5", on="2026-03-01")
    whole = harbour.ada.get(path)
    assert whole["sums"][0] == {**pounds, "missing": 0, "actual": "1450.5", "variance": "-50.00"}
    assert whole["reviews"] == {"of": 3, "reviewed": 0, "due": 0}
    assert {each["project"]["name"] for each in whole["items"]} == {"Quay", "Crane"}
    first = harbour.ada.get(path, limit=2)
    assert len(harbour.ada.get(path, limit=2, cursor=first["next_cursor"])["items"]) == 1
    harbour.do(harbour.crane, "withdraw", rationale=WHY)
    given_up = harbour.ada.get(path)
    assert given_up["sums"] == [{**pounds, "of": 1, "missing": 0, "target": "1000.50", "variance": "-100.50"}]
    assert [each["status"] for each in given_up["items"]] == ["planned", "given_up", "given_up"]


def test_a_program_tells_the_benefits_of_everything_in_it(harbour: Harbour) -> None:
    body = {"name": "Waterfront", "sponsor": "s", "kind": "program", "portfolio": harbour.portfolio, "rationale": WHY}
    program = str(harbour.ada.do("/projects", body)["id"])
    plan(harbour, harbour.quay, "Berth fees")
    plan(harbour, harbour.crane, "Lifting fees", target="500")
    before = plan(harbour, program, "One fence", target="10")["position"]
    harbour.do(harbour.quay, "move", program=program, rationale=WHY)
    path = f"/projects/{program}/benefits"
    told = harbour.ada.get(path)
    assert {each["benefit"] for each in told["items"]} == {"Berth fees", "One fence"}
    assert [(each["unit"], each["target"]) for each in told["sums"]] == [("GBP", "1010.50")]
    assert [each["benefit"] for each in harbour.ada.get(path, at=before)["items"]] == ["One fence"]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_benefits_of_what_is_not_there_are_not_found(ada: Api) -> None:
    portfolio = ada.do("/portfolios", {"name": "Harbour"})["id"]
    assert ada.get(f"/portfolios/{portfolio}/benefits")["reviews"] == {"of": 0, "reviewed": 0, "due": 0}
    project = begin(ada, portfolio, "Quay")
    assert ada.get(f"/projects/{project}/benefits")["items"] == []
    assert ada.ask(f"/projects/{portfolio}/benefits").status_code == 404
    assert ada.ask(f"/portfolios/{project}/benefits").status_code == 404
