"""Decisions that ask to be looked at again: their review date passed, or a premise of them fails."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json

from domain.facts import CATALOGUE
from domain.kernel.premises import Premise
from domain.portfolio.agenda import Reason
from domain.premises import stands
from domain.project.events import Moved, ProjectDeferred
from domain.project.words import State
from projections.bounds import View
from projections.dated import Cells, set_by, value_of
from projections.journal import Wanted, facts_at, stored
from projections.paging import EVERY
from projections.premises import Resting, Standing, watched

DEFERRED = ProjectDeferred.fact_name


class Broken(NamedTuple):
    """A premise that fails, how it stands, and the decision that rests on it: its position and event id."""

    premise: Premise
    standing: Standing
    decided: int
    event_id: str


class Row(NamedTuple):
    """Why a component (`None` = the portfolio or a goal) asks for attention, since when, and the fact behind it.

    `goal` is one that no project serves, `broken` a premise that fails, by the decision with that event id.
    """

    reason: Reason
    since: date
    component: UUID | None
    position: int
    goal: UUID | None = None
    broken: Broken | None = None


class Holding(NamedTuple):
    """A decision that nothing took the place of, as it was stored, and the component it is about, if any."""

    position: int
    document: Mapping[str, Any]
    component: UUID | None


def _holding(view: View, wanted: Wanted, held: Cells, pursued: Cells) -> Iterator[Holding]:
    """The decisions about a portfolio, its goals and components that were not superseded, oldest first."""
    rows, _ = stored(view, wanted, EVERY, newest_first=False)
    here = {wanted.portfolio, *held, *pursued}
    for position, text, superseded_by in rows:
        document = from_json(text)
        subjects = [UUID(subject["id"]) for subject in document["subjects"]]
        if not superseded_by and not here.isdisjoint(subjects):
            yield Holding(position, document, next((each for each in subjects if each in held), None))


def past_review(view: View, portfolio: UUID, held: Cells, pursued: Cells) -> Iterator[Row]:
    """Decisions that should have been looked at again; a deferral only as long as it holds."""
    wanted = Wanted(portfolio=portfolio, decisions_only=True, review_before=view.now.date())
    for position, document, component in _holding(view, wanted, held, pursued):
        if document["name"] == DEFERRED and component and set_by(held[component], "state") != position:
            continue
        yield Row(Reason.PAST_REVIEW_DATE, date.fromisoformat(document["rationale"]["review_on"]), component, position)


def broken_premises(view: View, portfolio: UUID, held: Cells, pursued: Cells) -> Iterator[Row]:
    """Decisions that still have an effect, and rest on a figure that is out of its bounds."""
    wanted = Wanted(portfolio=portfolio, decisions_only=True, with_premises=True)
    made = [each for each in _holding(view, wanted, held, pursued) if _stands(each, held)]
    first = {_said_at_once(each): each for each in sorted(made, key=lambda each: each.position, reverse=True)}
    resting = {
        Resting(Premise.model_validate(premise), each.position): each
        for each in first.values()
        for premise in each.document["rationale"]["premises"]
    }
    failing = {each: at for each, at in watched(view, resting).items() if at.holds is False}
    facts = facts_at(view, [at.broken_by or each.decided for each, at in failing.items()])
    for each, at in failing.items():
        fact, own = facts[at.broken_by or each.decided], resting[each]
        since = datetime.fromisoformat(fact["occurred_at"]).date()
        broken = Broken(each.premise, at, each.decided, own.document["event_id"])
        shown = fact["position"] if view.shows(fact) else each.decided
        yield Row(Reason.BROKEN_PREMISE, since, own.component, shown, broken=broken)


def _stands(each: Holding, held: Cells) -> bool:
    if each.component is None:
        return True
    kind, own = CATALOGUE.get(each.document["name"]), held[each.component]
    led_to = kind.target if kind and issubclass(kind, Moved) else None
    return stands(led_to, State(value_of(own, "state")), is_latest_move=set_by(own, "state") == each.position)


def _said_at_once(each: Holding) -> tuple[object, ...]:
    """What is the same of facts in which one decision was recorded, about one component."""
    document = each.document
    return document["correlation_id"], document["occurred_at"], document["rationale"]["text"], each.component
