"""Portfolios in portfolios, as people see them: what belongs to what, and what it comes to together."""

from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.test_money import gbp
from tests.test_pages import Visitor, text_of


class Harbour:
    """A council whose climate fund has a fund for sensors below it; the roof is the council's and the fund's."""

    def __init__(self, ada: Api) -> None:
        self.ada = ada
        self.council, self.climate, self.sensors = (
            str(ada.do("/portfolios", {"name": name, "currency": "GBP"})["id"])
            for name in ("Council", "Climate", "Sensors")
        )
        self.begin("Quay", self.council)
        self.roof, self.masts = self.begin("Roof", self.climate), self.begin("Masts", self.sensors)
        self.ada.do(f"/portfolios/{self.council}/add-component", {"component": self.roof, "rationale": WHY})
        self.plan(self.roof, gbp("100.00"))
        self.plan(self.masts, {"amount": "10.00", "currency": "EUR"})
        self.takes(self.council, self.climate)
        self.takes(self.climate, self.sensors)

    def begin(self, name: str, portfolio: str) -> str:
        body = {"name": name, "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
        return str(self.ada.do("/projects", body)["id"])

    def plan(self, project: str, money: dict[str, str]) -> None:
        line = {"month": "2026-05", "category": "capex", "money": money}
        self.ada.do(f"/projects/{project}/set-forecast", {"lines": [line]})

    def takes(self, portfolio: str, subsidiary: str, verb: str = "add") -> Any:
        body = {"subsidiary": subsidiary, "rationale": WHY}
        return self.ada.do(f"/portfolios/{portfolio}/{verb}-subsidiary", body)

    def told(self, portfolio: str, **bounds: Any) -> dict[str, Any]:
        return dict(self.ada.get(f"/portfolios/{portfolio}", **bounds))


@pytest.fixture
def harbour(ada: Api) -> Harbour:
    return Harbour(ada)


def test_a_portfolio_says_what_it_belongs_to_and_what_belongs_to_it(harbour: Harbour) -> None:
    council, climate = harbour.told(harbour.council), harbour.told(harbour.climate)
    assert (council["parent_id"], climate["parent_id"]) == (None, harbour.council)
    assert council["subsidiaries"] == [{"id": harbour.climate, "kind": "portfolio", "name": "Climate"}]
    before = harbour.told(harbour.council)["version"]
    receipt = harbour.takes(harbour.council, harbour.climate, "remove")
    assert harbour.told(harbour.climate)["parent_id"] is None
    assert harbour.told(harbour.council)["with_subsidiaries"] is None
    assert receipt["version"] == before + 1
    assert harbour.told(harbour.climate, at=receipt["position"] - 1)["parent_id"] == harbour.council
    (change,) = harbour.ada.get("/audit", fact="subsidiary_removed")["items"][0]["changes"]
    assert (change["subject"], change["from"], change["to"]) == (harbour.climate, harbour.council, None)


def test_counts_and_sums_with_subsidiaries_hold_each_component_once(harbour: Harbour) -> None:
    council = harbour.told(harbour.council)
    assert (council["components"], council["money"]["forecast"]["amount"]) == (2, "100.00")
    together = council["with_subsidiaries"]
    assert (together["components"], together["counts"]["by_state"]) == (3, {"draft": 3})
    assert together["money"]["forecast"] == {"amount": "100.00", "currency": "GBP", "of": 3, "missing": 2}
    rate = {"currency": "EUR", "rate": "0.9", "valid_from": "2026-01-01", "published_by": "Bank"}
    harbour.ada.do(f"/portfolios/{harbour.council}/set-rate", rate)
    together = harbour.told(harbour.council)["with_subsidiaries"]
    assert together["money"]["forecast"] == {"amount": "109.00", "currency": "GBP", "of": 3, "missing": 1}
    listed = {each["name"]: each["with_subsidiaries"] for each in harbour.ada.get("/portfolios")["items"]}
    assert (listed["Council"], listed["Sensors"]) == (together, None)


def test_it_takes_a_role_over_both_and_who_sees_only_one_learns_nothing_of_the_other(
    world: World, harbour: Harbour
) -> None:
    other = str(harbour.ada.do("/portfolios", {"name": "Ports"})["id"])
    chair = world.person("chair", Role.BOARD, portfolio=UUID(harbour.climate))
    chair.token = harbour.ada.token
    body = {"subsidiary": other, "rationale": WHY}
    refused = chair.attempt(f"/portfolios/{harbour.climate}/add-subsidiary", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/subsidiary")
    assert chair.get(f"/portfolios/{harbour.climate}")["parent_id"] is None
    assert [each["name"] for each in chair.get(f"/portfolios/{harbour.climate}")["subsidiaries"]] == ["Sensors"]
    assert chair.ask(f"/portfolios/{harbour.council}").status_code == 404


def test_a_circle_is_refused_by_naming_it(harbour: Harbour) -> None:
    body = {"subsidiary": harbour.council, "rationale": WHY}
    refused = harbour.ada.attempt(f"/portfolios/{harbour.sensors}/add-subsidiary", body)
    assert refused.status_code == 409
    assert "Council belongs to Sensors, Sensors belongs to Climate, Climate belongs to Council" in refused.text
    assert refused.json()["cycle"] == [harbour.council, harbour.sensors, harbour.climate, harbour.council]


def test_the_page_of_a_portfolio_names_its_parent_and_its_subsidiaries(
    world: World, ada: Api, harbour: Harbour
) -> None:
    visitor = Visitor(world, ada)
    visitor.sign_in()
    page = text_of(visitor.page(f"/?portfolio={harbour.climate}"))
    assert "Belongs to Council" in page
    assert "Subsidiaries: Sensors; with them 2 components" in page
