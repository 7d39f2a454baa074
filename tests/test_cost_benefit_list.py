"""What the components of a portfolio cost and bring: by the latest analysis of each, as a list and as axes."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import WHY, Api, World


class Office:
    """A portfolio with three components; the shop was analysed twice, the ferry once, the idea never."""

    def __init__(self, world: World, ada: Api) -> None:
        self.world, self.ada = world, ada
        self.portfolio = str(ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"])
        self.ids = {name: self.propose(name) for name in ("Shop", "Ferry", "Idea")}
        self.analyse("Shop", "100.00")
        self.before = self.pass_a_day()
        self.first = self.rows()
        self.analyse("Shop", "150.00")
        self.analyse("Ferry", "400.00")

    def propose(self, name: str) -> str:
        body = {"name": name, "sponsor": "sales", "portfolio": self.portfolio, "rationale": WHY}
        return str(self.ada.do("/projects", body)["id"])

    def pass_a_day(self) -> str:
        then = self.world.clock().isoformat()
        self.world.clock.now += timedelta(days=1)
        return then

    def analyse(self, name: str, benefit: str, **more: Any) -> Any:
        """Cost 100.00 now, the benefit in a year, at no discount."""
        sides = (("Build", "cost", "2026", "100.00"), ("Sales", "benefit", "2027", benefit))
        lines = [
            {"name": line, "side": side, "amounts": [{"on": on, "money": {"amount": amount, "currency": "GBP"}}]}
            for line, side, on, amount in sides
        ]
        body = {"kind": "cost_benefit", "title": f"{name} with {benefit}", "portfolio": self.portfolio}
        inputs = {"discount_rate": "0", "lines": lines}
        return self.ada.do("/analyses", {**body, "project": self.ids[name], "inputs": inputs, **more})

    def rows(self, **asked: Any) -> dict[str, Any]:
        items = self.ada.get(f"/portfolios/{self.portfolio}/cost-benefit", **asked)["items"]
        return {each["name"]: each for each in items}


@pytest.fixture
def office(world: World, ada: Api) -> Office:
    return Office(world, ada)


def test_the_latest_analysis_of_each_component_is_told(office: Office) -> None:
    rows = office.rows()
    shop = rows["Shop"]
    assert (shop["npv"], shop["roi"], shop["irr"], shop["currency"]) == ("50.00", "0.5000", "0.500000", "GBP")
    assert shop["analysis"]["title"] == "Shop with 150.00"
    kept = office.ada.get(f"/analyses/{shop['analysis']['id']}")
    assert (kept["project"], kept["result"]["npv"]) == (office.ids["Shop"], "50.00")
    assert (rows["Idea"]["npv"], rows["Idea"]["analysis"]) == (None, None), "nobody analysed it: null, not 0"


def test_the_list_goes_by_any_figure_and_what_has_none_comes_last(office: Office) -> None:
    assert list(office.rows()) == ["Shop", "Ferry", "Idea"]
    assert list(office.rows(sort="-npv")) == ["Ferry", "Shop", "Idea"]
    assert list(office.rows(sort="npv")) == ["Shop", "Ferry", "Idea"]
    refused = office.ada.ask(f"/portfolios/{office.portfolio}/cost-benefit", sort="beauty")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "query:sort")


def test_the_past_shows_the_analysis_that_was_the_latest_then(office: Office) -> None:
    assert office.first["Shop"]["npv"] == "0.00"
    for past in ({"as_of": office.before}, {"known_at": office.before}):
        then = office.rows(**past)
        assert (then["Shop"], then["Ferry"]["npv"]) == (office.first["Shop"], None)


def test_figures_of_analyses_are_axes_of_the_matrix(office: Office) -> None:
    matrix = office.ada.get(f"/portfolios/{office.portfolio}/matrix", x="bcr", y="npv")
    assert (matrix["y"]["name"], matrix["y"]["unit"]) == ("Net present value", "GBP")
    assert {each["name"]: (each["x"], each["y"]) for each in matrix["points"]} == {
        "Shop": ("1.5000", "50.00"),
        "Ferry": ("4.0000", "300.00"),
    }
    (idea,) = matrix["unplaced"]
    assert [each["what"] for each in idea["missing"]] == ["no cost-benefit analysis"] * 2


def test_an_analysis_of_a_component_is_in_its_history_and_its_list(office: Office) -> None:
    facts = office.ada.get(f"/projects/{office.ids['Ferry']}/history")["items"]
    assert facts[-1]["name"] == "analysis.recorded.v1"
    (listed,) = office.ada.get("/analyses", project=office.ids["Ferry"])["items"]
    assert listed["name"] == "Ferry with 400.00"


def test_an_analysis_is_of_a_component_that_the_portfolio_holds(office: Office) -> None:
    other = office.ada.do("/portfolios", {"name": "Roads", "currency": "GBP"})["id"]
    body = {"kind": "matrix", "title": "Roads", "portfolio": other, "project": office.ids["Shop"], "inputs": {}}
    refused = office.ada.attempt("/analyses", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/project")


def test_an_analysis_of_the_whole_portfolio_is_of_no_component(office: Office) -> None:
    kept = office.analyse("Idea", "900.00", project=None)["id"]
    assert office.ada.get(f"/analyses/{kept}")["project"] is None
    assert office.rows()["Idea"]["npv"] is None
