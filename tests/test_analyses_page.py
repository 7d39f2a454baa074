"""The pages of kept analyses and of what components cost and bring, as they leave the server."""

from typing import Any

import pytest

from tests.conftest import Api, World
from tests.test_analyses import EXAMPLES, keep
from tests.test_cost_benefit_list import Office
from tests.test_pages import Visitor, words_of
from whyfolio.settings import Settings


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: the queries behind the pages are tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


@pytest.fixture
def office(world: World, ada: Api) -> Office:
    return Office(world, ada)


@pytest.fixture
def visitor(world: World, ada: Api, office: Office) -> Visitor:
    found = Visitor(world, ada)
    assert found.sign_in().status_code == 303
    return found


TOLD = {
    "cost_benefit": ["NPV 159.69", "IRR 0.166487", "2026 1000.00 0.00 -1000.00", "Chance of loss 0.2100"],
    "decision_tree": ["EVPI 142.50", "Drill or sell drill drill: 100.00, sell: 90.00", "GBP -100"],
    "score": ["B 24.0000 1", "scorer: ada, value: time_criticality; scorer: ada, value: risk_reduction"],
    "ahp": ["AHP, made", "Consistency ratio 0.0061", "One experience Other charisma"],
    "matrix": ["A 2 9 Quick wins", "Unplaced B"],
    "selection": [
        "proven optimal",
        "C GBP 4000 over the budget, GBP 12000 6 yes its value is higher by 7; GBP 4000 more",
    ],
    "frontier": ["11000.00 – proven_optimal 0.0000 19 0.0017 A, B"],
    "robustness": ["20 of 20 draws proven optimal", "B 19 0.9500 yes"],
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
def test_a_page_tells_what_came_out_and_what_went_in(office: Office, visitor: Visitor, example: dict[str, Any]) -> None:
    analysis = keep(office.ada, office.portfolio, **example)
    shown = words_of(visitor.page(f"/analyses/{analysis}"))
    for part in [example["title"], *TOLD[example["kind"]], "What went in"]:
        assert part in shown


def test_the_portfolio_leads_to_its_analyses_and_these_to_each(office: Office, visitor: Visitor) -> None:
    link = f"/portfolios/{office.portfolio}/analyses"
    assert f'href="{link}"' in visitor.page(f"/?portfolio={office.portfolio}")
    keep(office.ada, office.portfolio, **EXAMPLES[1])
    newest = office.ada.get("/analyses")["items"][0]["id"]
    listed = visitor.page(link)
    assert "Drill or sell Decision tree 3 Mar 2026 ada Ferry with 400.00 Cost benefit" in words_of(listed)
    assert f'href="/analyses/{newest}"' in listed
    assert "Drill or sell" not in visitor.page(f"{link}?kind=cost_benefit")
    assert "No analysis of this kind is kept." in words_of(visitor.page(f"{link}?kind=frontier"))


def test_costs_and_benefits_stand_in_the_order_that_is_asked_for(office: Office, visitor: Visitor) -> None:
    page = f"/portfolios/{office.portfolio}/cost-benefit"
    best_first = words_of(visitor.page(f"{page}?sort=-npv"))
    ferry, shop, idea = (best_first.index(f"{name} rank") for name in ("Ferry", "Shop", "Idea"))
    assert ferry < shop < idea
    assert "Shop rank 1, draft 50 100 150 50 % 1.5 0.67 Shop with 150.00 3 Mar 2026, by ada" in best_first
    assert "Idea rank 3, draft – – – – – – not analysed" in best_first
    assert "expected one of" in visitor.page(f"{page}?sort=beauty", status=422)
    assert "Shop with 100.00" in words_of(visitor.page(f"{page}?as_of={office.before[:10]}"))
