"""The walk: a decision becomes a fact, the fact becomes a view."""

from tests.conftest import WHY, Api


def test_a_paused_project_shows_its_reason(ada: Api, bob: Api) -> None:
    portfolio = ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"]
    project = ada.do("/projects", {"name": "Shop", "sponsor": "sales", "portfolio": portfolio, "rationale": WHY})["id"]
    money = {"amount": "100.00", "currency": "GBP"}
    ada.do(
        f"/projects/{project}/submit",
        {"problem": "No shop", "expected_benefit": "Sales", "cost_low": money, "cost_high": money},
    )
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": WHY})
    bob.do(f"/projects/{project}/authorize", {"budget": money, "rationale": WHY})
    ada.do(f"/projects/{project}/activate", {"owner": "carol", "starts_on": "2026-03-02"})
    why = {"code": "budget_freeze", "text": "No money until the summer"}
    ada.do(f"/projects/{project}/pause", {"expected_resume": "unknown", "allocations": "keep", "rationale": why})
    shown = ada.get(f"/projects/{project}")
    assert shown["state"] == "on_hold"
    assert shown["last_decision"]["text"] == "No money until the summer"
    assert shown["budget"] == money
    assert shown["allowed_moves"] == ["resume", "complete", "cancel"]
