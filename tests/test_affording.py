"""A selection beyond the budget through the public API, on both databases: refused, forced in, and by many at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.test_money import begin, gbp, harbour

MANDATE = {"code": "mandate", "text": "The harbour act leaves no other date"}


def allot(ada: Api, portfolio: str, amount: str) -> None:
    line = {"year": 2026, "category": "capex", "money": gbp(amount)}
    ada.do(f"/portfolios/{portfolio}/set-budget", {"lines": [line], "rationale": WHY})


def evaluated(ada: Api, portfolio: str, name: str, upper: str) -> str:
    project = begin(ada, portfolio, name)
    case = {"problem": "a", "expected_benefit": "b", "cost_low": gbp("1.00"), "cost_high": gbp(upper)}
    ada.do(f"/projects/{project}/submit", case)
    ada.do(f"/projects/{project}/evaluate")
    return project


def test_the_refusal_tells_the_figures_and_who_forces_it_in_says_why(ada: Api) -> None:
    held = harbour(ada)
    allot(ada, held, "100.00")
    quay, crane = evaluated(ada, held, "Quay", "70.00"), evaluated(ada, held, "Crane", "31.00")
    ada.do(f"/projects/{quay}/select", {"rationale": WHY})
    refused = ada.attempt(f"/projects/{crane}/select", {"rationale": WHY})
    told = refused.json()
    figures = [told[name]["amount"] for name in ("budget", "committed", "cost", "left")]
    assert (refused.status_code, figures, told["missing"]) == (409, ["100.00", "70.00", "31.00", "30.00"], [])
    ada.do(f"/projects/{crane}/select", {"rationale": WHY, "force_in": MANDATE})
    (decision,) = ada.get("/decisions", fact="forced_in")["items"]
    assert (decision["code"], decision["text"]) == (MANDATE["code"], MANDATE["text"])
    assert {each["name"] for each in decision["subjects"]} == {"Crane", "Harbour"}
    why = [each["fact"] for each in ada.get(f"/projects/{crane}/why")["items"]]
    assert why[-2:] == ["project.forced_in.v1", "project.selected.v1"]


def test_the_budget_of_a_portfolio_out_of_scope_stays_untold(world: World, ada: Api) -> None:
    held, elsewhere = harbour(ada), ada.do("/portfolios", {"name": "Secret roads", "currency": "GBP"})["id"]
    allot(ada, elsewhere, "20.00")
    quay = evaluated(ada, held, "Quay", "70.00")
    ada.do(f"/portfolios/{elsewhere}/add-component", {"component": quay, "rationale": WHY})
    local = world.person("local", Role.PORTFOLIO_MANAGER, portfolio=held)
    refused = local.attempt(f"/projects/{quay}/select", {"rationale": WHY})
    assert refused.status_code == 409
    assert "The budget of another portfolio that holds it does not reach" in refused.json()["detail"]
    assert "Secret" not in refused.text
    assert "20.00" not in refused.text
    assert "Secret roads may spend GBP 20.00" in ada.attempt(f"/projects/{quay}/select", {"rationale": WHY}).text


def test_whoever_selects_at_once_never_spends_the_last_money_twice(ada: Api) -> None:
    held = harbour(ada)
    allot(ada, held, "100.00")
    projects = [evaluated(ada, held, f"P{place}", "40.00") for place in range(5)]

    def select(project: str) -> Any:
        return ada.attempt(f"/projects/{project}/select", {"rationale": WHY}).status_code

    with ThreadPoolExecutor(5) as threads:
        first = list(threads.map(select, projects))
    again = [select(project) for project, came in zip(projects, first, strict=True) if came == 409]
    assert first.count(200) + again.count(200) == 2, "who was turned away by a race finds what is left"
