"""The facts of what a project asks for: a role or a skill for a share of time, and what became of it."""

from domain.kernel.event import Decision, Event
from domain.kernel.rationale import Rationale
from domain.kernel.types import Day, Id, Line, Share


class RequestFact(Event):
    """Something happened to a request of a project for somebody's time."""


class RequestDecision(RequestFact, Decision):
    """Somebody decided about a request."""

    why: Rationale


class ResourceRequested(RequestDecision, name="project.resource_requested.v1"):
    """The project needs somebody in a role, or with a skill, for a share of full time. Its event id names it."""

    as_role: Line | None
    skill: Line | None
    share: Share
    starts_on: Day
    ends_on: Day | None
    deliverable: Line | None


class ResourceRequestFilled(RequestDecision, name="project.resource_request_filled.v1", about={"resource": "resource"}):
    """Somebody was assigned in answer to the request; what was promised may differ from what was asked for."""

    request: Id
    resource: Id
    share: Share
    starts_on: Day
    ends_on: Day | None


class ResourceRequestDeclined(RequestDecision, name="project.resource_request_declined.v1"):
    """The request will not be filled."""

    request: Id


class ResourceRequestWithdrawn(RequestDecision, name="project.resource_request_withdrawn.v1"):
    """The project's own side needs nobody any more."""

    request: Id
