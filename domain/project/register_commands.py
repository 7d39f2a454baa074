"""What may be asked about risks and issues; each class is the body of one route."""

from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Day, Line, Prose
from domain.project.register_events import Level, Number


class _Records(Given):
    title: Line
    description: Prose | None = None
    impact: Level | None = None
    response: Prose | None = None
    owner: Line
    due_on: Day
    rationale: GivenRationale | None = None


class _Revises(Given):
    title: Line | None = None
    description: Prose | None = None
    impact: Level | None = None
    response: Prose | None = None
    owner: Line | None = None
    due_on: Day | None = None
    rationale: GivenRationale | None = None


class RecordRisk(_Records):
    """Say what might happen, who watches it, and until when something is done about it.

    Its severity is probability × impact, each from 1 to 5; leave out what nobody has assessed.
    """

    probability: Level | None = None


class ReviseRisk(_Revises):
    """See an open risk otherwise; leave out what stays."""

    risk: Number
    probability: Level | None = None


class CloseRisk(Reasoned):
    """Watch a risk no longer; one that came true is closed by `record-issue`, which names it."""

    risk: Number


class RecordIssue(_Records):
    """Say what happened; with `risk` that risk came true, which needs a reason and closes it."""

    risk: Number | None = None


class ReviseIssue(_Revises):
    """See an open issue otherwise; leave out what stays."""

    issue: Number


class CloseIssue(Reasoned):
    """Say how an issue was dealt with."""

    issue: Number
