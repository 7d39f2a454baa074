"""The benefit board: what was promised of each benefit, and what came of it, at any moment."""

from collections.abc import Iterable

from domain.kernel.event import Recorded
from domain.project import benefit_events as e
from domain.project.events import ProjectCompleted, StateRecorded
from domain.project.words import State
from projections.dated import Change, DatedChanges

benefits = DatedChanges("project_benefits")
PLAN, ACTUAL, REVIEW, DECISION, COMPLETED = "plan:", "actual:", "review:", "decision:", "completed"
"""Kinds of aspects of a benefit; those of what it stood at are one a day."""


def actual_on(day: str, benefit: str) -> str:
    """The aspect that tells where a benefit stood on a day."""
    return f"{ACTUAL}{day}:{benefit}"


@benefits.on(e.BenefitFact)
def decided(event: e.BenefitPlanned | e.BenefitRecorded | e.BenefitReviewed, fact: Recorded) -> Iterable[Change]:
    """Whatever carries a reason is the last decision about the benefit."""
    if event.why:
        yield Change(fact.stream_id, f"{DECISION}{event.benefit}", None)


@benefits.on(e.BenefitPlanned)
def planned(event: e.BenefitPlanned, fact: Recorded) -> Iterable[Change]:
    """It is promised."""
    yield Change(fact.stream_id, f"{PLAN}{event.benefit}", event.model_dump(mode="json", exclude={"why", "benefit"}))


@benefits.on(e.BenefitRecorded, e.BenefitReviewed)
def stood(event: e.BenefitRecorded | e.BenefitReviewed, fact: Recorded) -> Iterable[Change]:
    """Its measure stood somewhere on a day; a review says what that means."""
    said = event.model_dump(mode="json", include={"actual", "text"})
    yield Change(fact.stream_id, actual_on(event.on.isoformat(), event.benefit), said)
    if isinstance(event, e.BenefitReviewed):
        review = {"on": event.on.isoformat(), "text": event.text, "by": fact.actor}
        yield Change(fact.stream_id, f"{REVIEW}{event.benefit}", review)


@benefits.on(ProjectCompleted, StateRecorded)
def completed(event: ProjectCompleted | StateRecorded, fact: Recorded) -> Iterable[Change]:
    """What was said of its benefits before is a record; a review follows."""
    if isinstance(event, ProjectCompleted) or event.to is State.COMPLETED:
        yield Change(fact.stream_id, COMPLETED, None)
