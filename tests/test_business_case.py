"""The business case of a proposal as the API and the page show it: complete or not, mended, in versions."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import WHY, Api, World
from tests.domain.test_intake import CASE, SHORT
from tests.test_pages import Visitor, text_of

RECYCLE = {"to_fix": "Tell the cost of running it", "rationale": WHY}


@pytest.fixture
def shop(ada: Api) -> str:
    return str(ada.do("/projects", {"name": "Shop", "sponsor": "sales"})["id"])


def case_of(ada: Api, project: str, **bounds: Any) -> dict[str, Any]:
    return dict(ada.get(f"/projects/{project}/business-case", **bounds))


def pointers(told: list[dict[str, str]]) -> list[str]:
    return [each["pointer"] for each in told]


def test_what_the_check_tells_is_what_the_submit_refuses(ada: Api, shop: str) -> None:
    for said in ({}, {"problem": "Queues"}, {"options": ["Do nothing"], "risks": ["Nobody comes"]}, {"risks": None}):
        if said:
            ada.do(f"/projects/{shop}/set-business-case", said)
        told, refused = case_of(ada, shop), ada.attempt(f"/projects/{shop}/submit", {})
        assert (refused.status_code, told["complete"]) == (422, False)
        assert told["missing"] == refused.json()["errors"]
    assert "/risks" in pointers(told["missing"])
    ada.do(f"/projects/{shop}/set-business-case", {**CASE, "options": None, "chosen_option": None})
    assert pointers(case_of(ada, shop)["missing"]) == ["/options", "/chosen_option"]
    ada.do(f"/projects/{shop}/set-business-case", CASE)
    told = case_of(ada, shop)
    assert (told["complete"], told["missing"]) == (True, [])
    ada.do(f"/projects/{shop}/submit", {})
    assert case_of(ada, shop)["handed_in"]["cost_high"] == {"amount": "120.50", "currency": "GBP"}


def test_the_check_tells_nothing_of_what_is_decided(ada: Api, shop: str) -> None:
    ada.do(f"/projects/{shop}/withdraw", {"rationale": WHY})
    told = case_of(ada, shop)
    assert (told["business_case"], told["complete"], told["missing"]) == (None, None, None)


def test_every_version_is_kept_and_read_at_its_position(world: World, ada: Api, shop: str) -> None:
    ada.do(f"/projects/{shop}/set-business-case", CASE)
    world.clock.now += timedelta(days=3)
    ada.do(f"/projects/{shop}/set-business-case", {"problem": "Nobody sells at night", "rationale": WHY})
    told = case_of(ada, shop)
    assert told["business_case"]["problem"] == "Nobody sells at night"
    assert told["business_case"]["options"][1] == {"title": "Build a shop", "note": None}
    first, second = told["versions"]
    assert (first["number"], first["text"], first["by"]) == (1, None, ada.person)
    assert (second["number"], second["text"]) == (2, WHY["text"])
    assert case_of(ada, shop, at=first["position"])["business_case"]["problem"] == CASE["problem"]
    assert case_of(ada, shop, as_of="2026-03-03")["business_case"]["problem"] == CASE["problem"]
    before = case_of(ada, shop, at=first["position"] - 1)
    assert (before["business_case"], before["versions"]) == (None, [])
    (changed,) = [each for each in ada.get("/audit", subject=shop)["items"] if each["position"] == second["position"]]
    assert [(each["aspect"], each["from"], each["to"]) for each in changed["changes"]] == [
        ("problem", CASE["problem"], "Nobody sells at night")
    ]
    names = [fact["name"] for fact in ada.get(f"/projects/{shop}/history")["items"]]
    assert names[1:] == ["project.business_case_set.v1"] * 2


def test_what_has_to_be_mended_is_shown_until_it_is_handed_in_again(ada: Api, shop: str) -> None:
    ada.do(f"/projects/{shop}/submit", SHORT)
    ada.do(f"/projects/{shop}/evaluate")
    assert case_of(ada, shop)["to_fix"] is None
    sent_back = ada.do(f"/projects/{shop}/recycle", RECYCLE)["position"]
    told = case_of(ada, shop)["to_fix"]
    assert (told["text"], told["reason"], told["by"]) == (RECYCLE["to_fix"], WHY["text"], ada.person)
    ada.do(f"/projects/{shop}/set-business-case", CASE)
    assert case_of(ada, shop)["to_fix"] == told
    ada.do(f"/projects/{shop}/submit", {})
    shown = case_of(ada, shop)
    assert (shown["to_fix"], shown["state"], shown["handed_in"]["problem"]) == (None, "submitted", CASE["problem"])
    assert case_of(ada, shop, at=sent_back)["to_fix"] == told


def test_what_is_evaluated_again_has_nothing_left_to_mend(ada: Api, shop: str) -> None:
    for verb, body in (("submit", SHORT), ("evaluate", {}), ("recycle", RECYCLE), ("evaluate", {})):
        ada.do(f"/projects/{shop}/{verb}", body)
    assert case_of(ada, shop)["to_fix"] is None


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_page_tells_the_case_what_is_missing_and_what_to_mend(world: World, ada: Api, shop: str) -> None:
    visitor = Visitor(world, ada)
    assert visitor.sign_in().status_code == 303
    assert "Missing problem, expected benefit, cost low, cost high" in text_of(visitor.page(f"/projects/{shop}"))
    ada.do(f"/projects/{shop}/set-business-case", {**CASE, "problem": "<b>Queues</b>"})
    for verb, body in (("submit", {}), ("evaluate", {}), ("recycle", RECYCLE)):
        ada.do(f"/projects/{shop}/{verb}", body)
    page = visitor.page(f"/projects/{shop}")
    shown = text_of(page)
    assert "<b>Queues</b>" not in page
    for told in ("Build a shop (proposed)", "Sales at night", "GBP 20.50", "Advertise", "The till stays where it is"):
        assert told in shown
    assert f"To fix {RECYCLE['to_fix']} sent back by ada" in shown
    assert "Nothing is missing." in shown
