"""What may be asked about a project's need of people; each class is the body of one route."""

from domain.kernel.command import Reasoned
from domain.kernel.types import Day, Id, Line, Share


class RequestResource(Reasoned):
    """Ask for somebody in a role (`as_role`), with a `skill`, or both, for a share of full time."""

    as_role: Line | None = None
    skill: Line | None = None
    share: Share
    starts_on: Day
    ends_on: Day | None = None
    deliverable: Line | None = None


class WithdrawRequest(Reasoned):
    """Ask no longer; `request` is the event id of the request."""

    request: Id


class DeclineRequest(Reasoned):
    """Say that nobody will come, and why; `request` is the event id of the request."""

    request: Id
