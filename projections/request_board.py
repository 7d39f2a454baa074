"""What projects ask for, and what became of it."""

from collections.abc import Iterable

from domain.kernel.event import Recorded
from domain.kernel.instants import rfc3339
from domain.project import request_events as e
from projections.dated import Change, DatedChanges

requests = DatedChanges("resource_requests")
REQUEST, ANSWER = "request:", "answer:"
"""Kinds of aspects, each of a request by its event id."""
ASKED = {"as_role", "skill", "share", "starts_on", "ends_on", "deliverable"}
GIVEN = {"resource", "share", "starts_on", "ends_on"}


@requests.on(e.ResourceRequested)
def requested(event: e.ResourceRequested, fact: Recorded) -> Iterable[Change]:
    """Somebody is needed."""
    value = event.model_dump(mode="json", include=ASKED)
    yield Change(fact.stream_id, f"{REQUEST}{fact.event_id}", {**value, **_said(event, fact)})


@requests.on(e.ResourceRequestFilled)
def filled(event: e.ResourceRequestFilled, fact: Recorded) -> Iterable[Change]:
    """Somebody comes."""
    given = event.model_dump(mode="json", include=GIVEN)
    yield Change(fact.stream_id, f"{ANSWER}{event.request}", {"status": "filled", **_said(event, fact), **given})


@requests.on(e.ResourceRequestDeclined)
def declined(event: e.ResourceRequestDeclined, fact: Recorded) -> Iterable[Change]:
    """Nobody comes."""
    yield Change(fact.stream_id, f"{ANSWER}{event.request}", {"status": "declined", **_said(event, fact)})


@requests.on(e.ResourceRequestWithdrawn)
def withdrawn(event: e.ResourceRequestWithdrawn, fact: Recorded) -> Iterable[Change]:
    """Nobody is needed any more."""
    yield Change(fact.stream_id, f"{ANSWER}{event.request}", {"status": "withdrawn", **_said(event, fact)})


def _said(event: e.RequestDecision, fact: Recorded) -> dict[str, str]:
    why = event.why
    return {"code": why.code, "text": why.text, "by": fact.actor, "at": rfc3339(fact.occurred_at)}
