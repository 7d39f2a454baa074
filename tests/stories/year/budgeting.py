"""What people do with money: budgets, forecasts that two people agree on, what was spent and ordered."""

from decimal import Decimal
from typing import Any

from tests.stories.year.office import Colleague
from tests.stories.year.proposing import TOWN, thousands

CATEGORY = "capex"
MONTHS = [f"2025-{number:02}" for number in range(1, 13)]
Plan = dict[str, int]
"""Thousands of euros by month."""


class Budgeting(Colleague):
    """Verbs about money."""

    def allots(self, because: str, portfolio: str = TOWN, **thousands_by_category: int) -> None:
        """What the portfolio may spend in the year."""
        lines = [
            {"year": 2025, "category": category, "money": thousands(amount)}
            for category, amount in thousands_by_category.items()
        ]
        self.asks(f"/portfolios/{self.office.ids[portfolio]}/set-budget", because, lines=lines)
        if portfolio == TOWN:
            self.office.ledger.now.allotted.update(thousands_by_category)
        self.minutes("portfolio.budget_set.v1", because, portfolio)

    def sets_policy(self, because: str, portfolio: str = TOWN, **rules: Any) -> None:
        """Rules of the portfolio hold from now on."""
        self.asks(f"/portfolios/{self.office.ids[portfolio]}/set-policy", because, **rules)
        kept = self.office.ledger.now.policies.setdefault(portfolio, [])
        kept.append({**(kept[-1] if kept else {}), **rules})
        self.minutes("portfolio.policy_set.v1", because, portfolio)

    def quotes(self, currency: str, rate: str, valid_from: str, portfolio: str = TOWN) -> None:
        """What another currency is worth."""
        said = {"currency": currency, "rate": rate, "valid_from": valid_from, "published_by": "Central bank"}
        self.asks(f"/portfolios/{self.office.ids[portfolio]}/set-rate", **said)
        self.minutes("portfolio.rate_set.v1", None)

    def forecasts(self, project: str, plan: Plan, because: str | None = None) -> None:
        """What months will cost; below the threshold it holds at once."""
        self.asks(self._money_of(project, "set-forecast"), because, lines=_lines(plan))
        self._hold(project, "forecast", plan)
        self.minutes("project.forecast_set.v1", because, project)

    def puts_forward(self, project: str, plan: Plan, because: str) -> str:
        """What months will cost, above the threshold: it waits for a second person. The proposal's id."""
        self.asks(self._money_of(project, "set-forecast"), because, lines=_lines(plan))
        self.minutes("project.forecast_proposed.v1", because, project)
        proposals = self.reads(f"/projects/{self.office.ids[project]}/money")["proposals"]
        assert proposals[-1]["status"] == "open"
        return str(proposals[-1]["id"])

    def approves(self, project: str, proposal: str, plan: Plan, because: str) -> None:
        """A second person lets a forecast hold."""
        self.asks(self._money_of(project, "approve-forecast"), because, proposal=proposal)
        self._hold(project, "forecast", plan)
        self.minutes("project.forecast_approved.v1", because, project)

    def turns_forecast_down(self, project: str, proposal: str, because: str) -> None:
        """A forecast will never hold."""
        self.asks(self._money_of(project, "withdraw-forecast"), because, proposal=proposal)
        self.minutes("project.forecast_withdrawn.v1", because, project)

    def books(self, month: str, **spent: int) -> None:
        """What projects spent in a month; keywords are their names with underscores, amounts are thousands."""
        for name, amount in spent.items():
            self.corrects_books(name.replace("_", " "), month, amount, None)

    def corrects_books(self, project: str, month: str, amount: int, because: str | None) -> None:
        """What a project spent in a month was another amount."""
        self.asks(self._money_of(project, "record-actuals"), because, lines=_lines({month: amount}))
        self._hold(project, "actual", {month: amount})
        self.minutes("project.actuals_recorded.v1", because, project)

    def orders(self, project: str, plan: Plan, francs_at: str | None = None) -> None:
        """What was ordered and will be paid in these months, in euros or in francs at some rate."""
        lines = _lines(plan, "CHF" if francs_at else "EUR")
        self.asks(self._money_of(project, "record-commitments"), lines=lines)
        self._hold(project, "committed", plan, Decimal(francs_at or 1))
        self.minutes("project.commitments_recorded.v1", None)

    def _hold(self, project: str, figure: str, plan: Plan, rate: Decimal = Decimal(1)) -> None:
        said = self.office.ledger.now.components[project].months.setdefault(figure, {})
        said.update({month: amount * 1000 * rate for month, amount in plan.items()})

    def _money_of(self, project: str, verb: str) -> str:
        return f"/projects/{self.office.ids[project]}/{verb}"


def _lines(plan: Plan, currency: str = "EUR") -> list[dict[str, Any]]:
    return [
        {"month": month, "category": CATEGORY, "money": {**thousands(amount), "currency": currency}}
        for month, amount in plan.items()
    ]


def evenly(total: int, *months: str) -> Plan:
    """An amount spread over months; what does not divide comes with the first."""
    share, rest = divmod(total, len(months))
    return {month: share + (rest if place == 0 else 0) for place, month in enumerate(months)}
