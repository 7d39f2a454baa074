"""What people do before they choose: the proposals of a day are weighed against the money there is."""

from typing import Any

from tests.stories.year.cast import PROPOSALS
from tests.stories.year.entries import Choice
from tests.stories.year.office import Colleague
from tests.stories.year.proposing import TOWN, thousands


class Choosing(Colleague):
    """Verbs about analyses."""

    def weighs(self, title: str, budget: int, **worth: int) -> dict[str, Any]:
        """Which proposals are worth most for an amount of thousands; the analysis as evidence of a decision.

        Keywords are their names with underscores; what each may cost at most is what it costs.
        """
        costs = {name.replace("_", " "): PROPOSALS[name.replace("_", " ")].high for name in worth}
        candidates = [
            {"project": name, "value": str(value), "costs": [{"category": "capex", "money": thousands(costs[name])}]}
            for name, value in zip(costs, worth.values(), strict=True)
        ]
        inputs = {"periods": ["2026"], "candidates": candidates, "budgets": [{"money": thousands(budget)}]}
        about = {"kind": "selection", "portfolio": self.office.ids[TOWN], "title": title}
        made = self.asks("/analyses", **about, inputs=inputs)["id"]
        choice = Choice(budget, costs, dict(zip(costs, worth.values(), strict=True)))
        self.office.ledger.now.choices[made] = choice
        self.minutes("analysis.recorded.v1", None)
        told = self.reads(f"/analyses/{made}")
        return {"title": title, "url": f"https://town.example/api/v1/analyses/{made}", "sha256": told["sha256"]}
