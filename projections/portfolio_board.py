"""What each portfolio is called and counts in."""

from collections.abc import Iterable

from domain.kernel.event import Recorded
from domain.portfolio import events as e
from projections.dated import Change, DatedChanges

portfolios = DatedChanges("portfolio_board")


@portfolios.on(e.PortfolioCreated)
def created(event: e.PortfolioCreated, fact: Recorded) -> Iterable[Change]:
    """A portfolio began."""
    yield Change(fact.stream_id, "name", event.name)
    yield Change(fact.stream_id, "currency", event.currency)
