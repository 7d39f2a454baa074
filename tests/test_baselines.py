"""Baselines as the API and the page show them: every one kept, in the log, against what is expected now."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.domain.test_intake import SHORT
from tests.test_pages import Visitor, text_of

GROUND = {"code": "scope_change", "text": "The ground is wetter than the survey said"}


def gbp(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


@pytest.fixture
def harbour(ada: Api) -> str:
    return str(ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"])


@pytest.fixture
def quay(ada: Api, bob: Api, harbour: str) -> str:
    """A project under way, held to a finish in December and to a thousand pounds."""
    quay = ada.do("/projects", {"name": "Quay", "sponsor": "s", "portfolio": harbour, "rationale": WHY})["id"]
    for verb, body in (("submit", SHORT), ("evaluate", {}), ("select", {"rationale": WHY})):
        ada.do(f"/projects/{quay}/{verb}", body)
    bob.do(f"/projects/{quay}/authorize", {"budget": gbp("1000.00"), "rationale": WHY})
    ada.do(f"/projects/{quay}/activate", {"owner": "c", "starts_on": "2026-03-02", "finishes_on": "2026-12-31"})
    return str(quay)


def baselines(ada: Api, project: str, **bounds: Any) -> dict[str, Any]:
    return dict(ada.get(f"/projects/{project}/baselines", **bounds))


def rebaseline(api: Api, project: str, **changes: Any) -> Any:
    return api.do(f"/projects/{project}/rebaseline", {"rationale": GROUND, **changes})


def test_every_baseline_is_kept_and_weighed_against_what_is_expected_now(world: World, ada: Api, quay: str) -> None:
    world.clock.now += timedelta(days=10)
    ada.do(f"/projects/{quay}/revise", {"forecast_finish": "2027-02-28", "rationale": WHY})
    lines = [{"month": "2026-04", "category": "capex", "money": gbp("1250.00")}]
    ada.do(f"/projects/{quay}/set-forecast", {"lines": lines})
    world.clock.now += timedelta(days=10)
    changed = rebaseline(ada, quay, finishes_on="2027-01-31", cost=gbp("1200.00"))["position"]
    told = baselines(ada, quay)
    first, second = told["baselines"]
    assert (told["current"], [first["number"], second["number"]]) == (1, [0, 1])
    assert told["expected"] == {"starts_on": "2026-03-02", "finishes_on": "2027-02-28", "cost": gbp("1250.00")}
    assert (first["finishes_on"], first["cost"], first["text"]) == ("2026-12-31", gbp("1000.00"), None)
    assert first["variance"] == {
        "start_days": 0,
        "finish_days": 59,
        "cost": gbp("250.00"),
        "cost_percent": "25.00",
    }
    assert (second["variance"]["finish_days"], second["variance"]["cost"]) == (28, gbp("50.00"))
    assert (second["text"], second["by"], second["position"]) == (GROUND["text"], ada.person, changed)

    before = baselines(ada, quay, at=changed - 1)
    assert [each["number"] for each in before["baselines"]] == [0]
    assert baselines(ada, quay, as_of="2026-03-15") == {**before, "as_of": "2026-03-15T23:59:59.999999Z", "at": None,
        "position": told["position"]}  # fmt: skip


def test_no_change_of_a_baseline_is_missing_from_the_log(ada: Api, quay: str) -> None:
    moves = [{"finishes_on": "2027-01-31"}, {"cost": gbp("1100.00")}, {"starts_on": "2026-03-09"}]
    positions = [rebaseline(ada, quay, **move)["position"] for move in moves]
    for path in (f"/projects/{quay}/history", f"/projects/{quay}/why", "/decisions", "/audit"):
        shown = ada.every(path)
        named = [(fact["position"], fact.get("name") or fact["fact"]) for fact in shown]
        found = sorted(position for position, name in named if name == "project.rebaselined.v1")
        assert found == positions, path
    audited = {fact["position"]: fact for fact in ada.every("/audit", subject=quay)}
    held = {"number": 0, "starts_on": "2026-03-02", "finishes_on": "2026-12-31", "cost": gbp("1000.00")}
    for position, move in zip(positions, moves, strict=True):
        new = {**held, **move, "number": held["number"] + 1}
        (change,) = audited[position]["changes"]
        assert (change["aspect"], change["from"], change["to"]) == ("baseline", held, new)
        assert audited[position]["rationale"]["text"] == GROUND["text"]
        held = new
    assert len(baselines(ada, quay)["baselines"]) == 4


def test_above_the_threshold_the_refusal_names_role_and_threshold(
    world: World, ada: Api, harbour: str, quay: str
) -> None:
    policy = {"rebaseline_threshold": {"days": 30, "percent": "10"}, "rationale": WHY}
    ada.do(f"/portfolios/{harbour}/set-policy", policy)
    assert ada.get(f"/portfolios/{harbour}")["policy"]["rebaseline_threshold"] == {"days": 30, "percent": "10"}
    manager = world.person("max", Role.PORTFOLIO_MANAGER)
    board, asked = world.person("bea", Role.BOARD), {"finishes_on": "2027-03-31", "rationale": GROUND}
    refused = manager.attempt(f"/projects/{quay}/rebaseline", asked)
    assert (refused.status_code, refused.json()["roles"]) == (403, ["board"])
    assert "the finish moves by 90 days; above the threshold of 30 days or 10 %" in refused.json()["detail"]
    rebaseline(manager, quay, finishes_on="2027-01-15")
    board.do(f"/projects/{quay}/rebaseline", asked)
    ada.token = board.token
    facts = [fact for fact in ada.every("/audit", subject=quay) if fact["name"] == "project.rebaselined.v1"]
    assert [fact["role"] for fact in facts] == ["board", "portfolio_manager"]
    assert world.person("pam", Role.PROJECT_MANAGER).attempt(f"/projects/{quay}/rebaseline", asked).status_code == 403


def test_whoever_is_on_the_board_of_this_portfolio_alone_may_too(
    world: World, ada: Api, harbour: str, quay: str
) -> None:
    ada.do(f"/portfolios/{harbour}/set-policy", {"rebaseline_threshold": {"days": 0}, "rationale": WHY})
    both = world.person("max", Role.PORTFOLIO_MANAGER)
    asked = {"finishes_on": "2027-03-31", "rationale": GROUND}
    assert both.attempt(f"/projects/{quay}/rebaseline", asked).status_code == 403
    world.person("max", Role.BOARD, portfolio=UUID(harbour))
    both.do(f"/projects/{quay}/rebaseline", asked)


def test_what_nobody_said_is_null_and_never_nothing(ada: Api, harbour: str, quay: str) -> None:
    idea = ada.do("/projects", {"name": "Idea", "sponsor": "s"})["id"]
    told = baselines(ada, idea)
    assert (told["current"], told["baselines"]) == (None, [])
    assert told["expected"] == {"starts_on": None, "finishes_on": None, "cost": None}
    variance = baselines(ada, quay)["baselines"][0]["variance"]
    assert (variance["cost"], variance["cost_percent"]) == (None, None)
    assert variance["finish_days"] == 0


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_page_tells_baselines_and_what_is_expected_now(world: World, ada: Api, quay: str) -> None:
    visitor = Visitor(world, ada)
    assert visitor.sign_in().status_code == 303
    ada.do(f"/projects/{quay}/revise", {"forecast_finish": "2027-02-28", "rationale": WHY})
    rebaseline(ada, quay, finishes_on="2027-01-31")
    section = text_of(visitor.page(f"/projects/{quay}")).split("Baselines")[1].split("Money by month")[0]
    assert "31 Dec 2026 +59 days" in section
    assert "1 holds" in section
    assert "31 Jan 2027 +28 days" in section
    assert GROUND["text"] in section
    assert "expected now2 Mar 202628 Feb 2027–" in section
    assert "+0 days" in section
    idea = ada.do("/projects", {"name": "Idea", "sponsor": "s"})["id"]
    assert 'id="baselines"' not in visitor.page(f"/projects/{idea}")
