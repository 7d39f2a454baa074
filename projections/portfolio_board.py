"""What each portfolio is called and counts in."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pydantic_core import to_jsonable_python

from domain.kernel.event import Recorded
from domain.kernel.scoring import Criterion, ModelVersion, ScoringModel
from domain.portfolio import events as e
from domain.portfolio import money_events as me
from domain.portfolio import review_events as re
from domain.portfolio.policy import Policy
from domain.portfolio.scoring_events import ScoringModelSet
from projections.dated import Change, DatedChanges

portfolios = DatedChanges("portfolio_board")
RATE, BUDGET = "rate:", "budget:"
PARENT = "parent"
REVIEW, CLOSED = "review:", "closed:"
MODEL, POLICY_MODEL = "model:", "policy_model:"
"""Versions of scoring models that were set for themselves, and those that a policy told."""


def model_aspect(prefix: str, model: ScoringModel) -> str:
    """The aspect of one version of a scoring model."""
    return f"{prefix}{model.version}:{model.name}"


def _model(model: ModelVersion, ratio: Decimal | None) -> dict[str, Any]:
    """A version of a scoring model with all it leaves out where that says nothing."""
    told = {member: getattr(model, member) for member in ModelVersion.model_fields}
    criteria = [{member: getattr(each, member) for member in Criterion.model_fields} for each in model.criteria]
    value: dict[str, Any] = to_jsonable_python({**told, "criteria": criteria, "consistency_ratio": ratio})
    return value


@portfolios.on(e.PortfolioCreated)
def created(event: e.PortfolioCreated, fact: Recorded) -> Iterable[Change]:
    """A portfolio began."""
    yield Change(fact.stream_id, "name", event.name)
    yield Change(fact.stream_id, "currency", event.currency)


@portfolios.on(e.SubsidiaryAdded)
def subsidiary_added(event: e.SubsidiaryAdded, fact: Recorded) -> Iterable[Change]:
    """A portfolio belongs to another one."""
    yield Change(event.subsidiary, PARENT, str(fact.stream_id))


@portfolios.on(e.SubsidiaryRemoved)
def subsidiary_removed(event: e.SubsidiaryRemoved, fact: Recorded) -> Iterable[Change]:
    """It belongs to none."""
    yield Change(event.subsidiary, PARENT, None)


@portfolios.on(e.PolicySet)
def policy_set(event: e.PolicySet, fact: Recorded) -> Iterable[Change]:
    """It holds its decisions to another version of its policy."""
    rules = dict.fromkeys(Policy.model_fields) | event.policy.model_dump(mode="json")
    yield Change(fact.stream_id, "policy", {"version": event.version, **rules})
    if model := event.policy.scoring_model:
        yield Change(fact.stream_id, model_aspect(POLICY_MODEL, model), _model(model, None))


@portfolios.on(ScoringModelSet)
def scoring_model_set(event: ScoringModelSet, fact: Recorded) -> Iterable[Change]:
    """One of its scoring models has another version."""
    yield Change(fact.stream_id, model_aspect(MODEL, event.model), _model(event.model, event.consistency_ratio))


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


@portfolios.on(re.ReviewOpened)
def review_opened(event: re.ReviewOpened, fact: Recorded) -> Iterable[Change]:
    """A review began; its agenda stays in the fact, which this points at."""
    value = {"name": event.name, "by": fact.actor, "role": fact.role, "items": len(event.agenda)}
    yield Change(fact.stream_id, f"{REVIEW}{fact.event_id}", value)


@portfolios.on(re.ReviewClosed)
def review_closed(event: re.ReviewClosed, fact: Recorded) -> Iterable[Change]:
    """It ended."""
    value = {"by": fact.actor, "role": fact.role, "conclusion": event.conclusion}
    yield Change(fact.stream_id, f"{CLOSED}{event.review}", value)
