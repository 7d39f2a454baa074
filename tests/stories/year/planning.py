"""What people do with plans: business cases, the finish that is expected, the baseline a project is held to."""

from decimal import Decimal
from typing import Any

from tests.stories.year.cast import PROPOSALS
from tests.stories.year.entries import Baseline
from tests.stories.year.office import Colleague
from tests.stories.year.proposing import thousands


class Planning(Colleague):
    """Verbs about business cases and baselines."""

    def argues(self, name: str, because: str | None = None, **case: Any) -> None:
        """Say what speaks for a proposal; what is left out stays as it was said before."""
        self.asks(f"/projects/{self.office.ids[name]}/set-business-case", because, **case)
        self.office.ledger.now.cases.setdefault(name, []).append(case)
        self.minutes("project.business_case_set.v1", because, *([name] if because else []))

    def costs_of(self, name: str) -> list[dict[str, Any]]:
        """The lines of a business case that come to the middle of what a proposal may cost."""
        middle = thousands((PROPOSALS[name].low + PROPOSALS[name].high) // 2)
        return [{"month": "2025-06", "category": "capex", "money": middle}]

    def hands_in_again(self, name: str, cost_high: int) -> None:
        """What was sent back comes in again, mended; the cost is told in thousands."""
        self.asks(f"/projects/{self.office.ids[name]}/submit", cost_high=thousands(cost_high))
        component = self.office.ledger.now.components[name]
        component.state, component.since = "submitted", self.office.when
        self.minutes("project.submitted.v1", None)

    def holds_to(self, name: str, because: str, finish: str | None = None, cost: int | None = None) -> None:
        """A project is held to another finish or cost, in thousands; what it was held to before is kept."""
        said = {"finishes_on": finish, "cost": thousands(cost) if cost else None}
        self.asks(f"/projects/{self.office.ids[name]}/rebaseline", because, **said)
        baselines = self.office.ledger.now.components[name].baselines
        before = baselines[-1]
        amount = Decimal(cost * 1000) if cost else before.cost
        baselines.append(Baseline(before.start, finish or before.finish, amount))
        self.minutes("project.rebaselined.v1", because, name)

    def expects_finish(self, name: str, finish: str, because: str) -> None:
        """A project will finish on another day; what it is held to stays."""
        self.asks(f"/projects/{self.office.ids[name]}/revise", because, forecast_finish=finish)
        self.office.ledger.now.components[name].finish = finish
        self.minutes("project.revised.v1", because, name)
