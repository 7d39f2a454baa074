"""What each proposal's business case says, how it was handed in, and what it has to mend, at any moment."""

from collections.abc import Iterable

from domain.kernel.event import Recorded
from domain.kernel.instants import rfc3339
from domain.project import events as e
from domain.project.case_events import BusinessCaseSet
from projections.dated import Change, DatedChanges

cases = DatedChanges("business_case")
VERSION, TO_FIX, HANDED_IN = "version:", "to_fix", "handed_in"
"""Aspects beside the members of the business case, which are aspects of their own."""


@cases.on(BusinessCaseSet)
def business_case_set(event: BusinessCaseSet, fact: Recorded) -> Iterable[Change]:
    """Another version of it holds."""
    for member, value in event.business_case.model_dump(mode="json").items():
        yield Change(fact.stream_id, member, value)
    said = {"text": event.why.text if event.why else None, "by": fact.actor, "at": rfc3339(fact.occurred_at)}
    yield Change(fact.stream_id, f"{VERSION}{event.version}", said)


@cases.on(e.ProjectSubmitted)
def handed_in(event: e.ProjectSubmitted, fact: Recorded) -> Iterable[Change]:
    """It was handed in with this summary."""
    said = event.model_dump(mode="json", exclude={"why"})
    yield Change(fact.stream_id, HANDED_IN, {**said, "by": fact.actor, "at": rfc3339(fact.occurred_at)})


@cases.on(e.ProjectRecycled)
def recycled(event: e.ProjectRecycled, fact: Recorded) -> Iterable[Change]:
    """It was sent back; that holds until the project is moved again."""
    said = {"text": event.to_fix, "reason": event.why.text}
    yield Change(fact.stream_id, TO_FIX, {**said, "by": fact.actor, "at": rfc3339(fact.occurred_at)})
