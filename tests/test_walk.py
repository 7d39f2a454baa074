"""The walk: a decision becomes a fact, the fact becomes a view."""

from concurrent.futures import ThreadPoolExecutor

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


def test_nobody_is_offered_to_authorize_what_they_proposed(ada: Api, bob: Api) -> None:
    project = ada.do("/projects", {"name": "Shop", "sponsor": "sales"})["id"]
    money = {"amount": "100.00", "currency": "GBP"}
    case = {"problem": "No shop", "expected_benefit": "Sales", "cost_low": money, "cost_high": money}
    ada.do(f"/projects/{project}/submit", case)
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": WHY})
    for offered in (lambda api: api.get(f"/projects/{project}"), lambda api: api.get("/projects")["items"][0]):
        assert "authorize" not in offered(ada)["allowed_moves"]
        assert offered(ada)["allowed_moves"], "other moves are open"
        assert "authorize" in offered(bob)["allowed_moves"]


def test_32_requests_with_one_key_get_one_receipt(ada: Api) -> None:
    project = ada.do("/projects", {"name": "Shop", "sponsor": "sales"})["id"]
    money = {"amount": "100.00", "currency": "GBP"}
    body = {"problem": "No shop", "expected_benefit": "Sales", "cost_low": money, "cost_high": money}
    with ThreadPoolExecutor(32) as pool:
        sent = [pool.submit(ada.do, f"/projects/{project}/submit", body, idempotency_key="once") for _ in range(32)]
    assert {future.result()["version"] for future in sent} == {2}
    assert len(ada.every(f"/projects/{project}/history")) == 2
