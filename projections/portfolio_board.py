"""What each portfolio is called and counts in."""

from collections.abc import Iterable

from domain.kernel.event import Recorded
from domain.portfolio import events as e
from domain.portfolio import money_events as me
from domain.portfolio.policy import Policy
from projections.dated import Change, DatedChanges

portfolios = DatedChanges("portfolio_board")
RATE, BUDGET = "rate:", "budget:"


@portfolios.on(e.PortfolioCreated)
def created(event: e.PortfolioCreated, fact: Recorded) -> Iterable[Change]:
    """A portfolio began."""
    yield Change(fact.stream_id, "name", event.name)
    yield Change(fact.stream_id, "currency", event.currency)


@portfolios.on(e.PolicySet)
def policy_set(event: e.PolicySet, fact: Recorded) -> Iterable[Change]:
    """It holds its decisions to another version of its policy."""
    rules = dict.fromkeys(Policy.model_fields) | event.policy.model_dump(mode="json")
    yield Change(fact.stream_id, "policy", {"version": event.version, **rules})


@portfolios.on(me.BudgetSet)
def budget_set(event: me.BudgetSet, fact: Recorded) -> Iterable[Change]:
    """Years and categories have another budget."""
    for line in event.lines:
        value = line.money.model_dump(mode="json") if line.money else None
        yield Change(fact.stream_id, f"{BUDGET}{line.year}:{line.category}", value)


@portfolios.on(me.RateSet)
def rate_set(event: me.RateSet, fact: Recorded) -> Iterable[Change]:
    """A currency has another rate from a day on."""
    value = {"rate": f"{event.rate:f}", "published_by": event.published_by}
    yield Change(fact.stream_id, f"{RATE}{event.currency}:{event.valid_from.isoformat()}", value)
