"""Premises as people see them: named with a decision, watched from then on."""

from typing import Any

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World

one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def left(portfolio: str) -> dict[str, Any]:
    return {"figure": "budget_left", "portfolio": portfolio, "at_least": "0"}


@one_database
def test_a_premise_may_only_be_about_what_its_author_may_see(world: World, ada: Api) -> None:
    own, foreign = (ada.do("/portfolios", {"name": name, "currency": "GBP"})["id"] for name in ("Own", "Foreign"))
    carol = world.person("carol", Role.PORTFOLIO_MANAGER, portfolio=own)

    def on(portfolio: str) -> dict[str, Any]:
        return {"update_cadence_days": 7, "rationale": {**WHY, "premises": [left(portfolio)]}}

    hidden = carol.attempt(f"/portfolios/{own}/set-policy", on(foreign))
    unknown = carol.attempt(f"/portfolios/{own}/set-policy", on("0190a1b2-0000-7000-8000-000000000000"))
    for refused in (hidden, unknown):
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["pointer"]) == (422, "/rationale/premises/0/portfolio")
        assert error["detail"].startswith("no portfolio has the id")
    carol.do(f"/portfolios/{own}/set-policy", on(own))
    (decision,) = carol.get("/decisions", fact="policy_set")["items"]
    assert decision["premises"] == [left(own)]
    ada.do(f"/portfolios/{own}/set-policy", {**on(foreign), "update_cadence_days": 8})
