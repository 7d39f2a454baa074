"""What each component's money is said to be, by month and category, and which changes of it were proposed."""

from collections.abc import Iterable
from uuid import UUID

from domain.kernel.event import Recorded
from domain.kernel.instants import rfc3339
from domain.project import money_events as e
from projections.dated import Change, DatedChanges

money = DatedChanges("project_money")
PROPOSAL, FATE = "proposal:", "fate:"


@money.on(e.AmountsSet)
def amounts_set(event: e.AmountsSet, fact: Recorded) -> Iterable[Change]:
    """Each figure of a month and category is an aspect of its own."""
    for line in event.lines:
        value = line.money.model_dump(mode="json") if line.money else None
        yield Change(fact.stream_id, f"{event.figure}:{line.month}:{line.category}", value)


@money.on(e.ForecastProposed)
def proposed(event: e.ForecastProposed, fact: Recorded) -> Iterable[Change]:
    """It waits for a second person; the one before it gives way."""
    said = event.model_dump(mode="json", include={"lines", "change", "threshold"})
    about = {"text": event.why.text, "by": fact.actor, "at": rfc3339(fact.occurred_at)}
    yield Change(fact.stream_id, f"{PROPOSAL}{fact.event_id}", {**said, **about})
    if event.replaces:
        yield _settled(event.replaces, "superseded", fact)


@money.on(e.ForecastApproved)
def approved(event: e.ForecastApproved, fact: Recorded) -> Iterable[Change]:
    """A second person let it hold; its amounts are told as of any others that were set."""
    yield _settled(event.proposal, "approved", fact)


@money.on(e.ForecastWithdrawn)
def withdrawn(event: e.ForecastWithdrawn, fact: Recorded) -> Iterable[Change]:
    """It will never hold."""
    yield _settled(event.proposal, "withdrawn", fact)


def _settled(proposal: UUID, fate: str, fact: Recorded) -> Change:
    told = {"status": fate, "by": fact.actor, "at": rfc3339(fact.occurred_at)}
    return Change(fact.stream_id, f"{FATE}{proposal}", told)
